"""The sealed seed of the reset codes on its way to central: tiny, once, before a sign of life. Nobody here can open it.

Without it central could answer no forgotten password.
"""

from __future__ import annotations

from station.domain.outcome import Halted, Later
from station.log import get_logger
from station.sync.classify import FAILURES, judge, judge_failure
from station.sync.lanes import Did, Idle, Shared, Step

PATIENCE_S = 10.0
log = get_logger(__name__)


class ResetSeeds:
    """What is refused for good, as by an older central, is tried again in the next run of the program only."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._refused = ""

    @property
    def due(self) -> bool:
        """Whether there is one to deliver."""
        seed = self._shared.depot.resets.waiting
        return seed is not None and seed.batch != self._refused

    def step(self) -> Step:
        """Deliver it. Sent twice it is the same."""
        shared, seed = self._shared, self._shared.depot.resets.waiting
        if seed is None:
            return Idle()
        try:
            answer = shared.client.post_json("/v1/resets", seed.model_dump(mode="json"), read_timeout_s=PATIENCE_S)
        except FAILURES as failure:
            return judge_failure(failure)
        outcome = judge(answer, shared.clock.now())
        if outcome is None:
            shared.depot.resets.confirm(seed.batch)
            return Did()
        if isinstance(outcome, Later | Halted):
            return outcome
        self._refused = seed.batch
        log.warning("central takes no reset codes: HTTP %s", answer.status)
        return Did()
