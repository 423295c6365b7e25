"""When data of this station are damaged: the newest good copy takes their place, and the sealed packets are put on top.

The damaged files are kept. Nothing sealed is lost; drafts that are younger than the copy are. Must not know the window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from pydantic import ValidationError

from station.desk import healing
from station.desk.database_key import open_database
from station.desk.office import Office
from station.desk.rebuilding import rebuild, whole
from station.desk.station_key import restore_station_key
from station.domain.backup import Recovery
from station.domain.errors import StationError, StoreError, TrustError
from station.domain.record import RecordKey
from station.log import get_logger
from station.seal.jws import SigningKey, read_unverified
from station.seal.packet import sha256_of, verify_packet
from station.store import audit, seals, second_copy, settings, tombstones
from station.store import replay as replaying
from station.store.database import Connection, Database
from station.store.depot import Depot
from station.store.folder import Folder
from station.store.restored import forget_restored, note_of, restored_facts
from station.store.rosters import Rosters
from station.store.secrets import STATION_KEY, secret_of
from station.store.snapshot_facts import check_signature
from station.wire import PacketManifest

DAMAGED = ("store.corrupt", "store.wrong_key")
"""What a database says of pages that are not what was written. The key was right: it opened the list of officers."""
GAP = 1000
"""Numbers of the chain left out after data were put right: those may be at central, or in use on a computer that still
lives."""
MOST_DAYS = 60
log = get_logger(__name__)


def open_whole(depot: Depot, key: bytes, waived_by: str = "") -> tuple[Database, bytes, Recovery | None]:
    """The applicants' database with every page proved, the key it has, and what had to be done for it.

    StoreError of a disk that does not answer: then nothing is changed. StoreError `backup.away` (place) when no copy
    opens and a medium that may have one is not connected, unless somebody, `waived_by`, goes on without it. TrustError
    `backup.forged` when a restored folder is not what its station signed: its key is not put back then, so that nothing
    is ever sent from here. What was done is kept in the database until `settle`, whoever opens it first.
    """
    try:
        database, key = open_database(depot, key)
        database = _proved(depot.folder, whole(database))
    except StoreError as problem:
        if problem.code not in DAMAGED:
            raise
        log.error("the applicants' database is damaged: %s", problem.code)
        rebuild(depot.folder, key, waived_by)
        database = _proved(depot.folder, whole(Database(depot.folder.applicants_db, key)))
    try:
        return database, key, _to_settle(depot, database)
    except BaseException:
        database.close()
        raise


def settle(office: Office, recovery: Recovery | None) -> Recovery | None:
    """Put the packets on top of a database that may be older than they are, and say what was done; None when nothing.

    For a database that was restored from a backup, and for what `open_whole` found: the first lines of this sign-in
    may be in it already.
    """
    depot = office.depot
    restored = restored_facts(depot.folder.root)
    if restored is not None:
        recovery = Recovery(("restored",), "medium", since=restored.made_at)
    mended, depot.mended = depot.mended, ()
    if recovery is None:
        return Recovery(mended, "whole") if mended else None
    replayed = _replay(office, recovery)
    forget_restored(depot.folder.root)
    depot.adopt_packets()
    log.warning("the applicants' database was put right, %d packets were put on top", replayed)
    return replace(recovery, what=(*recovery.what, *mended), replayed=replayed)


def _proved(folder: Folder, database: Database) -> Database:
    """Whoever could edit the medium could have put in another central: the station key inside the database decides."""
    if restored_facts(folder.root) is None:
        return database
    try:
        with database.read() as connection:
            kept = secret_of(connection, STATION_KEY)
        if kept is None:
            raise TrustError("backup.forged")
        check_signature(note_of(folder.root), SigningKey.from_pem(kept.encode(), "").public)
    except BaseException:
        database.close()
        raise
    return database


def count_on(depot: Depot, connection: Connection, operator_id: str, now: datetime) -> None:
    """Before a line that is written ahead of any sign-in: numbers of lines that were told and are gone stay theirs."""
    told, _hash = depot.memory.audit_head
    last, _hash = audit.head(connection)
    if last < told:
        audit.append_beyond(connection, told, at=now, operator_id=operator_id, action="trail_cut", first=last + 1)


def _to_settle(depot: Depot, database: Database) -> Recovery | None:
    """What was done to this database and has not been settled, or what it lacks by itself: it was rolled back.

    Looked at before anything is written to it, and kept in it then: its next lines would hide that some are missing.
    """
    with database.read() as connection:
        noted = replaying.noted_recovery(connection)
        if noted is not None or not _was_cut(depot, connection):
            return noted
        found = Recovery(("rolled_back",), "whole", since=replaying.newest_line_at(connection))
    if restored_facts(depot.folder.root) is None:
        with database.write() as connection:
            replaying.note_recovery(connection, found)
    return found


def _was_cut(depot: Depot, connection: Connection) -> bool:
    """The database is older than it should be: it ends before a line that was told, or a sealed record is not in it.

    A draft whose packet is there is none of that: the power went out while it was sealed, see `healing.py`.
    """
    told, _hash = depot.memory.audit_head
    number, _hash = audit.head(connection)
    return number < told or bool(replaying.strangers(connection, second_copy.own_packets(depot.outbox.database)))


def _replay(office: Office, recovery: Recovery) -> int:
    """Believe every own packet that the database does not know; how many. The chain goes on after the newest, and not
    right after it: packets may have gone from here of which nothing is left.
    """
    now, depot = office.now(), office.depot
    with office.applicants.read() as connection:
        known = replaying.sealed_keys(connection)
    fresh = list(_unknown_packets(depot, known))
    gone = list(_unknown_tombstones(depot, known))
    with office.applicants.write() as connection:
        for manifest, sha256 in (*fresh, *gone):
            replaying.believe(connection, manifest, sha256, now)
        replaying.leave_numbers_out(connection, _days(office, recovery, [item for item, _sha256 in fresh]))
        _leave_gap(connection)
        replaying.note_recovery(connection, None)
        if recovery.waived_by:
            who, away = recovery.waived_by, ", ".join(recovery.away)
            audit.append(connection, at=now, operator_id=who, action="without_backup", medium=away)
        before, _hash = depot.memory.audit_head
        audit.append(
            connection,
            at=now,
            operator_id="station",
            action="recovered",
            what=list(recovery.what),
            source=recovery.source,
            since=recovery.since.isoformat() if recovery.since else "",
            replayed=len(fresh),
            trail_before=before,
        )
    return len(fresh)


def _unknown_packets(depot: Depot, known: frozenset[RecordKey]) -> Iterator[tuple[PacketManifest, str]]:
    _enrolment, key = depot.enrolled()
    for item in depot.packets.all_keys():
        if item in known:
            continue
        try:
            data = depot.packets.read(item)
            manifest = verify_packet(data, [key.public]).manifest
        except StationError as problem:
            log.error("packet %s cannot be put back into the list of records: %s", item, problem.code)
            continue
        if (manifest.record_id, manifest.revision) == (item.record_id, item.revision):
            yield manifest, sha256_of(data)


def _unknown_tombstones(depot: Depot, known: frozenset[RecordKey]) -> Iterator[tuple[PacketManifest, str]]:
    """The same of packets that were destroyed when their days were over: they were sealed, and links of the chain."""
    for item in tombstones.keys(depot.packets) - known:
        try:
            depot.believed(item)
            stone = tombstones.read(depot.packets, item)
            yield PacketManifest.model_validate(read_unverified(stone.manifest)), stone.sha256
        except (StationError, ValidationError) as problem:
            log.error("what is left of packet %s is no link: %s", item, getattr(problem, "code", "manifest"))


def _leave_gap(connection: Connection) -> None:
    newest = seals.head(connection)
    settings.put_setting(connection, seals.FLOOR, (newest.sequence if newest else 0) + GAP)


def _days(office: Office, recovery: Recovery, replayed: list[PacketManifest]) -> set[date]:
    """Local days of which registration numbers may have been given that nobody here knows of."""
    today = office.local_now().date()
    first = recovery.since.astimezone().date() if recovery.since else today
    span = min(max((today - first).days, 0), MOST_DAYS)
    return {today - timedelta(days=back) for back in range(span + 1)} | {
        item.sealed_at.astimezone().date() for item in replayed
    }


def reopen(office: Office) -> Office:
    """Close everything of this office, put right what is damaged, open it anew for the same person.

    For damage that shows while somebody works: their password was asked for already. StoreError when it cannot be.
    """
    depot, key = office.depot, office.applicants.raw_key
    office.rosters.close()
    office.applicants.close()
    depot.reopen()
    applicants, _key, recovery = open_whole(depot, key)
    try:
        lists = Rosters(applicants, depot.folder.rosters)
        anew = replace(
            office, applicants=applicants, rosters=lists, on_sealed=[], unqueued=set(), seen_change=0, expired=()
        )
        restore_station_key(depot, applicants)
        anew.recovered = settle(anew, recovery)
        healing.heal(anew)
    except BaseException:
        applicants.close()
        raise
    return anew
