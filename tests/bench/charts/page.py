"""docs/measurements/figures.md: every figure as a line that can be read, and the command that makes it.

A family that was measured again takes the place of its older self; the others keep their date. Knows no drawing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tests.bench.charts import words
from tests.bench.charts.families import FAMILIES, Family, Figure, caption
from tests.bench.goals import GOALS
from tests.bench.growth import SUFFIX

HEAD = """# Figures

Written by `make bench`, and by nobody's hand. *Beside it* ran on the same computer, mostly in turns with it; the ratio
is the first figure ÷ that one. *Of* says of how many it is the median; of a percentile, how many single events there
were. *Growth* says what ten times as much makes of it. A goal that was missed was missed on this computer in that hour.
"""


def write(path: Path, figures: Sequence[Figure], made: str) -> None:
    """Put the families of `figures`, measured as `made` says, into the page at `path`."""
    sections = _sections(path)
    for family in FAMILIES:
        if mine := [figure for figure in figures if family.holds(figure)]:
            sections[family.title] = _section(family, mine, made)
    known = [sections[family.title] for family in FAMILIES if family.title in sections]
    path.write_text("\n".join([HEAD, *known]), encoding="utf-8")


def _sections(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    _head, *parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {part.partition("\n")[0]: f"## {part.rstrip()}\n" for part in parts}


def _section(family: Family, figures: Sequence[Figure], made: str) -> str:
    lines = [
        f"## {family.title}",
        "",
        f"{made} · again: `{family.again}` · chart: [{family.file}.png]({family.file}.png)",
        "",
        "| | measured | beside it | ratio | of | goal |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_line, figures), ""])


def _line(figure: Figure) -> str:
    name, unit, value, beside = (str(figure["name"]), str(figure["unit"]), figure["value"], figure["beside"])
    if name.endswith(SUFFIX):
        growth = f"× {words.number(float(value))}"
        return f"| ↳ growth | {growth} | {figure['beside_what']} | | {figure['n']} | |"
    ran = f"{words.figure(float(beside), unit)}: {figure['beside_what']}"
    return (
        f"| {caption(name)} | {words.figure(float(value), unit)} | {ran} | {words.ratio(float(figure['ratio']))}"
        f" | {figure['n']} | {_goal(name, float(value), unit)} |"
    )


def _goal(name: str, value: float, unit: str) -> str:
    if name not in GOALS:
        return ""
    return f"{words.figure(GOALS[name], unit)}, {'met' if value <= GOALS[name] else '**missed**'}"
