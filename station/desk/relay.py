"""Carrying for neighbours: what the technician sees of it, and its switch. Needs no sign-in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from station.domain.relay import Neighbour, RelayReason, RelayState
from station.store.depot import Depot


def relay_state(depot: Depot) -> RelayState:
    """The picture at one moment. Off means that nothing listens and nothing is sent."""
    book = depot.relay
    shown, choice = book.shown, book.choice
    on = shown.on if choice is None else choice
    carried = depot.outbox.counts(day_start=datetime.now(UTC)).carried
    if not on:
        return RelayState(False, False, (), carried, RelayReason.OFF)
    reason = RelayReason.STOPPED if shown.reason is RelayReason.OFF else shown.reason
    return RelayState(True, shown.serving, _counted(depot, shown.neighbours), carried, reason)


def set_relay(depot: Depot, on: bool) -> None:
    """Switch carrying for neighbours on or off; it survives a restart, and whoever delivers here soon notices."""
    depot.relay.choose(on)


def _counted(depot: Depot, neighbours: tuple[Neighbour, ...]) -> tuple[Neighbour, ...]:
    waiting = depot.relay.unconfirmed()
    return tuple(replace(near, handed=waiting.get(near.station_id, 0)) for near in neighbours)
