"""Everything of a station that opens without a password: folder, outbox, packets, enrolment.

Opening heals: leftovers of a power cut go, a packet without an outbox row gets one, a lost or broken outbox is rebuilt
from the packets.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from station.domain.delivery import OutboxItem, just_sealed
from station.domain.errors import SetupError, StoreError, TrustError
from station.domain.outcome import Note, Trouble
from station.domain.policy import Policy
from station.domain.record import RecordKey
from station.log import get_logger
from station.seal.jws import SigningKey
from station.seal.packet import sha256_of, verify_packet
from station.store import letters
from station.store.cards import Cards
from station.store.carried import Carried
from station.store.changes import Changes
from station.store.clock_book import ClockBook
from station.store.courier_book import CourierBook
from station.store.database import Database
from station.store.device_tickets import DeviceTickets
from station.store.devices import Devices
from station.store.enrolment import Enrolment, FileState, load_enrolment, load_station_key, state_of_enrolment
from station.store.folder import Folder
from station.store.lane_book import LaneBook
from station.store.ledger import Ledger
from station.store.memory import Memory
from station.store.migrate import migrate
from station.store.notices import Notices
from station.store.outbox import Outbox
from station.store.packets import PacketFolder
from station.store.policies import policy_in_force
from station.store.relay_book import RelayBook
from station.store.tables import OUTBOX_TABLES
from station.store.technical_log import TechnicalLog
from station.store.throughput import Throughput

log = get_logger(__name__)


class Depot:
    """An open data folder. `key` is None until the station is enrolled."""

    def __init__(self, root: Path, *, heal: bool = True) -> None:
        """Open `root`. `heal` only while no other program may be sealing here: it clears what looks half written."""
        self.folder = Folder(root)
        self.packets = PacketFolder(self.folder.packets)
        self._enrolment: Enrolment | None = None
        self._enrolment_file: FileState = None
        self.key: SigningKey | None = None
        self.load_enrolment()
        database = _open_outbox(self.folder)
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
        self.throughput = Throughput(database)
        self.devices = Devices(database)
        self.clocks = ClockBook(database)
        self.lane_book = LaneBook(database)
        self.device_tickets = DeviceTickets(database)
        if heal:
            self.heal()

    def heal(self) -> None:
        """Put right what a power cut or a lost outbox left."""
        self.packets.clear_temporaries()
        self.carried.folder.clear_temporaries()
        if self.enrolment is not None:
            self.folder.settle_first_start()
        self.carried.clear_settled()
        adopted = self.adopt_packets()
        if adopted:
            log.warning("%d packets had no row in the outbox and were added", adopted)
        marked = self.packets.void_keys()
        for key in marked:
            letters.void_again(self.outbox.database, key)
        self.mark_voided(set(letters.void_keys(self.outbox.database)) - set(marked))

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
        if found is not None:
            self.key = load_station_key(self.folder, found.station_id)
        self._enrolment, self._enrolment_file = found, state

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
        """Enrolment and key; SetupError `station.not_enrolled` when there are none."""
        enrolment = self.enrolment
        if enrolment is None or self.key is None:
            raise SetupError("station.not_enrolled")
        return enrolment, self.key

    @property
    def policy(self) -> Policy:
        """What central lets this station accept, as of now."""
        return policy_in_force(self.enrolment, self.memory.policy)

    def read_packet(self, item: OutboxItem) -> bytes:
        """The file of a row, our own or carried; StoreError `packet.missing` or `packet.too_large`."""
        return (self.carried.folder if item.carried else self.packets).read(item.key)

    def adopt_packets(self) -> int:
        """Give every packet on disk its row; how many were added. A file that is not what was sealed is parked."""
        known = self.outbox.keys()
        own = sum(self.adopt(key) for key in self.packets.all_keys() if key not in known)
        return own + self.carried.adopt(known)

    def close(self) -> None:
        self.outbox.close()

    def adopt(self, key: RecordKey) -> bool:
        """Give the packet on disk its row; False when there is no such file, or it had one."""
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


def _open_outbox(folder: Folder) -> Database:
    """The outbox database; a broken one is put aside and a new one made: the packets know everything in it."""
    try:
        return _whole_outbox(folder.outbox_db)
    except StoreError as problem:
        if problem.code not in ("store.corrupt", "store.wrong_key"):
            raise
        log.error("the outbox is broken (%s); it is rebuilt from the packets", problem.code)
        _put_aside(folder.outbox_db)
        return _whole_outbox(folder.outbox_db)


def _whole_outbox(path: Path) -> Database:
    database = Database(path)
    try:
        migrate(database, "outbox")
        database.check(OUTBOX_TABLES)
    except BaseException:
        database.close()
        raise
    return database


def _put_aside(path: Path) -> None:
    """Keep a broken database and its companions for the technician, out of the way."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        with suppress(FileNotFoundError):
            part.rename(path.with_name(f"{path.name}.broken-{stamp}{suffix}"))
