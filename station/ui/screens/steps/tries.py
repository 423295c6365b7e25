"""Best of three, for each finger and eye: which results are good enough to keep now. Knows no device and no window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from station.domain.biometrics import MAX_ATTEMPTS, Capture, Modality, Part, good_enough
from station.domain.draft import CaptureCard

_BEST_COUNTS = frozenset({Modality.FINGER, Modality.IRIS})
"""Of a face or a signature the newest counts: a person looked at it and wanted another."""


class Tries:
    """Tries of one person. A result below the floor is held, not kept, until a better one or the third try."""

    def __init__(self) -> None:
        self._count: dict[Part, int] = {}
        self._held: dict[Part, Capture] = {}

    def attempt(self, targets: Iterable[Part]) -> int:
        """The number of the next try for `targets`, at most three."""
        return min(max((self._count.get(part, 0) for part in targets), default=0) + 1, MAX_ATTEMPTS)

    def weak(self, part: Part) -> int | None:
        """The quality of the best result so far, when it is below the floor and may be repeated."""
        held = self._held.get(part)
        return held.quality if held else None

    def remarks(self, part: Part) -> tuple[str, ...]:
        """What was said against that best result."""
        held = self._held.get(part)
        return held.remarks if held else ()

    def take(self, captures: Sequence[Capture], kept: Mapping[Part, CaptureCard]) -> tuple[Capture, ...]:
        """The captures to keep now, each the best of its part."""
        return tuple(best for capture in captures if (best := self._judge(capture, kept.get(capture.part))))

    def forget(self, parts: Iterable[Part]) -> None:
        """What was captured was not of these parts: it counts as no try."""
        for part in parts:
            self._count.pop(part, None)
            self._held.pop(part, None)

    def _judge(self, capture: Capture, card: CaptureCard | None) -> Capture | None:
        part = capture.part
        count = min(self._count.get(part, 0) + 1, MAX_ATTEMPTS)
        self._count[part] = count
        if part.modality not in _BEST_COUNTS:
            return replace(capture, attempts=count)
        if card is not None and card.quality >= capture.quality:
            return None
        best = max(capture, self._held.get(part, capture), key=lambda item: item.quality)
        if not good_enough(part, best.quality) and count < MAX_ATTEMPTS and card is None:
            self._held[part] = best
            return None
        self._held.pop(part, None)
        return replace(best, attempts=count)
