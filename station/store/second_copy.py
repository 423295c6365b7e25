"""Packets on the second medium: what is brought there, what comes back from it, and what may go. Slow: for a thread of
its own.

A packet is known by its hash, not by its name. It goes from the medium only when it is proved that retention has
destroyed it here. Must not know when.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select

from station.domain.errors import StationError, StoreError, TrustError
from station.domain.record import RecordKey
from station.log import get_logger
from station.seal.packet import sha256_of
from station.seal.stick import said_of_stick
from station.store import tombstones
from station.store.database import Database
from station.store.depot import Depot, outbox_item
from station.store.medium import Medium, copy_in, write_on
from station.store.outbox_rows import is_here, is_own, is_packet
from station.store.packets import PacketFolder
from station.store.retention_book import purged_keys, unmark_purged
from station.store.tables import packet
from station.store.voids import read_void, void_word

CHECK_AT_ONCE = 100
"""Copies compared with their hashes in one round: the packets that are sealed meanwhile do not wait for all of them."""
Stopped = Callable[[], bool]
log = get_logger(__name__)


def packets_on(medium: Medium) -> set[RecordKey]:
    """Packets of which there is a file on the medium. StoreError `stick.*` when it does not answer."""
    with said_of_stick():
        medium.packets.mkdir(mode=0o700, exist_ok=True)
        for part in medium.packets.glob("??/*.part"):  # of a medium that was pulled out
            part.unlink(missing_ok=True)
        return set(PacketFolder(medium.packets).all_keys())


def bring_packets(depot: Depot, medium: Medium, there: set[RecordKey], stopped: Stopped) -> int:
    """Copy what is not `there`, and add it to it; how many packets have no copy yet. StoreError `stick.*`.

    A file without a row in the outbox may still be taken back: it is copied once it has one.
    """
    hashes = _hashes(depot.outbox.database)
    missing = [key for key in depot.packets.all_keys() if key in hashes and key not in there]
    folder = PacketFolder(medium.packets)
    left = len(missing)
    for key in missing:
        if stopped():
            break
        try:
            data = depot.packets.read(key)
            _check(depot, key, data, hashes[key])  # what is damaged here is not handed on as if it were a copy
        except StationError as problem:
            log.error("packet %s is not copied to the backup: %s", key, problem.code)
            continue
        with said_of_stick():
            write_on(folder.path(key), data)
        there.add(key)
        left -= 1
    return left


def drop_changed(depot: Depot, medium: Medium, there: set[RecordKey], keys: Collection[RecordKey]) -> int:
    """Take out of `there` which of `keys` is not what was sealed, so that it is brought once more; how many."""
    hashes = _hashes(depot.outbox.database)
    changed = 0
    for key in there.intersection(keys) & hashes.keys():
        try:
            _check(depot, key, PacketFolder(medium.packets).read(key), hashes[key])
        except StationError as problem:
            log.warning("the copy of packet %s is not what was sealed: %s", key, problem.code)
            there.discard(key)
            changed += 1
    return changed


def bring_back(depot: Depot, medium: Medium, there: set[RecordKey]) -> int:
    """Packets whose file is gone here come back from the medium, when they are what was sealed; how many.

    Not what retention has destroyed, and nothing while the medium cannot be read: it is asked again.
    """
    here, hashes = set(depot.packets.all_keys()), _hashes(depot.outbox.database, gone=True)
    back = 0
    for key in (hashes.keys() - here) & there:
        try:
            data = PacketFolder(medium.packets).read(key)
            _check(depot, key, data, hashes[key])
            if _put_back(depot, key, data):
                back += 1
        except StationError as problem:
            log.error("packet %s cannot come back from the backup: %s", key, problem.code)
    if back:
        log.warning("%d packets were gone here and came back from the backup", back)
    return back


def follow_voids(depot: Depot, medium: Medium) -> None:
    """What was given up is marked on the medium as well, signed, so that a restored station does not send it."""
    folder, key_of_station = PacketFolder(medium.packets), depot.key
    here, there = set(depot.packets.void_keys()), set(folder.void_keys())
    with said_of_stick():
        for key in here:
            path = folder.path(key).with_suffix(".void")
            if key_of_station is not None and not (key in there and read_void(path, key, key_of_station.public)):
                write_on(path, void_word(key, key_of_station))
        for key in there - here:
            folder.path(key).with_suffix(".void").unlink(missing_ok=True)


def follow_set_aside(depot: Depot, medium: Medium, there: set[RecordKey]) -> int:
    """What was taken back after it was copied is set aside there too: a restored station must not send it. How many."""
    folder, aside = PacketFolder(medium.packets), 0
    for key in there - _hashes(depot.outbox.database, gone=True).keys():
        if not depot.packets.path(key).exists() and depot.packets.was_set_aside(key):
            folder.set_aside(key)
            there.discard(key)
            aside += 1
    return aside


def drop_purged(depot: Depot, medium: Medium, there: set[RecordKey]) -> int:
    """Delete the copies of packets that retention has destroyed here, each when its tombstone proves it; how many."""
    gone, folder = 0, PacketFolder(medium.packets)
    for key in purged_keys(depot.outbox.database) & there:
        try:
            if depot.packets.path(key).exists() or not folder.intact(key, depot.believed(key).item.sha256):
                continue
        except StationError as problem:
            log.error("the copy of packet %s stays, nothing proves that it may go: %s", key, problem.code)
            continue
        with said_of_stick():  # a restored station shall know that it was meant to go
            copy_in(tombstones.path_of(depot.packets, key), tombstones.path_of(folder, key))
            folder.path(key).unlink(missing_ok=True)
        there.discard(key)
        gone += 1
    return gone


def own_packets(database: Database) -> frozenset[RecordKey]:
    """Packets of this station whose file should be here."""
    query = select(packet.c.record_id, packet.c.revision).where(is_own(), is_here())
    with database.read() as connection:
        return frozenset(RecordKey(row.record_id, row.revision) for row in connection.execute(query))


def count_only_here(database: Database, there: set[RecordKey] | None, good_at: datetime | None) -> int:
    """Own packets without a second copy: not `there`, or, while nobody can look, sealed after `good_at`."""
    if there is not None:
        return len(own_packets(database) - there)
    late = select(func.count()).select_from(packet).where(is_own(), is_here())
    if good_at is not None:
        late = late.where(packet.c.sealed_at > good_at)
    with database.read() as connection:
        return int(connection.execute(late).scalar_one())


def _hashes(database: Database, *, gone: bool = False) -> Mapping[RecordKey, str]:
    """Own packets and the hash each was sealed with; '' where the file was damaged before anybody had noted it.

    `gone`: those as well whose row says that they were destroyed.
    """
    query = select(packet.c.record_id, packet.c.revision, packet.c.sha256, packet.c.origin).where(is_own())
    with database.read() as connection:
        rows = connection.execute(query if gone else query.where(is_here()))
        return {RecordKey(row.record_id, row.revision): row.sha256 if row.origin else "" for row in rows}


def _check(depot: Depot, key: RecordKey, data: bytes, sha256: str) -> None:
    """TrustError unless `data` is the packet that was sealed."""
    outbox_item(data, key, depot.key)
    if sha256 and sha256_of(data) != sha256:
        raise TrustError("packet.changed")


def _is_destroyed(depot: Depot, key: RecordKey, *, marked: bool) -> bool:
    """Whether retention has destroyed it: the row alone, `marked`, is not believed. StoreError: nobody can say."""
    try:
        depot.believed(key)
    except TrustError:
        return marked
    except StoreError as problem:
        if problem.code == "packet.missing":
            return False
        raise
    return True


def _put_back(depot: Depot, key: RecordKey, data: bytes) -> bool:
    """Retention holds the outbox while it destroys: with the outbox held nobody is between the file and its row."""
    query = select(packet.c.purged_at).where(is_packet(key), is_own())
    with depot.outbox.database.write() as rows:
        row = rows.execute(query).first()
        if row is None or _is_destroyed(depot, key, marked=row.purged_at is not None):
            return False
        depot.packets.write(key, data)
    unmark_purged(depot.outbox.database, [key])
    depot.outbox.retry(key)
    return True
