"""A central, two stations, the line between them and sticks: what there is before anything happens.

Every choice is made by one source of chance. Knows neither people nor troubles.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.wire import Limits
from tests.faults.cut_relay import CutRelay
from tests.soak.journal import Journal
from tests.soak.walking_station import WalkingStation
from tests.support import HandClock

CHUNK = 4096
LAST_PLACE = 25
"""A power cut comes at one of so many places that the work passes."""


class Land:
    """All that lies in one folder, and one clock of central's beside one of each station."""

    def __init__(self, folder: Path, chance: random.Random, stack: ExitStack) -> None:
        self.folder, self.chance = folder, chance
        self.clock = HandClock()
        options = CentralOptions(training=True, limits=Limits(chunk_bytes=CHUNK))
        self.server = CentralServer(folder / "central", options=options, clock=self.clock)
        self.server.start()
        stack.callback(self.server.stop)
        self.line = stack.enter_context(CutRelay(self.server.port))
        self.journal = Journal(folder / "journal")
        self.stations: list[WalkingStation] = []
        for name in ("ani", "budi"):
            url = f"http://127.0.0.1:{self.line.port}"
            one = WalkingStation(folder, name, url, self.server.central.new_code(), self.journal)
            self.stations.append(one)
            stack.callback(one.close)
        self.days = self.sticks = self.done = 0
        self.cable_back: dict[str, int] = {}
        """The day on which each station has its cable again."""
        self.away: set[str] = set()
        """Records that central has lost, and nobody has sent again yet."""

    @property
    def cuts(self) -> int:
        return self.done + self.line.struck

    def pass_time(self, seconds: float) -> None:
        for clock in (self.clock, *(one.clock for one in self.stations)):
            clock.pass_time(seconds)

    def with_power(self, one: WalkingStation, work: Callable[[], object]) -> None:
        """Do it, and sometimes the power goes out in the middle."""
        if self.chance.random() < 0.4:
            self.done += one.lose_power(self.chance.randint(1, LAST_PLACE), work)
        else:
            work()

    def mend_cables(self, *, all_of_them: bool = False) -> None:
        for one in self.stations:
            if all_of_them or self.cable_back.get(one.name, 0) <= self.days:
                one.place.network.mend()

    def new_stick(self) -> Path:
        self.sticks += 1
        path = self.folder / f"stick-{self.sticks}"
        path.mkdir()
        return path

    def beside(self, one: WalkingStation) -> WalkingStation:
        """The other station."""
        return next(item for item in self.stations if item is not one)
