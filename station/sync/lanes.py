"""The lanes of delivery: independent, each resting for its own reasons; one that fails never stops another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from station.domain.delivery import Progress
from station.domain.outcome import Halted, Later
from station.domain.ports import Clock
from station.domain.record import RecordKey
from station.store.depot import Depot
from station.sync.client import CentralClient
from station.wire import Limits


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


@dataclass(frozen=True)
class Did:
    """One unit of work was done; there may be more."""


@dataclass(frozen=True)
class Idle:
    """Nothing to do here."""


Step = Did | Idle | Later | Halted
"""`Later` and `Halted` here concern the whole lane or the link; what concerns one item is settled in its row."""


class Lane(Protocol):
    """One kind of traffic."""

    name: str

    def step(self) -> Step: ...


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
