"""A station enrolled at a central that has gone away since: for what a station does without a network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.domain.ports import SystemClock
from tests.support import Workplace, running_central


@contextmanager
def offline_workplace(root: Path) -> Iterator[Workplace]:
    """An enrolled station, nobody signed in yet; its central is stopped."""
    with running_central(root / "central") as server:
        place = Workplace(root / "station", server.url, SystemClock())
        place.enrol(server.central.new_code())
    try:
        yield place
    finally:
        place.close()
