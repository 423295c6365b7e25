"""Rows of the outbox: how one is read, and the conditions by which they are found. Opens nothing itself."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from station.domain.delivery import OutboxItem, Stage
from station.domain.outcome import Note, Reason, Trouble
from station.domain.record import RecordKey
from station.store.database import Connection
from station.store.tables import packet

LONGEST_WAIT = timedelta(hours=24)
"""No wait is ever planned longer; one that looks longer comes from a clock that jumped, and counts as due."""
OPEN = (Stage.QUEUED, Stage.SENDING)


def next_change(connection: Connection) -> int:
    """The number of the next change: rows remember their last one, so that others can catch up."""
    return int(connection.execute(select(func.max(packet.c.changed))).scalar() or 0) + 1


def is_packet(key: RecordKey) -> ColumnElement[bool]:
    """This packet."""
    return and_(packet.c.record_id == key.record_id, packet.c.revision == key.revision)


def is_own() -> ColumnElement[bool]:
    """Of this station, not carried for another."""
    return packet.c.carried == false()


def is_here() -> ColumnElement[bool]:
    """Its file was not destroyed when its days were over."""
    return packet.c.purged_at.is_(None)


def is_open() -> ColumnElement[bool]:
    """Not settled in any way."""
    return packet.c.stage.in_([stage.value for stage in OPEN])


def is_due(now: datetime) -> ColumnElement[bool]:
    """May be tried now."""
    return is_due_at(now, now + LONGEST_WAIT)


def is_due_at(now: Any, far: Any) -> ColumnElement[bool]:
    """May be tried at `now`; `far` is as long after it as anything may wait. Moments, or the parameters for them."""
    return or_(
        packet.c.next_attempt_at.is_(None),
        packet.c.next_attempt_at <= now,
        packet.c.next_attempt_at > far,
        packet.c.last_tried_at > now,  # planned by a clock that has been set back since
    )


def values_of(item: OutboxItem) -> dict[str, Any]:
    """The columns of a packet that is new here, but for the number of its change."""
    return {
        "record_id": item.key.record_id,
        "revision": item.key.revision,
        "origin": item.origin,
        "sha256": item.sha256,
        "size": item.size,
        "kind": item.kind,
        "priority": item.priority,
        "sealed_at": item.sealed_at,
        "stage": item.stage.value,
        "acknowledged": 0,
        "restarts": 0,
        "attempts": 0,
        "receipt_no": "",
        "reasons": "[]",
        "central_code": "",
        "carried": item.carried,
        "came_at": item.came_at,
        "came_by": item.came_by,
        "resends": 0,
        "void_reason": "",
    }


def item_of(row: Any) -> OutboxItem:
    """The row as others may see it."""
    note = None
    if row.trouble:
        note = Note(Trouble(row.trouble), row.request_id or "", row.http_status or 0, row.detail or "")
    return OutboxItem(
        key=RecordKey(row.record_id, row.revision),
        origin=row.origin,
        sha256=row.sha256,
        size=row.size,
        kind=row.kind,
        priority=row.priority,
        sealed_at=row.sealed_at,
        stage=Stage(row.stage),
        upload=row.upload,
        offset=row.acknowledged,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        offered_at=row.offered_at,
        last_note=note,
        last_tried_at=row.last_tried_at,
        receipt=row.receipt,
        receipt_no=row.receipt_no,
        received_at=row.received_at,
        reasons=tuple(Reason(*item) for item in json.loads(row.reasons)),
        central_code=row.central_code,
        central_at=row.central_at,
        carried=bool(row.carried),
        came_at=row.came_at,
        came_by=row.came_by or "",
        returned_at=row.returned_at,
        exported_at=row.exported_at,
        out_at=row.out_at,
        handed_at=row.handed_at,
        handed_to=row.handed_to or "",
        resends=row.resends or 0,
        resent_at=row.resent_at,
        confirmed_at=row.confirmed_at,
        voided_at=row.voided_at,
        void_reason=row.void_reason or "",
        purged_at=row.purged_at,
    )
