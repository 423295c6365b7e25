"""Uploads that were promised: which packet each will be and how long it is kept. Their bytes are in parts.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, and_, delete, exists, insert, select, update

from station.central.tables import packets, uploads
from station.domain.ids import new_record_id
from station.domain.record import RecordKey
from station.wire import ManifestItem

MOST_PRIORITY = 100
"""More than this a station cannot press forward, or back."""


@dataclass(frozen=True)
class Upload:
    """A packet on its way. After acceptance the row stays for a while, so that a repeated request finds its receipt."""

    upload_id: str
    key: RecordKey
    origin: str
    sha256: str
    size: int
    expires_at: datetime
    carrier: str = ""
    """Who announced it first; '' in rows of older programs."""

    @property
    def path(self) -> str:
        """Its address under central's."""
        return f"/v1/uploads/{self.upload_id}"


def find_upload(rows: Connection, upload_id: str) -> Upload | None:
    row = rows.execute(select(uploads).where(uploads.c.upload_id == upload_id)).one_or_none()
    return None if row is None else _upload(row)


def uploads_of(rows: Connection, key: RecordKey) -> Sequence[Upload]:
    """Everything that was announced under `key`, the oldest first: of these one can be true."""
    same = (uploads.c.record_id == key.record_id, uploads.c.revision == key.revision)
    return [_upload(row) for row in rows.execute(select(uploads).where(*same).order_by(uploads.c.upload_id))]


def upload_for(rows: Connection, item: ManifestItem) -> Upload | None:
    """The upload that was promised for exactly this."""
    found = uploads_of(rows, RecordKey(item.record_id, item.revision))
    wanted = (item.origin, item.sha256, item.size)
    return next((one for one in found if (one.origin, one.sha256, one.size) == wanted), None)


def waiting_uploads(rows: Connection) -> Sequence[Upload]:
    """Uploads of packets that are not accepted, or wanted again: those of high priority first, then the oldest."""
    same = and_(packets.c.record_id == uploads.c.record_id, packets.c.revision == uploads.c.revision)
    query = select(uploads).where(~exists().where(same, packets.c.wanted_again.is_(False)))
    return [_upload(row) for row in rows.execute(query.order_by(uploads.c.priority.desc(), uploads.c.upload_id))]


def expired_uploads(rows: Connection, now: datetime) -> Sequence[Upload]:
    """Uploads nobody spoke of for too long."""
    return [_upload(row) for row in rows.execute(select(uploads).where(uploads.c.expires_at <= now))]


def promise_upload(rows: Connection, item: ManifestItem, carrier: str, now: datetime, life: timedelta) -> Upload:
    """A new upload for `item`, which `carrier` announces."""
    key = RecordKey(item.record_id, item.revision)
    upload = Upload(new_record_id(now), key, item.origin, item.sha256, item.size, now + life, carrier)
    rows.execute(
        insert(uploads).values(
            upload_id=upload.upload_id,
            record_id=key.record_id,
            revision=key.revision,
            origin=upload.origin,
            sha256=upload.sha256,
            size=upload.size,
            expires_at=upload.expires_at,
            carrier=carrier,
            priority=max(-MOST_PRIORITY, min(item.priority, MOST_PRIORITY)),
        )
    )
    return upload


def prolong(rows: Connection, upload: Upload, expires_at: datetime) -> None:
    """Keep an upload that is still spoken of."""
    rows.execute(update(uploads).where(uploads.c.upload_id == upload.upload_id).values(expires_at=expires_at))


def forget_upload(rows: Connection, upload_id: str) -> None:
    rows.execute(delete(uploads).where(uploads.c.upload_id == upload_id))


def _upload(row: Row[tuple[object, ...]]) -> Upload:
    key = RecordKey(row.record_id, row.revision)
    return Upload(row.upload_id, key, row.origin, row.sha256, row.size, row.expires_at, row.carrier)
