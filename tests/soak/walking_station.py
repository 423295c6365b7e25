"""A station that lives through anything: power cuts, old copies put back, another computer, a jumping clock.

Knows no other station and not what comes next.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import timedelta

from station import failpoint
from station.desk import backup, restoring
from station.desk.copying import Copying
from station.failpoint import PowerCut
from station.store.folder import Folder
from tests.soak.living_station import LivingStation
from tests.support import Workplace

APPLICANTS = "applicants.db"
DATABASES = (APPLICANTS, "outbox.db")


class WalkingStation(LivingStation):
    """One station, its clock, its second medium, and what its operator was told."""

    def lose_power(self, at: int, work: Callable[[], object]) -> bool:
        """Do `work`, and cut the power at the place with this number that it comes to. True when it came so far."""
        places = iter(range(1, at + 1))
        here = threading.current_thread()

        def hook(name: str) -> None:
            if threading.current_thread() is here and next(places, at) == at:
                raise PowerCut(name)

        try:
            with failpoint.armed(hook):
                work()
        except PowerCut:
            self.restart()
            return True
        return False

    def keep_copy(self, name: str) -> None:
        """Somebody copies a database aside."""
        self.close()
        shutil.copy(self.folder / name, self.base / f"{name}.old")
        self.place.reopen()
        self.open_relay()

    def put_copy_back(self, name: str) -> bool:
        """And puts the copy back much later; False when there is none."""
        if not (self.base / f"{name}.old").exists():
            return False
        self.close()
        for suffix in ("-wal", "-shm"):
            (self.folder / (name + suffix)).unlink(missing_ok=True)
        shutil.copy(self.base / f"{name}.old", self.folder / name)
        self._forget_kept(name)
        self.place.reopen()
        self.open_relay()
        return True

    def _forget_kept(self, name: str) -> None:
        """Of drafts this is as old as the copy is."""
        if name == APPLICANTS:
            self.kept.clear()

    def lose_outbox(self) -> None:
        self.close()
        for suffix in ("", "-wal", "-shm"):
            (self.folder / f"outbox.db{suffix}").unlink(missing_ok=True)
        self.place.reopen()
        self.open_relay()

    def back_up(self) -> None:
        """The hourly round of the second medium."""
        medium = self.base / "medium"
        medium.mkdir(exist_ok=True)
        if not backup.book_of(self.place.depot).media:
            backup.choose(self.place.office, medium)
        copying = Copying(self.place.depot, key_holder=self.place.office.applicants.again())
        try:
            copying.snap(self.clock.now(), at_once=True)
            copying.copy(self.clock.now())
        finally:
            assert copying.key_holder is not None
            copying.key_holder.close()

    def copy_packets(self) -> None:
        """The round between the hours: packets, and no snapshot."""
        Copying(self.place.depot).copy(self.clock.now())

    def move_computer(self) -> bool:
        """The computer burns. All that was sealed is on the medium, and some of it later than the last snapshot."""
        medium = self.base / "medium"
        if not medium.exists():
            return False
        self.copy_packets()
        self.close()
        self._forget_kept(APPLICANTS)
        self.moves += 1
        for name in DATABASES:
            (self.base / f"{name}.old").unlink(missing_ok=True)
        new = Folder(self.base / f"computer-{self.moves}")
        restoring.restore(new, medium)
        old, self.place = self.place, Workplace(new.root, self.place.url, self.clock)
        shutil.rmtree(old.root)
        assert self.place.office
        self.open_relay()
        return True

    def clock_jumps(self, days: float) -> None:
        self.clock.wall += timedelta(days=days)
