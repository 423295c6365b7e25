"""Code lists of the population registry, by number. Labels are official terms, shown as they are, never translated.

The lists are data: a versioned book, of which one comes with the program and a newer one may come from central. A code
that a newer book knows and this one does not is shown, never fatal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from station.domain.errors import TrustError

MAX_BOOK = 512 * 1024
MAX_CODES = 2000
MAX_LABEL = 120
_CODE = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True)
class CodeBook:
    """All lists of one edition: labels by code by name of the list."""

    version: int
    valid_from: date
    source: str
    lists: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class CodeList:
    """A list of the book that is in use, by its name."""

    name: str

    @property
    def labels(self) -> Mapping[str, str]:
        return _now.book.lists[self.name]

    def label(self, code: str) -> str:
        """The label of `code`, or `Kode n (tidak dikenal)`."""
        return self.labels.get(code, f"Kode {code} (tidak dikenal)")

    def __contains__(self, code: str) -> bool:
        return code in self.labels


SEX = CodeList("sex")
BLOOD_TYPE = CodeList("blood_type")
RELIGION = CodeList("religion")
MARITAL_STATUS = CodeList("marital_status")
CITIZENSHIP = CodeList("citizenship")
OCCUPATION = CodeList("occupation")
FAMILY_RELATION = CodeList("family_relation")
EDUCATION = CodeList("education")
DISABILITY = CodeList("disability")
DISABILITY_KIND = CodeList("disability_kind")
CERTIFICATE = CodeList("certificate")
STAY_PERMIT = CodeList("stay_permit")
SPONSOR_KIND = CodeList("sponsor_kind")

# The codes on which a rule of ours depends, by list: a book without them is refused.
MALE, FEMALE = "1", "2"
BLOOD_UNKNOWN = "13"
BELIEF = "7"
NEVER_MARRIED, MARRIED, DIVORCED = "1", "2", "3"
FOREIGNER = "2"
OTHER_WORK = "89"
DISABLED = "2"
NO_CERTIFICATE, HAS_CERTIFICATE = "1", "2"
PERMANENT_STAY = "1"
NO_SPONSOR = "5"

_NEEDED: dict[CodeList, tuple[str, ...]] = {
    SEX: (MALE, FEMALE),
    BLOOD_TYPE: (BLOOD_UNKNOWN,),
    RELIGION: (BELIEF,),
    MARITAL_STATUS: (NEVER_MARRIED, MARRIED, DIVORCED),
    CITIZENSHIP: ("1", FOREIGNER),
    OCCUPATION: (OTHER_WORK,),
    FAMILY_RELATION: (),
    EDUCATION: (),
    DISABILITY: ("1", DISABLED),
    DISABILITY_KIND: (),
    CERTIFICATE: (NO_CERTIFICATE, HAS_CERTIFICATE),
    STAY_PERMIT: (PERMANENT_STAY,),
    SPONSOR_KIND: (NO_SPONSOR,),
}


def read_codes(text: str) -> CodeBook:
    """The book written in `text` (JSON); TrustError `codes.unreadable` unless every list of ours is whole in it."""
    if len(text) > MAX_BOOK:
        raise TrustError("codes.unreadable", reason="size")
    try:
        return _book(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise TrustError("codes.unreadable", reason=type(problem).__name__) from problem


def in_use() -> CodeBook:
    """The book every list reads from."""
    return _now.book


def use(book: CodeBook) -> None:
    """Read from `book` from now on. Said once, at the start: choices that are on the screen do not change."""
    _now.chosen = book


class _InUse:
    """The one book in use: the one that came with the program until another is chosen."""

    def __init__(self) -> None:
        self.chosen: CodeBook | None = None

    @property
    def book(self) -> CodeBook:
        return self.chosen or shipped()


_now = _InUse()


@cache
def shipped() -> CodeBook:
    """The book that came with the program, read when it is first asked for."""
    inside = Path(__file__).parents[1] / "resources"
    folder = inside if inside.is_dir() else Path(__file__).parents[2] / "resources"
    return read_codes((folder / "codes" / "codes.json").read_text(encoding="utf-8"))


def _book(members: dict[str, Any]) -> CodeBook:
    version, source = members["version"], members["source"]
    if type(version) is not int or version < 1 or not isinstance(source, str):
        raise ValueError("version or source")
    lists = {str(name): _labels(labels) for name, labels in members["lists"].items()}
    if sum(map(len, lists.values())) > MAX_CODES:
        raise ValueError("too many codes")
    for codelist, needed in _NEEDED.items():
        if not lists[codelist.name].keys() >= set(needed):
            raise ValueError(codelist.name)
    return CodeBook(version, date.fromisoformat(members["valid_from"]), source[:200], lists)


def _labels(labels: dict[str, Any]) -> dict[str, str]:
    for code, label in labels.items():
        if not _CODE.fullmatch(code) or not isinstance(label, str) or not label.strip() or len(label) > MAX_LABEL:
            raise ValueError("a code or its label")
    if not labels:
        raise ValueError("an empty list")
    return dict(labels)
