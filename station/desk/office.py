"""The open office: what is there while somebody is signed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from station.capture.lab import Lab
from station.domain.backup import Recovery
from station.domain.damage import Examined
from station.domain.errors import AccessError, SetupError
from station.domain.form import Context
from station.domain.permission import Permission, allows
from station.domain.policy import STANDARD, Policy
from station.domain.ports import Clock
from station.domain.record import RecordKey
from station.domain.target import RosterCard
from station.store.database import Database
from station.store.depot import Depot as Depot  # the window says whose folder is open
from station.store.policies import newest_policy
from station.store.rosters import Rosters
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
class SearchTally:
    """Searches in the target lists since the last line about them in the audit trail, and when that was written."""

    counted: int = 0
    noted_at: float | None = None


@dataclass
class ReadTally:
    """What was seen of people and has no line in the audit trail yet: how often each (action, record id, kind)."""

    counted: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    noted_at: float | None = None
    looked_up: str = ""
    """The NIK looked up last without an application; nobody has begun one for it yet."""


@dataclass
class Office:
    """The depot, the opened applicants' database and the person who opened it."""

    depot: Depot
    applicants: Database
    operator: Operator
    station: StationCard
    clock: Clock
    villages: VillageTable
    rosters: Rosters
    searches: SearchTally = field(default_factory=SearchTally)
    reads: ReadTally = field(default_factory=ReadTally)
    trail: Examined | None = None
    """What the last look at the audit trail has found: its end at this sign-in, all of it once somebody asked."""
    recovered: Recovery | None = None
    """What was damaged and was put right at this sign-in: somebody must be told."""
    on_sealed: list[Callable[[], None]] = field(default_factory=list)
    """Called after a packet is in the outbox: the engine wakes."""
    expired: tuple[RosterCard, ...] = ()
    """Target lists that were wiped at this sign-in because their day had come: somebody must be told."""
    lab: Lab = field(default_factory=Lab)
    """Where native code reads what came from devices; its children start when they are first needed."""
    own_lab: bool = True
    """The lab was made for this office and is closed with it."""
    policy: Policy = STANDARD
    """What fingers and eyes are judged by, looked up for each person anew."""
    unqueued: set[RecordKey] = field(default_factory=set)
    """Sealed records whose packet is not in the outbox yet, because it did not answer: the next catch-up adds it."""
    unproved: bool = False
    """The password was right, and what is asked for besides is still to come: nothing is done for them until then."""
    seen_change: int = 0
    """Up to which change of the outbox central's answers have been taken over."""

    @property
    def context(self) -> Context:
        """What form checks may know of every person: the local day, whether province 99 exists, office and regions."""
        return Context(
            today=self.local_now().date(),
            training=self.station.training,
            office=self.station.office,
            places=self.villages,
        )

    def now(self) -> datetime:
        return self.clock.now()

    def local_now(self) -> datetime:
        """The station's wall time with its UTC offset."""
        return self.clock.now().astimezone()

    def renew_policy(self) -> None:
        """Somebody is opened: they are judged by what central says now, and nobody's floor moves while they sit."""
        self.policy = self.policy_now()

    def policy_now(self) -> Policy:
        """What central lets this station accept, as of now."""
        return newest_policy(self.applicants, self.depot.enrolment, self.depot.memory)

    def may(self, permission: Permission) -> bool:
        """Whether whoever is signed in may do it."""
        return allows(self.operator.role, permission)

    def require(self, permission: Permission) -> None:
        """AccessError `access.role` unless whoever is signed in may do it, `access.unproved` before they are proved."""
        if self.unproved:
            raise AccessError("access.unproved")
        if not self.may(permission):
            raise AccessError("access.role", role=self.operator.role, needs=permission)


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
