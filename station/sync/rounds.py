"""One thing after another: the hello when it is due, then the lanes in turn; and what each means for the others.

It knows neither threads nor who asks; a step of it may take as long as a request takes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from threading import Event

from station.domain.errors import StoreError
from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import Halted, Later, Note, Outcome, Parked, Trouble
from station.log import get_logger
from station.sync import backoff
from station.sync.bundles import BundleLane
from station.sync.heartbeats import HeartbeatLane
from station.sync.keeper import LaneKeeper
from station.sync.lanes import Closed, Did, Idle, Rest, Shared
from station.sync.line import Line
from station.sync.link import LinkMonitor
from station.sync.manifests import ManifestLane
from station.sync.news import NewsLane
from station.sync.pacing import Pacer
from station.sync.probe import say_hello
from station.sync.reconcile import ReconcileLane
from station.sync.turns import Turns
from station.sync.uploads import UploadLane
from station.sync.wipe_orders import WipeOrders
from station.wire import Hello

log = get_logger(__name__)

IDLE_S = 5.0
"""With nothing planned, look again after this long: another process may have added a packet."""
_PACKETS = (LaneName.MANIFESTS, LaneName.UPLOADS)


class Rounds:
    """The link, the lanes with their keepers, and what central asks of them all."""

    def __init__(
        self, shared: Shared, changes_every_s: float, line: Line, stopping: Event, changed: Callable[[], None]
    ) -> None:
        self._shared, self._clock, self._line = shared, shared.clock, line
        self._stopping, self._changed = stopping, changed
        self.link = LinkMonitor(shared.depot.memory, shared.clock, changed)
        self.turns = self._make_turns(changes_every_s)
        self._wipes = WipeOrders(shared)
        self._pacer = Pacer(self.turns.keepers, shared.clock)
        self._hello_rest = Rest(shared.clock)
        self._hello_at: float | None = None
        self._delivering = self._wished = False

    def _make_turns(self, changes_every_s: float) -> Turns:
        shared = self._shared
        news, self._reconcile = NewsLane(shared, changes_every_s), ReconcileLane(shared)
        shared.news_soon = lambda: news.soon(backoff.NEWS_SOON_S)
        packets = ManifestLane(shared), UploadLane(shared)
        lanes = (*packets, news, BundleLane(shared), self._reconcile, HeartbeatLane(shared))
        return Turns([LaneKeeper(lane, shared, self._changed) for lane in lanes], self._clock)

    def network_changed(self) -> None:
        """Another line: say hello at once."""
        self._hello_rest.end()
        self.link.network_changed()

    def person_asked(self) -> None:
        """Say hello at once, and end every rest that is not central's wish."""
        self._wished = True
        self._hello_rest.end()
        self.link.person_asked()
        for keeper in self.turns.keepers.values():
            keeper.person_asked()

    def go_on(self) -> float:
        """Do one due thing. Seconds until the next may be due; 0 when there may be more right now."""
        if self._wipes.obey():
            self._changed()
        if self._hello_due_s() == 0:
            return self._probe()
        if not self.link.good:
            return self.link.due_in_s()
        if self._wipes.tell():
            self._changed()
        for keeper in self.turns:
            if self._give_turn(keeper):
                return 0.0
        if self._has_run_empty():
            self._reconcile.after_drain()
            return 0.0
        return min(IDLE_S, self._hello_due_s(), self.turns.next_due_s())

    def _hello_due_s(self) -> float:
        return self._hello_rest.left_s() if self.link.good else self.link.due_in_s()

    def _probe(self) -> float:
        wished, self._wished = self._wished, False
        began = self._clock.monotonic()
        found = self._say_hello()
        if not isinstance(found, Hello):
            self._no_hello(found)
            return self.link.due_in_s()
        self._hello_at = self._clock.monotonic()
        self._hello_rest.end()
        self._hello_rest.rest(backoff.HELLO_EVERY_S)
        rate_bps = self._shared.rate_bps
        back = self.link.verified(self.turns.states(), seconds=self._hello_at - began, rate_bps=rate_bps)
        self._pacer.hear(found.time, found.pacing)
        if back.back:
            for keeper in self.turns.keepers.values():
                keeper.line_is_back()
        if back.long and not wished:  # a person presses when a person presses: that is spread enough
            self._pacer.return_gradually(found.pacing)
        return 0.0

    def _say_hello(self) -> Hello | Outcome:
        """Whatever breaks here is no hello: the link may not stay good, nor be asked again in a breath."""
        try:
            return say_hello(self._shared)
        except StoreError as problem:
            log.error("the store is in trouble at the hello: %s", problem.code)
            return Later(Note(Trouble.STORE, detail=problem.code))
        except Exception as bug:
            log.critical("a bug in the hello", exc_info=True)
            return Later(Note(Trouble.OUR_BUG, detail=type(bug).__name__))

    def _no_hello(self, found: Outcome) -> None:
        if self._stopping.is_set():  # what broke because we stop says nothing about the link
            return
        outcome = _as_later(found)
        if outcome.note.trouble is Trouble.NAME and not self._line.present:
            outcome = Later(Note(Trouble.OFFLINE, detail=outcome.note.detail))  # without any network no name is known
        for keeper in self.turns.keepers.values():
            keeper.line_is_gone()
        self.link.failed(outcome)

    def _give_turn(self, keeper: LaneKeeper) -> bool:
        """True when something happened, good or bad."""
        before = keeper.state
        step = keeper.turn()
        if self._stopping.is_set() and isinstance(step, Later) and step.link:
            return False  # we hung up ourselves
        keeper.took(step)
        match step:
            case Did():
                self._worked(keeper, before)
            case Later() | Halted():
                self._note(keeper.name, step.note)
                if isinstance(step, Later) and step.link:
                    self._doubt()
        self.link.show_rests(self.turns.states())
        if isinstance(step, Idle | Closed):
            return False
        self._changed()
        return True

    def _worked(self, keeper: LaneKeeper, before: LaneState) -> None:
        self._delivering = self._delivering or keeper.name in _PACKETS
        if keeper.name is not LaneName.CHANGES:
            return
        self._shared.pacing = self._shared.depot.memory.pacing
        self._pacer.heed(self._shared.pacing)
        others = self.turns.keepers.values()
        if before.condition is Condition.HALTED:  # central takes this station again: nobody need wait longer for that
            for other in others:
                if other.state.condition is Condition.HALTED:
                    other.release()
        elif before.note is not None and before.note.trouble is Trouble.MAINTENANCE:  # over before its time
            for other in others:
                other.maintenance_is_over()

    def _doubt(self) -> None:
        """One lane lost its way: ask at once whether central is there, unless that has been answered just now."""
        since_s = self._clock.monotonic() - self._hello_at if self._hello_at is not None else math.inf
        self._hello_rest.end()
        self._hello_rest.rest(max(0.0, backoff.HELLO_GAP_S - since_s))

    def _has_run_empty(self) -> bool:
        """True once, when the last packet that could be sent has been."""
        if not self._delivering or self._shared.depot.outbox.next_due_at(now=self._clock.now()) is not None:
            return False
        self._delivering = False
        return True

    def _note(self, lane: str, note: Note) -> None:
        """A line for the technician; without it delivery goes on all the same."""
        try:
            self._shared.depot.technical_log.add(at=self._clock.now(), lane=lane, key=None, note=note)
        except StoreError as problem:
            log.error("the technical notes cannot be written: %s", problem.code)


def _as_later(outcome: Outcome) -> Later:
    """A hello that is refused, whatever the reason, is a central that cannot be used now."""
    if isinstance(outcome, Later):
        return outcome
    return Later(outcome.note if isinstance(outcome, Halted | Parked) else Note(Trouble.UNREADABLE))
