"""The counter of a relay: what a neighbour may ask, and what is done for it. Knows no HTTP.

Same promises as the courier: taken means on stable storage, taking twice is harmless, and a packet is believed by its
own signature and the card of the station that signed it. Only that station may hand it over: one hop, no circles.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock

from station.courier.receipts import mark_returned, receipts_for
from station.domain.delivery import OutboxItem, Stage
from station.domain.errors import StoreError, TrustError
from station.domain.ports import Clock
from station.domain.record import RecordKey
from station.log import get_logger
from station.relay.bounds import RECEIPTS
from station.relay.circle import circle_of, fellow
from station.relay.messages import Introduction, OfferAnswer, ReceiptHere, ReceiptsHere, Says
from station.relay.refusal import RefusedNeighbour
from station.relay.room import Room
from station.seal.card import StationCard
from station.seal.packet import MAX_PACKET_BYTES, sha256_of
from station.seal.token import check_token
from station.store.carried import check_carried
from station.store.depot import Depot
from station.wire import ManifestItem, Problem

log = get_logger(__name__)

_REFUSALS = {
    "packet.other_record": Problem.KEY_CONFLICT,
    "packet.too_large": Problem.TOO_LARGE,
    "signature.invalid": Problem.BAD_SIGNATURE,
}


class Counter:
    """Serves proven neighbours. Callable from several threads."""

    def __init__(self, depot: Depot, clock: Clock, room: Room) -> None:
        self._depot = depot
        self._clock = clock
        self._room = room
        self._taking = Lock()

    def introduction(self) -> Introduction:
        """Who this is: nothing in it is secret, and nothing names a person."""
        enrolment, _ = self._depot.enrolled()
        return Introduction(card=self._depot.cards.own(), circle=circle_of(enrolment), time=self._now())

    def admit(self, card: str, bearer: str, circle: str) -> StationCard:
        """The neighbour who asks; RefusedNeighbour unless it is proven to be of this office."""
        enrolment, _ = self._depot.enrolled()
        if circle != circle_of(enrolment):
            raise RefusedNeighbour(Problem.UNKNOWN_STATION)
        try:
            found = fellow(card, enrolment)
        except TrustError as problem:
            raise RefusedNeighbour(Problem.UNKNOWN_STATION) from problem
        try:
            check_token(bearer, [found.public_key], central_id=enrolment.station_id, now=self._now())
        except TrustError as problem:
            clock = problem.code == "token.clock"
            raise RefusedNeighbour(Problem.CLOCK_SKEW if clock else Problem.BAD_SIGNATURE) from problem
        return found

    def answer(self, card: StationCard, items: Sequence[ManifestItem]) -> tuple[OfferAnswer, ...]:
        """One answer per offer, same order."""
        left = self._room.left_for(card.station_id)
        answers = []
        for item in items:
            said = self._one(card, item, left)
            left -= item.size if said.says is Says.WANT else 0
            answers.append(said)
        return tuple(answers)

    def take(self, card: StationCard, token: str, key: RecordKey, data: bytes, sha256: str) -> bool:
        """Carry a packet of `card`, whose signed form is `token`; True when it was not here before.

        It is on stable storage when this returns. RefusedNeighbour otherwise: nothing of it is here then.
        """
        if sha256_of(data) != sha256:
            raise RefusedNeighbour(Problem.DIGEST_MISMATCH)
        with self._taking:
            if self._here(card, key) is None and len(data) > self._room.left_for(card.station_id):
                raise RefusedNeighbour(Problem.NO_SPACE)
            return self._take(card, token, key, data)

    def receipts(self, card: StationCard, after: RecordKey | None) -> ReceiptsHere:
        """Receipts of `card` that have not gone home, after `after` in the order of their keys."""
        found = sorted(receipts_for(self._depot, card.station_id), key=lambda one: _order(one[0]))
        rest = [one for one in found if after is None or _order(one[0]) > _order(after)]
        items = tuple(
            ReceiptHere(record_id=key.record_id, revision=key.revision, receipt=receipt)
            for key, receipt in rest[:RECEIPTS]
        )
        return ReceiptsHere(items=items, more=len(rest) > RECEIPTS)

    def returned(self, card: StationCard, keys: Sequence[RecordKey]) -> None:
        """These are at home. Of anybody else's packets a neighbour can say nothing."""
        waiting = {key for key, _ in receipts_for(self._depot, card.station_id)}
        mark_returned(self._depot, [key for key in keys if key in waiting], self._clock.now())

    def _one(self, card: StationCard, item: ManifestItem, left: int) -> OfferAnswer:
        if item.origin != card.station_id:
            return _refuse(item, Problem.NOT_ALLOWED)
        if item.size > MAX_PACKET_BYTES:
            return _refuse(item, Problem.TOO_LARGE)
        row = self._depot.outbox.get(RecordKey(item.record_id, item.revision))
        if row is not None:
            return self._known(card, item, row, left)
        if item.size > left:
            return _refuse(item, Problem.NO_SPACE)
        return OfferAnswer(record_id=item.record_id, revision=item.revision, says=Says.WANT)

    def _known(self, card: StationCard, item: ManifestItem, row: OutboxItem, left: int) -> OfferAnswer:
        if row.carried and row.origin != card.station_id and row.receipt is None:
            return self._beside(item, left)  # whose the key is central decides
        if not row.carried or (row.origin, row.sha256, row.size) != (card.station_id, item.sha256, item.size):
            return _refuse(item, Problem.KEY_CONFLICT)
        says = Says.HAVE if row.receipt or row.stage is Stage.REJECTED or self._is_whole(row) else Says.WANT
        return OfferAnswer(record_id=item.record_id, revision=item.revision, says=says, receipt=row.receipt)

    def _beside(self, item: ManifestItem, left: int) -> OfferAnswer:
        key = RecordKey(item.record_id, item.revision)
        try:
            here = self._depot.carried.beside.intact(key, item.sha256)
        except StoreError:
            here = False
        if not here and item.size > left:
            return _refuse(item, Problem.NO_SPACE)
        says = Says.HAVE if here else Says.WANT
        return OfferAnswer(record_id=item.record_id, revision=item.revision, says=says)

    def _is_whole(self, row: OutboxItem) -> bool:
        try:
            return self._depot.carried.folder.intact(row.key, row.sha256)
        except StoreError:
            return False

    def _here(self, card: StationCard, key: RecordKey) -> OutboxItem | None:
        row = self._depot.outbox.get(key)
        return row if row is not None and row.carried and row.origin == card.station_id else None

    def _take(self, card: StationCard, token: str, key: RecordKey, data: bytes) -> bool:
        try:
            manifest = check_carried(data, card).manifest
            if (manifest.record_id, manifest.revision) != (key.record_id, key.revision):
                raise RefusedNeighbour(Problem.MALFORMED)
            self._depot.cards.learn(token)
            came_by = f"relay:{card.station_id}"
            return self._depot.carried.take(data, card, came_by=came_by, at=self._clock.now())[1]
        except TrustError as problem:
            raise RefusedNeighbour(_REFUSALS.get(problem.code, Problem.MALFORMED)) from problem
        except StoreError as problem:
            log.warning("a neighbour's packet could not be kept: %s", problem.code)
            raise RefusedNeighbour(Problem.NO_SPACE) from problem

    def _now(self) -> datetime:
        """By central's clock, as far as this station has learnt it."""
        return self._clock.now() + timedelta(seconds=self._depot.memory.clock_offset_s)


def _order(key: RecordKey) -> tuple[str, int]:
    return key.record_id, key.revision


def _refuse(item: ManifestItem, problem: Problem) -> OfferAnswer:
    return OfferAnswer(record_id=item.record_id, revision=item.revision, says=Says.REFUSE, problem=problem.value)
