"""What central has to tell each station, in order, for ever. Who waits for it is in bell.py."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from station.central.database import Database
from station.central.tables import events, stations

EVENT_ID = "event_id"


@dataclass(frozen=True)
class Page:
    """Events after a cursor, and the cursor that goes with them."""

    cursor: str
    more: bool
    events: list[dict[str, Any]]


def tell(rows: Connection, station_id: str, event: Mapping[str, Any]) -> None:
    """Add an event, in the caller's transaction. LookupError for an unknown station.

    Its own name lets a station see that it is told again, and central that a cursor is of another story than its own.
    """
    # Counting in the station's own row makes its events commit in the order of their positions on every database.
    position = rows.execute(
        update(stations)
        .where(stations.c.station_id == station_id)
        .values(last_position=stations.c.last_position + 1)
        .returning(stations.c.last_position)
    ).scalar_one_or_none()
    if position is None:
        raise LookupError(station_id)
    text = json.dumps({**event, EVENT_ID: secrets.token_hex(8)}, ensure_ascii=False)
    rows.execute(insert(events).values(station_id=station_id, position=position, event=text))


def untell(rows: Connection, station_id: str, which: Callable[[dict[str, Any]], bool]) -> None:
    """Take events back, in the caller's transaction: in their place stands, under the same name, that there was one."""
    query = select(events.c.position, events.c.event).where(events.c.station_id == station_id)
    for row in rows.execute(query).all():
        found = json.loads(row.event)
        if which(found):
            left = json.dumps({"kind": f"{found.get('kind', '')}.over", EVENT_ID: found.get(EVENT_ID, "")})
            here = (events.c.station_id == station_id, events.c.position == row.position)
            rows.execute(update(events).where(*here).values(event=left))


class Feed:
    """Reads events by cursor."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, station_id: str, cursor: str, limit: int) -> Page:
        """Up to `limit` events after `cursor`, which this class gave; '' is the beginning."""
        with self._database.read() as rows:
            since = _place(rows, station_id, cursor)
            found = rows.execute(
                select(events.c.position, events.c.event)
                .where(events.c.station_id == station_id, events.c.position > since)
                .order_by(events.c.position)
                .limit(limit + 1)
            ).all()
        page = found[:limit]
        if page:
            cursor = f"{page[-1].position}-{_name(page[-1].event)}"
        elif since == 0:
            cursor = "0"
        return Page(cursor, len(found) > limit, [json.loads(row.event) for row in page])


def _place(rows: Connection, station_id: str, cursor: str) -> int:
    """The position of `cursor`; 0 when it was given before central was restored from a backup: all is told again."""
    position, _, name = (cursor or "0").partition("-")
    told = rows.scalar(
        select(events.c.event).where(events.c.station_id == station_id, events.c.position == int(position))
    )
    return int(position) if told is not None and name in ("", _name(told)) else 0


def _name(event: str) -> str:
    return str(json.loads(event).get(EVENT_ID, ""))
