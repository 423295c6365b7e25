"""The changes lane: what central has to tell this station, applied exactly once with its cursor."""

from __future__ import annotations

from urllib.parse import quote

from pydantic import ValidationError

from station.domain.outcome import Halted, Later, Outcome, Parked
from station.sync.classify import FAILURES, judge, judge_failure, unreadable
from station.sync.lanes import Did, Idle, Rest, Shared, Step
from station.sync.policies import weigh_policies
from station.wire import ChangesResponse

LIMIT = 200


class NewsLane:
    """Asks for changes every few seconds, and soon after every receipt."""

    name = "changes"

    def __init__(self, shared: Shared, every_s: float) -> None:
        self._shared = shared
        self._every_s = every_s
        self._rest = Rest(shared.clock)

    def due_in_s(self) -> float:
        """Seconds until the next question."""
        return self._rest.left_s()

    def soon(self, seconds: float) -> None:
        """Ask within `seconds`."""
        if self._rest.left_s() > seconds:
            self._rest.end()
            self._rest.rest(seconds)

    def step(self) -> Step:
        if self._rest.left_s() > 0:
            return Idle()
        found = self._ask()
        if not isinstance(found, ChangesResponse):
            self._rest.rest(self._every_s)
            return self._trouble(found)
        memory = self._shared.depot.memory
        if found.pacing is not None:
            memory.pacing = found.pacing
        moved = found.cursor != memory.cursor
        if moved:  # events that do not move the cursor would come, and be applied, again and again
            depot, weighed = self._shared.depot, weigh_policies(self._shared.depot, found.events)
            at, policy, notes = self._shared.clock.now(), weighed.token, weighed.notes
            depot.changes.apply(found.cursor, found.events, at=at, policy=policy, notes=notes)
        if not (found.more and moved):
            self._rest.rest(self._every_s)
        return Did()

    def _ask(self) -> ChangesResponse | Outcome:
        cursor = quote(self._shared.depot.memory.cursor, safe="")
        try:
            answer = self._shared.client.get(f"/v1/changes?since={cursor}&limit={LIMIT}&wait=0")
        except FAILURES as failure:
            return judge_failure(failure)
        outcome = judge(answer, self._shared.clock.now())
        if outcome is not None:
            return outcome
        try:
            return ChangesResponse.model_validate_json(answer.body)
        except ValidationError:
            return unreadable(answer)

    def _trouble(self, outcome: Outcome) -> Step:
        if isinstance(outcome, Later | Halted | Parked):
            shared = self._shared
            shared.depot.technical_log.add(at=shared.clock.now(), lane=self.name, key=None, note=outcome.note)
        return outcome if isinstance(outcome, Later | Halted) else Did()
