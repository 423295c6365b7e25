"""Signed heads of the audit trail, beside it: in a file that opens without a password, where the engine finds them.

Whoever holds the database key could write the whole trail anew; these words were given before.
"""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from station.store.database import Database
from station.store.tables import audit_head

MOST = 500
"""Heads that are kept: the newest ones. The last of them is also kept by central."""


class AuditHeads:
    """One row for each head that was signed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, number: int, token: str) -> None:
        """Keep a head. One of this number that was signed before stays: a second one would say something else."""
        with self._database.write() as connection:
            connection.execute(insert(audit_head).values(number=number, token=token).on_conflict_do_nothing())
            place = select(audit_head.c.number).order_by(audit_head.c.number.desc()).offset(MOST).limit(1)
            last = connection.execute(place).scalar()
            if last is not None:
                connection.execute(delete(audit_head).where(audit_head.c.number <= last))

    def newest(self) -> tuple[int, str] | None:
        """Number and token of the newest; None before the first."""
        query = select(audit_head.c.number, audit_head.c.token).order_by(audit_head.c.number.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else (int(row.number), str(row.token))

    def all(self, since: int = 0) -> tuple[str, ...]:
        """Tokens of numbers from `since` on, oldest first."""
        query = select(audit_head.c.token).where(audit_head.c.number >= since).order_by(audit_head.c.number)
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())
