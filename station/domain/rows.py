"""Rows of the record list, how the list is narrowed and ordered, and the timeline of one record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from station.domain.central_codes import PRINT_READY
from station.domain.delivery import OutboxItem
from station.domain.outcome import Reason
from station.domain.record import Record, State
from station.domain.service import Service
from station.domain.steps import Step


class Filter(StrEnum):
    """The chips above the record list."""

    ALL = "all"
    DRAFT = "draft"
    INCOMPLETE = "incomplete"  # of the drafts, those of people who were captured in part: they come back
    WAITING = "waiting"
    RECEIPTED = "receipted"
    NEEDS_REPAIR = "needs_repair"
    QUIET = "quiet"  # at central, checking not finished, no change for more than QUIET_DAYS


class Order(StrEnum):
    """By what the list is ordered: always by the raw value, never by the words it is shown in."""

    CHANGED = "changed"
    STARTED = "started"
    NAME = "name"
    PLACE = "place"
    STATE = "state"
    NEWS = "news"  # what central said last


@dataclass(frozen=True)
class View:
    """How the list is ordered and narrowed beside its chip. Days are local, both included."""

    order: Order = Order.CHANGED
    descending: bool = True
    first_day: date | None = None
    last_day: date | None = None
    operator_id: str = ""
    service: Service | None = None

    @property
    def narrows(self) -> bool:
        """True when it leaves records out."""
        return bool(self.first_day or self.last_day or self.operator_id or self.service)


@dataclass(frozen=True)
class RecordRow:
    """A record with its packet's place in the outbox (None for a draft)."""

    record: Record
    step: Step
    packet: OutboxItem | None
    missing: tuple[Step, ...] = ()
    """The devices that somebody has still to come back for; () unless they were captured in part."""
    print_from: date | None = None
    """The first day a card may be printed, of somebody who is sixteen today."""

    @property
    def prints_later(self) -> bool:
        """Central has called it ready, and the person is not old enough today."""
        ready = self.packet is not None and self.packet.central_code == PRINT_READY
        return ready and self.record.state is State.ACCEPTED and self.print_from is not None

    @property
    def news_at(self) -> datetime | None:
        """When central last said anything of it: a status, else the receipt."""
        return None if self.packet is None else self.packet.central_at or self.packet.received_at


@dataclass(frozen=True)
class Page:
    """A page of rows and how many there are in all."""

    rows: tuple[RecordRow, ...]
    total: int
    offset: int


class Happening(StrEnum):
    """What a timeline entry is about, in the order in which they happen."""

    STARTED = "started"
    REOPENED = "reopened"
    INVITED = "invited"  # came again for what could not be captured
    CAPTURED = "captured"  # the last of all biometrics; known while it is a draft
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"  # nothing came of that visit
    SEALED = "sealed"
    QUEUED = "queued"
    OFFERED = "offered"
    SENDING = "sending"
    RECEIPTED = "receipted"
    CENTRAL = "central"
    WANTED_AGAIN = "wanted_again"
    RESENT = "resent"  # a person here asked central again
    CONFIRMED = "confirmed"  # and central had it still
    PARKED = "parked"
    REJECTED = "rejected"
    VOIDED = "voided"
    PURGED = "purged"  # file and identity were destroyed when its days were over


@dataclass(frozen=True)
class Moment:
    """One entry of a timeline. `text` is data: an operator's name, a receipt number, a central code, a trouble.

    `note` is what central wrote beside it, already made readable and short. `late` marks a status that stands longer
    than it should. `size` is in bytes, `part` from 0 to 1.
    """

    what: Happening
    at: datetime
    text: str = ""
    note: str = ""
    late: bool = False
    revision: int = 0
    size: int = 0
    part: float = 0.0


@dataclass(frozen=True)
class Timeline:
    """One record in full, for the pane beside the list. The newest moment stands first."""

    row: RecordRow
    moments: tuple[Moment, ...]
    reasons: tuple[Reason, ...]
    face: bytes | None
    service: Service = Service.NEW
