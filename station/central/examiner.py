"""Reads a packet and says what is wrong with it. Nothing it opens is ever written anywhere; knows no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from station.central.enclosures import nonsense_in
from station.central.keys import CentralKeys
from station.central.problems import Refused, packet_refused
from station.central.uploads import Upload
from station.domain.day_sum import day_of
from station.domain.errors import TrustError
from station.domain.form import FORM_VERSION, Context, check_form, check_service, errors_in, field_of
from station.domain.ports import Clock
from station.domain.service import Service
from station.seal.body import Body, open_body
from station.seal.packet import Packet, sha256_of, verify_packet
from station.wire import PacketManifest, Problem, PublicKey, RefusalReason


@dataclass(frozen=True)
class Examined:
    """What central keeps of a good packet: the hidden NIK, the day (UTC) it was sealed, its place in the chain."""

    nik_hidden: str
    sealed_day: date
    sequence: int
    sealed_at: datetime


@dataclass(frozen=True)
class Examiner:
    """Central's keys and rules. `training` lets province 99 exist."""

    keys: CentralKeys
    clock: Clock
    training: bool

    def examine(self, upload: Upload, data: bytes, origin: PublicKey) -> Examined:
        """What is kept of a good packet; Refused `digest-mismatch` or `packet-refused` otherwise."""
        if (len(data), sha256_of(data)) != (upload.size, upload.sha256):
            raise Refused(Problem.DIGEST_MISMATCH, "What arrived is not what the manifest announced. Send it again.")
        try:
            packet = verify_packet(data, [origin])
            _check_manifest(packet, upload)
            body = _opened(packet, self.keys.identities)
        except TrustError as problem:
            raise packet_refused(RefusalReason(code=problem.code, detail=_SENTENCE.get(problem.code, ""))) from problem
        version, answers, listed = _form(body.record)
        self._check_answers(version, answers, listed, packet.manifest)
        if wrong := nonsense_in(body):
            raise packet_refused(*wrong)
        manifest = packet.manifest
        hidden = self.keys.hide_nik(answers["nik"])
        return Examined(hidden, day_of(manifest.sealed_at), manifest.sequence, manifest.sealed_at)

    def _check_answers(
        self, version: int, answers: dict[str, str], listed: dict[str, str], manifest: PacketManifest
    ) -> None:
        # The day of sealing, as the station saw it: who turned sixteen that morning is not refused for a time zone. A
        # station whose clock runs ahead is not followed into the future.
        latest = self.clock.now().date() + timedelta(days=1)
        today = min(manifest.sealed_at.date(), latest)
        context = Context(today=today, training=self.training, office=manifest.office, listed=listed)
        found = check_form(answers, context, form_version=version)
        if manifest.kind == Service.CHANGED:
            found += check_service(Service.CHANGED, answers, context)
        wrong = errors_in(found)
        if wrong:
            # The finding's data may hold what was entered: only its code and field leave this place.
            raise packet_refused(
                *(
                    RefusalReason(code=item.code, field=item.field, detail=f"{field_of(item.field).label}: {item.code}")
                    for item in wrong
                )
            )


_SENTENCE = {
    "signature.invalid": "The packet was not signed by the station it names.",
    "packet.locked": "The packet was not sealed for this central.",
    "packet.damaged": "The packet is not whole.",
    "packet.other_record": "The packet is of another record than its manifest says.",
}


def _opened(packet: Packet, identities: Sequence[str]) -> Body:
    """What was sealed, for whomever of `identities`: central may have changed its key since."""
    for identity in identities[:-1]:
        try:
            return open_body(packet.body, identity)
        except TrustError as problem:
            if problem.code != "packet.locked":
                raise
    return open_body(packet.body, identities[-1])


def _check_manifest(packet: Packet, upload: Upload) -> None:
    inside = packet.manifest
    if (inside.record_id, inside.revision, inside.station_id) != (
        upload.key.record_id,
        upload.key.revision,
        upload.origin,
    ):
        raise TrustError("packet.other_record")


def _form(record: Any) -> tuple[int, dict[str, str], dict[str, str]]:
    """Version, answers and what the target list said. Forms of every version that was ever sealed are taken."""
    version, answers, listed = record.get("form_version"), record.get("answers"), record.get("listed", {})
    known = type(version) is int and 1 <= version <= FORM_VERSION
    if not known or not _is_text(answers) or not _is_text(listed):
        raise packet_refused(RefusalReason(code="record.unreadable", detail="Central does not know this form."))
    return version, dict(answers), dict(listed)


def _is_text(values: Any) -> bool:
    return isinstance(values, dict) and all(isinstance(value, str) for value in values.values())
