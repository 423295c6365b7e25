"""The report of an import: one line for each thing that is not as it should be, for a spreadsheet at the Dinas.

It holds line numbers, columns and masked NIKs, and nothing else of anybody.
"""

from __future__ import annotations

import csv
from pathlib import Path
from types import TracebackType
from typing import TextIO

from station.central.csv_intake import Problem
from station.domain.mark import N_
from station.i18n import _

WHAT = {
    "line_long": N_("The line is too long."),
    "quotes": N_("A quotation mark is not closed."),
    "width": N_("The line has more or fewer cells than the header."),
    "empty": N_("The cell is empty."),
    "unreadable": N_("The cell has characters that cannot be read."),
    "long": N_("The text is too long."),
    "nik.not_digits": N_("The NIK has other characters than digits."),
    "nik.length": N_("The NIK does not have 16 digits."),
    "nik.province": N_("The NIK begins with a province that does not exist."),
    "nik.month": N_("The NIK has a month that does not exist."),
    "nik.day": N_("The NIK has a day that does not exist."),
    "nik.serial": N_("The NIK ends with 0000."),
    "kk": N_("The family card number does not have 16 digits, or is the NIK."),
    "number": N_("The number does not have 16 digits."),
    "unit": N_("RT and RW have at most three digits."),
    "code": N_("The code is on no list of the registry."),
    "date": N_("There is no such date. Write 21-04-1988."),
    "village": N_("NO_PROP, NO_KAB, NO_KEC and NO_KEL do not make a region code."),
    "outside": N_("The person lives outside the area of this list."),
    "twice": N_("The NIK stands in line {other} already; that line was taken."),
}


class Report:
    """A CSV that is written while the import runs. Call it with each problem; without any there is no file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def __call__(self, problem: Problem) -> None:
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
            self._write(_("Line"), _("Column"), "NIK", _("What is wrong"), _("What was done"))
        done = _("Person left out") if problem.dropped else _("Cell left empty")
        said = what_is_wrong(problem.code).format(other=problem.other_line)
        self._write(problem.line, problem.column, problem.nik, said, done)

    @property
    def begun(self) -> bool:
        """True when there is a file, because there was something to tell."""
        return self._file is not None

    def __enter__(self) -> Report:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _t: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def _write(self, *cells: object) -> None:
        assert self._file is not None, "opened with the first problem"
        csv.writer(self._file, delimiter=";").writerow(cells)


def what_is_wrong(code: str) -> str:
    """The sentence for a problem's code; the code itself for one that a new rule of the form brought."""
    return _(WHAT.get(code, code))
