"""Ways to break delivery on purpose, each of which a harness has to notice. Nothing of this is ever in the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from station.desk import packed, retention, sealing
from station.desk.office import Office
from station.domain.delivery import OutboxItem, Stage
from station.domain.ids import new_record_id
from station.domain.outcome import Accepted, Later, Outcome
from station.domain.record import RecordKey
from station.seal.body import Body
from station.seal.packet import make_packet, read_packet
from station.store.depot import outbox_item
from station.store.tables import packet
from station.sync import manifests, treatment, uploads
from station.sync.client import Answer
from station.sync.lanes import Shared, Step
from station.wire import ManifestVerdict, Verdict

Break = Callable[[pytest.MonkeyPatch], None]

FRESH_KEY = "fresh key per attempt"
EARLY_SETTLE = "settle before receipt"
EARLY_PURGE = "purge before receipt"
NO_CAPTURES = "seal without captures"
ANOTHERS_ANSWERS = "seal the answers of the one before"


@contextmanager
def broken(name: str) -> Iterator[None]:
    """The program of this process is broken in this way until the block ends; '' leaves it whole."""
    with pytest.MonkeyPatch.context() as patch:
        if name:
            SABOTAGES[name](patch)
        yield


def fresh_key_per_attempt(patch: pytest.MonkeyPatch) -> None:
    """A packet whose upload ended without an answer is sent again as another one: nobody can know it for the same."""
    honest = treatment.treat

    def treat(shared: Shared, lane: str, item: OutboxItem, outcome: Outcome) -> Step:
        step = honest(shared, lane, item, outcome)
        if isinstance(outcome, Later):
            _again_as_another(shared, item)
        return step

    patch.setattr(uploads, "treat", treat)


def _again_as_another(shared: Shared, item: OutboxItem) -> None:
    depot, (_, key) = shared.depot, shared.depot.enrolled()
    packed = read_packet(depot.packets.read(item.key))
    other = RecordKey(new_record_id(shared.clock.now()), item.key.revision)
    data = make_packet(packed.manifest.model_copy(update={"record_id": other.record_id}), packed.body, key)
    depot.packets.write(other, data)
    depot.outbox.add(outbox_item(data, other, key))
    same = (packet.c.record_id == item.key.record_id, packet.c.revision == item.key.revision)
    with depot.outbox.database.write() as connection:
        connection.execute(packet.delete().where(*same))


def settle_before_receipt(patch: pytest.MonkeyPatch) -> None:
    """A packet counts as delivered as soon as central has said that it wants it."""
    honest = manifests.ManifestLane._one

    def one(self: manifests.ManifestLane, item: OutboxItem, verdict: ManifestVerdict | None, answer: Answer) -> Step:
        step = honest(self, item, verdict, answer)
        if verdict is not None and verdict.verdict is Verdict.WANT:
            now = self._shared.clock.now()
            treatment.treat(self._shared, self.name, item, Accepted("none", "none", now))
        return step

    patch.setattr(manifests.ManifestLane, "_one", one)


def purge_before_receipt(patch: pytest.MonkeyPatch) -> None:
    """The daily tidying takes packets too that nobody has confirmed."""
    honest = retention.run

    def run(office: Office, most: int = retention.AT_ONCE) -> retention.Run:
        for item in office.depot.outbox.page([Stage.QUEUED, Stage.SENDING], offset=0, limit=most):
            office.depot.packets.destroy(item.key)
        return honest(office, most)

    patch.setattr(retention, "run", run)


def seal_without_captures(patch: pytest.MonkeyPatch) -> None:
    """The packet is whole, signed and delivered, and nobody is on its pictures."""
    honest = packed.body_of

    def body_of(*given: Any) -> Body:
        return replace(honest(*given), captures=())

    patch.setattr(sealing, "body_of", body_of)


def seal_the_answers_of_the_one_before(patch: pytest.MonkeyPatch) -> None:
    """The packet is whole, with the right pictures, and says that they are somebody else's."""
    honest, before = packed.body_of, [dict[str, str]()]

    def body_of(*given: Any) -> Body:
        body = honest(*given)
        before.append(body.record["answers"])
        return replace(body, record={**body.record, "answers": before[-2]})

    patch.setattr(sealing, "body_of", body_of)


SABOTAGES: Mapping[str, Break] = {
    FRESH_KEY: fresh_key_per_attempt,
    EARLY_SETTLE: settle_before_receipt,
    EARLY_PURGE: purge_before_receipt,
    NO_CAPTURES: seal_without_captures,
    ANOTHERS_ANSWERS: seal_the_answers_of_the_one_before,
}
