"""Whose turn it is: lanes in their order, and whoever was passed over for too long before that.

It knows no connection: only who rests, who wants a turn, and since when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from station.domain.lane import Condition, LaneName, LaneState
from station.domain.ports import Clock
from station.sync.keeper import LaneKeeper

PATIENCE_S = 60.0
"""While packets go up without a pause, the small talk of another lane waits no longer than this."""
LONG_PATIENCE_S = 600.0
_PATIENT = (LaneName.BUNDLES, LaneName.RECONCILE)
"""Records first: of a target list, a slice each ten minutes until they are through. And what is just on its way to
central would look like a difference: both sides are compared afterwards, or in between when it takes long.
"""
NOTHING_DONE_S = 1.0
"""A lane that had a turn and did nothing is not asked again sooner, whatever it plans."""


class Turns:
    """The keepers of all lanes, in the order of `LaneName`."""

    def __init__(self, keepers: Iterable[LaneKeeper], clock: Clock) -> None:
        self.keepers = {keeper.name: keeper for keeper in keepers}
        self._clock = clock

    def __iter__(self) -> Iterator[LaneKeeper]:
        """Who wants a turn now: first who was passed over longest beyond its patience, then by rank."""
        ready = [keeper for keeper in self.keepers.values() if keeper.left_s() == 0]
        late = sorted((keeper for keeper in ready if self._is_late(keeper)), key=lambda keeper: keeper.turn_at)
        order = [*late, *(keeper for keeper in ready if keeper not in late)]
        return (keeper for keeper in order if keeper.wants_turn())

    def states(self) -> list[LaneState]:
        """What each lane is doing."""
        return [keeper.state for keeper in self.keepers.values()]

    def next_due_s(self) -> float:
        """Seconds until somebody wants a turn and may have it, when nobody had anything to do just now."""
        return min((self._due_in_s(keeper) for keeper in self.keepers.values()), default=NOTHING_DONE_S)

    def _due_in_s(self, keeper: LaneKeeper) -> float:
        if keeper.state.condition is Condition.CLOSED:
            return max(keeper.left_s(), PATIENCE_S)
        return keeper.left_s() or max(NOTHING_DONE_S, keeper.planned_s)

    def _is_late(self, keeper: LaneKeeper) -> bool:
        patience_s = LONG_PATIENCE_S if keeper.name in _PATIENT else PATIENCE_S
        return self._clock.monotonic() - keeper.turn_at > patience_s
