"""The journey of one record: what this station did, what became of its packet, and what central said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from station.desk.incomplete import steps_missing
from station.desk.office import Office
from station.domain.biometrics import Part, missing_parts
from station.domain.central_status import LONGEST_CODE, readable
from station.domain.delivery import OutboxItem, Stage
from station.domain.eligibility import print_from
from station.domain.errors import RuleError
from station.domain.next_step import is_late
from station.domain.permission import Permission
from station.domain.record import State
from station.domain.rows import Happening, Moment, RecordRow, Timeline
from station.store import audit, captures, records, seals
from station.store.audit import AuditLine
from station.store.database import Connection
from station.store.records import Stored

LONGEST_NOTE = 280
_HAPPENED = {
    "start": Happening.STARTED,
    "seal": Happening.SEALED,
    "reject": Happening.REJECTED,
    "reopen": Happening.REOPENED,
    "correct": Happening.REOPENED,
    "resend": Happening.RESENT,
    "recapture": Happening.INVITED,
    "return": Happening.RETURNED,
    "withdraw": Happening.WITHDRAWN,
    "void": Happening.VOIDED,
}
_ORDER = tuple(Happening)
_MILESTONES = (Happening.SEALED, Happening.QUEUED, Happening.OFFERED, Happening.RECEIPTED)
_AFTER_SEAL = _ORDER[_ORDER.index(Happening.QUEUED) :]


def view(office: Office, record_id: str) -> Timeline:
    """The same as `timeline` for an operator who has just opened the record: that they saw it is kept.

    RuleError `record.unknown`.
    """
    office.require(Permission.READ_PERSON)
    found = timeline(office, record_id)
    with office.applicants.write() as connection:
        audit.append(
            connection,
            at=office.now(),
            operator_id=office.operator.operator_id,
            action="view",
            record_id=record_id,
            revision=found.row.record.revision,
        )
    return found


def timeline(office: Office, record_id: str) -> Timeline:
    """Everything known about one record, the newest first. RuleError `record.unknown`."""
    office.require(Permission.READ_PERSON)
    with office.applicants.read() as connection:
        stored = records.get(connection, record_id)
        if stored is None:
            raise RuleError("record.unknown")
        moments = [moment for line in audit.lines_of(connection, record_id) for moment in _audited(line, stored)]
        moments += _captured(connection, stored)
        missing = steps_missing(connection, [stored]).get(record_id, ())
        face = captures.image(connection, record_id, Part.FACE) or seals.face_of(connection, record_id)
    packets = office.depot.outbox.of_records([record_id])
    moments += [moment for item in packets.values() for moment in _delivered(item)]
    for at, members in office.depot.changes.of_record(record_id):
        moments += _said(at, members, stored.record.revision)
    young = print_from(stored.answers, office.context.today)
    row = RecordRow(stored.record, stored.step, packets.get(stored.record.key), missing, young)
    told = _in_order(moments)
    if is_late(row, office.now()):
        told = _marked_late(told)
    return Timeline(row, tuple(told), stored.refused, face, stored.service)


def _audited(line: AuditLine, stored: Stored) -> Iterator[Moment]:
    what = _HAPPENED.get(line.action)
    if what is None:
        return
    known = 1 if what is Happening.STARTED else stored.record.revision
    revision = line.detail.get("revision", known)
    by = "" if what is Happening.REJECTED else line.operator_id
    yield Moment(what, line.at, by, revision=int(revision))


def _captured(connection: Connection, stored: Stored) -> Iterator[Moment]:
    """When the last of all biometrics was taken. They leave the station's database with the seal."""
    if stored.record.state is not State.DRAFT:
        return
    cards = captures.cards(connection, stored.record.record_id)
    if cards and not missing_parts(cards, [item.part for item in stored.exceptions]):
        last = max(card.taken_at for card in cards.values())
        yield Moment(Happening.CAPTURED, last, revision=stored.record.revision)


def _delivered(item: OutboxItem) -> Iterator[Moment]:
    revision = item.key.revision
    yield Moment(Happening.QUEUED, item.sealed_at, revision=revision, size=item.size)
    if item.offered_at is not None:
        yield Moment(Happening.OFFERED, item.offered_at, revision=revision)
    if item.stage is Stage.SENDING and item.last_tried_at is not None:
        part = item.offset / item.size if item.size else 0.0
        yield Moment(Happening.SENDING, item.last_tried_at, revision=revision, size=item.size, part=part)
    if item.received_at is not None:
        yield Moment(Happening.RECEIPTED, item.received_at, readable(item.receipt_no, LONGEST_CODE), revision=revision)
    if item.confirmed_at is not None:
        yield Moment(Happening.CONFIRMED, item.confirmed_at, revision=revision)
    if item.purged_at is not None:
        yield Moment(Happening.PURGED, item.purged_at, readable(item.receipt_no, LONGEST_CODE), revision=revision)
    if item.stage is Stage.PARKED and item.last_tried_at is not None:
        trouble = item.last_note.trouble.value if item.last_note else ""
        yield Moment(Happening.PARKED, item.last_tried_at, trouble, revision=revision)


def _said(at: datetime, members: Mapping[str, Any], newest: int) -> Iterator[Moment]:
    """One thing central told. What is of an unknown kind is shown by the name of its kind."""
    kind, code = str(members.get("kind", "")), str(members.get("code", ""))
    note = readable(str(members.get("note", "")), LONGEST_NOTE)
    revision = int(members.get("revision", newest))
    match kind:
        case "record.resend" | "receipt.lost":
            yield Moment(Happening.WANTED_AGAIN, at, note=note, revision=revision)
        case "record.refused":
            return  # the refusal is told by the audit trail, its reasons by the record
        case "record.status" if not code:
            return
        case _:
            yield Moment(Happening.CENTRAL, at, code or kind, note, revision=revision)


def _in_order(moments: Iterable[Moment]) -> list[Moment]:
    """Newest first. Central has a clock of its own: an answer never stands before what it is an answer to."""
    floors: dict[int, datetime] = {}
    placed: list[tuple[int, datetime, int, Moment]] = []
    for moment in sorted(moments, key=lambda found: (found.revision, _ORDER.index(found.what), found.at)):
        floor = floors.get(moment.revision, moment.at)
        at = max(moment.at, floor) if moment.what in _AFTER_SEAL else moment.at
        if moment.what in _MILESTONES:
            floors[moment.revision] = at
        placed.append((moment.revision, at, len(placed), moment))
    return [entry[-1] for entry in sorted(placed, key=lambda entry: entry[:-1], reverse=True)]


def _marked_late(told: list[Moment]) -> list[Moment]:
    """The last word of central is the one that stands too long."""
    for at, moment in enumerate(told):
        if moment.what in (Happening.CENTRAL, Happening.RECEIPTED):
            return [*told[:at], replace(moment, late=True), *told[at + 1 :]]
    return told
