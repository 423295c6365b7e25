"""Looking records up: the list, the counters above it, and the timeline of one record."""

from __future__ import annotations

from dataclasses import replace

from station.desk.office import Office
from station.desk.recording import resume
from station.domain.biometrics import Part
from station.domain.delivery import OutboxItem, Stage
from station.domain.draft import Draft
from station.domain.errors import RuleError
from station.domain.record import Move, State, after
from station.domain.rows import Filter, Happening, Moment, Page, RecordRow, Timeline
from station.domain.steps import Step
from station.seal.body import open_body
from station.seal.packet import read_packet
from station.store import audit, captures, records, seals
from station.store.audit import AuditLine
from station.store.records import Stored

MOST_PARKED = 500
_STATES = {
    Filter.ALL: (State.DRAFT, State.SEALED, State.ACCEPTED, State.REJECTED, State.WITHDRAWN),
    Filter.DRAFT: (State.DRAFT,),
    Filter.WAITING: (State.SEALED,),
    Filter.RECEIPTED: (State.ACCEPTED,),
    Filter.NEEDS_REPAIR: (State.REJECTED,),
}
_HAPPENED = {
    "start": Happening.STARTED,
    "seal": Happening.SEALED,
    "reject": Happening.REJECTED,
    "reopen": Happening.REOPENED,
    "withdraw": Happening.WITHDRAWN,
}


def search(office: Office, text: str, which: Filter, offset: int, limit: int) -> Page:
    """A page of records by name, NIK or registration number; newest change first."""
    parked = _parked(office)
    with office.applicants.read() as connection:
        found, total = records.search(
            connection,
            text=text,
            states=_STATES[which],
            offset=offset,
            limit=limit,
            also=parked if which is Filter.NEEDS_REPAIR else (),
            without=parked if which is Filter.WAITING else (),
        )
    return Page(_rows(office, found), total, offset)


def counts(office: Office) -> dict[Filter, int]:
    """How many records each chip above the list holds."""
    with office.applicants.read() as connection:
        number = records.count_by_state(connection)
    found = {which: sum(number.get(state, 0) for state in states) for which, states in _STATES.items()}
    parked = len(_parked(office))
    found[Filter.NEEDS_REPAIR] += parked
    found[Filter.WAITING] -= min(parked, found[Filter.WAITING])
    return found


def _parked(office: Office) -> list[str]:
    """Records whose packet is on hold: they do not go by themselves, so they are not waiting."""
    return [item.key.record_id for item in office.depot.outbox.page([Stage.PARKED], offset=0, limit=MOST_PARKED)]


def same_nik(office: Office, nik: str, besides: str) -> tuple[RecordRow, ...]:
    """Other records here with this NIK: a second recording blocks the person's card."""
    with office.applicants.read() as connection:
        found = records.with_nik(connection, nik, besides=besides)
    return _rows(office, found)


def timeline(office: Office, record_id: str) -> Timeline:
    """Everything known about one record. RuleError `record.unknown`."""
    with office.applicants.read() as connection:
        stored = records.get(connection, record_id)
        if stored is None:
            raise RuleError("record.unknown")
        lines = audit.lines_of(connection, record_id)
        face = captures.image(connection, record_id, Part.FACE) or seals.face_of(connection, record_id)
    packets = office.depot.outbox.of_records([record_id])
    moments = [moment for line in lines for moment in _audited(line)]
    moments += [moment for item in packets.values() for moment in _delivered(item)]
    for at, members in office.depot.changes.of_record(record_id):
        if code := str(members.get("code", "")):
            moments.append(Moment(Happening.CENTRAL, at, code))
    order = list(Happening)
    moments.reverse()  # what was said last stands above when two things bear the same moment
    moments.sort(key=lambda moment: (moment.at, order.index(moment.what)), reverse=True)
    row = RecordRow(stored.record, stored.step, packets.get(stored.record.key))
    return Timeline(row, tuple(moments), stored.refused, face)


def reopen(office: Office, record_id: str) -> Draft:
    """Open a refused record for correction: everything it held comes back, as the next revision.

    RuleError `record.move` when it is not refused; TrustError or StoreError when its packet cannot be opened.
    """
    with office.applicants.read() as connection:
        stored = records.get(connection, record_id)
        identity = seals.identity_of(connection, stored.record.key) if stored else None
    if stored is None:
        raise RuleError("record.unknown")
    state = after(stored.record.state, Move.REOPEN)
    if identity is None:
        raise RuleError("record.shredded")
    body = open_body(read_packet(office.depot.packets.read(stored.record.key)).body, identity)
    now = office.now()
    entry = replace(stored.record, revision=stored.record.revision + 1, state=state, sealed_at=None, changed_at=now)
    with office.applicants.write() as connection:
        answers = {key: str(value) for key, value in dict(body.record["answers"]).items()}
        reopened = replace(
            stored, record=entry, answers=answers, exceptions=tuple(body.exceptions), step=_first_wrong(stored)
        )
        records.save(connection, reopened)
        for capture in body.captures:
            captures.put(connection, record_id, capture)
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


def _first_wrong(stored: Stored) -> Step:
    fields = {reason.field for reason in stored.refused}
    return Step.APPLICANT if fields == {"nik"} else Step.BIODATA


def _rows(office: Office, found: tuple[Stored, ...]) -> tuple[RecordRow, ...]:
    packets = office.depot.outbox.of_records([stored.record.record_id for stored in found])
    return tuple(RecordRow(stored.record, stored.step, packets.get(stored.record.key)) for stored in found)


def _audited(line: AuditLine) -> list[Moment]:
    what = _HAPPENED.get(line.action)
    return [] if what is None else [Moment(what, line.at, line.operator_id if what is not Happening.REJECTED else "")]


def _delivered(item: OutboxItem) -> list[Moment]:
    moments = []
    if item.received_at is not None:
        moments.append(Moment(Happening.RECEIPTED, item.received_at, item.receipt_no))
    if item.stage is Stage.PARKED and item.last_tried_at is not None:
        trouble = item.last_note.trouble.value if item.last_note else ""
        moments.append(Moment(Happening.PARKED, item.last_tried_at, trouble))
    return moments
