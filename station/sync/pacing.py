"""What central asks of all stations at once: not before a moment, and after an outage a part of a spread each.

Each wait is drawn once and kept by the lane it holds, over restarts too. It knows no connection and no packet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from station.domain.lane import Condition, LaneName
from station.domain.ports import Clock
from station.log import get_logger
from station.sync.backoff import spread_wait_s
from station.sync.keeper import LaneKeeper
from station.wire import Pacing

log = get_logger(__name__)

FARTHEST = timedelta(days=7)
"""A `not_before` beyond this is a clock of central gone wrong: nobody there means to be without records for weeks."""
_HELD = (LaneName.MANIFESTS, LaneName.UPLOADS)
_SPREAD = (LaneName.MANIFESTS, LaneName.UPLOADS, LaneName.BUNDLES, LaneName.RECONCILE, LaneName.HEARTBEAT)
"""The question for news goes at once: it is as small as the hello."""


class Pacer:
    """Holds lanes back as central asked. Its time is central's own, from the last hello and the monotonic clock."""

    def __init__(self, keepers: Mapping[LaneName, LaneKeeper], clock: Clock) -> None:
        self._keepers = keepers
        self._clock = clock
        self._told = (clock.now(), clock.monotonic())

    def hear(self, central_time: datetime, pacing: Pacing) -> None:
        """A hello verified: what time it is at central, and what it asks for."""
        self._told = (central_time, self._clock.monotonic())
        self.heed(pacing)

    def heed(self, pacing: Pacing) -> None:
        """Hold packets and manifests until `not_before`, and a part of their spread on top; or no longer."""
        left_s = self._left_s(pacing)
        for name in _HELD:
            keeper = self._keepers[name]
            if left_s > 0:
                drawn_s = spread_wait_s(_spread_s(pacing, name))
                keeper.hold(drawn_s, floor_s=left_s, until=pacing.not_before)
            elif self._is_withdrawn(keeper):
                keeper.release()

    def return_gradually(self, pacing: Pacing) -> None:
        """After a long outage come back a few at a time: thousands of stations do so at the same moment."""
        for name in _SPREAD:
            if name in self._keepers:
                self._keepers[name].hold(spread_wait_s(_spread_s(pacing, name)))

    def _left_s(self, pacing: Pacing) -> float:
        if pacing.not_before is None:
            return 0.0
        left = pacing.not_before - self._central_now()
        if left > FARTHEST:
            log.warning("central asks to send nothing before %s: not believed", pacing.not_before)
            return 0.0
        return left.total_seconds()

    def _is_withdrawn(self, keeper: LaneKeeper) -> bool:
        """True when it waits for a moment still to come that central does not ask for any more.

        When the moment has passed, what is left of the wait is its part of the spread.
        """
        state = keeper.state
        held = state.condition is Condition.SPREAD and state.until is not None
        return held and state.until is not None and state.until > self._central_now()

    def _central_now(self) -> datetime:
        told, at = self._told
        return told + timedelta(seconds=self._clock.monotonic() - at)


def _spread_s(pacing: Pacing, name: LaneName) -> float:
    return pacing.manifest_spread_s if name is LaneName.MANIFESTS else pacing.spread_s
