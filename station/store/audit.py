"""The audit trail: appended to in the transaction of what it tells, each line hashed onto the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

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


def append(
    connection: Connection,
    *,
    at: datetime,
    operator_id: str,
    action: str,
    record_id: str | None = None,
    **detail: object,
) -> None:
    """Add a line, chained to the last."""
    last = connection.execute(select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)).first()
    number, before = (last.number + 1, last.hash) if last else (1, "")
    text = json.dumps(detail, sort_keys=True, default=str)
    values = {"number": number, "at": at, "operator_id": operator_id, "action": action, "record_id": record_id}
    connection.execute(insert(audit).values(**values, detail=text, hash=_chain(before, values, text)))


def lines_of(connection: Connection, record_id: str) -> tuple[AuditLine, ...]:
    """The lines about a record, oldest first."""
    rows = connection.execute(select(audit).where(audit.c.record_id == record_id).order_by(audit.c.number))
    return tuple(_line(row) for row in rows)


def first_broken(connection: Connection) -> int | None:
    """The number of the first line that was edited or is missing; None when the chain is whole."""
    before, expected = "", 1
    for row in connection.execute(select(audit).order_by(audit.c.number)):
        values = {key: getattr(row, key) for key in ("number", "at", "operator_id", "action", "record_id")}
        if row.number != expected or row.hash != _chain(before, values, row.detail):
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


def _chain(before: str, values: Mapping[str, Any], detail: str) -> str:
    at = values["at"].astimezone(UTC).isoformat(timespec="microseconds")
    parts = (before, values["number"], at, values["operator_id"], values["action"], values["record_id"] or "", detail)
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def _line(row: Any) -> AuditLine:
    return AuditLine(row.number, row.at, row.operator_id, row.action, row.record_id, json.loads(row.detail), row.hash)
