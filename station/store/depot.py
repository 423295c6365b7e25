"""Everything of a station that opens without a password: folder, outbox, packets, enrolment.

Opening heals: leftovers of a power cut go, a packet without an outbox row gets one, a lost or broken outbox is rebuilt
from the packets.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from station.domain.delivery import OutboxItem, just_sealed
from station.domain.errors import SetupError, StationError, StoreError, TrustError
from station.domain.outcome import Note, Trouble
from station.domain.policy import Policy
from station.domain.record import RecordKey
from station.log import get_logger
from station.seal.jws import SigningKey
from station.seal.packet import sha256_of, verify_packet
from station.store import letters, tombstones
from station.store.aside import put_aside
from station.store.audit_heads import AuditHeads
from station.store.cards import Cards
from station.store.carried import Carried
from station.store.changes import Changes
from station.store.clock_book import ClockBook
from station.store.copies import copies_of
from station.store.courier_book import CourierBook
from station.store.database import Database
from station.store.device_tickets import DeviceTickets
from station.store.devices import Devices
from station.store.disk import Gauge
from station.store.enrolment import Enrolment, FileState, load_enrolment, state_of_enrolment
from station.store.folder import Folder, settle_restored
from station.store.lane_book import LaneBook
from station.store.ledger import Ledger
from station.store.medium import copy_in
from station.store.memory import Memory
from station.store.mending import mend
from station.store.migrate import migrate
from station.store.notices import Notices
from station.store.outbox import Outbox
from station.store.packets import PacketFolder
from station.store.policies import policy_in_force
from station.store.power_book import PowerBook
from station.store.relay_book import RelayBook
from station.store.reset_book import ResetBook
from station.store.retention_book import purged_keys, remember_purged, unmark_purged
from station.store.snapshot_facts import read_facts
from station.store.station_key import OpenedKey, state_of_key
from station.store.tables import OUTBOX_TABLES
from station.store.technical_log import TechnicalLog
from station.store.throughput import Throughput
from station.store.wipe_book import WipeBook

MOST_OUTBOX_BYTES = 4 * 1024**3
"""A copy of an outbox that is larger is none: a million packets need less."""
log = get_logger(__name__)


class Depot:
    """An open data folder."""

    def __init__(self, root: Path, *, heal: bool = True) -> None:
        """Open `root`. `heal` only while no other program may be sealing here: it clears what looks half written."""
        settle_restored(root)
        self.folder = Folder(root)
        self.packets = PacketFolder(self.folder.packets)
        self._enrolment: Enrolment | None = None
        self._enrolment_file: FileState = None
        self._opened: OpenedKey | None = None
        self.mended: tuple[str, ...] = mend(self.folder, lambda: copies_of(self.folder))
        """What was damaged and has come back from a copy, until somebody was told."""
        self.load_enrolment()
        database, whole = _open_outbox(self.folder)
        self.mended += () if whole else ("outbox",)
        self.outbox = Outbox(database)
        self.memory = Memory(database)
        self.cards = Cards(self.folder.cards, lambda: self.enrolment)
        self.carried = Carried(self.folder.carried, database, self.cards)
        self.courier = CourierBook(database)
        self.changes = Changes(database)
        self.notices = Notices(database)
        self.technical_log = TechnicalLog(database)
        self.ledger = Ledger(database)
        self.relay = RelayBook(database)
        self.resets = ResetBook(database)
        self.throughput = Throughput(database)
        self.devices = Devices(database)
        self.clocks = ClockBook(database)
        self.lane_book = LaneBook(database)
        self.power = PowerBook(database)
        self.device_tickets = DeviceTickets(database)
        self.audit_heads = AuditHeads(database)
        self.disk = Gauge(self.folder, database)
        self.wipes = WipeBook(self.folder.root)
        if heal:
            self.heal()

    def reopen(self) -> None:
        """Open the same folder anew: something in it was replaced. Nobody else may be using this depot."""
        self.close()
        mended, reserve_mb = self.mended, self.disk.reserve_mb
        self.__init__(self.folder.root)  # type: ignore[misc]  # everything here hangs on the database
        self.mended, self.disk.reserve_mb = tuple(dict.fromkeys((*mended, *self.mended))), reserve_mb

    def heal(self) -> None:
        """Put right what a power cut or a lost outbox left."""
        self.folder.clear_temporaries()
        self.packets.clear_temporaries()
        self.carried.folder.clear_temporaries()
        if self.enrolment is not None:
            self.folder.settle_first_start()
        self.carried.clear_settled()
        self.remember_purged()
        adopted = self.adopt_packets()
        if adopted:
            log.warning("%d packets had no row in the outbox and were added", adopted)
        marked = self.packets.void_keys()
        for key in marked:
            letters.void_again(self.outbox.database, key)
        self.mark_voided(set(letters.void_keys(self.outbox.database)) - set(marked))

    def remember_purged(self) -> None:
        """Packets that were destroyed when their days were over have their rows, whatever became of the outbox."""
        gone, marked = tombstones.keys(self.packets), purged_keys(self.outbox.database)
        for key in gone - marked:
            self._remember_purged(key)
        here = [key for key in marked - gone if self.packets.path(key).exists()]
        if here:  # no power cut does this: the tombstone is there before the row says anything
            log.error("%d packets are said to be destroyed and are here; they are packets like every other", len(here))
            unmark_purged(self.outbox.database, here)

    def believed(self, key: RecordKey) -> tombstones.Believed:
        """What is proved of a packet that was destroyed. StoreError `packet.missing`, TrustError."""
        enrolment = self.enrolment
        if enrolment is None:
            raise TrustError("signature.invalid")
        return tombstones.believed(
            tombstones.read(self.packets, key),
            key,
            station=self.key.public if self.key is not None else None,
            receipt_keys=enrolment.receipt_keys,
            central_id=enrolment.central_id,
        )

    def _remember_purged(self, key: RecordKey) -> bool:
        """False when there is nothing to believe: then the packet, if it is here, is a packet like every other."""
        try:
            remember_purged(self.outbox, self.believed(key))
        except StoreError as problem:
            if problem.code != "packet.missing":
                log.error("what is left of packet %s cannot be read: %s", key, problem.code)
            return False
        except TrustError as problem:
            log.error("what is left of packet %s is not to be believed: %s", key, problem.code)
            return False
        return True

    def mark_voided(self, keys: Iterable[RecordKey]) -> None:
        """Mark what was given up beside the packets, for a lost outbox: never before that was decided and kept.

        What cannot be marked now is marked at the next start.
        """
        for key in keys:
            try:
                self.packets.mark_void(key)
            except StoreError as problem:
                log.error("packet %s was given up and could not be marked: %s", key, problem.code)

    @property
    def enrolment(self) -> Enrolment | None:
        """As it is on the disk now; None until the station is enrolled. Another process may deliver for this folder,
        and follow a change of keys: whoever seals here must seal for the recipients of today.
        """
        if state_of_enrolment(self.folder) != self._enrolment_file:
            self._read_enrolment_again()
        return self._enrolment

    @enrolment.setter
    def enrolment(self, value: Enrolment | None) -> None:
        """Go on with another one until the file changes."""
        self._enrolment = value

    def load_enrolment(self) -> None:
        """Read the enrolment file again, after enrolling or a change of keys."""
        state = state_of_enrolment(self.folder)  # before it is read: what is written meanwhile is read the next time
        found = load_enrolment(self.folder)
        if found is not None and (self._opened is None or self._opened.state != state_of_key(self.folder)):
            self._opened = OpenedKey(self.folder, found.station_id)
        self._enrolment, self._enrolment_file = found, state

    @property
    def key(self) -> SigningKey | None:
        """The station key; None before enrolment, or while its safe does not give it. May wait for a chip."""
        return self._opened.key if self._opened is not None else None

    @property
    def key_state(self) -> OpenedKey | None:
        """How the station key was found; None until the station is enrolled."""
        return self._opened

    def key_was_closed(self, key: SigningKey) -> None:
        """Its file was written anew, with this key in it."""
        self._opened = OpenedKey(self.folder, key.kid, key)

    def refuse_key(self) -> None:
        """What the folder holds was proved to be another station's: it signs nothing, until the file is another one."""
        if self._opened is not None:
            self._opened.refuse()

    def _read_enrolment_again(self) -> None:
        """What is gone or damaged under a running program is no reason to stop it: what was read before goes on."""
        self._enrolment_file = state_of_enrolment(self.folder)
        if self._enrolment_file is None:
            return
        try:
            self.load_enrolment()
        except SetupError as problem:
            log.error("the enrolment was changed and cannot be read: %s", problem.code)

    def enrolled(self) -> tuple[Enrolment, SigningKey]:
        """Enrolment and key. SetupError `station.not_enrolled`; `station_key.*` while the key cannot be had."""
        enrolment, opened = self.enrolment, self._opened
        if enrolment is None or opened is None:
            raise SetupError("station.not_enrolled")
        key = opened.key
        if key is None:
            raise SetupError(opened.trouble)
        return enrolment, key

    @property
    def policy(self) -> Policy:
        """What central lets this station accept, as of now."""
        return policy_in_force(self.enrolment, self.memory.policy)

    def read_packet(self, item: OutboxItem) -> bytes:
        """The file of a row, our own or carried; StoreError `packet.missing` or `packet.too_large`."""
        return (self.carried.folder if item.carried else self.packets).read(item.key)

    def adopt_packets(self) -> int:
        """Give every packet on disk its row; how many were added. A file that is not what was sealed is parked.

        Without the station key nobody can tell which are ours: they wait until it is back.
        """
        known = self.outbox.keys()
        missing = [key for key in self.packets.all_keys() if key not in known]
        if missing and self.enrolment is not None and self.key is None:
            log.error("%d packets wait for their row: the station key is not there", len(missing))
            missing = []
        own = sum(self.adopt(key) for key in missing)
        return own + self.carried.adopt(known)

    def close(self) -> None:
        self.outbox.close()

    def adopt(self, key: RecordKey) -> bool:
        """Give the packet on disk its row; False when there is no such file, or it had one.

        One that was destroyed, and came back with an old copy of the folder, is not sent again.
        """
        if self._remember_purged(key):
            return False
        try:
            data = self.packets.read(key)
        except StoreError as problem:  # too large, a bad sector, a wrong place: it must not keep the station closed
            log.error("packet %s on disk cannot be read: %s", key, problem.code)
            return False
        try:
            item = outbox_item(data, key, self.key)
        except TrustError as problem:
            log.error("packet %s on disk is not what was sealed: %s", key, problem.code)
            item = _damaged(key, data, self.packets.path(key))
            added = self.outbox.add(item)
            self.outbox.park(key, Note(Trouble.FILE_CHANGED), at=datetime.now(UTC))
            return added
        return self.outbox.add(item)


def outbox_item(data: bytes, key: RecordKey, station: SigningKey | None) -> OutboxItem:
    """The outbox row of a packet file; TrustError when its signature, its body or its name does not fit."""
    if station is None:
        raise TrustError("signature.invalid")
    manifest = verify_packet(data, [station.public]).manifest
    if (manifest.record_id, manifest.revision) != (key.record_id, key.revision):
        raise TrustError("packet.damaged")
    return _row(key, data, origin=manifest.station_id, kind=manifest.kind, sealed_at=manifest.sealed_at)


def _damaged(key: RecordKey, data: bytes, path: Path) -> OutboxItem:
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return _row(key, data, origin="", kind="", sealed_at=changed)


def _row(key: RecordKey, data: bytes, *, origin: str, kind: str, sealed_at: datetime) -> OutboxItem:
    return just_sealed(key, origin=origin, sha256=sha256_of(data), size=len(data), kind=kind, sealed_at=sealed_at)


def _open_outbox(folder: Folder) -> tuple[Database, bool]:
    """The outbox database, and whether it was whole.

    A broken one is put aside. The newest copy takes its place, or a new one: the packets know the rest.
    """
    try:
        return _whole_outbox(folder.outbox_db), True
    except StoreError as problem:
        if problem.code not in ("store.corrupt", "store.wrong_key"):
            raise
        log.error("the outbox is broken (%s); it is rebuilt from the packets", problem.code)
        put_aside(folder.outbox_db)
    for copy in copies_of(folder):
        try:
            _take_outbox(copy, folder.outbox_db)
            return _whole_outbox(folder.outbox_db), False
        except (OSError, StationError) as problem:
            log.error("a copy of the outbox cannot be used: %s", getattr(problem, "code", type(problem).__name__))
            put_aside(folder.outbox_db)
    return _whole_outbox(folder.outbox_db), False


def _take_outbox(copy: Path, target: Path) -> None:
    """In pieces, and only what the facts beside it name: a copy from outside may be of any size, or no file."""
    source, fact = copy / target.name, read_facts(copy).files.get(target.name)
    if fact is None or fact.size > MOST_OUTBOX_BYTES or source.is_symlink() or not source.is_file():
        raise TrustError("backup.damaged")
    if source.stat().st_size != fact.size:
        raise TrustError("backup.damaged")
    copy_in(source, target, fact)


def _whole_outbox(path: Path) -> Database:
    database = Database(path)
    try:
        migrate(database, "outbox")
        database.check(OUTBOX_TABLES)
    except BaseException:
        database.close()
        raise
    return database
