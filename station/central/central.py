"""One central: its parts put together, and what its operator can ask of it. Must not know HTTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from station.central import disk
from station.central.admission import Admission
from station.central.audit_heads import AuditHeads
from station.central.bell import Bell
from station.central.cards import StationCards
from station.central.database import Database
from station.central.examiner import Examiner
from station.central.feed import Feed, tell
from station.central.heartbeats import Heartbeats
from station.central.intake import Intake, tell_status
from station.central.invitations import Invitations
from station.central.key_roll import KeyRoll
from station.central.keys import load_keys
from station.central.manifests import Manifests
from station.central.options import CentralOptions
from station.central.packets import ReceivedPacket, accepted, all_packets, count_packets, mark
from station.central.parts import Parts
from station.central.policies import Policies
from station.central.reckoning import Reckoning
from station.central.resets import Resets
from station.central.rosters import Rosters
from station.central.shelf import Shelf
from station.central.stations import KnownStation, Stations
from station.central.switches import Switches
from station.central.uploads import waiting_uploads
from station.central.wipes import Wipes
from station.domain.ports import Clock, SystemClock
from station.domain.record import RecordKey
from station.seal.hello import sign_hello
from station.seal.squeeze import ENCODING
from station.wire import PROTOCOL_VERSION, Hello, RefusalReason

DATABASE_NAME = "central.db"


class Central:
    """Opened on a folder that keeps everything; heals what a power cut left. Thread-safe."""

    def __init__(
        self,
        data_dir: Path,
        options: CentralOptions | None = None,
        *,
        clock: Clock | None = None,
        free_bytes: Callable[[Path], int] = disk.free_bytes,
    ) -> None:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.data_dir = data_dir
        self.options = options or CentralOptions()
        self.clock: Clock = clock or SystemClock()
        self.keys = load_keys(data_dir, self.options.central_id)
        self.switches = Switches(data_dir, self.options.pacing)
        self.admission = Admission(self.options.admit_per_s, self.options.admit_kbps, self.clock)
        self.bell = Bell()
        self.database = Database(data_dir / DATABASE_NAME)
        self.feed = Feed(self.database)
        self.heartbeats = Heartbeats(self.database)
        self.audit_heads = AuditHeads(self.database)
        self.parts = Parts(data_dir / "uploads")
        self.shelf = Shelf(data_dir / "packets")
        self.stations = Stations(self.database, self.clock, self.options.code_life_s)
        self.resets = Resets(self.database, self.stations, self.keys, self.clock)
        self.intake = self._intake()
        self.manifests = Manifests(self.database, self.stations, self.intake, self.options, self.clock)
        self.reckoning = Reckoning(self.database, self.shelf)
        self.rosters = self._rosters()
        self.policies = Policies(self.database, self.keys, self.options.central_id, self.clock, self.bell.ring)
        self.invitations = Invitations(self.database, self.stations, self.keys, self.policies, self.options, self.clock)
        self.cards = StationCards(self.database, self.keys, self.options.central_id, self.clock, self.bell.ring)
        central_id, ring = self.options.central_id, self.bell.ring
        self.key_roll = KeyRoll(self.database, self.keys, self.policies, self.cards, central_id, self.clock, ring)
        self.wipes = Wipes(self.database, self.keys, central_id, self.clock, ring)
        self._free_bytes = free_bytes
        self.intake.heal()
        self.intake.sweep()
        self.cards.tell_missing()
        self.reckoning.learn_days()
        self.rosters.offers.make()

    def close(self) -> None:
        self.bell.silence()
        self.rosters.close()
        self.database.close()

    def hello(self) -> str:
        """The signed hello of this moment."""
        hello = Hello(
            central_id=self.options.central_id,
            name=self.options.name,
            time=self.clock.now(),
            protocol=(PROTOCOL_VERSION,),
            min_client=self.options.min_client,
            encodings=(ENCODING,),
            limits=self.options.limits,
            signing_keys=(self.keys.signing.public,),
            sealing_recipients=(self.keys.recipient,),
            pacing=self.switches.pacing,
            status=self.switches.shown_status(),
            keys=self.keys.secrets.changes,
        )
        return sign_hello(self.keys.signing, hello)

    def has_room(self) -> bool:
        """False when the disk is nearly full: bytes are refused, manifests and receipts still work."""
        return self._free_bytes(self.data_dir) >= self.options.min_free_bytes

    # ------------------------------------------------------------------------------------------- looking at it

    def packets(self) -> Sequence[ReceivedPacket]:
        """Everything accepted, in the order of receipt numbers."""
        with self.database.read() as rows:
            return all_packets(rows)

    def packet_path(self, key: RecordKey) -> Path:
        """The sealed file of an accepted packet."""
        return self.shelf.path(key)

    def statuses(self) -> dict[RecordKey, str]:
        """What was last said about each accepted record."""
        return {packet.key: packet.status for packet in self.packets()}

    def packet_count(self) -> int:
        with self.database.read() as rows:
            return count_packets(rows)

    def upload_count(self) -> int:
        """Uploads that are not accepted yet."""
        with self.database.read() as rows:
            return len(waiting_uploads(rows))

    def enrolled(self) -> Sequence[KnownStation]:
        return self.stations.all()

    # ---------------------------------------------------------------------------------------------- its operator

    def new_code(self, office: str = "") -> str:
        """A one-time enrolment code; with `office` it enrols stations of that office only."""
        return self.stations.new_code(office)

    def block(self, station_id: str, reason: str = "", until: datetime | None = None) -> None:
        """Refuse this station from now on (`until` then)."""
        self.stations.set_block(station_id, blocked=True, reason=reason, until=until)

    def unblock(self, station_id: str) -> None:
        self.stations.set_block(station_id, blocked=False)

    def hold_verification(self) -> None:
        """Take uploads, but verify them later: receipts answer 202 until `resume_verification`."""
        self.intake.held = True

    def resume_verification(self) -> None:
        self.intake.held = False
        self.intake.verify_complete()

    # ------------------------------------------------------------------------------------------ telling stations

    def tell(self, station_id: str, kind: str, **members: Any) -> None:
        """An event of any kind for one station."""
        with self.database.write() as rows:
            tell(rows, station_id, {"kind": kind, **members})
        self.bell.ring(station_id)

    def notify(self, **members: Any) -> None:
        """A `notice` (id, title, body, from, until, audience) for every station."""
        for station in self.stations.all():
            self.tell(station.station_id, "notice", **members)

    def say_status(self, key: RecordKey, code: str, note: str = "") -> None:
        """A new central status of an accepted record; LookupError for an unknown one."""
        with self.database.write() as rows:
            origin = _origin(rows, key)
            mark(rows, key, status=code)
            tell_status(rows, origin, key, code, self.clock.now(), note)
        self.bell.ring(origin)

    def refuse(self, key: RecordKey, reasons: Sequence[RefusalReason]) -> None:
        """Refuse an accepted record after all: `record.refused`."""
        texts = [reason.model_dump(mode="json") for reason in reasons]
        self._say(key, "record.refused", {"refused": True, "status": "REFUSED"}, reasons=texts)

    def ask_again(self, key: RecordKey) -> None:
        """Want an accepted packet again: `record.resend`, and its next manifest is answered *want*."""
        with self.intake.alone():  # nobody may take it back between the word and the deed
            origin = self._write_and_tell(key, "record.resend", {"wanted_again": True})
            self.shelf.set_aside(key)
        self.bell.ring(origin)

    def _say(self, key: RecordKey, kind: str, values: dict[str, Any], **members: Any) -> None:
        self.bell.ring(self._write_and_tell(key, kind, values, **members))

    def _write_and_tell(self, key: RecordKey, kind: str, values: dict[str, Any], **members: Any) -> str:
        """The station that is told."""
        with self.database.write() as rows:
            origin = _origin(rows, key)
            mark(rows, key, **values)
            tell(rows, origin, {"kind": kind, "record_id": key.record_id, "revision": key.revision, **members})
        return origin

    def _intake(self) -> Intake:
        return Intake(
            database=self.database,
            parts=self.parts,
            shelf=self.shelf,
            stations=self.stations,
            examiner=Examiner(self.keys, self.clock, self.options.training),
            bell=self.bell,
            clock=self.clock,
            central_id=self.options.central_id,
            admission=self.admission,
        )

    def _rosters(self) -> Rosters:
        return Rosters(
            self.data_dir,
            self.database,
            self.stations,
            self.keys,
            self.options.central_id,
            training=self.options.training,
            clock=self.clock,
            ring=self.bell.ring,
        )


def _origin(rows: Connection, key: RecordKey) -> str:
    packet = accepted(rows, key)
    if packet is None:
        raise LookupError(str(key))
    return packet.station
