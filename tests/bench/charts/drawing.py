"""Every family that was measured becomes a PNG."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.bench.charts import bars, canvas, curves
from tests.bench.charts.canvas import MARGIN, WIDTH, Canvas
from tests.bench.charts.families import FAMILIES, PEER, Family, Figure

_HEAD, _FOOT, _BETWEEN = 92.0, 56.0, 26.0


def draw_all(folder: Path, figures: Sequence[Figure], machine: dict[str, Any]) -> list[str]:
    """Write `folder`/<family>.png for every family with a row in `figures`; the names of the files."""
    canvas.begin()
    drawn = []
    for family in FAMILIES:
        if family.rows(figures):
            _draw(folder / f"{family.file}.png", family, figures, machine)
            drawn.append(f"{family.file}.png")
    return drawn


def undrawn(figures: Sequence[Figure]) -> list[str]:
    """Names of rows that are on no chart."""
    return [str(figure["name"]) for figure in figures if not any(family.holds(figure) for family in FAMILIES)]


def _draw(path: Path, family: Family, figures: Sequence[Figure], machine: dict[str, Any]) -> None:
    rows = family.rows(figures)
    grown = [curve for curve in family.curves if curves.complete(curve, figures)]
    below = _HEAD + bars.height(rows)
    tall = below + (_BETWEEN + curves.height(grown) if grown else 0.0) + _FOOT
    page = Canvas(tall)
    page.text(MARGIN, 42, family.title, 21, strong=True)
    _legend(page, peers=any(str(row["name"]).startswith(PEER) for row in rows), shared=family.shared)
    bars.draw(page, _HEAD, rows, shared=family.shared)
    if grown:
        page.line([(MARGIN, below + 4), (WIDTH - MARGIN, below + 4)], canvas.LINE)
        curves.draw(page, below + _BETWEEN, grown, figures)
    page.line([(MARGIN, tall - _FOOT + 14), (WIDTH - MARGIN, tall - _FOOT + 14)], canvas.LINE)
    page.text(MARGIN, tall - 20, of(machine), 10.5, colour=canvas.QUIET)
    page.save(path)


def _legend(page: Canvas, *, peers: bool, shared: bool) -> None:
    page.bar(MARGIN, 58, 12, 12, canvas.OURS)
    x = page.text(MARGIN + 18, 68, "this program", 11.5, colour=canvas.QUIET)
    page.bar(x + 18, 58, 12, 12, canvas.BESIDE)
    x = page.text(x + 36, 68, "what ran beside it in the same minute", 11.5, colour=canvas.QUIET)
    x += 18
    if peers:
        page.bar(x, 58, 12, 12, canvas.OTHER)
        says = "another program; at the right: first ÷ second"
    else:
        scale = "" if shared else ". Each pair has its own scale."
        page.line([(x + 2, 57), (x + 2, 71)], canvas.GOAL, 1.6)
        says = f"goal; at the right: this program ÷ beside{scale}"
    page.text(x + (18 if peers else 10), 68, says, 11.5, colour=canvas.QUIET)


def of(machine: dict[str, Any]) -> str:
    """When, and on what kind of computer: no name, no path, nothing by which it could be found."""
    when = datetime.fromisoformat(str(machine["date"]))
    system, *_release, kind = str(machine["system"]).split()
    parts = [
        f"{when.day} {when:%B %Y}",
        f"{machine['cpus']} cores, {system} {kind}, {machine['filesystem']}",
        f"Python {machine['python']}, Qt {machine['pyside']}",
    ]
    if machine.get("load_average_before") is not None:
        parts.append(f"load average before: {float(machine['load_average_before']):.1f}")
    return " · ".join(parts)
