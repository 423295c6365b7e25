"""Reads a register of people from a CSV of a Dinas, a line at a time: good people come out, every bad line is named.

The file is somebody else's: wrong encodings, separators, columns, dates and numbers are expected. What leaves this
place about a bad line is its number, the column and what is wrong, never what was in it. Knows no database.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

from station.central.areas import covers
from station.central.csv_columns import COLUMNS, KNOWN, RECORDED, REGION, REQUIRED, STATUS, Column, header_name
from station.central.csv_lines import MAX_LINE, encoding_of, is_whole, split_line
from station.domain.central_status import recorded
from station.domain.checks import EARLIEST_BIRTH
from station.domain.codes import CodeList
from station.domain.errors import RuleError
from station.domain.form import Kind, field_of, parse_date
from station.domain.nik import check_nik, is_sixteen_digits, mask_nik
from station.domain.regions import is_village_code

MAX_COLUMNS = 300
MAX_LINES = 5_000_000
MAX_STATUS = 30
_SEPARATORS = ";,\t"
_SIXTEEN_DIGITS = re.compile(r"(?<![0-9])[0-9]{16}(?![0-9])")
_NO_CHAR = "\N{REPLACEMENT CHARACTER}"
_YES = frozenset({"1", "Y", "YA", "T", "TRUE", "SUDAH"})


@dataclass(frozen=True)
class Problem:
    """Something wrong with one line. `nik` is masked, '' when it has none; `dropped` people are not on the list."""

    line: int
    column: str
    code: str
    nik: str
    dropped: bool
    other_line: int = 0


@dataclass(frozen=True)
class Listed:
    """One good line: form answers by field key, and what the Dinas says of the recording."""

    line: int
    answers: dict[str, str]
    recorded: bool
    central_code: str


@dataclass
class Tally:
    """What was found, for the summary."""

    lines: int = 0
    good: int = 0
    dropped: int = 0
    emptied: int = 0
    unused_columns: tuple[str, ...] = ()
    by_code: Counter[str] = field(default_factory=Counter)

    @property
    def bad(self) -> int:
        """Lines that say nothing usable; a twin is none, for its person was taken from another line."""
        return self.dropped - self.by_code["twice"]


class CsvIntake:
    """One file. `people` may be read once; problems go to `report` as they are met, in the order of lines."""

    def __init__(
        self, path: Path, *, area: str, today: date, training: bool, report: Callable[[Problem], None]
    ) -> None:
        """RuleError `csv.*` when this is no register at all: nothing of it can be used."""
        self._path, self._area, self._today, self._training, self._report = path, area, today, training, report
        self.tally = Tally()
        self.unread: set[str] = set()
        """NIKs of lines that were dropped: the file speaks of these people, but nobody can tell what."""
        self._encoding = encoding_of(path)
        with self._open() as file:
            header = file.readline(MAX_LINE + 1)
        self._separator = max(_SEPARATORS, key=header.count)
        self._places = self._columns(header)
        self._used = [(column, self._places[column.name]) for column in COLUMNS if column.name in self._places]

    def people(self) -> Iterator[Listed]:
        """Everybody whose line is good."""
        with self._open() as file:
            is_whole(file, file.readline(MAX_LINE + 1))
            number = 1
            while line := file.readline(MAX_LINE + 1):
                number += 1
                if number > MAX_LINES:
                    raise RuleError("csv.too_many_lines", limit=MAX_LINES)
                whole = is_whole(file, line)
                if whole and not line.strip(f" {self._separator}\n"):
                    continue  # a spreadsheet ends with empty lines
                self.tally.lines += 1
                found = self._person(number, line) if whole else Problem(number, "", "line_long", "", dropped=True)
                if isinstance(found, Problem):
                    self.unread.update(self._niks_of(line))
                    self._drop(found)
                else:
                    self.tally.good += 1
                    yield found

    def refuse_twin(self, person: Listed, other_line: int) -> None:
        """The NIK of `person` stands in another line already: that one is kept."""
        self.tally.good -= 1
        nik = mask_nik(person.answers["nik"])
        self._drop(Problem(person.line, "NIK", "twice", nik, dropped=True, other_line=other_line))

    def _open(self) -> IO[str]:
        # Windows-1252 leaves five bytes without a meaning: they become what no register has, and are named.
        return self._path.open(encoding=self._encoding, errors="replace", newline=None)

    def _columns(self, header: str) -> dict[str, int]:
        names = [header_name(name) for name in split_line(header.rstrip("\n"), self._separator) or ()]
        if len(header) > MAX_LINE or len(names) > MAX_COLUMNS:
            raise RuleError("csv.no_header")
        missing = [name for name in REQUIRED if name not in names]
        if len(missing) == len(REQUIRED):
            raise RuleError("csv.no_header")
        if missing:
            raise RuleError("csv.columns_missing", columns=", ".join(missing))
        twice = sorted(name for name, count in Counter(names).items() if count > 1 and name in KNOWN)
        if twice:
            raise RuleError("csv.columns_twice", columns=", ".join(twice))
        self._width = len(names)
        self.tally.unused_columns = tuple(name for name in names if name and name not in KNOWN)
        return {name: place for place, name in enumerate(names)}

    def _niks_of(self, line: str) -> list[str]:
        """Whom a dropped line is about. Where its cells are out of place, every number that may be their NIK."""
        cells = split_line(line.rstrip("\n"), self._separator)
        if cells is None or len(cells) != self._width:
            return _SIXTEEN_DIGITS.findall(line)
        nik = next(column.clean(cells[place]) for column, place in self._used if column.key == "nik")
        return [nik] if is_sixteen_digits(nik) else []

    def _person(self, number: int, line: str) -> Listed | Problem:
        cells = split_line(line.rstrip("\n"), self._separator)
        if cells is None:
            return Problem(number, "", "quotes", "", dropped=True)
        if len(cells) != self._width:
            return Problem(number, "", "width", "", dropped=True)
        return self._checked(number, cells)

    def _checked(self, number: int, cells: list[str]) -> Listed | Problem:
        answers: dict[str, str] = {}
        village = self._village(cells)
        nik = ""
        for column, place in self._used:
            value = column.clean(cells[place])
            if column.key == "nik":
                nik = value
            code = self._wrong(column, value, answers)
            if code and column.essential:
                return Problem(number, column.name, code, _masked(nik), dropped=True)
            if code:
                self.tally.emptied += 1
                self._tell(Problem(number, column.name, code, _masked(nik), dropped=False))
            elif value:
                answers[column.key] = value
        if code := self._wrong_village(village):
            return Problem(number, "NO_KEL", code, _masked(nik), dropped=True)
        answers["village"] = village
        status = self._cell(cells, STATUS).upper()
        if len(status) > MAX_STATUS:
            return Problem(number, STATUS, "long", _masked(nik), dropped=True)
        return Listed(number, answers, self._recorded(cells, status), status)

    def _village(self, cells: list[str]) -> str:
        return ".".join(self._cell(cells, name).zfill(digits) for name, digits in REGION)

    def _cell(self, cells: list[str], name: str) -> str:
        place = self._places.get(name)
        return "" if place is None else cells[place].strip()

    def _recorded(self, cells: list[str], status: str) -> bool:
        if said := self._cell(cells, RECORDED).upper():
            return said in _YES
        return recorded(status) is True

    def _wrong(self, column: Column, value: str, answers: dict[str, str]) -> str:
        """Why `value` cannot stand in this column; '' when it can, or when there is nothing in it."""
        if not value:
            return "empty" if column.essential else ""
        known = field_of(column.key)
        if not value.isprintable() or _NO_CHAR in value:
            return "unreadable"
        if known.kind is not Kind.NUMBER and len(value) > known.max_length:
            return "long"
        if column.key == "nik":
            return next((finding.code for finding in check_nik(value, training=self._training)), "")
        if column.key == "kk":
            return "" if is_sixteen_digits(value) and value != answers.get("nik") else "kk"
        if column.key == "birth_date":
            return self._wrong_birth(value)
        if known.kind is Kind.DATE:
            return "" if parse_date(value) else "date"
        if known.kind is Kind.NUMBER:
            return "" if value == "0" or is_sixteen_digits(value) else "number"
        if known.kind is Kind.UNIT:
            return "" if len(value) == 3 and value.isascii() and value.isdigit() else "unit"
        return "" if _in_list(known.codes, value) else "code"

    def _wrong_birth(self, value: str) -> str:
        day = parse_date(value)
        return "date" if day is None or not EARLIEST_BIRTH <= day <= self._today else ""

    def _wrong_village(self, village: str) -> str:
        if not is_village_code(village):
            return "village"
        return "" if covers(self._area, village) else "outside"

    def _drop(self, problem: Problem) -> None:
        self.tally.dropped += 1
        self._tell(problem)

    def _tell(self, problem: Problem) -> None:
        self.tally.by_code[problem.code] += 1
        self._report(problem)


def _in_list(codes: CodeList | None, value: str) -> bool:
    return codes is None or value in codes


def _masked(nik: str) -> str:
    """Only what has the shape of a NIK is masked: anything else may be a name in the wrong column."""
    return mask_nik(nik) if is_sixteen_digits(nik) else ""
