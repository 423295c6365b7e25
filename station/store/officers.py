"""Officers as the encrypted database knows them: their role, and who let them in. Names and keys are in the keyring.

Must not know what a role allows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from station.store.tables import audit, officer

NOBODY = ""
"""Let in by nobody: there from the first day."""
UNKNOWN = "?"
"""In the keyring, and nothing here says who let them in."""


@dataclass(frozen=True)
class Officer:
    """One officer. `added_by` is an operator, NOBODY or UNKNOWN."""

    operator_id: str
    role: str
    added_by: str


def add(connection: Connection, who: Officer, at: datetime) -> None:
    """Remember somebody."""
    values = {"operator_id": who.operator_id, "role": who.role, "added_by": who.added_by, "added_at": at}
    connection.execute(insert(officer).values(**values))


def keep(connection: Connection, who: Officer, at: datetime) -> None:
    """Remember somebody, in place of what was known of them."""
    connection.execute(delete(officer).where(officer.c.operator_id == who.operator_id))
    add(connection, who, at)


def all_of(connection: Connection) -> dict[str, Officer]:
    """Everybody who was ever let in, by operator."""
    rows = connection.execute(select(officer))
    return {row.operator_id: Officer(row.operator_id, row.role, row.added_by) for row in rows}


def told_by_audit(connection: Connection) -> dict[str, str]:
    """Who let whom in before that was kept here: the audit trail has told it from the beginning."""
    lines = connection.execute(select(audit.c.operator_id, audit.c.detail).where(audit.c.action == "officer_add"))
    return {str(json.loads(line.detail).get("added", "")): line.operator_id for line in lines}
