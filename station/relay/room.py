"""Room for other stations' packets: the disk is for this station's own records first."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from station.relay.bounds import CARRIED_BYTES_EACH, RESERVE_BYTES, RESERVE_PART
from station.store.depot import Depot


class DiskUsage(NamedTuple):
    """Bytes of the disk that holds the data folder."""

    total: int
    free: int


def disk_usage(path: Path) -> DiskUsage:
    """What the operating system says."""
    found = shutil.disk_usage(path)
    return DiskUsage(found.total, found.free)


class Room:
    """How much more may be carried for one station."""

    def __init__(self, depot: Depot, usage: Callable[[Path], DiskUsage] = disk_usage) -> None:
        self._depot = depot
        self._usage = usage

    def left_for(self, station_id: str) -> int:
        """Bytes that may still come from `station_id`; 0 or less when nothing may."""
        found = self._usage(self._depot.folder.root)
        spare = found.free - max(RESERVE_BYTES, int(found.total * RESERVE_PART))
        held = self._depot.relay.carried_bytes(station_id) + self._depot.carried.settled_bytes(station_id)
        return min(spare, CARRIED_BYTES_EACH - held)
