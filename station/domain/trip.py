"""A trip to a village (jemput bola): who goes where and when, who is invited, and what became of each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

LIST_OLD_AFTER_DAYS = 14
"""A target list older than this on the day of the trip has missed who was recorded, moved or died since."""

KIT = (
    "laptop",
    "camera",
    "fingerprint_scanner",
    "iris_scanner",
    "signature_pad",
    "background_cloth",
    "lamp",
    "batteries",
    "generator",
    "backup_medium",
    "recovery_medium",
    "spare_cables",
    "lotion_alcohol",
    "printed_list",
    "home_visit_bag",
)
"""What is packed the day before, in the order it is carried out."""


class Mark(StrEnum):
    """What became of an invited person. A recording on the trip makes an unmarked person present."""

    NONE = ""
    PRESENT = "present"
    ABSENT = "absent"
    REFUSED = "refused"
    MOVED = "moved"
    DECEASED = "deceased"


class WhyNot(StrEnum):
    """Why somebody who came was not recorded. OTHER wants a note."""

    NONE = ""
    ALREADY_RECORDED = "already_recorded"
    NOT_OBLIGED = "not_obliged"
    PAPERS = "papers"
    REFERRED = "referred"
    DEVICE = "device"
    UNABLE = "unable"
    TOO_LATE = "too_late"
    OTHER = "other"


@dataclass(frozen=True)
class Plan:
    """What is prepared. `rts` are units such as `003/001` (RT/RW) whose people are invited; None means all of them."""

    day: date
    village: str
    place: str = ""
    crew: tuple[str, ...] = ()
    kit: frozenset[str] = frozenset()
    rts: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ListFacts:
    """Which target list a trip was prepared with."""

    version: int
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Trip:
    """One trip. `targets` is None when it went without a target list; `report` is there once it is closed."""

    trip_id: str
    plan: Plan
    targets: ListFacts | None
    created_at: datetime
    closed_at: datetime | None = None
    report: Mapping[str, int] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True)
class TripPerson:
    """Somebody on the sheet of a trip. `invited` is False for who came without being asked.

    `by_hand` tells that somebody typed this person, invited or not: only they can be taken off the sheet again.
    """

    nik: str
    name: str
    rt: str = ""
    rw: str = ""
    birth_date: str = ""
    address: str = ""
    invited: bool = True
    by_hand: bool = False
    mark: Mark = Mark.NONE
    why_not: WhyNot = WhyNot.NONE
    note: str = ""
    marked_at: datetime | None = None
    operator_id: str = ""

    @property
    def unit(self) -> str:
        """`003/001`: RT and RW; an RT number alone says nothing, every RW counts from one."""
        return unit_of(self.rt, self.rw)

    @property
    def touched(self) -> bool:
        """Somebody marked or added this person; nobody touched who only came from the list."""
        return bool(self.operator_id)

    @property
    def explained(self) -> bool:
        """It is said why this person was not recorded."""
        return self.why_not is not WhyNot.NONE and (self.why_not is not WhyNot.OTHER or bool(self.note))


def unit_of(rt: str, rw: str) -> str:
    """RT and RW as people write them; empty when neither is known."""
    return f"{rt or '-'}/{rw or '-'}" if rt or rw else ""
