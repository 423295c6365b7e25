"""The audit trail: appended to in the transaction of what it tells, each line hashed onto the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select

from station.store.tables import audit


@dataclass(frozen=True)
class AuditLine:
    """One line. `detail` holds codes and numbers, never personal data."""

    number: int
    at: datetime
    operator_id: str
    action: str
    record_id: str | None
    detail: Mapping[str, Any]
    hash: str


@dataclass(frozen=True)
class Wanted:
    """Which lines somebody wants to see: of this officer, of these actions, from one moment to before another, about
    this record (the beginning of its id is enough). What is empty leaves nothing out.
    """

    operator_id: str = ""
    actions: frozenset[str] = frozenset()
    since: datetime | None = None
    before: datetime | None = None
    record_id: str = ""


def append(
    connection: Connection,
    *,
    at: datetime,
    operator_id: str,
    action: str,
    record_id: str | None = None,
    **detail: object,
) -> None:
    """Add a line, chained to the last. Its number counts on, whatever the clock says."""
    values = {"at": at, "operator_id": operator_id, "action": action, "record_id": record_id}
    _append(connection, values, detail)


def append_beyond(
    connection: Connection, gone: int, *, at: datetime, operator_id: str, action: str, first: int
) -> None:
    """Add a line that tells of lines `first` to `gone`, which were cut off: their numbers are not given again."""
    values = {"at": at, "operator_id": operator_id, "action": action, "record_id": None}
    _append(connection, values, {"first": first, "last": gone}, at_least=gone + 1)


def _append(
    connection: Connection, values: Mapping[str, Any], detail: Mapping[str, object], *, at_least: int = 1
) -> None:
    last = connection.execute(select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)).first()
    number, before = (last.number + 1, last.hash) if last else (1, "")
    text = json.dumps(detail, sort_keys=True, default=str)
    whole = {**values, "number": max(number, at_least)}
    connection.execute(insert(audit).values(**whole, detail=text, hash=chained(before, whole, text)))


def latest(connection: Connection) -> datetime | None:
    """The latest moment that any line tells of; None of an empty trail. Not that of the last: a clock may go back."""
    return connection.execute(select(func.max(audit.c.at, type_=audit.c.at.type))).scalar()


def lines_of(connection: Connection, record_id: str) -> tuple[AuditLine, ...]:
    """The lines about a record, oldest first."""
    rows = connection.execute(select(audit).where(audit.c.record_id == record_id).order_by(audit.c.number))
    return tuple(_line(row) for row in rows)


def first_broken(connection: Connection) -> int | None:
    """The number of the first line that was edited or is missing; None when the chain is whole."""
    before, expected = "", 1
    for row in connection.execute(select(audit).order_by(audit.c.number)):
        values = {key: getattr(row, key) for key in ("number", "at", "operator_id", "action", "record_id")}
        if row.number != expected or row.hash != chained(before, values, row.detail):
            return expected
        before, expected = row.hash, expected + 1
    return None


def head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last line; (0, '') of an empty trail."""
    last = connection.execute(select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)).first()
    return (last.number, last.hash) if last else (0, "")


def count(connection: Connection) -> int:
    """How many lines there are."""
    return int(connection.execute(select(func.count()).select_from(audit)).scalar_one())


def page(connection: Connection, wanted: Wanted, *, offset: int, limit: int) -> tuple[tuple[AuditLine, ...], int]:
    """A page of the lines that somebody wants to see, the newest first, and how many there are."""
    condition = _fits(wanted)
    total = connection.execute(select(func.count()).select_from(audit).where(*condition)).scalar_one()
    query = select(audit).where(*condition).order_by(audit.c.number.desc()).offset(offset).limit(limit)
    return tuple(_line(row) for row in connection.execute(query)), int(total)


def each(connection: Connection, wanted: Wanted) -> Iterator[AuditLine]:
    """Every such line, oldest first."""
    for row in connection.execute(select(audit).where(*_fits(wanted)).order_by(audit.c.number)):
        yield _line(row)


def officers(connection: Connection) -> tuple[str, ...]:
    """Everybody who is named in the trail."""
    return tuple(connection.execute(select(audit.c.operator_id).distinct().order_by(audit.c.operator_id)).scalars())


def chained(before: str, values: Mapping[str, Any], detail: str) -> str:
    """The hash of a line after one with the hash `before`."""
    at = values["at"].astimezone(UTC).isoformat(timespec="microseconds")
    parts = (before, values["number"], at, values["operator_id"], values["action"], values["record_id"] or "", detail)
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def _fits(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.operator_id:
        found.append(audit.c.operator_id == wanted.operator_id)
    if wanted.actions:
        found.append(audit.c.action.in_(sorted(wanted.actions)))
    if wanted.since is not None:
        found.append(audit.c.at >= wanted.since)
    if wanted.before is not None:
        found.append(audit.c.at < wanted.before)
    if wanted.record_id:
        found.append(audit.c.record_id.startswith(wanted.record_id, autoescape=True))
    return found


def _line(row: Any) -> AuditLine:
    return AuditLine(row.number, row.at, row.operator_id, row.action, row.record_id, json.loads(row.detail), row.hash)
