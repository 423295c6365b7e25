"""How old a live picture is when the operator sees it."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import quantiles

from tests.bench.child import answer_of
from tests.bench.row import Row
from tests.bench.site import Site

FRAMES = 150
BESIDE = "frames of the same kind that Qt unpacks in the window's process, unmeasured"


def preview(site: Site) -> Iterator[Row]:
    """capture.preview.p95_ms: from the last byte of a live frame to its painting, 95 %; at most 80 ms.

    The simulator in a process of its own sends a frame every 33 ms through SBI; the lab unpacks and measures it, the
    device's thread hands it over, the widget of the steps paints it. The worst of fingers, eyes and face, 150 frames
    of each. Beside: the same without lab and hints.
    """
    site.say(f"watching {FRAMES} frames of three devices, twice")
    figures = answer_of("tests.bench.preview_window", FRAMES)
    late = {name: {kind: _p95(taken) for kind, taken in kinds.items()} for name, kinds in figures.items()}
    for kind, value in late["lab"].items():
        site.say(f"{kind}: {value:.1f} ms; bare {late['bare'][kind]:.1f} ms")
    worst = max(late["lab"], key=lambda kind: late["lab"][kind])
    yield Row("capture.preview.p95_ms", late["lab"][worst], "ms", late["bare"][worst], BESIDE, FRAMES)


def _p95(taken: list[float]) -> float:
    return quantiles(taken, n=20)[-1]
