"""The open office: what is there while somebody is signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from station.domain.errors import AccessError, SetupError
from station.domain.form import Context
from station.domain.ports import Clock
from station.store.database import Database
from station.store.depot import Depot as Depot  # the window says whose folder is open
from station.store.villages import VillageTable


@dataclass(frozen=True)
class Operator:
    """Who is signed in. `role` is a stable word; ui/words.py has its label."""

    operator_id: str
    name: str
    role: str


@dataclass(frozen=True)
class StationCard:
    """Which station this is, for the top strip."""

    station_id: str
    name: str
    office: str
    central_name: str
    training: bool
    number: int


@dataclass
class Office:
    """The depot, the opened applicants' database and the person who opened it."""

    depot: Depot
    applicants: Database
    operator: Operator
    station: StationCard
    clock: Clock
    villages: VillageTable
    on_sealed: list[Callable[[], None]] = field(default_factory=list)
    """Called after a packet is in the outbox: the engine wakes."""
    seen_change: int = 0
    """Up to which change of the outbox central's answers have been taken over."""

    @property
    def context(self) -> Context:
        """What form checks may know: the local day, and whether province 99 exists."""
        return Context(today=self.local_now().date(), training=self.station.training)

    def now(self) -> datetime:
        return self.clock.now()

    def local_now(self) -> datetime:
        """The station's wall time with its UTC offset."""
        return self.clock.now().astimezone()

    def require(self, *roles: str) -> None:
        """AccessError `access.role` unless the operator has one of `roles`."""
        if self.operator.role not in roles:
            raise AccessError("access.role", role=self.operator.role)


def station_card(depot: Depot) -> StationCard:
    """The card of an enrolled station; SetupError `station.not_enrolled` before."""
    enrolment = depot.enrolment
    if enrolment is None:
        raise SetupError("station.not_enrolled")
    return StationCard(
        station_id=enrolment.station_id,
        name=enrolment.station_name,
        office=enrolment.office,
        central_name=enrolment.central_name,
        training=enrolment.training,
        number=enrolment.policy.station_number,
    )
