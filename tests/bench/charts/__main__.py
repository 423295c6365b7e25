"""`python -m tests.bench.charts`: draw docs/measurements/ again from build/bench.json, without measuring anything, and
write its page of figures.

With names of rows (a JSON list) only families of which every row is among them: a chart has one date. With `whole` as
well, these are all that there are, and what else stands in the list is from before.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.bench.charts import page
from tests.bench.charts.drawing import draw_all, of, undrawn
from tests.bench.charts.families import FAMILIES, Figure
from tests.bench.child import ROOT

FOLDER = ROOT / "docs" / "measurements"


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures = _read(ROOT / "build" / "bench.json")
    if len(sys.argv) > 1:
        figures = measured_together(figures, json.loads(sys.argv[1]), whole="whole" in sys.argv[2:])
    machine = _read(ROOT / "build" / "bench-machine.json")
    drawn = draw_all(FOLDER, figures, machine)
    page.write(FOLDER / "figures.md", figures, of(machine))
    link = ROOT / "build" / "bench-link.json"
    if link.exists():  # made by another command, at another time
        made = datetime.fromtimestamp(link.stat().st_mtime).astimezone().isoformat(timespec="seconds")
        then = {**machine, "date": made, "load_average_before": None}
        drawn += draw_all(FOLDER, _read(link), then)
        page.write(FOLDER / "figures.md", _read(link), of(then))
    print(json.dumps({"drawn": drawn, "undrawn": undrawn(figures)}))
    return 0


def measured_together(figures: list[Figure], fresh: list[str], *, whole: bool) -> list[Figure]:
    """The rows of the families that were measured whole, all of them `fresh`."""
    now = [figure for figure in figures if figure["name"] in fresh]
    if whole:
        return now
    stale = [figure for figure in figures if figure["name"] not in fresh]
    families = [family for family in FAMILIES if not any(family.holds(figure) for figure in stale)]
    return [figure for figure in now if any(family.holds(figure) for family in families)]


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
