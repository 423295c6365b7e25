"""Rows of the record list and the timeline of one record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.delivery import OutboxItem
from station.domain.outcome import Reason
from station.domain.record import Record
from station.domain.steps import Step


class Filter(StrEnum):
    """The chips above the record list."""

    ALL = "all"
    DRAFT = "draft"
    WAITING = "waiting"
    RECEIPTED = "receipted"
    NEEDS_REPAIR = "needs_repair"


@dataclass(frozen=True)
class RecordRow:
    """A record with its packet's place in the outbox (None for a draft)."""

    record: Record
    step: Step
    packet: OutboxItem | None


@dataclass(frozen=True)
class Page:
    """A page of rows and how many there are in all."""

    rows: tuple[RecordRow, ...]
    total: int
    offset: int


class Happening(StrEnum):
    """What a timeline entry is about."""

    STARTED = "started"
    SEALED = "sealed"
    SENT = "sent"
    RECEIPTED = "receipted"
    REJECTED = "rejected"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    CENTRAL = "central"
    PARKED = "parked"


@dataclass(frozen=True)
class Moment:
    """One entry of a timeline, newest first. `text` is data (an operator's name, a receipt number, a central code)."""

    what: Happening
    at: datetime
    text: str = ""


@dataclass(frozen=True)
class Timeline:
    """One record in full: for the pane beside the list."""

    row: RecordRow
    moments: tuple[Moment, ...]
    reasons: tuple[Reason, ...]
    face: bytes | None
