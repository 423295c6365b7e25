"""The thread of the second copy: wakes when something was sealed, looks for the medium, and is never waited for long.

It holds the applicants' database open for itself while somebody is signed in. Knows no window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event, Lock, Thread

from station.desk.copying import Copying
from station.desk.office import Office
from station.domain.backup import BackupFacts, Standing
from station.domain.errors import StationError
from station.domain.ports import Clock
from station.log import get_logger
from station.store.database import Database
from station.store.depot import Depot

LOOK_EVERY_S = 10.0
"""A medium that is put back is found within this time; a packet that was sealed is copied at once."""
SLOW_S = 60.0
STOP_S = 8.0
log = get_logger(__name__)


class BackupThread:
    """`start` and `stop`; everything else only leaves a wish and returns at once."""

    def __init__(
        self,
        depot: Depot,
        clock: Clock,
        *,
        changed: Callable[[], None] = lambda: None,
        damaged: Callable[[StationError], None] = lambda _problem: None,
    ) -> None:
        """`changed` and `damaged` (a page of the database is broken) are called on this thread."""
        self._clock, self._changed, self._damaged = clock, changed, damaged
        self._copying = Copying(depot, lambda: self._stop.is_set())
        self._wake, self._stop, self._lock = Event(), Event(), Lock()
        self._office: Office | None = None
        self._leaving, self._snap_now = False, False
        self._busy_since: float | None = None
        self._thread = Thread(target=self._work, name="backup", daemon=True)

    def start(self) -> None:
        """Begin to look after the copies."""
        self._thread.start()

    def stop(self) -> None:
        """End: a snapshot of what was entered last, if it can be had in a few seconds. A medium that hangs is left."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def signed_in(self, office: Office) -> None:
        """Somebody opened the office: from now on snapshots can be made."""
        with self._lock:
            self._office, self._leaving = office, False
        office.on_sealed.append(self.wake)
        self._wake.set()

    def signed_out(self) -> None:
        """They left: one more snapshot, then the key is forgotten."""
        with self._lock:
            self._leaving = True
        self._wake.set()

    def wake(self) -> None:
        """Something was sealed, or a medium was chosen."""
        self._wake.set()

    def snap_now(self) -> None:
        """Somebody wants a backup now."""
        self._snap_now = True
        self._wake.set()

    def facts(self) -> BackupFacts:
        """How it stands, from memory: asks neither disk nor medium."""
        facts, since = self._copying.facts, self._busy_since
        if since is None:
            return facts
        if self._clock.monotonic() - since > SLOW_S and facts.standing is not Standing.OFF:
            return replace(facts, standing=Standing.SLOW, busy=True)
        return replace(facts, busy=True)

    def _work(self) -> None:
        woken = True
        while not self._stop.is_set():
            self._wake.clear()
            self._round(quiet=not woken)
            woken = self._wake.wait(LOOK_EVERY_S)
        self._last_snapshot()
        self._forget_key()

    def _round(self, *, quiet: bool) -> None:
        before, self._busy_since = self._copying.facts, self._clock.monotonic()
        try:
            came = self._hold_key()
            self._copying.count_media()
            at_once, self._snap_now = self._snap_now or self._leaving, False
            at_once = at_once or (came and self._copying.is_behind())  # the power went out before the hour was over
            made = self._snap(at_once)
            if self._leaving:
                self._forget_key()
            self._copying.copy(self._clock.now(), quiet=quiet and not made)
        except StationError as problem:  # the folder is being opened anew, or its disk does not answer: the next round
            log.warning("a round of copying was given up: %s", problem.code)
        # The one place here that may catch anything: a bug in copying must not end the copies of all that follows.
        except Exception:
            log.critical("unexpected error while copying", exc_info=True)
        finally:
            self._busy_since = None
        if self._copying.facts != before:
            self._changed()

    def _snap(self, at_once: bool) -> bool:
        """Whether there is a new one."""
        enrolment = self._copying.depot.enrolment
        if enrolment is None or (enrolment.training and not self._copying.facts.media):
            return False  # invented people are worth no copy, unless somebody wants one
        try:
            return self._copying.snap(self._clock.now(), at_once=at_once) is not None
        except StationError as problem:
            log.error("no snapshot could be made: %s", problem.code)
            if problem.code in ("store.corrupt", "store.wrong_key"):
                self._damaged(problem)
            return False

    def _hold_key(self) -> bool:
        """Whether somebody has just signed in."""
        with self._lock:
            office, self._office = self._office, None
        if office is None:
            return False
        self._forget_key()
        try:
            self._copying.key_holder = office.applicants.again()
        except StationError as problem:  # they left again already
            log.info("the database was closed before it could be copied: %s", problem.code)
        return self._copying.key_holder is not None

    def _forget_key(self) -> None:
        held: Database | None = self._copying.key_holder
        self._copying.key_holder, self._leaving = None, False
        if held is not None:
            held.close()

    def _last_snapshot(self) -> None:
        if self._copying.key_holder is not None:
            self._snap(at_once=True)
