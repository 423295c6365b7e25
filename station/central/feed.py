"""What central has to tell each station, in order, for ever. Who waits for it is in bell.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from station.central.database import Database
from station.central.tables import events, stations


@dataclass(frozen=True)
class Page:
    """Events after a cursor, and the cursor that goes with them."""

    cursor: str
    more: bool
    events: list[dict[str, Any]]


def tell(rows: Connection, station_id: str, event: Mapping[str, Any]) -> None:
    """Add an event, in the caller's transaction. LookupError for an unknown station."""
    # Counting in the station's own row makes its events commit in the order of their positions on every database.
    position = rows.execute(
        update(stations)
        .where(stations.c.station_id == station_id)
        .values(last_position=stations.c.last_position + 1)
        .returning(stations.c.last_position)
    ).scalar_one_or_none()
    if position is None:
        raise LookupError(station_id)
    text = json.dumps(dict(event), ensure_ascii=False)
    rows.execute(insert(events).values(station_id=station_id, position=position, event=text))


class Feed:
    """Reads events by cursor."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, station_id: str, since: int, limit: int) -> Page:
        """Up to `limit` events after `since`."""
        with self._database.read() as rows:
            last = rows.scalar(select(stations.c.last_position).where(stations.c.station_id == station_id)) or 0
            # A cursor from the future was given before central was restored from a backup: tell everything again.
            since = since if since <= last else 0
            found = rows.execute(
                select(events.c.position, events.c.event)
                .where(events.c.station_id == station_id, events.c.position > since)
                .order_by(events.c.position)
                .limit(limit + 1)
            ).all()
        page = found[:limit]
        cursor = page[-1].position if page else since
        return Page(str(cursor), len(found) > limit, [json.loads(row.event) for row in page])
