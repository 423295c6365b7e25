"""Scans and evidence photos of drafts, as they will be sealed; deleted in the transaction that seals the record."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from station.domain.attachment import Attachment, Role
from station.store.tables import attachment

_FACTS = [column for column in attachment.c if column.name != "data"]


def add(
    connection: Connection,
    record_id: str,
    role: Role,
    kind: str,
    data: bytes,
    *,
    media: str,
    pages: int,
    at: datetime,
    title_no: str = "",
) -> Attachment:
    """Keep one more attachment; its number is above every number given so far to this record."""
    of_record = attachment.c.record_id == record_id
    last = connection.execute(select(func.max(attachment.c.number)).where(of_record)).scalar()
    made = Attachment(
        number=(last or 0) + 1,
        role=role,
        kind=kind,
        title_no=title_no,
        pages=pages,
        media=media,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        added_at=at,
    )
    connection.execute(
        insert(attachment).values(
            record_id=record_id,
            number=made.number,
            role=role.value,
            kind=kind,
            title_no=title_no,
            pages=pages,
            media=media,
            size=made.size_bytes,
            sha256=made.sha256,
            added_at=at,
            data=data,
        )
    )
    return made


def facts(connection: Connection, record_id: str) -> tuple[Attachment, ...]:
    """What is attached, without the bytes, in order."""
    query = select(*_FACTS).where(attachment.c.record_id == record_id).order_by(attachment.c.number)
    return tuple(_attachment(row) for row in connection.execute(query))


def data(connection: Connection, record_id: str, number: int) -> bytes | None:
    """The bytes of one attachment, or None."""
    query = select(attachment.c.data).where(attachment.c.record_id == record_id, attachment.c.number == number)
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def drop(connection: Connection, record_id: str, number: int) -> None:
    """Forget one attachment."""
    which = (attachment.c.record_id == record_id, attachment.c.number == number)
    connection.execute(delete(attachment).where(*which))


def clear(connection: Connection, record_id: str) -> None:
    """Forget all attachments of a record."""
    connection.execute(delete(attachment).where(attachment.c.record_id == record_id))


def _attachment(row: Any) -> Attachment:
    return Attachment(
        number=row.number,
        role=Role(row.role),
        kind=row.kind,
        title_no=row.title_no,
        pages=row.pages,
        media=row.media,
        size_bytes=row.size,
        sha256=row.sha256,
        added_at=row.added_at,
    )
