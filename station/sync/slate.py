"""What one lane is doing, told to whoever looks and written down for a restart; only when there is something to tell.

It decides nothing: a keeper says what is so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from station.domain.errors import StoreError
from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import Note
from station.domain.ports import Clock
from station.log import get_logger
from station.store.lane_book import LaneBook

log = get_logger(__name__)

DONE_EVERY = timedelta(minutes=5)
"""That a lane still works is written down no oftener than this."""


class Slate:
    """The state of one lane. A book that cannot be written costs a line in the log, and the lane nothing."""

    def __init__(self, name: LaneName, book: LaneBook, clock: Clock, changed: Callable[[], None]) -> None:
        self._book, self._clock, self._changed = book, clock, changed
        self._written = self._kept(name)
        self.state = self._written or LaneState(name, Condition.IDLE, since=clock.now())

    def show(
        self,
        condition: Condition,
        *,
        note: Note | None = None,
        tries: int = 0,
        next_at: datetime | None = None,
        until: datetime | None = None,
        done_at: datetime | None = None,
    ) -> None:
        """From now on the lane does this. `done_at` only when central has just answered it well."""
        same = condition is self.state.condition and condition is not Condition.SPREAD
        self.state = LaneState(
            self.state.name,
            condition,
            since=self.state.since if same else self._clock.now(),
            note=note,
            tries=tries,
            next_at=next_at,
            until=until,
            done_at=done_at or self.state.done_at,
        )
        if self._is_news():
            self._write()
            self._changed()

    def _kept(self, name: LaneName) -> LaneState | None:
        try:
            return self._book.states().get(name)
        except StoreError as problem:
            log.error("what the lane of %s did last is not known: %s", name.value, problem.code)
            return None

    def _is_news(self) -> bool:
        """True when somebody who looks would see a difference, or a restart would do otherwise."""
        before, now = self._written, self.state
        if before is None or replace(before, done_at=None) != replace(now, done_at=None):
            return True
        if now.done_at is None or before.done_at is None:
            return now.done_at != before.done_at
        return abs(now.done_at - before.done_at) >= DONE_EVERY

    def _write(self) -> None:
        try:
            self._book.put(self.state)
            self._written = self.state
        except StoreError as problem:
            log.error("what the lane of %s does was not written down: %s", self.state.name.value, problem.code)
