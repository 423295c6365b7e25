"""One line of a target list: a person whom central expects, or a NIK that is no longer on the list.

    {"nik":"…","answers":{…},"recorded":false,"central":null}      central: null or {"code":"…","at":"…"}
    {"nik":"…","gone":true}                                        only in a delta

A line is kept as it came; `target_of` reads it when somebody asks for the person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from station.domain.errors import TrustError
from station.domain.nik import is_sixteen_digits
from station.domain.target import Target
from station.wire import rfc3339

MAX_LINE_BYTES = 16 * 1024


@dataclass(frozen=True)
class Gone:
    """A delta's word that this NIK is not on the list any more."""

    nik: str


class PersonLine(NamedTuple):
    """A line that was checked. `answers` is None for a NIK that is gone; `line` is the JSON as it came."""

    nik: str
    answers: Mapping[str, str] | None
    line: bytes


def line_of(person: Target | Gone) -> bytes:
    """The line for `person`, without its line end."""
    if isinstance(person, Gone):
        return _json({"nik": person.nik, "gone": True})
    at = rfc3339(person.central_at) if person.central_at else ""
    central = {"code": person.central_code, "at": at} if person.central_code else None
    answers = {key: value for key, value in person.answers.items() if value}
    return _json({"nik": person.nik, "answers": answers, "recorded": person.recorded, "central": central})


def read_line(line: bytes) -> PersonLine:
    """Check a line that arrived; TrustError `roster.unreadable` when it is not one of the two above."""
    try:
        row = json.loads(line)
        nik = row["nik"]
        if not (isinstance(nik, str) and is_sixteen_digits(nik)):
            raise TrustError("roster.unreadable")
        if row.get("gone") is True:
            return PersonLine(nik, None, line)
        answers = row["answers"]
        if not (isinstance(answers["name"], str) and answers["name"] and set(map(type, answers.values())) == {str}):
            raise TrustError("roster.unreadable")
        if type(row["recorded"]) is not bool:
            raise TrustError("roster.unreadable")
        if row["central"] is not None:
            _central(row["central"])
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise TrustError("roster.unreadable") from problem
    return PersonLine(nik, answers, line)


def target_of(line: bytes) -> Target:
    """The person of a line that `read_line` accepted before."""
    row: dict[str, Any] = json.loads(line)
    code, at = _central(row["central"]) if row["central"] else ("", None)
    return Target(row["nik"], row["answers"], row["recorded"], code, at)


def _central(central: Mapping[str, Any]) -> tuple[str, datetime | None]:
    at = central["at"]
    return str(central["code"]), datetime.fromisoformat(at) if at else None


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
