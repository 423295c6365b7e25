"""An order to wipe this station that came by stick: judged as one that comes over the wire, and kept for its turn."""

from __future__ import annotations

from datetime import datetime, timedelta

from station.courier.keys import LANE
from station.store.depot import Depot
from station.sync.weighing import Weighed, weigh_wipe
from station.sync.wipe_orders import keep_orders


def take_order(depot: Depot, token: str, *, at: datetime) -> None:
    """Keep it when central signed it for this very station; the technician is told in any case."""
    weighed = Weighed(depot.enrolled()[0], depot.policy, "")
    weigh_wipe(weighed, token, min(at, at + timedelta(seconds=depot.memory.clock_offset_s)))
    for note in (*weighed.notes, *keep_orders(depot, weighed.wipes, at)):
        depot.technical_log.add(at=at, lane=LANE, key=None, note=note)
