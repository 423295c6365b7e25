"""The region table in memory: its text, sorted by code, and where each line begins.

Text and not objects: 99,000 objects would cost four times the memory and every full collection of garbage a pause.
Reading a line takes a bisection and a split, about ten microseconds.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import Generic, NamedTuple, TypeVar

from station.domain.regions import CodeState, Village

VILLAGE_LENGTH = 13
_PARENT_LENGTHS = (8, 5, 2)
Cell = TypeVar("Cell")

_AFTER_ALL = "\x7f"


class Row(NamedTuple, Generic[Cell]):
    """One line, or all of them by column. `first` and `ended` are numbers of decrees; `ended` is empty while in use."""

    code: Cell
    name: Cell
    first: Cell
    ended: Cell


class RegionTable:
    """Every code of every edition. `version` is the day of the newest decree; `decrees` are named oldest first."""

    def __init__(self, version: str, decrees: tuple[str, ...], body: str) -> None:
        """`body` is the table without its head, checked already: each line ends in a line break."""
        self.version = version
        self.decrees = decrees
        self._text = body.upper()
        import numpy as np  # late: the start of the program waits for no array

        line_ends = np.flatnonzero(np.frombuffer(body.encode("ascii"), np.uint8) == ord("\n"))
        self._starts = array("I", [0, *(line_ends + 1).tolist()])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def columns(self) -> Row[list[str]]:
        """All codes, all names and so on: the quickest way through the whole table."""
        cells = self._text.replace("\n", "\t").split("\t")[:-1]
        return Row(cells[0::4], cells[1::4], cells[2::4], cells[3::4])

    def row(self, line: int) -> Row[str]:
        return Row(*self._text[self._starts[line] : self._starts[line + 1] - 1].split("\t"))

    def is_village(self, line: int) -> bool:
        return len(self.row(line).code) == VILLAGE_LENGTH

    def lines_of(self, beginning: str) -> range:
        """The lines whose code begins so; `33.25.07` has its district and everything in it."""
        return range(self._place(beginning), self._place(beginning + _AFTER_ALL))

    def district_known(self, code6: str) -> bool:
        """True for six digits that name a district in any edition."""
        return self._line(f"{code6[:2]}.{code6[2:4]}.{code6[4:]}") is not None

    def code_state(self, code: str) -> CodeState:
        """What is known of a village code."""
        line = self._line(code)
        if line is None or len(code) != VILLAGE_LENGTH:
            return CodeState.UNKNOWN
        return CodeState.ENDED if self.row(line).ended else CodeState.CURRENT

    def village(self, code: str) -> Village | None:
        """The village with this code, in use or ended; None when no edition has it."""
        line = self._line(code)
        return None if line is None or len(code) != VILLAGE_LENGTH else self.village_at(line)

    def village_at(self, line: int) -> Village:
        """The village of one line, with its parents as they were called when the code was last in use."""
        row = self.row(line)
        district, regency, province = (self._name(row.code[:length]) for length in _PARENT_LENGTHS)
        ended = self.decrees[int(row.ended) - 1] if row.ended else ""
        return Village(row.code, row.name, district, regency, province, ended)

    def _name(self, code: str) -> str:
        line = self._line(code)
        assert line is not None, "the table was checked: every code has its parents"
        return self.row(line).name

    def _line(self, code: str) -> int | None:
        place = self._place(code)
        return place if place < len(self) and self.row(place).code == code else None

    def _place(self, code: str) -> int:
        """The first line whose code is not before `code`."""
        starts, text, length = self._starts, self._text, len(code)
        return bisect_left(range(len(self)), code, key=lambda line: text[starts[line] : starts[line] + length])
