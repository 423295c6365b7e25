"""Central's order to wipe this station, as the window meets it: it closes the office, then the order is carried out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from station.store.depot import Depot
from station.store.wiping import carry_out


@dataclass(frozen=True)
class Wiped:
    """What was done here on central's order, for whoever stands before the screen."""

    at: datetime
    reason: str
    packets_kept: int
    locked: bool


def is_ordered(depot: Depot) -> bool:
    """An order waits to be carried out. Quick: it looks at one small file."""
    return depot.wipes.pending is not None


def obey(depot: Depot, now: datetime) -> None:
    """Carry it out. Nobody may be signed in, and this process has the desk. StoreError."""
    order = depot.wipes.pending
    if order is not None:
        carry_out(depot, order, now)


def wiped(depot: Depot) -> Wiped | None:
    """The last order that was carried out; None on a station that was never wiped."""
    order = depot.wipes.last
    if order is None or order.done is None:
        return None
    return Wiped(order.done.at, order.reason, order.done.packets_kept, order.done.locked)
