"""The rounds of a station without a link: whom to visit when, and how it went. Knows neither TLS nor mDNS."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from station.domain.errors import StoreError
from station.domain.ports import Clock
from station.domain.record import RecordKey
from station.domain.relay import Neighbour, NeighbourTrouble
from station.log import get_logger
from station.relay.bounds import ASK_AGAIN_S, COLLECT_S, FIRST_REST_S, LONGEST_REST_S, NEIGHBOURS
from station.relay.caller import Caller, Myself, Unwilling
from station.relay.circle import Sighting
from station.relay.visit import Visit
from station.store.depot import Depot
from station.sync.network import Network

log = get_logger(__name__)


@dataclass
class _Known:
    """One neighbour: how it went, and when it is visited next by the monotonic clock."""

    seen: Neighbour
    tries: int = 0
    next_at: float = 0.0
    proven: bool = False
    """It was of our circle when it was met last."""
    has: set[RecordKey] = field(default_factory=set)
    """Packets it has said to have, since `has_since` by the monotonic clock."""
    has_since: float = 0.0


class Rounds:
    """Visits whoever is in sight when there is something to hand over or to collect."""

    def __init__(
        self, depot: Depot, network: Network, clock: Clock, going: Callable[[], bool], *, loopback: bool = False
    ) -> None:
        self._depot = depot
        self._network = network
        self._clock = clock
        self._going = going
        self._loopback = loopback
        self._known: dict[Sighting, _Known] = {}

    @property
    def neighbours(self) -> tuple[Neighbour, ...]:
        """Everybody in sight, as it stands with them."""
        return tuple(known.seen for known in self._known.values())

    @property
    def proven(self) -> tuple[Sighting, ...]:
        """Who was met here and is of our circle."""
        return tuple(sighting for sighting, known in self._known.items() if known.proven)

    def go(self, sightings: Sequence[Sighting]) -> bool:
        """Visit whoever is due; True when a packet or a receipt moved."""
        self._look_at(sightings[:NEIGHBOURS])
        moved = False
        # Proven ones first: whoever only says to be there may cost a time-out each.
        for sighting, known in sorted(self._known.items(), key=lambda item: not item[1].proven):
            if not self._going() or not self._has_business():
                return moved
            if known.next_at <= self._clock.monotonic():
                moved = self._visit(sighting, known) or moved
        return moved

    def forget(self) -> None:
        """Nobody is looked for any more."""
        self._known = {}

    def _look_at(self, sightings: Sequence[Sighting]) -> None:
        now = self._clock.now()
        fresh = {}
        for one in sightings:
            address = f"{one.host}:{one.port}"
            fresh[one] = self._known.get(one) or _Known(Neighbour(one.station_id, address=address, seen_at=now))
        self._known = fresh

    def _has_business(self) -> bool:
        book = self._depot.relay
        return bool(book.to_hand_over(now=self._clock.now(), limit=1) or book.unconfirmed())

    def _visit(self, sighting: Sighting, known: _Known) -> bool:
        enrolment, key = self._depot.enrolled()
        me = Myself(enrolment, key, self._depot.cards.own())
        caller = Caller(sighting, me, self._network, self._clock, loopback=self._loopback)
        if self._clock.monotonic() - known.has_since >= ASK_AGAIN_S:
            known.has, known.has_since = set(), self._clock.monotonic()
        visit = Visit(self._depot, caller, self._clock, self._going, known.has)
        trouble = NeighbourTrouble.NONE
        try:
            card = caller.meet()
            known.proven = True
            known.seen = Neighbour(card.station_id, card.name, known.seen.address, self._clock.now())
            visit.pay(card)
        except Unwilling as unwilling:
            trouble = unwilling.trouble
            known.proven = known.proven and trouble is not NeighbourTrouble.STRANGER
        except StoreError:
            raise  # that is our own trouble, and no other neighbour mends it
        except Exception as problem:  # noqa: BLE001  # its text may be a stranger's: only what kind it is, is noted
            # Whatever one neighbour makes of an exchange ends that exchange; the others are visited all the same.
            log.error("an exchange with a neighbour broke: %s", type(problem).__name__)
            trouble = NeighbourTrouble.UNREADABLE
        finally:
            caller.close()
        came = visit.came
        moved = bool(came.handed or came.receipts)
        self._rest(known, trouble, moved)
        if moved:
            log.info("a neighbour took %d packets and brought %d receipts", came.handed, came.receipts)
        return moved

    def _rest(self, known: _Known, trouble: NeighbourTrouble, moved: bool) -> None:
        """While things move ask again soon, else in a minute; after trouble ever later, never in step with others."""
        known.tries = known.tries + 1 if trouble else 0
        longest = FIRST_REST_S if moved else COLLECT_S
        if trouble:
            longest = min(LONGEST_REST_S, FIRST_REST_S * 2 ** min(known.tries - 1, 10))
        wait_s = longest * random.uniform(0.5, 1)  # noqa: S311  # spreading load needs no secrecy
        known.next_at = self._clock.monotonic() + wait_s
        known.seen = Neighbour(
            known.seen.station_id, known.seen.name, known.seen.address, known.seen.seen_at, trouble=trouble
        )
