"""The sync engine: one due thing at a step, until told to stop. The same inside the window, as a command, as a service.

It knows no Qt and nobody's password. In flight is a local variable; a row changes only when central has answered.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

from station.config import Settings
from station.domain.delivery import Link, Progress
from station.domain.errors import StationError, StoreError
from station.domain.lane import LaneState
from station.domain.ports import Clock, SystemClock
from station.domain.power import Charge
from station.log import get_logger
from station.store.depot import Depot
from station.sync.client import CentralClient
from station.sync.lanes import Shared
from station.sync.line import LOOK_S, Line
from station.sync.network import Network
from station.sync.rounds import IDLE_S, Rounds

log = get_logger(__name__)

AFTER_TROUBLE_S = 15.0
STOP_S, STOP_TRIES = 5.0, 20


class Engine:
    """Delivers what is in the outbox of an enrolled depot."""

    def __init__(
        self,
        depot: Depot,
        settings: Settings,
        *,
        clock: Clock | None = None,
        network: Network | None = None,
        line: Line | None = None,
        is_metered: Callable[[], bool | None] = lambda: None,
        charge: Callable[[], Charge | None] = lambda: None,
        changed: Callable[[], None] = lambda: None,
        progress: Callable[[Progress], None] = lambda _progress: None,
    ) -> None:
        self._depot = depot
        self._clock = clock or SystemClock()
        self._line = line or Line()
        self._changed = changed
        self._stop, self._wake = Event(), Event()
        self._asked, self._hinted = Event(), Event()
        self._shared = Shared(
            depot,
            self._client(settings, network),
            self._clock,
            on_progress=progress,
            pacing=depot.memory.pacing,
            is_metered=is_metered,
            charge=charge,
        )
        self._rounds = Rounds(self._shared, settings.sync.changes_every_s, self._line, self._stop, changed)
        self._thread: Thread | None = None

    def _client(self, settings: Settings, network: Network | None) -> CentralClient:
        enrolment, key = self._depot.enrolled()
        client = CentralClient(
            enrolment.central_url,
            settings=enrolment.trusting(settings.central),
            clock=self._clock,
            network=network,
            stop=self._stop,
        )
        client.identify(key, enrolment.central_id)
        client.network.on_change.append(self.network_changed)
        client.clock_offset = timedelta(seconds=self._depot.memory.clock_offset_s)
        client.on_clock_offset = self._learnt_clock
        return client

    # ------------------------------------------------------------------------------------------------ from outside

    def start(self) -> None:
        """Run on a thread of its own."""
        self._thread = Thread(target=self.run, name="sync", daemon=True)
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let `run` return soon. Callable from a signal handler."""
        self._stop.set()
        self._wake.set()

    def stop(self) -> None:
        """Stop within seconds; whatever was in flight is asked about at the next start."""
        self.ask_to_stop()
        self._shared.client.network.hang_up()
        if self._thread is not None:
            self._join(self._thread)
        if self.network_changed in self._shared.client.network.on_change:
            self._shared.client.network.on_change.remove(self.network_changed)
        self._shared.client.close()

    def _join(self, thread: Thread) -> None:
        """Wait for the thread, and hang up again what it may just have been opening."""
        for _ in range(STOP_TRIES):
            thread.join(STOP_S / STOP_TRIES)
            if not thread.is_alive():
                return
            self._shared.client.network.hang_up()
        log.error("the sync engine did not stop within %s s", STOP_S)

    def wake(self) -> None:
        """Something may have become due: a record was sealed, the cable is in again."""
        self._wake.set()

    def send_now(self) -> None:
        """A person pressed *Kirim sekarang*: no lane rests for trouble of its own, and central is asked at once.

        What central itself asked for (Retry-After, `not_before`, *until*) stays: it decides, by its hello.
        """
        self._depot.memory.paused = False
        self._depot.outbox.retry_now()
        self._asked.set()
        self._wake.set()
        self._changed()

    def network_changed(self) -> None:
        """The operating system saw a change of network: a reason to look, never a proof."""
        self._hinted.set()
        self._wake.set()

    def watch_line(self) -> bool:
        """Look at this computer's own addresses; True, and central is looked for at once, when they have changed."""
        changed = self._line.changed()
        if changed:
            self.network_changed()
        return changed

    @property
    def link(self) -> Link:
        return self._rounds.link.link

    @property
    def lanes(self) -> list[LaneState]:
        """What each lane is doing, in the order of their turns."""
        return self._rounds.turns.states()

    # ----------------------------------------------------------------------------------------------------- running

    def run(self) -> None:
        """Step until stopped."""
        while not self._stop.is_set():
            self._wake.clear()
            wait_s = self._survive_step()
            while wait_s > 0 and not self._stop.is_set() and not self._wake.wait(min(wait_s, LOOK_S)):
                wait_s = 0.0 if self.watch_line() or self._is_wished() else wait_s - LOOK_S

    def run_until_idle(self, patience_s: float) -> None:
        """Step until nothing is due within `patience_s`: one visit of the courier, or `station sync --once`."""
        while not self._stop.is_set():
            self._wake.clear()
            wait_s = self._survive_step()
            if wait_s > patience_s:
                return
            self._wake.wait(wait_s)

    def _survive_step(self) -> float:
        """A step. What not even a lane's keeper has caught is loud, and costs a while."""
        try:
            return self.step()
        except StationError as problem:
            log.error("the store is in trouble: %s", problem.code)
        except Exception:
            log.critical("a bug in the sync engine", exc_info=True)
        return AFTER_TROUBLE_S

    def step(self) -> float:
        """Do one due thing. Seconds until the next may be due; 0 when there may be more right now."""
        self._hear_wish()
        if self._depot.memory.paused:
            return IDLE_S
        self._hear()
        return self._rounds.go_on()

    def _hear(self) -> None:
        """What other threads have told since the last step."""
        if self._hinted.is_set():
            self._hinted.clear()
            self._rounds.network_changed()
        if self._asked.is_set():
            self._asked.clear()
            self._rounds.person_asked()

    def _is_wished(self) -> bool:
        """Whether somebody pressed *Kirim sekarang* in a window of another process."""
        try:
            return self._depot.memory.wish_at is not None
        except StoreError as problem:
            log.error("nobody knows what is wished for: %s", problem.code)
            return False

    def _hear_wish(self) -> None:
        if self._is_wished():
            self.send_now()
            self._depot.memory.wish_at = None  # last: a wish that could not be granted is heard again

    def _learnt_clock(self, offset: timedelta) -> None:
        self._depot.memory.clock_offset_s = offset.total_seconds()
