"""Telling stations of the lists that are meant for them: once for each version, through the change feed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from station.central.areas import covers
from station.central.database import Database, insert_if_new
from station.central.feed import tell
from station.central.problems import Refused
from station.central.register import Register
from station.central.register_tables import assigned, told
from station.central.roster_sealing import RosterSealing
from station.central.stations import KnownStation, Stations
from station.domain.errors import StationError
from station.domain.ports import Clock
from station.log import get_logger
from station.seal.bundle import ROSTER

FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 3600.0
"""After an offer that failed; each further one waits twice as long. When all went well, another process may have made
a list meanwhile: that is looked for after the longest of them.
"""
_log = get_logger(__name__)


class Offers:
    """What was told is remembered: whatever interrupts an offer, the next one makes up for it."""

    first_wait_s = FIRST_WAIT_S

    def __init__(
        self,
        database: Database,
        own: Database,
        register: Register,
        sealing: RosterSealing,
        stations: Stations,
        clock: Clock,
        ring: Callable[[str], None],
    ) -> None:
        """`database` is central's, `own` the register's. `ring` is called with the id of a station that has news."""
        self._database, self._own = database, own
        self._register, self._sealing, self._stations = register, sealing, stations
        self._clock, self._ring = clock, ring
        self._soon: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closed = False
        self._again: threading.Timer | None = None
        self._wait_s = self.first_wait_s

    def close(self) -> None:
        """Wait for what is being told."""
        with self._lock:
            self._closed = True
            if self._again is not None:
                self._again.cancel()
        for thread in self._soon:
            thread.join()

    def assign(self, station: KnownStation, area: str) -> None:
        """Let a station have the list of `area` besides those of its office, and tell it."""
        with self._own.write() as rows:
            rows.execute(insert_if_new(assigned).values(station_id=station.station_id, area=area))
        if not self._to(station, self._register.versions(self._clock.now())):
            self._plan(well=False)

    def make_soon(self) -> None:
        """`make`, while whoever asked goes on: sealing a long list takes a while."""
        thread = threading.Thread(target=self.make, name="offers", daemon=True)
        self._soon = [*(other for other in self._soon if other.is_alive()), thread]
        thread.start()

    def make(self) -> None:
        """Tell every station what it was not told of: after an import, an enrolment, and at the start.

        What cannot be told now stops nobody else, and is tried again after a while.
        """
        well = False
        try:
            versions = self._register.versions(self._clock.now())
            results = [self._to(station, versions) for station in self._stations.all()] if versions else []
            well = all(results)
        finally:
            self._plan(well)

    def _plan(self, well: bool) -> None:
        """When to make them again."""
        with self._lock:
            wait_s = LONGEST_WAIT_S if well else self._wait_s
            self._wait_s = self.first_wait_s if well else min(self._wait_s * 2, LONGEST_WAIT_S)
            if self._again is not None:
                self._again.cancel()
            if not self._closed:
                self._again = threading.Timer(wait_s, self.make_soon)
                self._again.daemon = True
                self._again.start()

    def _to(self, station: KnownStation, versions: Mapping[str, int]) -> bool:
        """Tell one station; False when something could not be told."""
        told_all = True
        for area, version in self._untold(station, versions):
            try:
                self._tell(station, area, version)
            except (Refused, StationError, OSError, SQLAlchemyError) as problem:
                told_all = False
                _log.warning("no list %s for station %s: %s", area, station.station_id, type(problem).__name__)
        return told_all

    def _untold(self, station: KnownStation, versions: Mapping[str, int]) -> list[tuple[str, int]]:
        with self._own.read() as rows:
            known = select(told.c.area, told.c.version).where(told.c.station_id == station.station_id)
            before = {row.area: row.version for row in rows.execute(known)}
            extra = set(rows.scalars(select(assigned.c.area).where(assigned.c.station_id == station.station_id)))
        meant = _meant_for(station, versions) | {
            area: version
            for area in sorted(extra)
            if (version := self._register.version(area, self._clock.now())) is not None
        }
        return [(area, version) for area, version in meant.items() if before.get(area) != version]

    def _tell(self, station: KnownStation, area: str, version: int) -> None:
        head = self._sealing.sealed(station, ROSTER + area, version, None).head
        event = {"kind": "bundle", "name": head.bundle, "version": version, "size": head.size, "sha256": head.sha256}
        with self._database.write() as rows:
            tell(rows, station.station_id, event)
        with self._own.write() as rows:  # a power cut in between tells it twice, which is harmless
            rows.execute(delete(told).where(told.c.station_id == station.station_id, told.c.area == area))
            rows.execute(insert(told).values(station_id=station.station_id, area=area, version=version))
        self._ring(station.station_id)


def _meant_for(station: KnownStation, versions: Mapping[str, int]) -> dict[str, int]:
    """The widest lists around or inside the office."""
    office = station.office.split(" ")[0]
    here = {area for area in versions if covers(area, office) or covers(office, area)}
    widest = {area for area in here if not any(other != area and covers(other, area) for other in here)}
    return {area: versions[area] for area in sorted(widest)}
