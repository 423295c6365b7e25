"""What a simulated station keeps in memory where a real one has databases: only what delivery's waits are made of.

It knows no SQL; the link, the lanes and the pacing that stand on it are the real ones.
"""

from __future__ import annotations

from typing import cast

from station.domain.delivery import Link, LogLine
from station.domain.lane import LaneName, LaneState
from station.domain.ports import Clock
from station.store.depot import Depot
from station.store.memory import Memory
from station.sync.client import CentralClient
from station.sync.lanes import Did, Shared, Step
from station.wire import Pacing


class Papers:
    """In the place of the depot, of its memory and of its lane book."""

    def __init__(self, link: Link) -> None:
        self.link: Link | None = link
        self.pacing = Pacing()
        self.lane_book = self

    def set_link(self, link: Link, said: LogLine | None = None) -> None:
        self.link = link

    def states(self) -> dict[LaneName, LaneState]:
        return {}

    def put(self, state: LaneState) -> None:
        """Nobody restarts here."""

    def as_memory(self) -> Memory:
        return cast(Memory, self)

    def shared(self, clock: Clock) -> Shared:
        """What a lane's keeper works with; nothing is sent by it."""
        return Shared(cast(Depot, self), cast(CentralClient, None), clock)


class Task:
    """In the place of a lane: the keeper rests it; when it may do something, the simulation does it."""

    def __init__(self, name: LaneName) -> None:
        self.name = name
        self.current = ()

    def step(self) -> Step:
        return Did()

    def due_in_s(self) -> float:
        return 0.0

    def wake(self) -> None:
        """Nobody asks here."""
