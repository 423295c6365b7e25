"""Officers as the encrypted database knows them: role, who let them in, until when. Names and keys are in the keyring.

Must not know what a role allows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from station.store.tables import audit, officer

NOBODY = ""
"""Let in by nobody: there from the first day."""
UNKNOWN = "?"
"""In the keyring, and nothing here says who let them in."""


@dataclass(frozen=True)
class Officer:
    """One officer. `added_by` is an operator, NOBODY or UNKNOWN; `name` is kept for those who have left the keyring."""

    operator_id: str
    role: str
    added_by: str
    until: datetime | None = None
    """Their rights are over from this moment on; None: without end."""
    ended_at: datetime | None = None
    """Somebody has ended their rights, and they have no key any more."""
    name: str = ""
    signed_in_at: datetime | None = None
    finger: bool = False
    """They show a finger after the password."""
    password_by: str = NOBODY
    """Another officer has given them their password (UNKNOWN: words or a code have), and they have not changed it."""


def add(connection: Connection, who: Officer, at: datetime) -> None:
    """Remember somebody."""
    connection.execute(insert(officer).values(added_at=at, **vars(who)))


def keep(connection: Connection, who: Officer, at: datetime) -> None:
    """Remember somebody, in place of what was known of them."""
    connection.execute(delete(officer).where(officer.c.operator_id == who.operator_id))
    add(connection, who, at)


def change(connection: Connection, who: Officer) -> None:
    """Keep what has changed of somebody; when they were let in stays."""
    connection.execute(update(officer).where(officer.c.operator_id == who.operator_id).values(**vars(who)))


def all_of(connection: Connection) -> dict[str, Officer]:
    """Everybody who was ever let in, by operator."""
    rows = connection.execute(select(officer))
    return {
        row.operator_id: Officer(
            operator_id=row.operator_id,
            role=row.role,
            added_by=row.added_by,
            until=row.until,
            ended_at=row.ended_at,
            name=row.name or "",
            signed_in_at=row.signed_in_at,
            finger=bool(row.finger),
            password_by=row.password_by or NOBODY,
        )
        for row in rows
    }


def told_by_audit(connection: Connection) -> dict[str, str]:
    """Who let whom in before that was kept here: the audit trail has told it from the beginning."""
    lines = connection.execute(select(audit.c.operator_id, audit.c.detail).where(audit.c.action == "officer_add"))
    return {str(json.loads(line.detail).get("added", "")): line.operator_id for line in lines}
