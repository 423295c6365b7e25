"""Sealing: from a complete draft to a packet on stable storage, in steps of which none can half-happen.

Identity kept → packet file written, synced, renamed → record sealed and captures deleted → outbox row. What a power
cut interrupts between any two of them is healed at the next start, see `healing.py`.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import Any

from station import failpoint
from station.desk.drafting import service_of
from station.desk.office import Office
from station.desk.papers import sealed_papers
from station.domain.attachment import Attached
from station.domain.biometrics import Capture, Part
from station.domain.checklist import wanted
from station.domain.draft import Draft
from station.domain.eligibility import eligibility_of
from station.domain.errors import RuleError, StoreError
from station.domain.form import FORM_VERSION, shown_answers
from station.domain.record import Move, RecordKey, after
from station.domain.rows import RecordRow
from station.seal.body import Body, close_body, new_identity, recipient_of
from station.seal.packet import MAX_PACKET_BYTES, make_packet, sha256_of
from station.store import attachments, audit, captures, known_prints, records, seals
from station.store.database import Connection
from station.store.depot import outbox_item
from station.store.records import Stored
from station.wire import PacketManifest

RESERVE_BYTES = 20 * 1024 * 1024
"""Kept free, so that sealing the record at hand never ends with a full disk half way."""


def seal(office: Office, record_id: str) -> RecordRow:
    """Seal a complete and approved draft; when this returns, the record cannot be lost by this station.

    RuleError `seal.incomplete`, `seal.too_large`; StoreError `store.disk_full` and others: the draft stays as it was.
    """
    from station.desk.recording import resume

    draft = resume(office, record_id)
    if not draft.ready:
        raise RuleError("seal.incomplete", errors=len(draft.errors), missing=len(draft.missing))
    if shutil.disk_usage(office.depot.folder.root).free < RESERVE_BYTES:
        raise StoreError("store.disk_full")
    key = draft.record.key
    data, sequence = _packet(office, draft)
    if len(data) > MAX_PACKET_BYTES:
        raise RuleError("seal.too_large")
    office.depot.packets.write(key, data)
    try:
        finish_seal(office, key, sequence=sequence, sha256=sha256_of(data))
    except StoreError:
        # Nothing has been offered yet: without the file the draft is a draft again, and may be changed.
        if office.depot.outbox.get(key) is None:
            office.depot.packets.discard_unoffered(key)
        raise
    failpoint.reach("seal.recorded")
    _, station_key = office.depot.enrolled()
    office.depot.outbox.add(outbox_item(data, key, station_key))
    failpoint.reach("seal.queued")
    for listener in tuple(office.on_sealed):
        listener()
    return _row(office, key)


def finish_seal(office: Office, key: RecordKey, *, sequence: int, sha256: str) -> None:
    """The record becomes sealed, with the service its manifest names, and its captures go: in one transaction."""
    with office.applicants.write() as connection:
        stored = records.get(connection, key.record_id)
        if stored is None or stored.record.revision != key.revision:
            raise RuleError("record.not_draft")
        now = office.now()
        entry = replace(stored.record, state=after(stored.record.state, Move.SEAL), sealed_at=now, changed_at=now)
        service = service_of(office, stored)
        sealed = replace(stored, record=entry, refused=(), service=service, approval=None, verification=())
        records.save(connection, sealed)
        templates = captures.templates(connection, key.record_id)
        if key.revision == 1 and templates:
            # A correction is made without the person, and somebody without readable fingers leaves none to compare
            # with: whoever was recorded before is still the last one that is known.
            known_prints.replace_previous(connection, key.record_id, templates, now)
        captures.clear(connection, key.record_id)
        attachments.clear(connection, key.record_id)
        seals.finish(connection, key, sequence=sequence, sha256=sha256)
        audit.append(
            connection,
            at=now,
            operator_id=office.operator.operator_id,
            action="seal",
            record_id=key.record_id,
            revision=key.revision,
            sha256=sha256,
        )
        failpoint.reach("seal.before_commit")


def _packet(office: Office, draft: Draft) -> tuple[bytes, int]:
    """The packet file and its sequence number. The identity that can open it is on disk before it exists."""
    enrolment, station_key = office.depot.enrolled()
    key, identity = draft.record.key, new_identity()
    with office.applicants.write() as connection:
        kept = captures.all_of(connection, key.record_id)
        face = next((item.image for item in kept if item.part is Part.FACE), None)
        seals.plan(connection, key, identity, face)
        previous = seals.head(connection)
        operator_id = _operator_id(connection, key.record_id)
        attached = attachments.all_of(connection, key.record_id)
    failpoint.reach("seal.planned")
    inside = _body(office, draft, kept, attached)
    body = close_body(inside, [*enrolment.sealing_recipients, recipient_of(identity)])
    manifest = PacketManifest(
        record_id=key.record_id,
        revision=key.revision,
        station_id=enrolment.station_id,
        office=enrolment.office,
        operator_id=operator_id,
        kind=draft.service.value,
        sealed_at=office.local_now(),
        sequence=previous.sequence + 1 if previous else 1,
        body_sha256=sha256_of(body),
        body_size=len(body),
        previous_sha256=previous.sha256 if previous else None,
    )
    return make_packet(manifest, body, station_key), manifest.sequence


def _body(office: Office, draft: Draft, kept: tuple[Capture, ...], attached: tuple[Attached, ...]) -> Body:
    record: dict[str, Any] = {
        "form_version": FORM_VERSION,
        "kind": draft.service.value,
        "registration_no": draft.record.registration_no,
        "answers": shown_answers(draft.answers),
        # What central itself said of this person: it tells a name that is taken as it is from one typed here.
        "listed": dict(draft.listed),
        "warnings": [{"code": item.code, "field": item.field, "reason": item.reason} for item in draft.confirmed],
        "eligibility": _eligibility(office, draft),
        "papers": sealed_papers(draft, wanted(draft.service, draft.answers, office.context.today)),
    }
    verified = tuple(draft.verification[part] for part in draft.to_verify if part in draft.verification)
    return Body(record, kept, draft.exceptions, _approval(draft), attached, verified)


def _approval(draft: Draft) -> dict[str, Any]:
    approval = draft.approval
    assert approval is not None  # a draft that is ready was signed
    return {
        "text": approval.text,
        "sha256": approval.text_sha256,
        "answers_sha256": approval.answers_sha256,
        "signed_at": approval.signed_at.isoformat(),
        "by": "signature",
    }


def _eligibility(office: Office, draft: Draft) -> dict[str, Any]:
    found = eligibility_of(shown_answers(draft.answers), today=office.context.today, office=office.context.office)
    assert found is not None  # a draft that is ready has no error in its birth date
    return {
        "kind": found.kind.value,
        "age": found.age,
        "print_from": found.print_from.isoformat() if found.print_from else None,
        "out_of_domicile": found.out_of_domicile,
    }


def _operator_id(connection: Connection, record_id: str) -> str:
    stored = records.get(connection, record_id)
    return stored.operator_id if stored else ""


def _row(office: Office, key: RecordKey) -> RecordRow:
    with office.applicants.read() as connection:
        stored: Stored | None = records.get(connection, key.record_id)
    assert stored is not None  # sealed a moment ago
    return RecordRow(stored.record, stored.step, office.depot.outbox.get(key))
