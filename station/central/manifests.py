"""Answers manifests: want it, have it, or refuse it, each item by itself. Knows no HTTP and opens nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from station.central.database import Database
from station.central.intake import Intake
from station.central.options import CentralOptions
from station.central.packets import accepted, forget_refusal, refusal_of
from station.central.problems import Refused, packet_refused
from station.central.stations import Stations
from station.central.uploads import Upload, prolong, promise_upload, upload_for, uploads_of
from station.domain.ports import Clock
from station.domain.record import RecordKey
from station.wire import ManifestItem, ManifestVerdict, Problem, ProblemBody, RefusalReason, Verdict


@dataclass(frozen=True)
class Manifests:
    """Decides about announced packets."""

    database: Database
    stations: Stations
    intake: Intake
    options: CentralOptions
    clock: Clock

    def answer(self, items: Sequence[ManifestItem | Refusable], carrier: str) -> list[ManifestVerdict]:
        """One verdict per item, same order. `carrier` is the station that asks, not always the origin."""
        self.intake.sweep()
        return [self._verdict(item, carrier) for item in items]

    def _verdict(self, item: ManifestItem | Refusable, carrier: str) -> ManifestVerdict:
        if isinstance(item, Refusable):
            return _refuse(item.key, item.refused.body)
        key = RecordKey(item.record_id, item.revision)
        try:
            self._check(item, carrier)
            with self.database.write() as rows:
                found = self._promise(rows, item, key, carrier)
            offset = self.intake.offset(found) if isinstance(found, Upload) else 0
            if isinstance(found, Upload) and offset >= found.size:
                # All its bytes are here: the last stop, or a backup that was put back, came before its receipt.
                found = self.intake.finish(found.upload_id) or found
        except Refused as refused:
            return _refuse(key, refused.body)
        if isinstance(found, str):
            return ManifestVerdict(record_id=key.record_id, revision=key.revision, verdict=Verdict.HAVE, receipt=found)
        return ManifestVerdict(
            record_id=key.record_id,
            revision=key.revision,
            verdict=Verdict.WANT,
            upload=found.path,
            offset=offset,
        )

    def _check(self, item: ManifestItem, carrier: str) -> None:
        limit = self.options.limits.packet_bytes
        if item.size > limit:
            raise Refused(Problem.TOO_LARGE, "This packet is larger than central takes.", max=limit)
        origin = self.stations.find(item.origin)
        if origin is None:
            raise packet_refused(RefusalReason(code="origin.unknown", detail="The first station is not known here."))
        if item.origin != carrier and origin.is_blocked(self.clock.now()):
            raise packet_refused(RefusalReason(code="origin.blocked", detail="The first station is blocked."))

    def _promise(self, rows: Connection, item: ManifestItem, key: RecordKey, carrier: str) -> Upload | str:
        """The receipt of what central has, or the upload for what it wants."""
        packet = accepted(rows, key)
        if packet is not None and packet.sha256 != item.sha256:
            raise _key_conflict()
        if packet is not None and not packet.wanted_again:
            return packet.receipt
        self._recall_refusal(rows, key, item.sha256)
        life = timedelta(seconds=self.options.upload_life_s)
        upload = upload_for(rows, item)
        if upload is None:
            if any(one.origin == item.origin and one.carrier in ("", item.origin) for one in uploads_of(rows, key)):
                raise _key_conflict()  # its own station has said otherwise; what others say of it counts for nothing
            return promise_upload(rows, item, carrier, self.clock.now(), life)
        prolong(rows, upload, self.clock.now() + life)
        return upload

    def _recall_refusal(self, rows: Connection, key: RecordKey, sha256: str) -> None:
        refusal = refusal_of(rows, key, sha256)
        if refusal is None:
            return
        if refusal.is_final:
            raise packet_refused(*refusal.problem.reasons)
        forget_refusal(rows, key, sha256)  # damaged or made on the way: the true one may come


@dataclass(frozen=True)
class Refusable:
    """An item that could not be read, but whose record key could."""

    key: RecordKey
    refused: Refused


def _refuse(key: RecordKey, problem: ProblemBody) -> ManifestVerdict:
    return ManifestVerdict(record_id=key.record_id, revision=key.revision, verdict=Verdict.REFUSE, problem=problem)


def _key_conflict() -> Refused:
    return Refused(Problem.KEY_CONFLICT, "Another packet has this record id and revision already.")
