"""What this station remembers of carrying for neighbours: the switch, what is shown, who was handed what.

Plain values in `outbox.db`. Knows neither sockets nor keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, false, func, or_, select, update

from station.domain.delivery import OutboxItem
from station.domain.record import RecordKey
from station.domain.relay import Neighbour, NeighbourTrouble, RelayReason
from station.store.database import Database
from station.store.memory import put_value, read_value
from station.store.outbox_rows import is_due, is_open, is_packet, item_of, next_change
from station.store.tables import packet

SWITCH, SHOWN = "relay_switch", "relay_shown"
HAND_AGAIN_AFTER = timedelta(hours=24)
"""So long a neighbour has to bring a receipt; then the packet is offered to whoever is there."""


@dataclass(frozen=True)
class Shown:
    """What whoever delivers for this folder last said of carrying. `on`: what holds while nobody chose."""

    on: bool = False
    serving: bool = False
    reason: RelayReason = RelayReason.STOPPED
    neighbours: tuple[Neighbour, ...] = ()


class RelayBook:
    """The facts of carrying. Each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def choice(self) -> bool | None:
        """What a person chose here; None when nobody did, and the settings decide."""
        with self._database.read() as connection:
            kept = read_value(connection, SWITCH)
        return None if kept is None else bool(kept)

    def choose(self, on: bool) -> None:
        """A person switches it on or off; it survives a restart."""
        with self._database.write() as connection:
            put_value(connection, SWITCH, on)

    @property
    def shown(self) -> Shown:
        """What is to be shown."""
        with self._database.read() as connection:
            return _read_shown(read_value(connection, SHOWN))

    def show(self, shown: Shown) -> None:
        """Tell what carrying is doing now."""
        with self._database.write() as connection:
            put_value(connection, SHOWN, _plain_shown(shown))

    def to_hand_over(self, *, now: datetime, limit: int) -> tuple[OutboxItem, ...]:
        """Own packets that a neighbour may take: due, not all at central, not with a neighbour lately. Oldest first;
        what a neighbour has had for long comes last, so that no newer packet waits behind it, however much it is.
        """
        with_nobody = or_(
            packet.c.handed_at.is_(None), packet.c.handed_at <= now - HAND_AGAIN_AFTER, packet.c.handed_at > now
        )
        own = and_(packet.c.carried == false(), packet.c.acknowledged < packet.c.size)
        query = select(packet).where(own, is_open(), is_due(now), with_nobody)
        query = query.order_by(packet.c.handed_at.is_not(None), packet.c.sealed_at, packet.c.record_id).limit(limit)
        with self._database.read() as connection:
            return tuple(item_of(row) for row in connection.execute(query))

    def handed(self, key: RecordKey, *, to: str, at: datetime) -> None:
        """A neighbour has it on stable storage. It stays queued here until a receipt comes."""
        with self._database.write() as connection:
            connection.execute(
                update(packet).where(is_packet(key)).values(handed_at=at, handed_to=to, changed=next_change(connection))
            )

    def unconfirmed(self) -> dict[str, int]:
        """How many packets each neighbour has that central has not confirmed."""
        query = select(packet.c.handed_to, func.count()).where(
            packet.c.handed_at.is_not(None), packet.c.carried == false(), is_open()
        )
        with self._database.read() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(query.group_by(packet.c.handed_to))}

    def carried_bytes(self, origin: str) -> int:
        """Bytes on their way to central for `origin`: what is settled or stopped holds no place."""
        query = select(func.coalesce(func.sum(packet.c.size), 0)).where(
            packet.c.carried != false(), packet.c.origin == origin, is_open()
        )
        with self._database.read() as connection:
            return int(connection.execute(query).scalar() or 0)


def _plain_shown(shown: Shown) -> dict[str, Any]:
    return {
        "on": shown.on,
        "serving": shown.serving,
        "reason": shown.reason.value,
        "neighbours": [
            [
                near.station_id,
                near.name,
                near.address,
                near.seen_at.isoformat() if near.seen_at else "",
                near.handed,
                near.trouble.value,
            ]
            for near in shown.neighbours
        ],
    }


def _read_shown(kept: Any) -> Shown:
    """What was written, by this program or a newer one: words it does not know say nothing."""
    try:
        return Shown(
            on=bool(kept["on"]),
            serving=bool(kept["serving"]),
            reason=RelayReason(kept["reason"]),
            neighbours=tuple(_neighbour(*near) for near in kept["neighbours"]),
        )
    except (TypeError, ValueError, KeyError):
        return Shown()


def _neighbour(station_id: str, name: str, address: str, seen_at: str, handed: int, trouble: str) -> Neighbour:
    moment = datetime.fromisoformat(seen_at) if seen_at else None
    return Neighbour(station_id, name, address, moment, handed, NeighbourTrouble(trouble))
