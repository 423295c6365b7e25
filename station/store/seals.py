"""What the station keeps of its seals: the identity that can open a record for repair, and the chain of packets."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.sqlite import insert

from station.domain.record import RecordKey
from station.store.settings import put_setting, read_setting
from station.store.tables import seal

FLOOR = "chain_floor"
"""The setting below which no packet is numbered any more."""
_GIVEN_UP = "seal_given_up"


@dataclass(frozen=True)
class ChainHead:
    """The newest packet of this station: its sequence number and hash; '' when nothing here knows its hash."""

    sequence: int
    sha256: str


def plan(connection: Connection, key: RecordKey, identity: str, face: bytes | None) -> None:
    """Keep the identity before the packet exists: a power cut in between must not make the packet unreadable."""
    values = {"identity": identity, "sequence": None, "sha256": None, "face": face}
    connection.execute(
        insert(seal)
        .values(record_id=key.record_id, revision=key.revision, **values)
        .on_conflict_do_update(index_elements=["record_id", "revision"], set_=values)
    )


def finish(connection: Connection, key: RecordKey, *, sequence: int, sha256: str) -> None:
    """Note the sealed packet in the chain."""
    connection.execute(_where(key).values(sequence=sequence, sha256=sha256))


def give_up(connection: Connection) -> None:
    """Take the place of a commit that the disk refused: what it wrote may lie in the log, whole but for the last sync.

    A power cut would bring it back as if it had succeeded. The next thing written takes its place, whatever it is; it
    must only never be the same twice, for then nothing would be written.
    """
    put_setting(connection, _GIVEN_UP, token_hex(8))


def identity_of(connection: Connection, key: RecordKey) -> str | None:
    """The age identity of a record, or None after it was destroyed."""
    found = connection.execute(
        select(seal.c.identity).where(seal.c.record_id == key.record_id, seal.c.revision == key.revision)
    ).scalar()
    return None if found is None else str(found)


def newest_revision(connection: Connection, record_id: str) -> int:
    """The last revision that was sealed, or was about to be; 0 when none was."""
    query = select(func.max(seal.c.revision)).where(seal.c.record_id == record_id)
    return int(connection.execute(query).scalar() or 0)


def face_of(connection: Connection, record_id: str) -> bytes | None:
    """The portrait of the newest seal, for the operator to recognise the person."""
    query = select(seal.c.face).where(seal.c.record_id == record_id).order_by(seal.c.revision.desc()).limit(1)
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def head(connection: Connection) -> ChainHead | None:
    """The newest link of the chain, or None before the first seal.

    Its number is at least the one that was set when data were put right: those below it may be in use elsewhere.
    """
    query = select(seal.c.sequence, seal.c.sha256).where(seal.c.sequence.is_not(None))
    row = connection.execute(query.order_by(seal.c.sequence.desc()).limit(1)).first()
    floor = int(read_setting(connection, FLOOR) or 0)
    if row is None:
        return ChainHead(floor, "") if floor else None
    return ChainHead(max(int(row.sequence), floor), str(row.sha256))


def _where(key: RecordKey):  # type: ignore[no-untyped-def]  # SQLAlchemy's Update is generic over nothing useful here
    return update(seal).where(seal.c.record_id == key.record_id, seal.c.revision == key.revision)
