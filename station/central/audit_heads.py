"""Heads of the stations' audit trails: the newest of each is kept, and one that goes back or contradicts is flagged.

A station that cut its trail cannot take back what it signed before. Knows no HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select, update

from station.central.database import Database
from station.central.stations import KnownStation
from station.central.tables import audit_doubts, audit_heads
from station.domain.errors import TrustError
from station.seal.audit_head import check_head
from station.wire import SignedAuditHead


class Doubt(StrEnum):
    """What is wrong with a head. The values are kept and never change."""

    UNSIGNED = "unsigned"
    """This station did not sign it."""
    BACK = "back"
    """It knows of fewer lines than before: the trail was cut, or an older copy was put back."""
    CONTRADICTS = "contradicts"
    """It says something else about the same line."""


@dataclass(frozen=True)
class KeptHead:
    """The newest head of a station."""

    station_id: str
    number: int
    hash: str
    at: datetime
    token: str
    received_at: datetime


@dataclass(frozen=True)
class Doubted:
    """A head that did not go on from the one kept then."""

    station_id: str
    kind: Doubt
    kept_number: int
    came_number: int
    first_at: datetime
    last_at: datetime


class AuditHeads:
    """Thread-safe; one transaction a call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, station: KnownStation, token: str, at: datetime) -> Doubt | None:
        """Keep a head that goes on; what is wrong with one that does not, which is noted and not kept."""
        with self._database.write() as rows:
            kept = _kept(rows, station.station_id)
            try:
                came = check_head(token, station.public_key, station.station_id)
            except TrustError:
                return _note(rows, station.station_id, Doubt.UNSIGNED, kept, 0, at)
            if kept is not None and came.number < kept.number:
                return _note(rows, station.station_id, Doubt.BACK, kept, came.number, at)
            if kept is not None and came.number == kept.number:
                same = came.hash == kept.hash
                return None if same else _note(rows, station.station_id, Doubt.CONTRADICTS, kept, came.number, at)
            _keep(rows, came, token, at)
        return None

    def of(self, station_id: str) -> KeptHead | None:
        """The newest head of a station."""
        with self._database.read() as rows:
            return _kept(rows, station_id)

    def all(self) -> Sequence[KeptHead]:
        """The newest of every station that told one."""
        with self._database.read() as rows:
            return [KeptHead(*row) for row in rows.execute(select(audit_heads).order_by(audit_heads.c.station_id))]

    def doubts(self, station_id: str = "") -> Sequence[Doubted]:
        """What was wrong with heads, the newest first."""
        query = select(audit_doubts).order_by(audit_doubts.c.last_at.desc())
        if station_id:
            query = query.where(audit_doubts.c.station_id == station_id)
        with self._database.read() as rows:
            return [
                Doubted(row.station_id, Doubt(row.kind), row.kept_number, row.came_number, row.first_at, row.last_at)
                for row in rows.execute(query)
            ]


def _kept(rows: Connection, station_id: str) -> KeptHead | None:
    row = rows.execute(select(audit_heads).where(audit_heads.c.station_id == station_id)).one_or_none()
    return None if row is None else KeptHead(*row)


def _keep(rows: Connection, head: SignedAuditHead, token: str, at: datetime) -> None:
    rows.execute(delete(audit_heads).where(audit_heads.c.station_id == head.station_id))
    values = {"station_id": head.station_id, "number": head.number, "hash": head.hash, "at": head.at}
    rows.execute(insert(audit_heads).values(**values, token=token, received_at=at))


def _note(rows: Connection, station_id: str, kind: Doubt, kept: KeptHead | None, came: int, at: datetime) -> Doubt:
    """One row for the same doubt, however often it is told."""
    named = {"station_id": station_id, "kind": kind.value, "kept_number": kept.number if kept else 0}
    same = [audit_doubts.c[name] == value for name, value in {**named, "came_number": came}.items()]
    if rows.execute(update(audit_doubts).where(*same).values(last_at=at)).rowcount == 0:
        rows.execute(insert(audit_doubts).values(**named, came_number=came, first_at=at, last_at=at))
    return kind
