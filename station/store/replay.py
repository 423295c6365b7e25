"""Sealed packets put back into an applicants' database that is older than they are: what their manifests tell.

Functions take an open transaction. A name is in no manifest: who was recorded is shown by record id. Knows no file.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from station.domain.backup import Recovery
from station.domain.form import FORM_VERSION
from station.domain.record import Record, RecordKey, State
from station.domain.service import Service
from station.domain.steps import Step
from station.store import attachments, captures, records
from station.store.database import Database
from station.store.records import Stored
from station.store.settings import put_setting, read_setting
from station.store.tables import audit, counter, record, seal
from station.wire import PacketManifest

RECOVERY = "recovery"
"""The setting that tells what was done to a damaged database, and is not settled."""
NUMBERS_LEFT_OUT = 200
"""Registration numbers of a day that are not given: some of them were, and are on papers that people carry."""


def sealed_keys(connection: Connection) -> frozenset[RecordKey]:
    """Packets that this database knows as sealed."""
    query = select(seal.c.record_id, seal.c.revision).where(seal.c.sequence.is_not(None))
    return frozenset(RecordKey(row.record_id, row.revision) for row in connection.execute(query))


def strangers(connection: Connection, packets: frozenset[RecordKey]) -> frozenset[RecordKey]:
    """Those of `packets` whose record is unknown here, or known in an earlier revision only."""
    unknown = packets - sealed_keys(connection)
    if not unknown:
        return unknown
    known = {row.record_id: row.revision for row in connection.execute(select(record.c.record_id, record.c.revision))}
    return frozenset(key for key in unknown if known.get(key.record_id, 0) < key.revision)


def holds_records(database: Database) -> bool:
    """False for an empty file, which SQLite would take for a new database."""
    with database.read() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'record'").scalar()
    return bool(found)


def believe(connection: Connection, manifest: PacketManifest, sha256: str, now: datetime) -> None:
    """The record of this packet is sealed, as its manifest says, and the packet is a link of the chain."""
    stored = records.get(connection, manifest.record_id)
    if stored is None:
        records.add(connection, _unknown(manifest, now))
    elif _is_older(stored, manifest.revision):
        entry = replace(
            stored.record, revision=manifest.revision, state=State.SEALED, sealed_at=manifest.sealed_at, changed_at=now
        )
        records.save(connection, replace(stored, record=entry, refused=(), approval=None, verification=()))
        captures.clear(connection, manifest.record_id)
        attachments.clear(connection, manifest.record_id)
    link = {"sequence": manifest.sequence, "sha256": sha256}
    connection.execute(
        insert(seal)
        .values(record_id=manifest.record_id, revision=manifest.revision, **link)
        .on_conflict_do_update(index_elements=["record_id", "revision"], set_=link)
    )


def note_recovery(connection: Connection, recovery: Recovery | None) -> None:
    """Keep in the database itself what was done to it, until it is settled; None when it is."""
    put_setting(
        connection, RECOVERY, None if recovery is None else TypeAdapter(Recovery).dump_python(recovery, mode="json")
    )


def noted_recovery(connection: Connection) -> Recovery | None:
    """What was done to this database and is not settled."""
    kept = read_setting(connection, RECOVERY)
    return None if kept is None else TypeAdapter(Recovery).validate_python(kept)


def leave_numbers_out(connection: Connection, days: set[date]) -> None:
    """Of each day whose registration numbers may have been given without this database knowing."""
    for day in sorted(days):
        last = connection.execute(select(counter.c.last).where(counter.c.day == day.isoformat())).scalar()
        given = (last or 0) + NUMBERS_LEFT_OUT
        value = insert(counter).values(day=day.isoformat(), last=given)
        connection.execute(value.on_conflict_do_update(index_elements=["day"], set_={"last": given}))


def newest_line_at(connection: Connection) -> datetime | None:
    """When the last line of the audit trail was written."""
    found: datetime | None = connection.execute(select(audit.c.at).order_by(audit.c.number.desc()).limit(1)).scalar()
    return found


def _is_older(stored: Stored, revision: int) -> bool:
    entry = stored.record
    return entry.revision < revision or (entry.revision == revision and entry.state is State.DRAFT)


def _unknown(manifest: PacketManifest, now: datetime) -> Stored:
    kinds = set(Service)
    entry = Record(
        record_id=manifest.record_id,
        revision=manifest.revision,
        state=State.SEALED,
        registration_no=manifest.record_id,
        nik="",
        name="",
        village="",
        started_at=manifest.sealed_at,
        sealed_at=manifest.sealed_at,
        changed_at=now,
    )
    return Stored(
        record=entry,
        form_version=FORM_VERSION,
        answers={},
        confirmed=(),
        exceptions=(),
        refused=(),
        step=Step.REVIEW,
        operator_id=manifest.operator_id,
        service=Service(manifest.kind) if manifest.kind in kinds else Service.NEW,
    )
