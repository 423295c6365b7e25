"""Technical notes: what the engine tried and what came back, for the technician. No personal data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from station.domain.delivery import LogLine
from station.domain.outcome import Note, Trouble
from station.domain.record import RecordKey
from station.store.database import Connection, Database
from station.store.tables import log

KEPT_LINES = 2000


class TechnicalLog:
    """The newest lines of `outbox.db`'s log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, *, at: datetime, lane: str, key: RecordKey | None, note: Note) -> None:
        """Add a line; only the newest are kept."""
        with self._database.write() as connection:
            put_line(connection, at=at, lane=lane, key=key, note=note)

    def lines(self, limit: int) -> tuple[LogLine, ...]:
        """The newest lines, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(log).order_by(log.c.number.desc()).limit(limit)).all()
        return tuple(
            LogLine(
                row.at,
                row.lane,
                RecordKey(row.record_id, row.revision) if row.record_id else None,
                Note(Trouble(row.trouble), row.request_id, row.http_status, row.detail),
            )
            for row in rows
        )


def put_line(connection: Connection, *, at: datetime, lane: str, key: RecordKey | None, note: Note) -> None:
    """Add a line inside the transaction of what it tells of."""
    done = connection.execute(
        insert(log).values(
            at=at,
            lane=lane,
            record_id=key.record_id if key else None,
            revision=key.revision if key else None,
            trouble=note.trouble.value,
            request_id=note.request_id,
            http_status=note.http_status,
            detail=note.detail[:500],
        )
    )
    newest = done.inserted_primary_key
    if newest is not None:
        connection.execute(log.delete().where(log.c.number <= newest[0] - KEPT_LINES))
