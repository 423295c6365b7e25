"""Technical notes: what the engine tried and what came back, for the technician. No personal data.

What comes again and again is counted in one line: ten days without central must not push out what was before them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from station.domain.delivery import LogLine
from station.domain.outcome import Note, Trouble
from station.domain.record import RecordKey
from station.store.database import Connection, Database
from station.store.tables import log

KEPT_LINES = 2000
SAME_WITHIN = timedelta(hours=1)
"""What comes again after a longer while is told as something new."""


MOST_DETAIL = 500


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
                row.times,
                row.last_at,
            )
            for row in rows
        )


def put_line(connection: Connection, *, at: datetime, lane: str, key: RecordKey | None, note: Note) -> None:
    """Add a line inside the transaction of what it tells of, or count it in the last line of the lane if it says so."""
    last = connection.execute(select(log).where(log.c.lane == lane).order_by(log.c.number.desc()).limit(1)).first()
    if last is not None and _says(last, key, note) and abs(at - (last.last_at or last.at)) <= SAME_WITHIN:
        counted = {"times": last.times + 1, "last_at": at, "request_id": note.request_id}
        connection.execute(update(log).where(log.c.number == last.number).values(counted))
        return
    done = connection.execute(
        insert(log).values(
            at=at,
            lane=lane,
            record_id=key.record_id if key else None,
            revision=key.revision if key else None,
            trouble=note.trouble.value,
            request_id=note.request_id,
            http_status=note.http_status,
            detail=note.detail[:MOST_DETAIL],
            times=1,
        )
    )
    newest = done.inserted_primary_key
    if newest is not None:
        connection.execute(log.delete().where(log.c.number <= newest[0] - KEPT_LINES))


def _says(line: Row[Any], key: RecordKey | None, note: Note) -> bool:
    """Whether `line` tells the very same of the same packet; which request it was makes no difference."""
    before = (line.record_id, line.revision, line.trouble, line.http_status, line.detail)
    packet = (key.record_id, key.revision) if key else (None, None)
    return before == (*packet, note.trouble.value, note.http_status, note.detail[:MOST_DETAIL])
