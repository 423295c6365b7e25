"""The reconcile lane: prove that nothing is missing, here or at central. After a drain the last weeks, daily all.

It compares sums of days, then the keys of those days that differ; what it finds goes through the manifest lane. Must
not send a packet itself.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from pydantic import ValidationError

from station.domain.comparison import Comparison
from station.domain.day_sum import DaySum, day_of
from station.domain.lane import LaneName
from station.domain.outcome import Accepted, Halted, Later, Note, Outcome, Parked, Rejected, Trouble
from station.domain.record import RecordKey
from station.sync.cargo import fetch_receipt
from station.sync.classify import FAILURES, judge, judge_failure, unreadable
from station.sync.differences import Differences
from station.sync.lanes import Did, Idle, Rest, Shared, Step
from station.sync.treatment import LANE_TROUBLES
from station.wire import (
    RECONCILE_DAYS,
    RECONCILE_KEYS,
    Message,
    ReconcileDay,
    ReconcileFound,
    ReconcileKeys,
    ReconcileRequest,
    ReconcileResponse,
)

DAILY = timedelta(hours=24)
RECENT = timedelta(days=40)
"""After a drain only so many days are compared: all of them would be long on a slow line."""
GAP_S = 600.0
"""Between two comparisons, however often the queue runs dry."""
MENDED_GAP_S = 30.0
"""After something was mended: soon both sides should be equal."""
NO_COMPARISON_S = 24 * 3600.0
"""A central that does not compare is asked again after a day."""
MOST_PARTS = 5000
"""Questions of one comparison: a central that never comes to an end must not hold this lane for ever."""
_NONE_BEFORE = ("", 0)
_Answer = TypeVar("_Answer", bound=Message)


@dataclass
class _Work:
    """One comparison that has begun. `after`: how far the first of the days that differ has been compared."""

    whole: bool
    sums: tuple[DaySum, ...]
    differing: deque[date]
    differed: int
    differences: Differences
    after: tuple[str, int] = _NONE_BEFORE
    parts: int = 0


class ReconcileLane:
    """One question at a step. A comparison that was broken off begins anew: every question may be repeated."""

    name = LaneName.RECONCILE

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._gap = Rest(shared.clock)
        self._asked = self._all_asked = False
        self._work: _Work | None = None

    def after_drain(self) -> None:
        """Everything has been delivered: a good moment to compare."""
        self._asked = True

    def wake(self) -> None:
        """A person asked: compare now."""
        self._asked = True
        self._gap.end()

    def compare_all(self) -> None:
        """A person asked: compare all days there ever were, now."""
        self.wake()
        self._all_asked, self._work = True, None

    def due_in_s(self) -> float:
        """Seconds until the next question."""
        if self._work is not None:
            return 0.0
        return max(self._gap.left_s(), 0.0 if self._asked else self._daily_in_s())

    def step(self) -> Step:
        if self.due_in_s() > 0:
            return Idle()
        if self._work is None:
            return self._begin()
        if self._work.differing and self._work.parts < MOST_PARTS:
            return self._compare_part(self._work)
        if self._work.differences.unreceipted:
            return self._fetch_receipt(self._work.differences)
        return self._finish(self._work)

    def _daily_in_s(self) -> float:
        last, now = self._shared.depot.memory.reconciled, self._shared.clock.now()
        at = last.whole_at if last else None
        # A moment in the future is a clock that was put right since.
        return 0.0 if at is None or at > now else max(0.0, (at + DAILY - now).total_seconds())

    def _begin(self) -> Step:
        shared = self._shared
        whole = self._all_asked or self._daily_in_s() <= 0
        since = None if whole else day_of(shared.clock.now() + shared.client.clock_offset - RECENT)
        sums = shared.depot.ledger.sums(self._origin, since)
        if len(sums) > RECONCILE_DAYS:
            sums = sums[-RECONCILE_DAYS:]
            since = sums[0].day
        days = tuple(ReconcileDay(day=item.day, count=item.count, xor=item.xor) for item in sums)
        head = shared.depot.audit_heads.newest()
        asked = ReconcileRequest(days=days, since=since, audit=head[1] if head else None)
        found = self._ask("/v1/reconcile", asked, ReconcileResponse)
        if not isinstance(found, tuple):
            return self._trouble(found)
        differing = deque(sorted({day for day in found[0].differ if day < date.max}))
        self._work = _Work(whole, sums, differing, len(differing), Differences(shared, self.name.value))
        return Did() if differing else self._finish(self._work)

    def _compare_part(self, work: _Work) -> Step:
        """Up to `RECONCILE_KEYS` keys of the first day that differs."""
        day = work.differing[0]
        ours = self._shared.depot.ledger.confirmed_on(self._origin, day)
        named = {key: sha256 for key, sha256 in ours if _place(key) > work.after}
        part = dict(list(named.items())[:RECONCILE_KEYS])
        packets = self._shared.depot.packets
        gone = [_place(key) for key in part if not packets.path(key).exists()]
        last = _place(list(part)[-1]) if len(part) < len(named) else None
        asked = ReconcileKeys(
            day=day,
            keys=tuple((*_place(key), sha256) for key, sha256 in part.items()),
            gone=tuple(gone),
            after=work.after if work.after != _NONE_BEFORE else None,
            upto=last,
        )
        found = self._ask("/v1/reconcile/ids", asked, ReconcileFound)
        if not isinstance(found, tuple):
            return self._trouble(found)
        work.parts += 1
        self._settle(work, part, *found)
        self._move_on(work, found[0], last)
        return Did()

    def _settle(self, work: _Work, part: dict[RecordKey, str], found: ReconcileFound, request_id: str) -> None:
        """Only what was asked about counts, whatever central says."""
        found_missing = [key for key in (RecordKey(*name) for name in found.missing) if key in part]
        work.differences.central_lacks(found_missing, request_id)
        unknown = [(RecordKey(record_id, revision), sha256) for record_id, revision, sha256 in found.unknown_here]
        work.differences.central_has([item for item in unknown if item[0] not in part], request_id)
        for record_id, revision, sha256 in found.other_hash:
            key = RecordKey(record_id, revision)
            if part.get(key, sha256) != sha256:
                work.differences.differs(key, request_id)

    def _fetch_receipt(self, found: Differences) -> Step:
        """Of a refused, replaced or given up packet: it is kept beside it, and nothing is sent."""
        item = found.unreceipted[-1]
        outcome = fetch_receipt(self._shared, item)
        if isinstance(outcome, Halted) or (isinstance(outcome, Later) and _is_of_all(outcome)):
            return outcome
        found.unreceipted.pop()
        if isinstance(outcome, Accepted):
            self._shared.depot.outbox.settle(item.key, outcome, at=self._shared.clock.now())
            found.regained.add(item.key)
        else:  # central names it and shows no receipt: to ask again at once would never end
            self._log(outcome.note if isinstance(outcome, Later | Parked) else Note(Trouble.MALFORMED))
        return Did()

    def _move_on(self, work: _Work, found: ReconcileFound, last: tuple[str, int] | None) -> None:
        """To the rest of the day, or to the next day."""
        if found.more and found.unknown_here and found.unknown_here[-1][:2] > work.after:
            work.after = found.unknown_here[-1][:2]
        elif last is not None:
            work.after = last
        else:
            work.differing.popleft()
            work.after = _NONE_BEFORE

    def _finish(self, work: _Work) -> Step:
        memory, now, found = self._shared.depot.memory, self._shared.clock.now(), work.differences
        before = memory.reconciled
        memory.reconciled = Comparison(
            at=now,
            days=len(work.sums),
            packets=sum(item.count for item in work.sums),
            whole_at=now if work.whole else (before.whole_at if before else None),
            differing=work.differed,
            missing=len(found.missing),
            regained=len(found.regained),
            conflicts=len(found.conflicts),
            unknown=len(found.unknown),
            unknown_keys=found.shown_keys(),
        )
        if found.unknown:
            self._log(Note(Trouble.NOT_HERE, detail=str(len(found.unknown))))
        self._end(MENDED_GAP_S if found.mended else GAP_S)
        return Did()

    def _end(self, gap_s: float) -> None:
        self._work = None
        self._asked = self._all_asked = False
        self._gap.rest(gap_s)

    def _ask(self, path: str, message: Message, model: type[_Answer]) -> tuple[_Answer, str] | Outcome:
        """Central's answer and the id of the request."""
        try:
            answer = self._shared.client.post_json(path, message.model_dump(mode="json", exclude_none=True))
        except FAILURES as failure:
            return judge_failure(failure)
        outcome = judge(answer, self._shared.clock.now())
        if outcome is not None:
            return outcome
        try:
            return model.model_validate_json(answer.body), answer.request_id
        except ValidationError:
            return unreadable(answer)

    def _trouble(self, outcome: Outcome) -> Step:
        """Trouble of the line or of central is handed back; a central that does not compare is left alone for a day."""
        gone = isinstance(outcome, Later) and outcome.note.trouble is Trouble.UPLOAD_GONE
        if isinstance(outcome, Halted) or (isinstance(outcome, Later) and not gone):
            return outcome
        note = getattr(outcome, "note", None) if not isinstance(outcome, Rejected) else None
        self._log(note or Note(Trouble.MALFORMED))
        self._end(NO_COMPARISON_S)
        return Did()

    def _log(self, note: Note) -> None:
        shared = self._shared
        shared.depot.technical_log.add(at=shared.clock.now(), lane=self.name.value, key=None, note=note)

    @property
    def _origin(self) -> str:
        enrolment, _ = self._shared.depot.enrolled()
        return enrolment.station_id


def _is_of_all(outcome: Later) -> bool:
    """Trouble of the line or of central, not of the packet that was asked about."""
    return outcome.link or outcome.note.trouble in LANE_TROUBLES


def _place(key: RecordKey) -> tuple[str, int]:
    """Where a key stands in the order of the keys."""
    return key.record_id, key.revision
