"""What central has confirmed, day by day, and what becomes of packets when central says otherwise.

Own packets only: what is carried for other stations is theirs to compare.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, String, and_, exists, false, func, insert, or_, select, update

from station.domain.day_sum import DaySum, start_of, sum_of
from station.domain.delivery import DECIDED, Stage
from station.domain.outcome import Trouble
from station.domain.record import RecordKey
from station.store.database import Connection, Database
from station.store.outbox_rows import is_here, is_packet, next_change
from station.store.tables import event, packet

RECEIPT_LOST = "receipt.lost"
"""Kind of the event that keeps a receipt for something central has forgotten."""
_CONFIRMED = (Stage.RECEIPTED, Stage.REJECTED, Stage.REPLACED)
_day = func.substr(packet.c.sealed_at, 1, 10, type_=String)
"""Times are kept as text in UTC: their first ten characters are the day."""


class Ledger:
    """The receipts of one station. Each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sums(self, origin: str, since: date | None = None) -> tuple[DaySum, ...]:
        """Every day from `since` on with a confirmed packet of station `origin`, oldest first."""
        hashes = func.aggregate_strings(packet.c.sha256, "").label("hashes")
        query = select(_day.label("day"), hashes).where(_confirmed(origin))
        if since is not None:
            query = query.where(packet.c.sealed_at >= start_of(since))
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(_day).order_by(_day)).all()
        return tuple(sum_of(date.fromisoformat(row.day), row.hashes) for row in rows)

    def confirmed_on(self, origin: str, day: date) -> tuple[tuple[RecordKey, str], ...]:
        """Key and sha256 of every confirmed packet that was sealed on `day`, in the order of the keys."""
        query = select(packet.c.record_id, packet.c.revision, packet.c.sha256).where(
            _confirmed(origin),
            packet.c.sealed_at >= start_of(day),
            packet.c.sealed_at < start_of(day) + timedelta(days=1),
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(packet.c.record_id, packet.c.revision)).all()
        return tuple((RecordKey(row.record_id, row.revision), row.sha256) for row in rows)

    def central_lost(self, keys: Sequence[RecordKey], *, at: datetime) -> tuple[RecordKey, ...]:
        """Central does not have these any more: those that were confirmed are queued, their receipts go into events.

        What was destroyed here since cannot be sent again: its row stays as it is, with the receipt as the evidence.
        """
        lost = []
        with self._database.write() as connection:
            for key in keys:
                row = connection.execute(select(packet).where(is_packet(key), _has_receipt(), is_here())).first()
                if row is not None:
                    _keep_receipt(connection, row, at)
                    _queue(connection, key, receipt=None, receipt_no="", received_at=None)
                    lost.append(key)
        return tuple(lost)

    def central_has(self, keys: Sequence[RecordKey]) -> None:
        """Central has these, and here is no receipt: whatever they wait for, the next manifest brings it.

        What people have decided since it was looked at stays decided.
        """
        undecided = packet.c.stage.not_in([stage.value for stage in DECIDED])
        with self._database.write() as connection:
            for key in keys:
                if connection.execute(select(packet.c.stage).where(is_packet(key), undecided)).first() is not None:
                    _queue(connection, key)


def _keep_receipt(connection: Connection, row: Row[Any], at: datetime) -> None:
    kept = {"kind": RECEIPT_LOST, "revision": row.revision, "receipt_no": row.receipt_no, "receipt": row.receipt}
    members = json.dumps(kept)
    same = exists().where(
        event.c.record_id == row.record_id, event.c.revision == row.revision, event.c.members == members
    )
    if not connection.execute(select(same)).scalar():  # a central that forgets and remembers must not fill the disk
        connection.execute(
            insert(event).values(
                at=at, kind=RECEIPT_LOST, record_id=row.record_id, revision=row.revision, members=members
            )
        )


def _queue(connection: Connection, key: RecordKey, **values: Any) -> None:
    anew = {
        "stage": Stage.QUEUED.value,
        "upload": None,
        "acknowledged": 0,
        "restarts": 0,
        "attempts": 0,
        "next_attempt_at": None,
        "changed": next_change(connection),
    }
    connection.execute(update(packet).where(is_packet(key)).values(**anew, **values))


def _has_receipt() -> ColumnElement[bool]:
    """Also of what central wants again and this disk has lost: it is on hold."""
    missed = and_(packet.c.stage == Stage.PARKED.value, packet.c.trouble == Trouble.FILE_MISSING.value)
    return and_(packet.c.receipt.is_not(None), or_(packet.c.stage.in_([stage.value for stage in _CONFIRMED]), missed))


def _confirmed(origin: str) -> ColumnElement[bool]:
    return and_(packet.c.origin == origin, packet.c.carried == false(), _has_receipt())
