"""What can be wrong with an audit trail, and where: by number, by time and by what stands before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Harm(StrEnum):
    """What was done to a part of the trail. The values are a promise to scripts."""

    EDITED = "edited"
    """A line is not what was written, or the one before it is not."""
    MISSING = "missing"
    """Lines between two others are gone."""
    CUT = "cut"
    """Lines at the end are gone: a signed head knows of them."""
    REWRITTEN = "rewritten"
    """The chain holds, and is not the one whose head was signed."""


@dataclass(frozen=True)
class Neighbour:
    """A whole line beside the damage."""

    number: int
    at: datetime | None


@dataclass(frozen=True)
class Damage:
    """One place: lines `first` to `last`. Neighbours are None at the ends of the trail."""

    harm: Harm
    first: int
    last: int
    before: Neighbour | None = None
    after: Neighbour | None = None

    @property
    def lines(self) -> int:
        """How many lines it is about."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Examined:
    """What came of a check: how many lines were read, the last of them, the signed heads they were held against."""

    lines: int
    last: Neighbour | None
    heads: int
    damage: tuple[Damage, ...] = ()
    stopped: bool = False
    """Somebody ended it; what was not read is not vouched for."""

    @property
    def whole(self) -> bool:
        return not self.damage and not self.stopped
