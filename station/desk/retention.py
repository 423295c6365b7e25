"""Retention: packets that central has finished with are shown, and after their days destroyed. Nothing else ever is.

Destroyed is the identity that opens the packet, then its file; row, hashes and receipt stay. No row is believed for it:
the receipt is proved anew, against central's keys and the file itself, in the moment in which the file goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from station import failpoint
from station.desk.office import Office
from station.domain.delivery import OutboxItem
from station.domain.errors import StoreError, TrustError
from station.domain.nik import mask_nik
from station.domain.permission import Permission
from station.domain.record import RecordKey, State
from station.domain.retention import FINAL, LONGEST_DAYS, Hold, Parting, counted_time, due_at
from station.log import get_logger
from station.seal.packet import Packet, read_packet, sha256_of
from station.seal.receipts import check_receipt
from station.store import audit, retention_book, tombstones
from station.store.database import Connection
from station.store.depot import Depot
from station.store.retention_book import Finished, RecordState, SealState
from station.store.tombstones import Believed, Tombstone

log = get_logger(__name__)

AT_ONCE = 10
"""Destroyed in one go: the desk has other things to do, and comes back for the rest."""
STATION = "station"
"""Who destroys by the rule, in the audit trail."""
_AT_REST = frozenset({State.ACCEPTED, State.WITHDRAWN})
_NEWEST = 5
"""Receipts that are asked for central's time: one that was tampered with does not hide the others."""


@dataclass(frozen=True)
class Outlook:
    """Everything central has finished with, the first to go first. `counted` is None while nobody knows the time."""

    partings: tuple[Parting, ...]
    counted: datetime | None
    days: int

    @property
    def due(self) -> tuple[Parting, ...]:
        """What a person may let go now."""
        return tuple(item for item in self.partings if self.counted is not None and item.may_go_now(self.counted))


@dataclass(frozen=True)
class Run:
    """What one run has done: how many packets are gone and their bytes, what stays and why, and whether more waits."""

    gone: int = 0
    gone_bytes: int = 0
    held: tuple[tuple[RecordKey, Hold], ...] = ()
    more: bool = False


@dataclass(frozen=True)
class Named:
    """Which record a packet is of; '' where this station does not know. The NIK is masked."""

    registration_no: str = ""
    nik: str = ""


def named(office: Office, keys: Sequence[RecordKey]) -> tuple[Named, ...]:
    """The records of these packets, for the list of what goes."""
    office.require(Permission.READ_GUARD)
    with office.applicants.read() as connection:
        known = retention_book.numbers(connection, keys)
    rows = (known.get(key.record_id, ("", "")) for key in keys)
    return tuple(Named(number, mask_nik(nik)) for number, nik in rows)


def outlook(office: Office) -> Outlook:
    """What goes, and when."""
    office.require(Permission.READ_GUARD)
    return _outlook(office)


def announce(office: Office) -> Outlook:
    """Say of everything that will go that it will, a day before; of what stays after all, that it stays."""
    found = _outlook(office)
    if found.counted is None:
        return found
    shown = [item.key for item in found.partings if item.held is None]
    unsaid = [item.key for item in found.partings if item.held is None and item.announced_at is None]
    with office.applicants.write() as connection:
        retention_book.announce(connection, unsaid, found.counted)
        retention_book.withdraw_announcements(connection, frozenset(shown))
    return found


def run(office: Office, most: int = AT_ONCE) -> Run:
    """Destroy what is due and was announced, by the rule and without anybody's asking."""
    found = _outlook(office)
    counted = found.counted
    if counted is None:
        return Run()
    return _run(office, [item for item in found.partings if item.may_go(counted)], STATION, most)


def run_now(office: Office, most: int = AT_ONCE) -> Run:
    """Destroy what is due without waiting for its hour. AccessError `access.role`."""
    office.require(Permission.DELETE_FINISHED)
    return _run(office, _outlook(office).due, office.operator.operator_id, most)


def heal(office: Office) -> None:
    """Finish what a power cut interrupted, and what came back with an old copy: what is gone, is gone everywhere.

    What was begun and has no tombstone yet goes with the next run.
    """
    gone = tombstones.keys(office.depot.packets)
    if not gone:
        return
    with office.applicants.read() as connection:
        opens = set(retention_book.with_identity(connection, gone))
    for key in sorted(opens | gone.intersection(office.depot.packets.all_keys()), key=str):
        _destroy_again(office, key)


def prove(depot: Depot, item: OutboxItem) -> Packet:
    """The packet of a row, when central's receipt proves that it has exactly this file. TrustError, StoreError."""
    enrolment, _ = depot.enrolled()
    if not item.receipt:
        raise TrustError("receipt.unreadable")
    data = depot.packets.read(item.key)
    sha256, size = sha256_of(data), len(data)
    if (sha256, size) != (item.sha256, item.size):
        raise TrustError("packet.changed")
    keys, central_id = enrolment.receipt_keys, enrolment.central_id
    check_receipt(item.receipt, keys, record=item.key, sha256=sha256, size=size, central_id=central_id)
    packet = read_packet(data)
    if (packet.manifest.record_id, packet.manifest.revision) != (item.key.record_id, item.key.revision):
        raise TrustError("packet.changed")
    return packet


def _outlook(office: Office) -> Outlook:
    depot, days = office.depot, office.policy_now().retention_days
    with depot.outbox.database.read() as rows:
        found = retention_book.finished(rows, FINAL)
    keys = [one.item.key for one in found]
    with office.applicants.read() as connection:
        seals = retention_book.seal_states(connection, keys)
        records = retention_book.record_states(connection, keys)
    partings = [_parting(one, seals.get(one.item.key), records.get(one.item.key.record_id), days) for one in found]
    partings.sort(key=lambda item: (item.due_at, str(item.key)))
    return Outlook(tuple(partings), _counted(office), days)


def _parting(found: Finished, seal: SealState | None, record: RecordState | None, days: int) -> Parting:
    """What is known of one packet without opening anything."""
    item, begun = found.item, seal is not None and seal.purged_at is not None
    invited = record is not None and record.comes_again
    open_work = record is not None and (record.state not in _AT_REST or record.revision < item.key.revision)
    parting = Parting(
        key=item.key,
        size=item.size,
        receipt_no=item.receipt_no,
        final_at=found.final_at,
        due_at=due_at(found.final_at, LONGEST_DAYS if invited else days),
        announced_at=seal.announced_at if seal is not None else None,
        begun=begun,
    )
    if begun:  # it cannot be opened here any more: nobody works on it
        return parting
    return replace(parting, held=Hold.OPEN) if open_work else parting


def _counted(office: Office) -> datetime | None:
    depot = office.depot
    enrolment, _ = depot.enrolled()
    newest = None
    for item in retention_book.newest_receipts(depot.outbox.database, _NEWEST):
        try:
            newest = check_receipt(
                item.receipt or "",
                enrolment.receipt_keys,
                record=item.key,
                sha256=item.sha256,
                size=item.size,
                central_id=enrolment.central_id,
            ).received_at
            break
        except TrustError:
            continue
    return counted_time(office.now(), depot.clocks.check, newest)


def _run(office: Office, partings: Sequence[Parting], by: str, most: int) -> Run:
    gone = gone_bytes = tried = 0
    held: list[tuple[RecordKey, Hold]] = []
    for parting in partings:
        if gone >= most:
            break
        tried += 1
        hold = _destroy(office, parting, by)
        if hold is not None:
            held.append((parting.key, hold))
        else:
            gone, gone_bytes = gone + 1, gone_bytes + parting.size
    return Run(gone, gone_bytes, tuple(held), more=tried < len(partings))


def _destroy(office: Office, parting: Parting, by: str) -> Hold | None:
    """One packet; why it stays, or None.

    The outbox is held while it happens: nobody can queue the packet between the last look and the end of its file.
    Each step may be repeated: what a power cut leaves is finished by the next run, or by the next start.
    """
    depot, key = office.depot, parting.key
    with depot.outbox.database.write() as rows:
        found = retention_book.finished_one(rows, key, FINAL)
        if found is None:
            return Hold.OPEN
        try:
            packet = prove(depot, found.item)
        except TrustError as problem:
            log.error("packet %s stays: its receipt does not prove that central has it (%s)", key, problem.code)
            return Hold.RECEIPT
        except StoreError as problem:
            log.error("packet %s stays: its file cannot be read (%s)", key, problem.code)
            return Hold.FILE
        now = office.now()
        if not _forget(office, found.item, by, now, begun=parting.begun):
            return Hold.OPEN
        failpoint.reach("purge.forgotten")
        tombstones.put(depot.packets, key, _tombstone(found, packet, now))
        failpoint.reach("purge.marked")
        depot.packets.destroy(key)
        failpoint.reach("purge.deleted")
        retention_book.mark_purged(rows, key, now)
    failpoint.reach("purge.done")
    return None


def _forget(office: Office, item: OutboxItem, by: str, now: datetime, *, begun: bool) -> bool:
    """Destroy the identity, unless somebody has begun to work on the record since."""
    key = item.key
    with office.applicants.write() as connection:
        record = retention_book.record_states(connection, [key]).get(key.record_id)
        at_work = record is not None and (record.state not in _AT_REST or record.revision < key.revision)
        if at_work and not begun:
            return False
        retention_book.destroy_identity(connection, key, now)
        _note(office, connection, by, key, sha256=item.sha256, receipt_no=item.receipt_no)
    return True


def _tombstone(found: Finished, packet: Packet, now: datetime) -> Tombstone:
    item = found.item
    assert item.receipt is not None  # proved a moment ago
    return Tombstone(
        manifest=packet.manifest_jws,
        receipt=item.receipt,
        sha256=item.sha256,
        size=item.size,
        purged_at=now,
        code=item.central_code,
        code_at=item.central_at,
    )


def _destroy_again(office: Office, key: RecordKey) -> None:
    """Identity or file of a packet that has a tombstone. That it was destroyed is believed of `applicants.db`, which
    nobody can edit; else the receipt, the status and the days beside the file have to say so once more.
    """
    depot = office.depot
    try:
        gone = depot.believed(key)
        if not (_was_begun(office, key) or _is_over(office, gone)):
            log.error("packet %s has a tombstone before its days are over, and stays", key)
            return
        here = depot.packets.path(key).exists()
        if here and not depot.packets.intact(key, gone.item.sha256):
            raise TrustError("packet.changed")
    except (StoreError, TrustError) as problem:
        log.error("packet %s is here though it has a tombstone, and stays: %s", key, problem.code)
        return
    with office.applicants.write() as connection:
        if retention_book.destroy_identity(connection, key, office.now()):
            _note(office, connection, STATION, key, again=True)
    if here:
        depot.packets.destroy(key)
        log.info("what was left of packet %s, whose days were over, was destroyed", key)


def _was_begun(office: Office, key: RecordKey) -> bool:
    with office.applicants.read() as connection:
        seal = retention_book.seal_states(connection, [key]).get(key)
    return seal is not None and seal.purged_at is not None


def _is_over(office: Office, gone: Believed) -> bool:
    """By the tombstone alone, as after an old copy of `applicants.db` was put back."""
    counted, days = _counted(office), office.policy_now().retention_days
    final = gone.code in FINAL and gone.code_at is not None
    return final and counted is not None and due_at(gone.code_at or counted, days) <= counted


def _note(office: Office, connection: Connection, by: str, key: RecordKey, **detail: object) -> None:
    audit.append(
        connection,
        at=office.now(),
        operator_id=by,
        action="purge",
        record_id=key.record_id,
        revision=key.revision,
        **detail,
    )
