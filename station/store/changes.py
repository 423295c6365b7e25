"""Central's change feed as it was applied: events, their effects and the cursor in one transaction.

An event of an unknown kind is kept and shown, never fatal.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import insert, select

from station import failpoint
from station.domain.outcome import Note, Reason
from station.domain.record import RecordKey
from station.store.database import Connection, Database
from station.store.memory import put_cursor, put_policy, put_wanted
from station.store.outbox import set_central_code, set_refused, set_resend
from station.store.tables import event
from station.store.technical_log import put_line
from station.wire import BundleNotice, Event

LANE = "changes"


class Changes:
    """The applied events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def apply(
        self, cursor: str, events: Sequence[Event], *, at: datetime, policy: str = "", notes: Sequence[Note] = ()
    ) -> None:
        """Apply events in order, exactly once: they and the new cursor become durable together.

        So do the newest `policy` among them, which was checked, and what the technician is told of them.
        """
        with self._database.write() as connection:
            for item in events:
                connection.execute(
                    insert(event).values(
                        at=item.at or at,
                        kind=item.kind,
                        record_id=item.record_id,
                        revision=item.revision,
                        members=json.dumps(item.members(), ensure_ascii=False),
                    )
                )
                _act(connection, item, at)
            if policy:
                put_policy(connection, policy)
            for note in notes:
                put_line(connection, at=at, lane=LANE, key=None, note=note)
            put_cursor(connection, cursor)
            failpoint.reach("changes.before_commit")
        failpoint.reach("changes.committed")

    def of_record(self, record_id: str) -> tuple[tuple[datetime, dict[str, Any]], ...]:
        """What central has said of a record, oldest first."""
        query = select(event.c.at, event.c.members).where(event.c.record_id == record_id).order_by(event.c.number)
        with self._database.read() as connection:
            return tuple((row.at, json.loads(row.members)) for row in connection.execute(query))


def _act(connection: Connection, item: Event, at: datetime) -> None:
    if item.kind == "bundle":
        with suppress(ValidationError):  # a bundle of a newer protocol
            put_wanted(connection, BundleNotice.model_validate(item.members()))
        return
    if item.record_id is None or item.revision is None:
        return
    key = RecordKey(item.record_id, item.revision)
    match item.kind:
        case "record.status":
            set_central_code(connection, key, item.code, item.at or at)
        case "record.refused":
            set_refused(connection, key, [Reason(reason.code, reason.field, reason.detail) for reason in item.reasons])
        case "record.resend":
            set_resend(connection, key)
