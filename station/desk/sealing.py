"""Sealing: from a complete draft to a packet on stable storage, in steps of which none can half-happen.

Identity kept → packet file written, synced, renamed → record sealed and captures deleted → outbox row. What a power
cut interrupts between any two of them is healed at the next start, see `healing.py`.
"""

from __future__ import annotations

from dataclasses import replace

from station import failpoint
from station.desk import disk_guard, drafting, queueing
from station.desk.drafting import service_of
from station.desk.office import Office
from station.desk.packed import Contents, body_of, contents
from station.domain.biometrics import Part
from station.domain.draft import Draft
from station.domain.errors import RuleError, StoreError
from station.domain.permission import Permission
from station.domain.record import Move, RecordKey, State, after
from station.domain.rows import RecordRow
from station.log import get_logger
from station.seal.body import close_body, new_identity, recipient_of
from station.seal.packet import MAX_PACKET_BYTES, make_packet, sha256_of
from station.store import attachments, audit, captures, known_prints, records, seals
from station.store.database import may_come_back
from station.store.records import Stored
from station.wire import PacketManifest

PACKED_AT_MOST = 3
"""A draft that is changed while it is packed is packed again, but not for ever."""
log = get_logger(__name__)


def seal(office: Office, record_id: str) -> RecordRow:
    """Seal a complete and approved draft; when this returns, the record cannot be lost by this station.

    RuleError `waiting.not_called`, `seal.unapproved`, `seal.incomplete`, `seal.too_large`, `seal.changed`; StoreError
    `store.disk_full` and others: the draft stays as it was. `packet.left_behind`: it does, but a file of it may still
    be on the disk.
    """
    office.require(Permission.STORE_RECORD)
    # Not opened anew: nobody's floor moves while they sit here.
    draft = drafting.changed(office, record_id, lambda stored: drafting.seen_today(office, stored))
    _require_ready(draft)
    disk_guard.make_room_to_seal(office, record_id)
    key = draft.record.key
    # Another program may take the last room in between.
    data = disk_guard.with_last_bytes(office, lambda: _sealed(office, key))
    failpoint.reach("seal.recorded")
    queueing.queue(office, key, data)
    failpoint.reach("seal.queued")
    queueing.tell(office, key)
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
        )
        records.save(connection, sealed)
        templates = captures.templates(connection, key.record_id)
        came_again = stored.recapture is not None and stored.recapture.opened == key.revision
        if (key.revision == 1 or came_again) and templates:
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
    if draft.ready_at is not None:
        raise RuleError("waiting.not_called")
    if draft.unapproved:
        raise RuleError("seal.unapproved", parts=len(draft.unapproved))
    if not draft.ready:
        raise RuleError("seal.incomplete", errors=len(draft.errors), missing=len(draft.missing))


def _sealed(office: Office, key: RecordKey) -> bytes:
    """The packet that the record is sealed with. A draft that is changed meanwhile is packed again."""
    for again in reversed(range(PACKED_AT_MOST)):
        data, sequence, packed = _packet(office, key)
        if len(data) > MAX_PACKET_BYTES:
            raise RuleError("seal.too_large")
        sha256 = sha256_of(data)
        try:
            office.depot.packets.write(key, data)
            finish_seal(office, key, sequence=sequence, sha256=sha256, packed=packed)
            break
        except Exception as problem:  # whatever it was: no packet may stay beside a draft
            if _is_sealed(office, key, sha256):
                log.critical("%s is sealed, and something went wrong right after", key, exc_info=True)
                break
            taken_back = _take_back(office, key, unsure=may_come_back(problem))
            changed = isinstance(problem, RuleError) and problem.code == "seal.changed"
            if not (taken_back and changed and again):
                raise
    return data


def _is_sealed(office: Office, key: RecordKey, sha256: str) -> bool:
    """Whether the record is sealed with this very packet; StoreError `packet.left_behind` when nobody can say."""
    try:
        with office.applicants.read() as connection:
            stored, head = records.get(connection, key.record_id), seals.head(connection)
    except StoreError as problem:
        log.error("nobody knows whether %s was sealed, its packet is kept: %s", key, problem.code)
        raise StoreError("packet.left_behind") from problem
    sealed = stored is not None and stored.record.key == key and stored.record.state is State.SEALED
    return sealed and head is not None and head.sha256 == sha256


def _take_back(office: Office, key: RecordKey, *, unsure: bool) -> bool:
    """False when central may have been told of the packet. Without the file the draft may be changed again.

    StoreError `packet.left_behind` when the file is still there, or nobody can say whether it was told. So it is when
    it is `unsure` whether a power cut would make the record sealed after all: then only the packet has its captures.
    """
    try:
        if office.depot.outbox.get(key) is not None:
            return False
        if unsure:
            with office.applicants.write() as connection:
                seals.give_up(connection)
        gone = office.depot.packets.discard_unoffered(key)
    except StoreError as problem:
        log.error("the packet of %s is kept, nobody knows whether central was told of it: %s", key, problem.code)
        gone = False
    if not gone:
        raise StoreError("packet.left_behind")
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
        previous_sha256=(previous.sha256 or None) if previous else None,
    )
    return make_packet(manifest, body, station_key), manifest.sequence, packed


def _row(office: Office, key: RecordKey) -> RecordRow:
    with office.applicants.read() as connection:
        stored: Stored | None = records.get(connection, key.record_id)
    assert stored is not None  # sealed a moment ago
    try:
        packet = office.depot.outbox.get(key)
    except StoreError:  # it is sealed all the same, and whoever sealed it has to know
        packet = None
    return RecordRow(stored.record, stored.step, packet)
