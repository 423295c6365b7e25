"""The changes lane: what central has to tell this station, applied exactly once with its cursor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from station.domain.central_status import readable
from station.domain.lane import LaneName
from station.domain.outcome import Halted, Later, Note, Outcome, Parked, Trouble
from station.store.enrolment import save_enrolment
from station.sync.classify import FAILURES, judge, judge_failure, unreadable
from station.sync.client import Answer
from station.sync.lanes import Did, Idle, Rest, Shared, Step
from station.sync.weighing import Weighed, weigh
from station.sync.wipe_orders import hear_when_blocked, keep_orders
from station.wire import JSON_LIMIT_BYTES, ChangesResponse

LIMIT = 200
MOST_PAGES = 50
"""In a row: a feed that always has more must leave time for everything else."""
FEWER = 4
"""Of a page that is too long, a part as large as this is asked for next."""
SELDOMER = 15
"""While power is saved news can wait so many times longer."""
_CURSOR_FIRST = re.compile(rb'\s*\{\s*"cursor"\s*:\s*("(?:[^"\\]|\\.){0,3000}")\s*,')
_TEXT: TypeAdapter[str] = TypeAdapter(str)


@dataclass(frozen=True)
class _TooLong:
    """A page that is longer than any answer may be. `cursor` is what goes with it, '' when it does not come first."""

    cursor: str
    answer: Answer


class NewsLane:
    """Asks for changes every few seconds, and soon after every receipt."""

    name = LaneName.CHANGES

    def __init__(self, shared: Shared, every_s: float) -> None:
        self._shared = shared
        self._every_s = every_s
        self._rest = Rest(shared.clock)
        self._limit = LIMIT
        self._pages = 0  # without a rest
        self._noted = ""  # the position at which news were last found to stand still

    def due_in_s(self) -> float:
        """Seconds until the next question."""
        return self._rest.left_s()

    def soon(self, seconds: float) -> None:
        """Ask within `seconds`."""
        if self._rest.left_s() > seconds:
            self._rest.end()
            self._rest.rest(seconds)

    def wake(self) -> None:
        """A person asked: the next question is due now."""
        self._rest.end()

    def step(self) -> Step:
        if self._rest.left_s() > 0:
            return Idle()
        found = self._ask()
        if isinstance(found, _TooLong):
            return self._too_long(found)
        if not isinstance(found, ChangesResponse):
            return self._trouble(found)
        self._limit = min(LIMIT, self._limit * FEWER)
        memory = self._shared.depot.memory
        if found.pacing is not None:
            memory.pacing = found.pacing
        moved = found.cursor != memory.cursor
        if moved:  # events that do not move the cursor would come, and be applied, again and again
            self._apply(found)
        elif found.events:
            self._note_once(Note(Trouble.NEWS_STUCK, detail=_position(memory.cursor)))
        self._pages += 1
        if not (found.more and moved and found.events) or self._pages >= MOST_PAGES:
            self._pages = 0
            self._rest.rest(self._every_s * (SELDOMER if self._shared.saves_power else 1))
        return Did()

    def _ask(self) -> ChangesResponse | _TooLong | Outcome:
        cursor = quote(self._shared.depot.memory.cursor, safe="")
        try:
            answer = self._shared.client.get(f"/v1/changes?since={cursor}&limit={self._limit}&wait=0")
        except FAILURES as failure:
            return judge_failure(failure)
        outcome = judge(answer, self._shared.clock.now())
        if outcome is not None:
            if isinstance(outcome, Halted) and outcome.note.trouble is Trouble.BLOCKED:
                hear_when_blocked(self._shared, answer)
            return outcome
        if len(answer.body) >= JSON_LIMIT_BYTES:
            return _TooLong(_cursor_in(answer.body), answer)
        try:
            return ChangesResponse.model_validate_json(answer.body)
        except ValidationError:
            return unreadable(answer)

    def _apply(self, found: ChangesResponse) -> None:
        """New keys first: they are a file, and applied twice they change nothing. The rest in one transaction."""
        depot, at = self._shared.depot, self._shared.clock.now()
        events = depot.changes.fresh(found.events)
        central_now = at + self._shared.client.clock_offset  # central answers nobody whose time is off
        weighed = weigh(depot, events, min(at, central_now))
        self._keep_keys(weighed)
        weighed.notes += keep_orders(depot, weighed.wipes, at)
        depot.changes.apply(
            found.cursor, events, at=at, central_now=central_now, policy=weighed.token, notes=weighed.notes
        )

    def _keep_keys(self, weighed: Weighed) -> None:
        depot = self._shared.depot
        if weighed.enrolment != depot.enrolled()[0]:
            save_enrolment(depot.folder, weighed.enrolment)
            depot.load_enrolment()

    def _too_long(self, found: _TooLong) -> Step:
        """Ask for fewer, down to one; one alone that is too long is passed over, and the technician told where."""
        if self._limit > 1:
            self._limit = max(1, self._limit // FEWER)
            return Did()
        depot, before = self._shared.depot, self._shared.depot.memory.cursor
        place = f"{_position(before)} → {_position(found.cursor)}" if found.cursor else _position(before)
        note = Note(Trouble.NEWS_TOO_LONG, found.answer.request_id, found.answer.status, place)
        if found.cursor and found.cursor != before:
            depot.changes.apply(found.cursor, (), at=self._shared.clock.now(), notes=[note])
            return Did()
        self._note_once(note)
        self._rest.rest(self._every_s)
        return Did()

    def _note_once(self, note: Note) -> None:
        """A line for the technician, one for each position at which the feed stands."""
        if note.detail != self._noted:
            self._noted = note.detail
            self._log(note)

    def _trouble(self, outcome: Outcome) -> Step:
        """What concerns the link or the whole lane is handed back; an odd refusal is noted, and asked about later."""
        if isinstance(outcome, Later | Halted):
            return outcome
        self._rest.rest(self._every_s)
        if isinstance(outcome, Parked):
            self._log(outcome.note)
            self._begin_anew()
        return Did()

    def _begin_anew(self) -> None:
        """Central does not take the question: perhaps it does not know our cursor any more. Told again is harmless."""
        if self._shared.depot.memory.cursor:
            self._shared.depot.changes.begin_anew()

    def _log(self, note: Note) -> None:
        shared = self._shared
        shared.depot.technical_log.add(at=shared.clock.now(), lane=self.name, key=None, note=note)


def _cursor_in(body: bytes) -> str:
    """The cursor at the head of a page that was cut; '' when something else comes first."""
    found = _CURSOR_FIRST.match(body[:4096])
    try:
        return _TEXT.validate_json(found[1])[:500] if found else ""
    except ValidationError:
        return ""


def _position(cursor: str) -> str:
    return readable(cursor, 60) or "0"
