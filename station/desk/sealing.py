"""Sealing: from a complete draft to a packet on stable storage, in steps of which none can half-happen.

Identity kept → packet file written, synced, renamed → record sealed and captures deleted → outbox row. What a power
cut interrupts between any two of them is healed at the next start, see `healing.py`.
"""

from __future__ import annotations

import shutil
from dataclasses import replace

from station import failpoint
from station.desk import drafting
from station.desk.drafting import service_of
from station.desk.office import Office
from station.desk.packed import Contents, body_of, contents, is_draft
from station.domain.biometrics import Part
from station.domain.draft import Draft
from station.domain.errors import RuleError, StationError, StoreError
from station.domain.record import Move, RecordKey, after
from station.domain.rows import RecordRow
from station.log import get_logger
from station.seal.body import close_body, new_identity, recipient_of
from station.seal.packet import MAX_PACKET_BYTES, make_packet, sha256_of
from station.store import attachments, audit, captures, known_prints, records, seals
from station.store.depot import outbox_item
from station.store.records import Stored
from station.wire import PacketManifest

PACKED_AT_MOST = 3
"""A draft that is changed while it is packed is packed again, but not for ever."""
log = get_logger(__name__)
RESERVE_BYTES = 20 * 1024 * 1024
"""Kept free, so that sealing the record at hand never ends with a full disk half way."""


def seal(office: Office, record_id: str) -> RecordRow:
    """Seal a complete and approved draft; when this returns, the record cannot be lost by this station.

    RuleError `seal.unapproved`, `seal.incomplete`, `seal.too_large`, `seal.changed`; StoreError `store.disk_full` and
    others: the draft stays as it was.
    """
    draft = drafting.resume(office, record_id)
    _require_ready(draft)
    if shutil.disk_usage(office.depot.folder.root).free < RESERVE_BYTES:
        raise StoreError("store.disk_full")
    key = draft.record.key
    for again in reversed(range(PACKED_AT_MOST)):
        data, sequence, packed = _packet(office, key)
        if len(data) > MAX_PACKET_BYTES:
            raise RuleError("seal.too_large")
        try:
            office.depot.packets.write(key, data)
            finish_seal(office, key, sequence=sequence, sha256=sha256_of(data), packed=packed)
            break
        except StationError as problem:
            if not _take_back(office, key) or problem.code != "seal.changed" or not again:
                raise
    failpoint.reach("seal.recorded")
    _, station_key = office.depot.enrolled()
    office.depot.outbox.add(outbox_item(data, key, station_key))
    failpoint.reach("seal.queued")
    for listener in tuple(office.on_sealed):
        listener()
    return _row(office, key)


def finish_seal(office: Office, key: RecordKey, *, sequence: int, sha256: str, packed: Contents | None = None) -> None:
    """The record becomes sealed, with the service its manifest names, and its captures go: in one transaction.

    RuleError `seal.changed` when it is not any more what was `packed`: what came since would be lost unseen.
    """
    with office.applicants.write() as connection:
        stored = records.get(connection, key.record_id)
        if stored is None or stored.record.revision != key.revision:
            raise RuleError("record.not_draft")
        if packed is not None and contents(connection, stored) != packed:
            raise RuleError("seal.changed")
        now = office.now()
        entry = replace(stored.record, state=after(stored.record.state, Move.SEAL), sealed_at=now, changed_at=now)
        service = service_of(office, stored)
        sealed = replace(
            stored,
            record=entry,
            refused=(),
            service=service,
            approval=None,
            verification=(),
            recapture=None,
            uninvited="",
        )
        records.save(connection, sealed)
        templates = captures.templates(connection, key.record_id)
        if (key.revision == 1 or stored.recapture) and templates:
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


def _require_ready(draft: Draft) -> None:
    if draft.unapproved:
        raise RuleError("seal.unapproved", parts=len(draft.unapproved))
    if not draft.ready:
        raise RuleError("seal.incomplete", errors=len(draft.errors), missing=len(draft.missing))


def _take_back(office: Office, key: RecordKey) -> bool:
    """True when nothing has been offered yet: without the file the draft is a draft again, and may be changed."""
    try:
        with office.applicants.read() as connection:
            unsealed = is_draft(connection, key)
        if not unsealed or office.depot.outbox.get(key) is not None:
            return False
    except StoreError as problem:  # then nobody knows whether it was sealed, and the packet is believed
        log.error("the packet of %s is kept, nobody knows whether it was sealed: %s", key, problem.code)
        return False
    office.depot.packets.discard_unoffered(key)
    return True


def _packet(office: Office, key: RecordKey) -> tuple[bytes, int, Contents]:
    """The packet file, its sequence number, and what is in it. The identity that opens it is on disk before it is."""
    enrolment, station_key = office.depot.enrolled()
    identity = new_identity()
    with office.applicants.write() as connection:
        packed = contents(connection, drafting.draft_of(connection, key.record_id))
        draft = drafting.as_draft(office, connection, packed.stored)
        _require_ready(draft)
        face = next((item.image for item in packed.captures if item.part is Part.FACE), None)
        seals.plan(connection, key, identity, face)
    previous = packed.previous
    failpoint.reach("seal.planned")
    inside = body_of(office, draft, packed)
    body = close_body(inside, [*enrolment.sealing_recipients, recipient_of(identity)])
    manifest = PacketManifest(
        record_id=key.record_id,
        revision=key.revision,
        station_id=enrolment.station_id,
        office=enrolment.office,
        operator_id=packed.stored.operator_id,
        kind=draft.service.value,
        sealed_at=office.local_now(),
        sequence=previous.sequence + 1 if previous else 1,
        body_sha256=sha256_of(body),
        body_size=len(body),
        previous_sha256=previous.sha256 if previous else None,
    )
    return make_packet(manifest, body, station_key), manifest.sequence, packed


def _row(office: Office, key: RecordKey) -> RecordRow:
    with office.applicants.read() as connection:
        stored: Stored | None = records.get(connection, key.record_id)
    assert stored is not None  # sealed a moment ago
    return RecordRow(stored.record, stored.step, office.depot.outbox.get(key))
