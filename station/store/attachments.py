"""Scans and evidence photos of drafts, as they will be sealed; deleted in the transaction that seals the record."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from station.domain.attachment import Attached, Attachment, Role
from station.store.tables import attachment

_FACTS = [column for column in attachment.c if column.name != "data"]
_GONE = ""
"""The role of an attachment that was dropped. Its row stays, empty, so that its number is never given again: an
exception may name its photo by number, and must not find another picture there."""
_EMPTY = {"role": _GONE, "kind": "", "title_no": "", "pages": 0, "media": "", "size": 0, "sha256": "", "data": b""}


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
    put(connection, record_id, Attached(made, data))
    return made


def put(connection: Connection, record_id: str, item: Attached) -> None:
    """Keep an attachment under the number it has already, as it comes back from a packet."""
    made = item.facts
    connection.execute(
        insert(attachment).values(
            record_id=record_id,
            number=made.number,
            role=made.role.value,
            kind=made.kind,
            title_no=made.title_no,
            pages=made.pages,
            media=made.media,
            size=made.size_bytes,
            sha256=made.sha256,
            added_at=made.added_at,
            data=item.data,
        )
    )


def facts(connection: Connection, record_id: str) -> tuple[Attachment, ...]:
    """What is attached, without the bytes, in order."""
    here = (attachment.c.record_id == record_id, attachment.c.role != _GONE)
    query = select(*_FACTS).where(*here).order_by(attachment.c.number)
    return tuple(_attachment(row) for row in connection.execute(query))


def data(connection: Connection, record_id: str, number: int) -> bytes | None:
    """The bytes of one attachment, or None."""
    query = select(attachment.c.data).where(*_this(record_id, number))
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def all_of(connection: Connection, record_id: str) -> tuple[Attached, ...]:
    """What is attached, bytes included, in order."""
    here = (attachment.c.record_id == record_id, attachment.c.role != _GONE)
    query = select(attachment).where(*here).order_by(attachment.c.number)
    return tuple(Attached(_attachment(row), bytes(row.data)) for row in connection.execute(query))


def drop(connection: Connection, record_id: str, number: int) -> None:
    """Forget one attachment; its number is not given to another."""
    connection.execute(update(attachment).where(*_this(record_id, number)).values(_EMPTY))


def describe(connection: Connection, record_id: str, number: int, kind: str, title_no: str) -> None:
    """Another kind or number of the document; its pages stay."""
    connection.execute(update(attachment).where(*_this(record_id, number)).values(kind=kind, title_no=title_no))


def replace(connection: Connection, record_id: str, number: int, data: bytes, *, pages: int) -> None:
    """Other pages in the same document."""
    sha256 = hashlib.sha256(data).hexdigest()
    changed = {"data": data, "pages": pages, "size": len(data), "sha256": sha256}
    connection.execute(update(attachment).where(*_this(record_id, number)).values(changed))


def clear(connection: Connection, record_id: str) -> None:
    """Forget all attachments of a record."""
    connection.execute(delete(attachment).where(attachment.c.record_id == record_id))


def _this(record_id: str, number: int) -> tuple[ColumnElement[bool], ...]:
    return (attachment.c.record_id == record_id, attachment.c.number == number, attachment.c.role != _GONE)


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
