"""Orders to wipe this station: taken in from the news or from the refusal of a blocked station, obeyed, and answered.

Carried out while nobody has the desk open: a window closes its office first and does it itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from station.domain.errors import SetupError, StationError
from station.domain.lane import LaneName
from station.domain.outcome import Note, Trouble
from station.log import get_logger
from station.store.depot import Depot
from station.store.wiping import carry_out
from station.sync.classify import FAILURES, judge
from station.sync.client import Answer
from station.sync.lanes import Rest, Shared
from station.sync.weighing import Weighed, weigh_wipe
from station.wire import SignedWipe

AGAIN_S = 60.0
"""After central did not hear what was done, and while a window has the desk."""
_log = get_logger(__name__)


def keep_orders(depot: Depot, orders: Iterable[SignedWipe], at: datetime) -> list[Note]:
    """Keep orders that were weighed, before the news that brought them count as applied; a note of each new one."""
    new = [order for order in orders if depot.wipes.take(order, at)]
    return [Note(Trouble.WIPE_ORDERED, detail=order.order_id) for order in new]


def hear_when_blocked(shared: Shared, answer: Answer) -> None:
    """A blocked station is told nothing else but this: the order, if there is one, is in the refusal itself."""
    body, depot = answer.problem, shared.depot
    if not answer.echoed or body is None or body.order is None:
        return
    at = shared.clock.now()
    weighed = Weighed(depot.enrolled()[0], depot.policy, "")
    weigh_wipe(weighed, body.order, min(at, at + shared.client.clock_offset))
    for note in keep_orders(depot, weighed.wipes, at):
        depot.technical_log.add(at=at, lane=LaneName.CHANGES, key=None, note=note)


class WipeOrders:
    """What the engine does about them, beside its lanes."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._obeying, self._telling = Rest(shared.clock), Rest(shared.clock)

    def obey(self) -> bool:
        """Carry out what is ordered, unless a window has the desk; True when something was done."""
        depot = self._shared.depot
        order = depot.wipes.pending
        if order is None or self._obeying.left_s() > 0:
            return False
        try:
            lock = depot.folder.lock("desk")
        except SetupError:
            return False  # the window hears of it, and does it
        try:
            carry_out(depot, order, self._shared.clock.now())
        except (StationError, OSError) as problem:  # what is still to be delivered must not wait for a broken file
            code = problem.code if isinstance(problem, StationError) else type(problem).__name__
            _log.error("an order to wipe this station could not be carried out to its end: %s", code)
            self._obeying.rest(AGAIN_S)
            return False
        finally:
            lock.release()
        return True

    def tell(self) -> bool:
        """Answer central; True when it heard."""
        shared = self._shared
        order = shared.depot.wipes.untold
        if order is None or order.done is None or self._telling.left_s() > 0:
            return False
        self._telling.rest(AGAIN_S)
        try:
            answer = shared.client.post_json(f"/v1/wipes/{order.order_id}", order.done.model_dump(mode="json"))
        except FAILURES:
            return False
        if judge(answer, shared.clock.now()) is not None:
            return False
        shared.depot.wipes.tell(order, shared.clock.now())
        return True
