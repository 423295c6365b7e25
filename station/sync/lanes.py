"""The lanes of delivery: independent, each resting for its own reasons; one that fails never stops another."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from station.domain.delivery import OutboxItem, Progress, Stage
from station.domain.lane import LaneName
from station.domain.outcome import Halted, Later, Trouble
from station.domain.ports import Clock
from station.domain.power import Charge, saves
from station.domain.record import RecordKey
from station.store.depot import Depot
from station.sync.client import CentralClient
from station.wire import Limits, Pacing


@dataclass
class Shared:
    """What every lane works with."""

    depot: Depot
    client: CentralClient
    clock: Clock
    limits: Limits = field(default_factory=Limits)
    on_progress: Callable[[Progress], None] = lambda _progress: None
    news_soon: Callable[[], None] = lambda: None
    settled_at: datetime | None = None
    """When central last confirmed a packet in this run."""
    server_failing: bool = True
    """Packets may be waiting because central had faults of its own: the next receipt ends their waits."""
    fresh: dict[RecordKey, tuple[str, int]] = field(default_factory=dict)
    """Uploads and offsets that manifests have just been told: asking again would cost a round trip."""
    pacing: Pacing = field(default_factory=Pacing)
    """What central last asked of all stations."""
    is_metered: Callable[[], bool | None] = lambda: None
    """Whether the line costs by the byte, as the operating system says; None when it does not say."""
    charge: Callable[[], Charge | None] = lambda: None
    """What the battery or the UPS has left; None without one."""
    rate_bps: float = 0.0
    """Acknowledged bytes per second of uploads, a moving average; 0 while nothing has been measured on this line."""

    @property
    def saves_power(self) -> bool:
        """Whether this station does only what cannot wait."""
        return saves(self.depot.power.saving, self.charge())

    def packet_due_in_s(self, stage: Stage) -> float:
        """Seconds until a packet in `stage` is due; math.inf when there is none."""
        now = self.clock.now()
        due_at = self.depot.outbox.next_due_at(now=now, stages=(stage,))
        return math.inf if due_at is None else max(0.0, (due_at - now).total_seconds())


@dataclass(frozen=True)
class Did:
    """One unit of work was done; there may be more."""


@dataclass(frozen=True)
class Idle:
    """Nothing to do here."""


@dataclass(frozen=True)
class Closed:
    """There is something to send, and the rules of this station let it go only later.

    `until` is when the rules next change by themselves (None: a person must change them); `why` is HOURS, METERED or
    POWER.
    """

    until: datetime | None
    why: Trouble


Step = Did | Idle | Later | Halted | Closed
"""`Later` and `Halted` here concern the whole lane or the link; what concerns one item is settled in its row."""


class Lane(Protocol):
    """One kind of traffic. It hands its trouble back and never rests for it: resting is its keeper's."""

    name: LaneName

    def step(self) -> Step:
        """Do one thing, if there is one to do now."""
        ...

    def due_in_s(self) -> float:
        """Seconds until this lane wants its next turn; 0: now. math.inf: nothing is planned."""
        ...

    def wake(self) -> None:
        """A person asked: whatever this lane has planned for later is due now."""
        ...


@runtime_checkable
class Carrying(Protocol):
    """A lane that carries packets."""

    current: tuple[OutboxItem, ...]
    """What it has at hand in this very step: whom a bug of ours has met."""


class Rest:
    """When a lane may work again, by the monotonic clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until = clock.monotonic()

    def left_s(self) -> float:
        return max(0.0, self._until - self._clock.monotonic())

    def rest(self, seconds: float) -> None:
        self._until = max(self._until, self._clock.monotonic() + seconds)

    def end(self) -> None:
        self._until = self._clock.monotonic()
