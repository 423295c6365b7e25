"""The manifest lane: tell central what exists. Tiny, first, and the answer to every ambiguous ending."""

from __future__ import annotations

import re

from pydantic import ValidationError

from station.domain.delivery import OutboxItem, Stage
from station.domain.lane import LaneName
from station.domain.outcome import Later, Note, Outcome, Parked, Rejected, Trouble
from station.sync.classify import FAILURES, judge, judge_failure, judge_problem, unreadable
from station.sync.client import Answer
from station.sync.lanes import Did, Idle, Shared, Step
from station.sync.treatment import take_receipt, treat
from station.wire import MANIFEST_BATCH, ManifestItem, ManifestRequest, ManifestResponse, ManifestVerdict, Verdict


class ManifestLane:
    """Offers queued packets in batches. A batch that fails as a whole is halved, so one bad item is found alone."""

    name = LaneName.MANIFESTS

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._batch = MANIFEST_BATCH
        self.current: tuple[OutboxItem, ...] = ()

    def due_in_s(self) -> float:
        """Seconds until a packet wants to be offered."""
        return self._shared.packet_due_in_s(Stage.QUEUED)

    def wake(self) -> None:
        """What waits, waits in the rows of its packets."""

    def step(self) -> Step:
        limit = max(1, min(self._batch, self._shared.limits.manifest_batch))
        items = self._shared.depot.outbox.due(Stage.QUEUED, now=self._shared.clock.now(), limit=limit)
        if not items:
            return Idle()
        self.current = items
        found = self._ask(items)
        if isinstance(found, tuple):
            return self._settle(items, *found)
        return self._whole_batch(items, found)

    def _ask(self, items: tuple[OutboxItem, ...]) -> tuple[ManifestResponse, Answer] | Outcome:
        shared = self._shared
        shared.depot.outbox.offer([item.key for item in items], at=shared.clock.now())
        request = ManifestRequest(items=tuple(manifest_of(item) for item in items))
        try:
            answer = shared.client.post_json("/v1/manifests", request.model_dump(mode="json"))
        except FAILURES as failure:
            return judge_failure(failure)
        outcome = judge(answer, shared.clock.now())
        if outcome is not None:
            return outcome
        try:
            return ManifestResponse.model_validate_json(answer.body), answer
        except ValidationError:
            return unreadable(answer)

    def _settle(self, items: tuple[OutboxItem, ...], response: ManifestResponse, answer: Answer) -> Step:
        """Apply each verdict to its own packet; an item without a verdict is tried again."""
        self._batch = min(self._batch * 2, MANIFEST_BATCH)
        verdicts = {(verdict.record_id, verdict.revision): verdict for verdict in response.items}
        worst: Step = Did()
        for item in items:
            verdict = verdicts.get((item.key.record_id, item.key.revision))
            result = self._one(item, verdict, answer)
            worst = result if not isinstance(result, Did) else worst
        return worst

    def _one(self, item: OutboxItem, verdict: ManifestVerdict | None, answer: Answer) -> Step:
        shared = self._shared
        if verdict is None:
            return treat(shared, self.name, item, unreadable(answer))
        match verdict.verdict:
            case Verdict.WANT if verdict.upload and _is_path(verdict.upload) and verdict.offset <= item.size:
                shared.depot.outbox.wanted(
                    item.key, upload=verdict.upload, offset=verdict.offset, at=shared.clock.now()
                )
                shared.fresh[item.key] = (verdict.upload, verdict.offset)
                return Did()
            case Verdict.HAVE if verdict.receipt:
                return treat(shared, self.name, item, take_receipt(shared, item, verdict.receipt, answer))
            case Verdict.REFUSE if verdict.problem:
                outcome = judge_problem(verdict.problem, answer, shared.clock.now())
                return treat(shared, self.name, item, outcome)
        return treat(shared, self.name, item, unreadable(answer))

    def _whole_batch(self, items: tuple[OutboxItem, ...], outcome: Outcome) -> Step:
        """The request failed as a whole. With several items nobody knows whose fault it is: try fewer."""
        if isinstance(outcome, Parked | Rejected) or (isinstance(outcome, Later) and outcome.burns):
            if len(items) > 1:
                self._batch = len(items) // 2
                note = outcome.note if not isinstance(outcome, Rejected) else Note(Trouble.MALFORMED)
                self._shared.depot.technical_log.add(at=self._shared.clock.now(), lane=self.name, key=None, note=note)
                return Did()
            return treat(self._shared, self.name, items[0], outcome)
        if isinstance(outcome, Later) and not outcome.link and outcome.note.trouble is Trouble.UPLOAD_GONE:
            # This route cannot answer "gone": whoever says so is not a central that speaks our protocol.
            return Later(Note(Trouble.PORTAL, outcome.note.request_id, outcome.note.http_status))
        return treat(self._shared, self.name, items[0], outcome)


def manifest_of(item: OutboxItem) -> ManifestItem:
    """What central, or a neighbour, is told of a packet."""
    return ManifestItem(
        record_id=item.key.record_id,
        revision=item.key.revision,
        origin=item.origin,
        sha256=item.sha256,
        size=item.size,
        sealed_at=item.sealed_at,
        kind=item.kind,
        priority=item.priority,
    )


def _is_path(upload: str) -> bool:
    """Only a path at central itself: an address elsewhere would send the packet to somebody else."""
    return re.fullmatch(r"/(?!/)[\w.~%/-]+", upload, re.ASCII) is not None and ".." not in upload
