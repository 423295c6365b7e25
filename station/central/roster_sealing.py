"""Sealing a list for one station, at its first request: from the file that only central can open."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from station.central.areas import REGENCY, is_area
from station.central.bundle_shelf import BundleShelf, Sealed
from station.central.problems import Refused
from station.central.register import Register
from station.central.stations import KnownStation
from station.central.switches import busy
from station.domain.ports import Clock
from station.seal.bundle import ROSTER, BundleHead, station_recipient
from station.wire import Problem

PATIENCE_S = 20.0
BUSY_S = 10
AT_ONCE = 2
"""Threads that may seal or wait for their turn to; whoever asks beyond that waits without one."""
_NOT_YET = "0" * 64


class RosterSealing:
    """Each list is made once for each version and base, and once more for each station."""

    def __init__(self, register: Register, shelf: BundleShelf, central_id: str, clock: Clock) -> None:
        self._register, self._shelf = register, shelf
        self._central_id, self._clock = central_id, clock
        self._one_at_a_time = threading.Lock()
        self.room = asyncio.Semaphore(AT_ONCE)
        """Taken by requests, in the server's loop, before they may use a thread."""

    def sealed(self, station: KnownStation, name: str, version: int, base: int | None) -> Sealed:
        """The bundle for this station, made at its first request.

        What changed since `base` when that can be told, else the whole list. Refused `not-allowed`, `bundle-gone`, or
        `busy` while another one is being made.
        """
        area, since = self._asked(station, name, version, base)
        found = self._shelf.find(station.station_id, area, version, since)
        return found or self._make_sealed(station, area, version, since)

    def found(self, station: KnownStation, name: str, version: int, base: int | None) -> Sealed | None:
        """The same at once, or None when it has to be made first."""
        area, since = self._asked(station, name, version, base)
        return self._shelf.find(station.station_id, area, version, since)

    def _asked(self, station: KnownStation, name: str, version: int, base: int | None) -> tuple[str, int | None]:
        """The area, and the base that can be told from; Refused for what this station cannot have."""
        area = name.removeprefix(ROSTER)
        if name == area or not is_area(area):
            raise _gone()
        self.check_office(station, area)
        if self._register.version(area, self._clock.now()) != version:
            raise _gone()
        return area, base if base is not None and self._can_tell(area, version, base) else None

    def _make_sealed(self, station: KnownStation, area: str, version: int, base: int | None) -> Sealed:
        owner = station.station_id
        with self._turn():
            if self._shelf.find(owner, area, version, base) is None:
                master = self._shelf.master(area, version, base) or self._make_master(area, version, base)
                recipient = station.bundle_recipient or station_recipient(station.public_key)
                self._shelf.write_for(owner, recipient, master)
        found = self._shelf.find(owner, area, version, base)
        if found is None:
            raise _gone()  # a newer version came in between
        return found

    def _make_master(self, area: str, version: int, base: int | None) -> Sealed:
        with self._register.reading(area, base, self._clock.now()) as reading:
            card = reading.card
            if card is None or card.version != version:
                raise _gone()
            head = BundleHead(
                bundle=ROSTER + area,
                area_name=card.area_name,
                version=version,
                base=base,
                station_id=self._central_id,
                central_id=self._central_id,
                made_at=card.made_at,
                expires_at=card.expires_at,
                people=card.people,
                size=1,
                sha256=_NOT_YET,
            )
            self._shelf.write_master(head, reading.people)
        master = self._shelf.master(area, version, base)
        if master is None:
            raise _gone()
        return master

    def _can_tell(self, area: str, version: int, base: int) -> bool:
        return base < version and self._register.knows_base(area, base, self._clock.now())

    def check_office(self, station: KnownStation, area: str) -> None:
        """Refused `not-allowed` for a list of another kabupaten."""
        if station.office[:REGENCY] != area[:REGENCY]:
            raise Refused(Problem.NOT_ALLOWED, "This list is not for the office of this station.")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Lists are made one after another; who has waited too long comes again."""
        if not self._one_at_a_time.acquire(timeout=PATIENCE_S):
            raise busy(BUSY_S)
        try:
            yield
        finally:
            self._one_at_a_time.release()


def _gone() -> Refused:
    return Refused(Problem.BUNDLE_GONE, "There is no such bundle, or no longer.")
