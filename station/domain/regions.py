"""Region codes `PP.KK.CC.DDDD`: their shape, what a table of them can answer, and the rules for a village.

Codes end by decree and are never given to another place, but they stay in NIKs and in older papers. So an ended code is
a warning to confirm, never an error. The fictitious province 99 exists in training mode only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from station.domain.finding import Finding, error, warning

TRAINING_PROVINCE = "99"
SHORTEST_SEARCH = 3
"""Letters and digits that must be typed before villages are looked up."""

# Kepmendagri 300.2.2-2138/2025. No province has ended since 2015; a test compares this with the table and its history.
PROVINCES = frozenset(
    "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 "
    "91 92 93 94 95 96".split()
)

_VILLAGE = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}")


class CodeState(StrEnum):
    """What the table says of a village code."""

    CURRENT = "current"
    ENDED = "ended"
    UNKNOWN = "unknown"


class Places(Protocol):
    """What the rules may ask about places. A table of regions answers; the rules never read one."""

    def district_known(self, code6: str) -> bool:
        """True for six digits `PPKKCC` that name a district today or named one before: they live on in NIKs."""
        ...

    def code_state(self, code: str) -> CodeState:
        """Whether the village code `PP.KK.CC.DDDD` is in use, has ended, or is in no edition of the table."""
        ...


@dataclass(frozen=True, slots=True)
class Village:
    """A desa or kelurahan with its parents, as searched and shown."""

    code: str
    name: str
    district: str
    regency: str
    province: str
    ended: str = ""
    """The decree that no longer has this code; empty while it is in use."""

    @property
    def parents(self) -> str:
        """The parents on one line: two villages may share a name, so they are always shown."""
        return f"{self.district} · {self.regency}"


def province_known(code: str, *, training: bool) -> bool:
    """True when the two digits are a province; 99 exists in training mode only."""
    return code in PROVINCES or (training and code == TRAINING_PROVINCE)


def is_village_code(text: str) -> bool:
    """True for the shape `PP.KK.CC.DDDD`."""
    return _VILLAGE.fullmatch(text) is not None


def can_be_searched(typed: str) -> bool:
    """True when enough was typed to look villages up."""
    return sum(letter.isalnum() for letter in typed) >= SHORTEST_SEARCH


def check_village(code: str, places: Places | None, *, training: bool) -> Iterator[Finding]:
    """What is wrong with the village of an address. Without a table (at central) only shape and province are judged."""
    if not is_village_code(code):
        yield error("village.not_chosen", "village")
    elif not province_known(code[:2], training=training):
        yield error("village.province", "village", province=code[:2])
    elif places is not None:
        match places.code_state(code):
            case CodeState.ENDED:
                yield warning("village.ended", "village")
            case CodeState.UNKNOWN:
                yield warning("village.unknown", "village")
            case CodeState.CURRENT:
                pass
