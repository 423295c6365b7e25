"""Correcting what central refused: the sealed packet is opened and becomes a draft again, as the next revision."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial

from station.capture.tasks import fingers
from station.desk.office import Office
from station.desk.recording import resume
from station.domain.approval import Approval
from station.domain.biometrics import Capture, Part
from station.domain.draft import Draft
from station.domain.errors import DeviceError, RuleError, TrustError
from station.domain.record import Move, Record, RecordKey, after
from station.domain.steps import Step, step_of
from station.domain.verification import VERIFY_FIELD
from station.log import get_logger
from station.seal.body import Body, open_body
from station.seal.packet import verify_packet
from station.store import attachments, audit, captures, records, seals
from station.store.records import Stored

log = get_logger(__name__)

_AT_ONCE = 2
_WSQ = b"\xff\xa0"


def reopen(office: Office, record_id: str) -> Draft:
    """Open a refused record for correction: everything it held comes back, as the next revision.

    RuleError `record.move` when it is not refused, `record.shredded` when its identity is gone. TrustError
    `packet.changed` when the file is not the one that was sealed here, and others when it cannot be opened; StoreError
    when it cannot be read. After an error the record is as refused as before.
    """
    with office.applicants.read() as connection:
        stored = records.get(connection, record_id)
        identity = seals.identity_of(connection, stored.record.key) if stored else None
    if stored is None:
        raise RuleError("record.unknown")
    state = after(stored.record.state, Move.REOPEN)
    if identity is None:
        raise RuleError("record.shredded")
    body = _sealed_body(office, stored.record.key, identity)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        comparable = list(pool.map(partial(_with_minutiae, office), body.captures))
    now = office.now()
    entry = replace(stored.record, revision=stored.record.revision + 1, state=state, sealed_at=None, changed_at=now)
    with office.applicants.write() as connection:
        records.save(connection, _reopened(stored, entry, body))
        for capture in comparable:
            captures.put(connection, record_id, capture)
        attachments.clear(connection, record_id)
        for item in body.attachments:
            attachments.put(connection, record_id, item)
        audit.append(
            connection,
            at=now,
            operator_id=office.operator.operator_id,
            action="reopen",
            record_id=record_id,
            revision=entry.revision,
        )
    office.depot.outbox.replace([stored.record.key])
    return resume(office, record_id)


def _reopened(stored: Stored, entry: Record, body: Body) -> Stored:
    """The draft that was sealed. It is verified anew; the signature holds as long as the answers stay as they were."""
    return replace(
        stored,
        record=entry,
        answers={key: str(value) for key, value in dict(body.record["answers"]).items()},
        exceptions=tuple(body.exceptions),
        confirmed=tuple(item for item in stored.confirmed if not item.field.startswith(VERIFY_FIELD)),
        verification=(),
        approval=_approval(body),
        step=_first_wrong(stored),
    )


def _approval(body: Body) -> Approval | None:
    """What was signed; None in a packet from before the words were bound to the answers."""
    told = body.approval
    if "answers_sha256" not in told:
        return None
    return Approval(str(told["text"]), str(told["answers_sha256"]), datetime.fromisoformat(str(told["signed_at"])))


def _with_minutiae(office: Office, capture: Capture) -> Capture:
    """Minutiae are never sealed: those of a finger are read once more from its picture.

    A finger in which nothing can be read stays as it is, and is compared with nothing.
    """
    if not capture.image.startswith(_WSQ):
        return capture
    try:
        (picture,) = fingers.read(office.lab, capture.image, (capture.part,))
    except DeviceError as problem:
        log.warning("no minutiae in a finger of a reopened record (%s)", problem.code)
        return capture
    return replace(capture, template=picture.template)


def _sealed_body(office: Office, key: RecordKey, identity: str) -> Body:
    """What was sealed. The file may have been changed since: it is believed for this station's signature only."""
    _, station_key = office.depot.enrolled()
    data = office.depot.packets.read(key)
    try:
        packet = verify_packet(data, [station_key.public])
    except TrustError as problem:
        if problem.code == "packet.damaged":
            raise
        raise TrustError("packet.changed") from problem
    if (packet.manifest.record_id, packet.manifest.revision) != (key.record_id, key.revision):
        raise TrustError("packet.changed")
    return open_body(packet.body, identity)


def _first_wrong(stored: Stored) -> Step:
    fields = {reason.field for reason in stored.refused}
    parts = [part for part in Part if part.value in fields]
    if parts and len(parts) == len(fields):
        return step_of(parts[0])
    return Step.APPLICANT if fields == {"nik"} else Step.BIODATA
