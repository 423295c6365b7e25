"""Where packets stand, for the record list: read from the outbox, and laid beside the records of another database.

The two are different files, one encrypted and one not. Attaching one to the other would make every write of the desk
lock the outbox too. So the few members a list needs are copied into a table in memory that belongs to one connection
and holds nothing personal. Times stay the sortable text they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    case,
    func,
    insert,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.schema import CreateTable

from station.domain.central_status import central_status, place_of
from station.domain.delivery import Stage
from station.store.database import Database
from station.store.outbox_rows import is_own
from station.store.tables import packet

standing = Table(
    "standing",
    MetaData(),
    Column("record_id", String(36), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("stage", String(16)),
    Column("code", String(200)),
    Column("at", String(32)),
    Column("quiet", Integer),
    Column("place", Integer),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
"""`at` is central's last word, else its receipt. `quiet` is 1 when that is too long ago and checking is not finished.
`place` sorts by the way of a record at central."""

Beside = Sequence[dict[str, Any]]
_LAST_WORD = func.coalesce(packet.c.central_at, packet.c.received_at)


def all_standings(outbox: Database, quiet_before: datetime) -> Beside:
    """Every packet's place."""
    return _read(outbox, true(), quiet_before)


def noteworthy(outbox: Database, quiet_before: datetime) -> Beside:
    """The few that put a record under another chip than its own state would: stopped, refused or quiet."""
    stopped = packet.c.stage.in_([Stage.PARKED.value, Stage.REJECTED.value])
    return _read(outbox, or_(stopped, _silent(quiet_before)), quiet_before)


def lay_beside(connection: Connection, found: Beside) -> None:
    """Fill the table `standing` of this connection with `found`, in place of what an earlier question left there."""
    connection.execute(CreateTable(standing, if_not_exists=True))
    connection.execute(standing.delete())
    if found:
        connection.execute(insert(standing), found)


def _read(outbox: Database, condition: ColumnElement[bool], quiet_before: datetime) -> Beside:
    at = type_coerce(_LAST_WORD, String).label("at")
    silent = case((_silent(quiet_before), 1), else_=0).label("silent")
    query = select(packet.c.record_id, packet.c.revision, packet.c.stage, packet.c.central_code, at, silent)
    known: dict[str, tuple[int, bool]] = {"": (-1, False)}
    found = []
    with outbox.read() as connection:
        rows = connection.execute(query.where(condition, is_own()))
        for record_id, revision, stage, code, last_word, is_silent in rows:
            if code not in known:
                known[code] = (place_of(code), central_status(code).settled)
            place, settled = known[code]
            found.append(
                {
                    "record_id": record_id,
                    "revision": revision,
                    "stage": stage,
                    "code": code,
                    "at": last_word,
                    "quiet": int(is_silent and not settled),
                    "place": place,
                }
            )
    return found


def _silent(before: datetime) -> ColumnElement[bool]:
    return and_(packet.c.stage == Stage.RECEIPTED.value, before > _LAST_WORD)
