"""From the last byte to the receipt: verify, move to its place, write down, tell the station.

Every step may be the last before the power goes; `heal` finishes what was begun. Must not know HTTP.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from station.central.admission import Admission
from station.central.bell import Bell
from station.central.database import Database
from station.central.examiner import Examined, Examiner
from station.central.feed import tell
from station.central.packets import (
    ReceivedPacket,
    accepted,
    forget_refusal,
    keep_packet,
    keep_refusal,
    mark,
    recorded_before,
)
from station.central.parts import Parts
from station.central.problems import Refused, upload_gone
from station.central.shelf import Shelf
from station.central.stations import Stations
from station.central.twins import note_link
from station.central.uploads import Upload, expired_uploads, find_upload, forget_upload, uploads_of, waiting_uploads
from station.domain.ports import Clock
from station.domain.record import RecordKey
from station.failpoint import reach
from station.log import get_logger
from station.seal.packet import sha256_of
from station.seal.receipts import issue_receipt
from station.wire import Problem, Receipt, rfc3339

RECEIVED = "RECEIVED_AT_CENTRAL"
DUPLICATE = "DUPLICATE_RECORD"
PRINT_READY = "PRINT_READY_RECORD"
_log = get_logger(__name__)


@dataclass
class Intake:
    """Turns complete uploads into accepted packets, one at a time."""

    database: Database
    parts: Parts
    shelf: Shelf
    stations: Stations
    examiner: Examiner
    bell: Bell
    clock: Clock
    central_id: str
    admission: Admission
    held: bool = False
    """The operator holds verification back: uploads are taken, receipts come later."""
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def turn_s(self, upload: Upload) -> float:
        """In how many seconds it is this complete upload's turn."""
        return self.admission.turn_s(upload.upload_id, self.admission.work_s(1, upload.size))

    def finish(self, upload_id: str, *, in_turn: bool = False) -> str | None:
        """The receipt of a complete upload; Refused when it is no good.

        None while verification is held back, or until its turn (`in_turn`: that was waited for).
        """
        with self._one_at_a_time:
            with self.database.read() as rows:
                upload = find_upload(rows, upload_id)
                packet = accepted(rows, upload.key) if upload else None
            if upload is None:
                raise upload_gone()
            if packet is not None and packet.sha256 != upload.sha256:
                raise Refused(Problem.KEY_CONFLICT, "Another packet has this record id and revision already.")
            if packet is not None and not packet.wanted_again:
                self.parts.drop(upload_id)  # sent again while the first was being verified
                self.admission.over(upload_id, upload.key)
                return packet.receipt
            if self.held or not (in_turn or self.turn_s(upload) == 0):
                return None
            return self._verify(upload)

    def offset(self, upload: Upload) -> int:
        """Bytes of `upload` on stable storage."""
        source = self._source(upload)
        return self.parts.offset(upload.upload_id) if source != self.shelf.path(upload.key) else source.stat().st_size

    def abandon(self, upload_id: str) -> None:
        """Forget an upload and its bytes. What was accepted stays accepted."""
        with self._one_at_a_time:
            with self.database.write() as rows:
                upload = find_upload(rows, upload_id)
                forget_upload(rows, upload_id)
            self.parts.drop(upload_id)
            if upload is not None:
                self.admission.over(upload_id, upload.key)

    def take_back(self, origin: str, keys: Sequence[RecordKey]) -> None:
        """Its station has these no more, by a receipt: what is wanted again of them and lies aside whole counts again.

        What is not whole stays wanted: another copy of it may still come on a stick.
        """
        for key in keys:
            with self._one_at_a_time:
                with self.database.read() as rows:
                    packet = accepted(rows, key)
                if packet is None or packet.station != origin or not packet.wanted_again:
                    continue
                if not self.shelf.put_back(key, packet.sha256):
                    _log.warning("record %s: wanted again, its station has it no more, and no whole copy is here", key)
                    continue
                reach("central.put_back")
                with self.database.write() as rows:
                    mark(rows, key, wanted_again=False)
                self.shelf.drop_aside(key)
                _log.info("record %s taken back: its station has it no more", key)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nothing is verified, moved or taken back meanwhile."""
        with self._one_at_a_time:
            yield

    def heal(self) -> None:
        """Before anybody is served: finish what was begun before the last stop, drop bytes of no upload."""
        with self.database.read() as rows:
            known = {upload.upload_id for upload in waiting_uploads(rows)}
        for orphan in set(self.parts.names()) - known:
            self.parts.drop(orphan)
        self.verify_complete()

    def verify_complete(self) -> None:
        """Verify every upload that has all its bytes, now; what comes after them has to wait for it."""
        with self.database.read() as rows:
            waiting = waiting_uploads(rows)
        for upload in waiting:
            if self.offset(upload) >= upload.size:
                try:
                    self.turn_s(upload)
                    self.finish(upload.upload_id, in_turn=True)
                except Refused as refused:
                    _log.info("record %s: %s, found without its station asking", upload.key, refused)

    def sweep(self) -> None:
        """Forget uploads nobody spoke of for too long."""
        with self.database.read() as rows:
            old = expired_uploads(rows, self.clock.now())
        for upload in old:
            self.abandon(upload.upload_id)

    def _verify(self, upload: Upload) -> str:
        self.parts.close_turns(upload.upload_id)
        source = self._source(upload)
        origin = self.stations.find(upload.origin)
        if origin is None:
            raise upload_gone()
        try:
            found = self.examiner.examine(upload, source.read_bytes(), origin.public_key)
        except Refused as refused:
            self._turn_away(upload, source, refused)
            raise
        reach("central.verified")
        self.shelf.put(source, upload.key)
        reach("central.moved")
        receipt = self._write_down(upload, found)
        reach("central.written_down")
        self.shelf.drop_aside(upload.key)
        self._forget_rivals(upload)
        self.admission.over(upload.upload_id, upload.key)
        self.bell.ring(upload.origin)
        _log.info("record %s accepted", upload.key)
        return receipt

    def _forget_rivals(self, upload: Upload) -> None:
        """What else was announced under this key cannot be true any more."""
        with self.database.write() as rows:
            rivals = [one.upload_id for one in uploads_of(rows, upload.key) if one.sha256 != upload.sha256]
            for rival in rivals:
                forget_upload(rows, rival)
        for rival in rivals:
            self.parts.drop(rival)
            self.admission.over(rival, upload.key)

    def _source(self, upload: Upload) -> Path:
        # After a power cut between moving and writing down, the bytes are on the shelf already.
        part, moved = self.parts.path(upload.upload_id), self.shelf.path(upload.key)
        if part.exists() or not moved.exists():
            return part
        return moved if sha256_of(moved.read_bytes()) == upload.sha256 else part  # it may be of another announcement

    def _turn_away(self, upload: Upload, source: Path, refused: Refused) -> None:
        with self.database.write() as rows:
            keep_refusal(rows, upload.key, upload.sha256, refused.body, self.clock.now(), origin=upload.origin)
            forget_upload(rows, upload.upload_id)
        reach("central.turned_away")
        source.unlink(missing_ok=True)
        self.admission.over(upload.upload_id, upload.key)
        _log.info("record %s: %s", upload.key, refused)

    def _write_down(self, upload: Upload, examined: Examined) -> str:
        now = self.clock.now()
        key = upload.key
        with self.database.write() as rows:
            forget_refusal(rows, key, upload.sha256)
            before = accepted(rows, key)
            if before is not None:
                mark(rows, key, wanted_again=False)
                return before.receipt
            found = DUPLICATE if recorded_before(rows, examined.nik_hidden, key.record_id) else PRINT_READY
            packet = ReceivedPacket(
                key.record_id,
                key.revision,
                upload.sha256,
                upload.size,
                now,
                upload.origin,
                status=found,
                sealed_day=examined.sealed_day.isoformat(),
            )
            receipt = keep_packet(rows, packet, examined.nik_hidden, lambda number: self._issue(packet, number))
            note_link(
                rows,
                upload.origin,
                sequence=examined.sequence,
                sha256=upload.sha256,
                sealed_at=examined.sealed_at,
                now=now,
            )
            for code in (RECEIVED, found):
                tell_status(rows, upload.origin, key, code, now)
        return receipt

    def _issue(self, packet: ReceivedPacket, number: int) -> tuple[str, str]:
        receipt_no = f"{self.central_id}-{number:08d}"
        receipt = Receipt(
            record_id=packet.record_id,
            revision=packet.revision,
            origin=packet.station,
            sha256=packet.sha256,
            size=packet.size,
            received_at=packet.received_at,
            receipt_no=receipt_no,
            central_id=self.central_id,
        )
        return receipt_no, issue_receipt(self.examiner.keys.signing, receipt)


def tell_status(rows: Connection, station_id: str, key: RecordKey, code: str, at: datetime, note: str = "") -> None:
    """Tell a station the central status of its record."""
    event = {"kind": "record.status", "record_id": key.record_id, "revision": key.revision}
    tell(rows, station_id, event | {"code": code, "at": rfc3339(at), "note": note})
