"""One visit at a proven neighbour: receipts come home, packets are handed over, oldest first.

A packet handed over stays queued here. Only own packets go: what is carried for others goes one hop and no further.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from station.domain.delivery import OutboxItem
from station.domain.errors import StoreError
from station.domain.ports import Clock
from station.domain.record import RecordKey
from station.domain.relay import NeighbourTrouble
from station.log import get_logger
from station.relay.bounds import BATCH, RECEIPTS
from station.relay.caller import Caller, Unwilling
from station.relay.home import take_home
from station.relay.messages import (
    OFFERS,
    PACKETS,
    RECEIPTS_HERE,
    RETURNED,
    SHA256_HEADER,
    OfferAnswer,
    OfferAnswers,
    Offers,
    ReceiptsHere,
    Returned,
    Says,
)
from station.seal.card import StationCard
from station.seal.packet import sha256_of
from station.store.depot import Depot
from station.sync.manifests import manifest_of
from station.wire import Problem

log = get_logger(__name__)

MOST_A_VISIT = 2000
"""Packets and receipts; the next visit goes on."""


@dataclass
class Came:
    """What a visit brought."""

    handed: int = 0
    receipts: int = 0


class Visit:
    """`pay` it once. `going` says between any two packets whether to go on.

    `has` is what this neighbour has said to have, and grows: it would read each of these from its disk to say so again.
    """

    def __init__(
        self, depot: Depot, caller: Caller, clock: Clock, going: Callable[[], bool], has: set[RecordKey]
    ) -> None:
        self._depot = depot
        self._has = has
        self._caller = caller
        self._clock = clock
        self._going = going
        self.came = Came()

    def pay(self, card: StationCard) -> None:
        """Collect and hand over. Unwilling when the neighbour wants no more or fails; what was done stays done."""
        self._collect()
        due = self._depot.relay.to_hand_over(now=self._clock.now(), limit=MOST_A_VISIT)
        items = [item for item in due if item.key not in self._has]
        for some in (items[start : start + BATCH] for start in range(0, len(items), BATCH)):
            if not self._going():
                return
            self._offer(card, some)

    def _collect(self) -> None:
        after = ""
        for _ in range(MOST_A_VISIT // RECEIPTS):
            if not self._going():
                return
            page = self._caller.ask(f"{RECEIPTS_HERE}?after={after}", ReceiptsHere)
            keys = [RecordKey(item.record_id, item.revision) for item in page.items]
            good = [key for key, item in zip(keys, page.items, strict=True) if self._is_home(key, item.receipt)]
            if good:
                self.came.receipts += len(good)
                self._caller.tell(RETURNED, Returned(keys=tuple((key.record_id, key.revision) for key in good)))
            if not page.more or not keys:
                return
            after = str(keys[-1])

    def _is_home(self, key: RecordKey, receipt: str) -> bool:
        return take_home(self._depot, key, receipt, at=self._clock.now())

    def _offer(self, card: StationCard, items: Sequence[OutboxItem]) -> None:
        # From here on somebody else knows of them: like those that central knows of, they are not recalled any more.
        self._depot.outbox.offer([item.key for item in items], at=self._clock.now())
        found = self._caller.tell(OFFERS, Offers(items=tuple(manifest_of(item) for item in items)), OfferAnswers)
        answers = {(one.record_id, one.revision): one for one in found.items} if found else {}
        for item in items:
            answer = answers.get((item.key.record_id, item.key.revision))
            if answer is not None and self._going():
                self._one(card, item, answer)

    def _one(self, card: StationCard, item: OutboxItem, answer: OfferAnswer) -> None:
        if answer.receipt and self._is_home(item.key, answer.receipt):
            self.came.receipts += 1
        elif answer.says is Says.WANT:
            self._hand_over(card, item)
        elif answer.says is Says.HAVE:
            self._has.add(item.key)
            if item.handed_to != card.station_id:
                self._depot.relay.handed(item.key, to=card.station_id, at=self._clock.now())
        elif answer.says is Says.REFUSE:
            if answer.problem == Problem.NO_SPACE:
                raise Unwilling(NeighbourTrouble.FULL)
            log.warning("a neighbour did not take packet %s: %s", item.key, answer.problem[:40])

    def _hand_over(self, card: StationCard, item: OutboxItem) -> None:
        try:
            data = self._depot.packets.read(item.key)
        except StoreError as problem:  # delivery to central finds it too, and parks it with a sentence
            log.warning("packet %s cannot be handed over: %s", item.key, problem.code)
            return
        if sha256_of(data) != item.sha256:
            log.warning("packet %s is not what was sealed and was not handed over", item.key)
            return
        if not self._depot.outbox.leave([item.key], at=self._clock.now()):
            return  # given up meanwhile
        self._caller.put(f"{PACKETS}/{item.key}", data, {SHA256_HEADER: item.sha256})
        self._depot.relay.handed(item.key, to=card.station_id, at=self._clock.now())
        self.came.handed += 1
