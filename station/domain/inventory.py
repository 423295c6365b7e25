"""What was on a station that is lost: of whom, which parts, and how each of them was closed. Reads nothing itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from station.domain.biometrics import Modality, Part


class Held(StrEnum):
    """How a record lies on the station. The values are a promise to scripts."""

    DRAFT = "draft"
    """In the encrypted database: form and what has been captured so far."""
    WAITING = "waiting"
    """Sealed, and central has no receipt for it: it may be on this station only."""
    RECEIVED = "received"
    """Sealed, and central has it too."""
    DESTROYED = "destroyed"
    """Its pictures and its packet were destroyed by the rule; form, number and receipt are left."""
    WITHDRAWN = "withdrawn"
    """Given up before it was sealed: form only."""


@dataclass(frozen=True)
class Kinds:
    """Which kinds of parts, and how many."""

    face: bool = False
    fingers: int = 0
    irises: int = 0
    signature: bool = False
    documents: int = 0

    def __bool__(self) -> bool:
        return bool(self.face or self.fingers or self.irises or self.signature or self.documents)


def kinds_of(parts: Iterable[Part], documents: int = 0) -> Kinds:
    """The kinds among captured `parts`."""
    number = Counter(part.modality for part in parts)
    return Kinds(
        face=number[Modality.FACE] > 0,
        fingers=number[Modality.FINGER],
        irises=number[Modality.IRIS],
        signature=number[Modality.SIGNATURE] > 0,
        documents=documents,
    )


@dataclass(frozen=True)
class Line:
    """One record. `kinds` is None where nobody here can tell: its packet is not in this copy, or does not open."""

    record_id: str
    revision: int
    held: Held
    registration_no: str = ""
    nik: str = ""
    name: str = ""
    kinds: Kinds | None = None
    sealed_at: datetime | None = None
    received_at: datetime | None = None
    receipt_no: str = ""


@dataclass(frozen=True)
class ListHeld:
    """A target list: people whose form data, and nothing captured, is on the station."""

    area: str
    area_name: str
    people: int
    expires_at: datetime


@dataclass(frozen=True)
class Told:
    """What the station itself told central last, and what central has done about it."""

    heard_at: datetime | None = None
    unsent: int | None = None
    """Packets that waited then: of them central knows no more than how many."""
    audit_number: int | None = None
    audit_at: datetime | None = None
    blocked: bool = False
    blocked_reason: str = ""
    wipe: str = ""
    """'' (never ordered), `ordered`, `done`, `withdrawn` or `over`."""


@dataclass(frozen=True)
class Inventory:
    """Everything of one station, as known at `as_of` from `source` (`station`, `backup` or `central`)."""

    station_id: str
    station_name: str
    office: str
    source: str
    as_of: datetime
    lines: tuple[Line, ...]
    lists: tuple[ListHeld, ...] = ()
    trip_people: int = 0
    """Names on lists of open trips."""
    referrals: int = 0
    carried: int = 0
    """Sealed packets of other stations that were carried."""
    officers: int = 0
    """Passwords that open the encrypted database."""
    told: Told = field(default_factory=Told)

    def count(self, held: Held) -> int:
        return sum(line.held is held for line in self.lines)

    @property
    def people(self) -> int:
        """Different people among the records, as far as their NIK is known."""
        known = {line.nik for line in self.lines if line.nik}
        return len(known) + sum(not line.nik for line in self.lines)
