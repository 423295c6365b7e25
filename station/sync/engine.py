"""The sync engine: one due thing at a step, until told to stop. The same inside the window, as a command, as a service.

It knows no Qt and nobody's password. In flight is a local variable; a row changes only when central has answered.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

from station.config import Settings
from station.domain.delivery import Link, Progress
from station.domain.errors import StationError
from station.domain.outcome import Halted, Later, Note, Outcome, Parked, Trouble
from station.domain.ports import Clock, SystemClock
from station.log import get_logger
from station.store.depot import Depot
from station.sync import backoff
from station.sync.bundles import BundleLane
from station.sync.client import CentralClient
from station.sync.heartbeats import HeartbeatLane
from station.sync.lanes import Did, Rest, Shared
from station.sync.link import RESTING, LinkMonitor
from station.sync.manifests import ManifestLane
from station.sync.network import Network
from station.sync.news import NewsLane
from station.sync.probe import say_hello
from station.sync.treatment import park_bug
from station.sync.uploads import UploadLane
from station.wire import Hello

log = get_logger(__name__)

IDLE_S = 5.0
"""With nothing planned, look again after this long: another process may have added a packet."""
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
        changed: Callable[[], None] = lambda: None,
        progress: Callable[[Progress], None] = lambda _progress: None,
    ) -> None:
        enrolment, key = depot.enrolled()
        self._depot = depot
        self._clock = clock or SystemClock()
        self._changed = changed
        self._stop, self._wake = Event(), Event()
        client = CentralClient(
            enrolment.central_url, settings=settings.central, clock=self._clock, network=network, stop=self._stop
        )
        client.identify(key, enrolment.central_id)
        client.network.on_change.append(self.network_changed)
        client.clock_offset = timedelta(seconds=depot.memory.clock_offset_s)
        client.on_clock_offset = self._learnt_clock
        self._shared = Shared(depot, client, self._clock, on_progress=progress, news_soon=self._news_soon)
        self._link = LinkMonitor(depot.memory, self._clock, changed)
        self._manifests = ManifestLane(self._shared)
        self._uploads = UploadLane(self._shared)
        self._news = NewsLane(self._shared, settings.sync.changes_every_s)
        self._bundles = BundleLane(self._shared)
        self._heartbeats = HeartbeatLane(self._shared)
        self._lanes = (self._manifests, self._uploads, self._news, self._bundles, self._heartbeats)
        self._rests = {lane.name: Rest(self._clock) for lane in self._lanes}
        self._tries = dict.fromkeys(self._rests, 0)
        self._hello_rest = Rest(self._clock)
        self._thread: Thread | None = None

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
        """A person pressed *Kirim sekarang*: nothing waits, no lane rests, the link is probed at once."""
        self._depot.memory.paused = False
        self._depot.outbox.retry_now()
        for rest in (*self._rests.values(), self._hello_rest):
            rest.end()
        self._bundles.try_again()
        self._link.wake()
        self._wake.set()
        self._changed()

    def network_changed(self) -> None:
        """The operating system saw a change of network: a reason to look, never a proof."""
        self._hello_rest.end()
        self._link.wake()
        self._wake.set()

    @property
    def link(self) -> Link:
        return self._link.link

    # ----------------------------------------------------------------------------------------------------- running

    def run(self) -> None:
        """Step until stopped."""
        while not self._stop.is_set():
            self._wake.clear()
            wait_s = self._survive_step()
            if wait_s > 0 and not self._stop.is_set():
                self._wake.wait(wait_s)

    def run_until_idle(self, patience_s: float) -> None:
        """Step until nothing is due within `patience_s`: one visit of the courier, or `station sync --once`."""
        while not self._stop.is_set():
            self._wake.clear()
            wait_s = self._survive_step()
            if wait_s > patience_s:
                return
            self._wake.wait(wait_s)

    def _survive_step(self) -> float:
        """A step. A bug is loud, costs one packet its turn, and never stops the others."""
        try:
            return self.step()
        except StationError as problem:
            log.error("the store is in trouble: %s", problem.code)
        except Exception:  # one of two places: a bug in one record must not stop the others
            log.critical("a bug in the sync engine", exc_info=True)
            self._blame_current()
        return AFTER_TROUBLE_S

    def step(self) -> float:
        """Do one due thing. Seconds until the next may be due; 0 when there may be more right now."""
        if self._depot.memory.paused:
            return IDLE_S
        if not self._link.good or self._hello_rest.left_s() == 0:
            due_in_s = self._link.due_in_s() if not self._link.good else 0.0
            return due_in_s if due_in_s > 0 else self._probe()
        self._manifests.current = self._uploads.current = ()
        for lane in self._lanes:
            if self._rests[lane.name].left_s() > 0:
                continue
            result = lane.step()
            if isinstance(result, Did):
                self._recovered(lane.name)
                self._changed()
                return 0.0
            if isinstance(result, Later | Halted):
                return self._rest_lane(lane.name, result)
        return self._next_due_s()

    def _probe(self) -> float:
        found = say_hello(self._shared)
        if isinstance(found, Hello):
            self._hello_rest = Rest(self._clock)
            self._hello_rest.rest(backoff.HELLO_EVERY_S)
            if self._link.verified():
                self._spread(found)
            return 0.0
        outcome = found if isinstance(found, Later) else _as_later(found)
        self._log("hello", outcome.note)
        self._link_failed(outcome)
        return self._link.due_in_s()

    def _link_failed(self, outcome: Later) -> None:
        if not self._stop.is_set():  # what broke because we stop says nothing about the link
            self._link.failed(outcome)

    def _rest_lane(self, name: str, outcome: Later | Halted) -> float:
        """Trouble that is larger than one packet."""
        self._log(name, outcome.note)
        if isinstance(outcome, Halted):
            self._rests[name].rest(backoff.HALT_S)
            self._link.halted(outcome, backoff.HALT_S)
        elif outcome.link:
            self._link_failed(outcome)
        else:
            self._tries[name] += 1
            wait_s = max(backoff.probe_wait_s(self._tries[name]), backoff.floor_wait_s(outcome.floor_s))
            self._rests[name].rest(wait_s)
            if outcome.note.trouble is Trouble.MAINTENANCE:
                self._link.failed(outcome)
            elif name != self._news.name:
                self._link.busy(outcome, wait_s)
        self._changed()
        return 0.0

    def _recovered(self, name: str) -> None:
        """A lane worked: if the station was shown as refused, it no longer is."""
        self._tries[name] = 0
        if self._link.link.state in RESTING and name in (self._manifests.name, self._uploads.name):
            self._link.taken_again()

    def _spread(self, hello: Hello) -> None:
        """After a long outage come back gradually: thousands of stations do so at the same moment."""
        self._rests[self._manifests.name].rest(backoff.spread_wait_s(hello.pacing.manifest_spread_s))
        for lane in (self._uploads, self._bundles, self._heartbeats):
            self._rests[lane.name].rest(backoff.spread_wait_s(hello.pacing.spread_s))

    def _next_due_s(self) -> float:
        now = self._clock.now()
        news_s = max(self._news.due_in_s(), self._rests[self._news.name].left_s())
        waits = [IDLE_S, news_s, self._hello_rest.left_s()]
        planned = self._depot.outbox.next_due_at(now=now)
        if planned is not None and planned > now:
            waits.append((planned - now).total_seconds())
        waits += [rest.left_s() for rest in self._rests.values() if rest.left_s() > 0]
        return max(0.05, min(waits))

    def _news_soon(self) -> None:
        self._news.soon(backoff.NEWS_SOON_S)

    def _blame_current(self) -> None:
        """Park what was at hand in this very step when the bug struck, if it was a single packet."""
        for lane in (self._manifests, self._uploads):
            if len(lane.current) == 1:
                park_bug(self._shared, lane.current[0], "see station.log")
            lane.current = ()

    def _learnt_clock(self, offset: timedelta) -> None:
        self._depot.memory.clock_offset_s = offset.total_seconds()

    def _log(self, lane: str, note: Note) -> None:
        self._depot.technical_log.add(at=self._clock.now(), lane=lane, key=None, note=note)


def _as_later(outcome: Outcome) -> Later:
    """A hello that is refused, whatever the reason, is a central that cannot be used now."""
    return Later(outcome.note if isinstance(outcome, Halted | Parked) else Note(Trouble.UNREADABLE))
