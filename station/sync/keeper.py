"""The keeper of one lane: gives it its turns, rests it after trouble of its own, and knows why it waits.

It knows no other lane and not the link: those are the engine's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from station.domain.errors import StoreError
from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import LINK_TROUBLES, Halted, Later, Note, Trouble
from station.log import get_logger
from station.sync.backoff import (
    FLOOR_LONGEST_S,
    FLOOR_SPREAD,
    HALT_S,
    OUR_TROUBLE_S,
    halt_wait_s,
    lane_wait_s,
    spread_wait_s,
)
from station.sync.lanes import Carrying, Closed, Did, Idle, Lane, Rest, Shared, Step
from station.sync.slate import Slate
from station.sync.treatment import park_bug

log = get_logger(__name__)

LONGEST_S = FLOOR_LONGEST_S * (1 + FLOOR_SPREAD)
"""No rest that was written down holds longer over a restart, whatever the clock has done meanwhile."""
_LEAST_S = {Trouble.DISK_FULL: HALT_S, Trouble.STORE: OUR_TROUBLE_S, Trouble.OUR_BUG: OUR_TROUBLE_S}
_TROUBLED = (Condition.RESTING, Condition.HALTED)


class LaneKeeper:
    """One lane with its breaker. Rests are monotonic; what a restart must know is on the slate, in moments."""

    def __init__(self, lane: Lane, shared: Shared, changed: Callable[[], None]) -> None:
        self.lane = lane
        self._shared, self._clock = shared, shared.clock
        self._slate = Slate(lane.name, shared.depot.lane_book, shared.clock, changed)
        self._rest = Rest(shared.clock)
        self._owed_s: float | None = None
        self.turn_at = shared.clock.monotonic()
        """When it last had a turn, by the monotonic clock."""
        self.planned_s = 0.0
        """Seconds until it is due, as it said when it was last asked whether it wants a turn."""
        self._go_on_resting()

    @property
    def name(self) -> LaneName:
        return self.state.name

    @property
    def state(self) -> LaneState:
        return self._slate.state

    @property
    def bound(self) -> bool:
        """True while it waits for what central asked: no person here can shorten that."""
        return self.state.until is not None and self.state.condition is not Condition.CLOSED and self.left_s() > 0

    def left_s(self) -> float:
        """Seconds until this lane may have a turn."""
        return self._rest.left_s()

    def due_in_s(self) -> float:
        """Seconds until it wants one and may have it. A lane that cannot tell is asked again after a while."""
        left_s = self.left_s()
        if left_s > 0:
            return left_s
        try:
            return self.lane.due_in_s()
        except StoreError as problem:
            log.error("the lane of %s does not know its plans: %s", self.name.value, problem.code)
        except Exception:  # the second of two places: a lane that cannot plan must not stop the others either
            log.critical("a bug in the plans of the lane of %s", self.name.value, exc_info=True)
        self._rest.rest(OUR_TROUBLE_S)
        return OUR_TROUBLE_S

    def wants_turn(self) -> bool:
        """True when it is due, or has to take back what it shows. `planned_s` is what it said about that."""
        self.planned_s = self.due_in_s()
        if self.planned_s == 0 or (self.left_s() == 0 and self.state.condition is not Condition.IDLE):
            return True
        self.turn_at = self._clock.monotonic()  # nobody has passed it over
        return False

    # ------------------------------------------------------------------------------------------------------ a turn

    def turn(self) -> Step:
        """Let the lane do one thing. Whatever it breaks is its own trouble: nothing comes out of here but a step."""
        self.turn_at, self._owed_s = self._clock.monotonic(), None
        if isinstance(self.lane, Carrying):
            self.lane.current = ()
        try:
            return self.lane.step()
        except StoreError as problem:
            log.error("the store is in trouble in the lane of %s: %s", self.name.value, problem.code)
            return Later(Note(Trouble.STORE, detail=problem.code))
        except Exception as bug:  # the first of two places: a bug in one record or lane must not stop the others
            log.critical("a bug in the lane of %s", self.name.value, exc_info=True)
            self._blame()
            return Later(Note(Trouble.OUR_BUG, detail=type(bug).__name__))

    def took(self, step: Step) -> None:
        """What came of the turn: go on, or rest."""
        match step:
            case Did():
                # A lane with a timetable is done until its next hour; one that carries packets may have more.
                busy = isinstance(self.lane, Carrying) or self.due_in_s() == 0
                self._slate.show(Condition.WORKING if busy else Condition.IDLE, done_at=self._clock.now())
            case Idle():
                # With something planned, what troubled it may well trouble it again: only a good answer ends that.
                if self.state.condition not in _TROUBLED or self.due_in_s() == math.inf:
                    self._slate.show(Condition.IDLE)
            case Closed(until=until, why=why):
                self._slate.show(Condition.CLOSED, note=Note(why), until=until, next_at=until)
            case Later():
                self._rest_for(step)
            case Halted():
                self._halt_for(step)

    def _rest_for(self, outcome: Later) -> None:
        tries = self.state.tries + 1
        wait_s = max(lane_wait_s(outcome, tries, self._spread_s()), _LEAST_S.get(outcome.note.trouble, 0.0))
        if self.name is LaneName.HEARTBEAT:
            wait_s = max(wait_s, HALT_S)  # a sign of life is worth no hurry
        if self.name is LaneName.CHANGES and outcome.note.trouble is Trouble.MAINTENANCE:
            wait_s = min(wait_s, HALT_S)  # its small question finds out when maintenance ends early
        until = outcome.until
        if until is None and outcome.floor_s > 0:
            until = self._clock.now() + timedelta(seconds=min(outcome.floor_s, FLOOR_LONGEST_S))
        self._wait(wait_s, Condition.RESTING, outcome.note, tries, until)

    def _halt_for(self, outcome: Halted) -> None:
        wait_s = halt_wait_s(outcome, self._spread_s())
        if self.name is LaneName.CHANGES:
            wait_s = min(wait_s, HALT_S)  # its small question finds out when a block is lifted early
        note = replace(outcome.note, detail=outcome.message[:200])
        until = outcome.until if outcome.floor_s > 0 else None
        self._wait(wait_s, Condition.HALTED, note, self.state.tries + 1, until)

    # ------------------------------------------------------------------------------------------ what others decide

    def hold(self, drawn_s: float, *, floor_s: float = 0.0, until: datetime | None = None) -> None:
        """Wait for its turn among thousands: `floor_s` until the moment that central named, and what was drawn on top.

        Drawn once: a wait that is going on is not drawn again. After an outage only what is still owed is waited for.
        """
        owed_s, self._owed_s = self._owed_s, None
        if until is None and owed_s is not None:
            drawn_s = owed_s
        elif self.state.condition is Condition.SPREAD and self.state.until == until and self.left_s() > floor_s:
            return
        if floor_s + drawn_s > self.left_s():
            self._wait(floor_s + drawn_s, Condition.SPREAD, until=until)

    def line_is_gone(self) -> None:
        """Nothing can go. A wait for its turn stands still meanwhile, or a line that comes and goes never sends."""
        if self.state.condition is Condition.SPREAD and self.state.until is None and self.left_s() > 0:
            self._owed_s = self._owed_s or self.left_s()

    def line_is_back(self) -> None:
        """What it rested for is over."""
        note = self.state.note
        if self.state.condition is Condition.RESTING and note is not None and note.trouble in LINK_TROUBLES:
            self.release()

    def person_asked(self) -> None:
        """A person wants it to go now: rests of its own end, what central asked for does not."""
        if not self.bound:
            self.release()
        self.lane.wake()

    def release(self) -> None:
        """Nothing keeps it any longer."""
        self._rest.end()
        self._owed_s = None
        if self.state.condition is Condition.SPREAD or self.state.condition in _TROUBLED:
            self._slate.show(Condition.IDLE)

    def maintenance_is_over(self) -> None:
        """Before its time, as another lane has found out: it goes on, at its turn among thousands."""
        note = self.state.note
        if self.state.condition is Condition.RESTING and note is not None and note.trouble is Trouble.MAINTENANCE:
            self._wait(spread_wait_s(self._spread_s()), Condition.SPREAD)

    # ------------------------------------------------------------------------------------------------------ inside

    def _go_on_resting(self) -> None:
        """After a restart: a wait that central asked for goes on, for as long as was meant at most."""
        kept = self.state
        asked = kept.until is not None and kept.condition in _TROUBLED
        if kept.next_at is None or not (asked or kept.condition is Condition.SPREAD):
            return
        meant, left = kept.next_at - kept.since, kept.next_at - self._clock.now()
        left_s = min(left.total_seconds(), meant.total_seconds(), LONGEST_S)
        if left_s > 0:
            self._rest.rest(left_s)

    def _wait(
        self,
        wait_s: float,
        condition: Condition,
        note: Note | None = None,
        tries: int = 0,
        until: datetime | None = None,
    ) -> None:
        self._rest.end()
        self._rest.rest(wait_s)
        next_at = self._clock.now() + timedelta(seconds=wait_s)
        self._slate.show(condition, note=note, tries=tries, next_at=next_at, until=until)

    def _spread_s(self) -> float:
        """Over how long central wants this kind of traffic spread."""
        pacing = self._shared.pacing
        small = self.name in (LaneName.MANIFESTS, LaneName.CHANGES)
        return pacing.manifest_spread_s if small else pacing.spread_s

    def _blame(self) -> None:
        """Park what was at hand in this very step when the bug struck, if it was a single packet."""
        if not isinstance(self.lane, Carrying) or len(self.lane.current) != 1:
            return
        try:
            park_bug(self._shared, self.lane.current[0], "see station.log")
        except StoreError as problem:
            log.error("the packet that a bug met could not be parked: %s", problem.code)
