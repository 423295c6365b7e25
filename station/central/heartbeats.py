"""How each station said it was, last: one row a station, so that thousands of heartbeats take no more room than one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from station.central.database import Database
from station.central.switches import busy
from station.central.tables import heartbeats
from station.wire import Heartbeat

EVERY = timedelta(minutes=5)
"""A station says how it is at most so often."""


@dataclass(frozen=True)
class Beat:
    """The last heartbeat of a station."""

    station_id: str
    received_at: datetime
    heartbeat: Heartbeat


class Heartbeats:
    """The newest of every station."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, station_id: str, heartbeat: Heartbeat, at: datetime) -> None:
        """Keep it instead of the one before. Refused `busy` (429) so soon after that one, unless it is the same."""
        row = {"station_id": station_id, "received_at": at, "body": heartbeat.model_dump_json()}
        with self._database.write() as rows:
            before = rows.execute(select(heartbeats).where(heartbeats.c.station_id == station_id)).one_or_none()
            early = before is not None and timedelta() <= at - before.received_at < EVERY
            if before is not None and early and before.body != row["body"]:
                raise busy(math.ceil((before.received_at + EVERY - at).total_seconds()), status=429)
            if early:
                return  # its answer was lost
            rows.execute(delete(heartbeats).where(heartbeats.c.station_id == station_id))
            rows.execute(insert(heartbeats).values(row))

    def all(self) -> Sequence[Beat]:
        """The last of every station, the longest silent first."""
        with self._database.read() as rows:
            found = rows.execute(select(heartbeats).order_by(heartbeats.c.received_at)).all()
        return [Beat(row.station_id, row.received_at, Heartbeat.model_validate_json(row.body)) for row in found]
