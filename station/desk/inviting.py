"""People who are to come again, because a finger or an eye could not be captured for a while: whom, and what then.

Whoever comes is made sure of first, then the record is opened as its next revision with only those parts open. Must
not know how they are captured.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from station.desk import prints, vouchers
from station.desk.drafting import note, resume, storable
from station.desk.exceptions import without
from station.desk.healing import take_over
from station.desk.minutiae import with_minutiae
from station.desk.office import Office
from station.desk.officers import check_genuine
from station.desk.reopening import Sealed, open_sealed, put_back, restored, sealed_body, told_of
from station.desk.vouchers import Voucher
from station.domain.biometrics import Capture, Part
from station.domain.delivery import Stage
from station.domain.draft import Draft
from station.domain.errors import RuleError
from station.domain.permission import Permission
from station.domain.recapture import MAX_REASON, KnownBy, Recapture, due
from station.domain.record import Move, RecordKey, after
from station.domain.steps import Step, step_of
from station.domain.verification import MATCH_THRESHOLD, fingers_to_verify
from station.store import attachments, captures, invitations, records
from station.store.records import Stored

SOON = timedelta(days=7)
"""So long before its day somebody is on the list: a wound may have healed a little earlier."""


@dataclass(frozen=True)
class Invited:
    """Somebody whose wound has healed by `on`: the parts that are still to be captured."""

    record_id: str
    registration_no: str
    name: str
    on: date
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Visitor:
    """Somebody of the list who is here. One of `fingers` shows who they are; none can be compared when it is empty."""

    invited: Invited
    fingers: tuple[Part, ...]


def to_invite_again(office: Office) -> tuple[Invited, ...]:
    """Who is to come again within a week, the earliest first. Whoever was recorded once more since is left out."""
    office.require(Permission.READ_PERSON)
    until = _until(office)
    with office.applicants.read() as connection:
        found = invitations.due(connection, until)
    return tuple(sorted((_invited(stored, until) for stored in found), key=lambda item: (item.on, item.name)))


def receive(office: Office, record_id: str) -> Visitor:
    """Somebody of the list is here: which of their fingers are known.

    RuleError `recapture.not_due`; DeviceError `lab.*` when nobody could look; see also `open_sealed`.
    """
    office.require(Permission.CORRECT_RECORD)
    sealed = _due(office, record_id)
    return Visitor(_invited(sealed.stored, _until(office)), tuple(_known(office, sealed)))


def recapture(
    office: Office,
    record_id: str,
    taken: Sequence[Capture] = (),
    reason: str = "",
    voucher: Voucher | None = None,
) -> Draft:
    """Open the record as its next revision, with the parts that are due open and everything else as it was sealed.

    `taken` are fingers captured just now; one of them must be the one that was sealed. Without any, `reason` says which
    document was seen in their place, and `voucher` is the word of a second officer who has seen it too, for
    KnownBy.DOCUMENT and the parts that are due. RuleError `recapture.not_due`, `recapture.no_match`,
    `verify.no_minutiae`, `recapture.no_reason`, `recapture.no_word`, `capture.simulated`; AccessError
    `officer.voucher`; DeviceError when fingers cannot be compared now; see also `open_sealed`. After an error the
    record is as sealed as before.
    """
    office.require(Permission.CORRECT_RECORD)
    check_genuine(office, taken)
    reason = " ".join(storable(reason).split())[:MAX_REASON]
    sealed = _due(office, record_id)
    _check_told(taken, reason, voucher)
    comparable = with_minutiae(office, sealed.body.captures, {item.part for item in taken})
    score = _score(office, taken, {item.part: item.template for item in comparable if item.template})
    if taken and score < MATCH_THRESHOLD:
        _audit_stopped(office, record_id)
        raise RuleError("recapture.no_match")
    parts = _invited(sealed.stored, _until(office)).parts
    stored = restored(office, sealed, Move.RECAPTURE)
    visit = Recapture(
        revision=sealed.stored.record.revision,
        opened=stored.record.revision,
        sealed_at=sealed.stored.record.sealed_at,
        parts=parts,
        known_by=KnownBy.FINGER if taken else KnownBy.DOCUMENT,
        score=score,
        reason="" if taken else reason,
        at=office.now(),
        operator_id=office.operator.operator_id,
        vouched_by=voucher.operator.operator_id if voucher and not taken else "",
    )
    with office.applicants.write() as connection:
        if voucher is not None and not taken:
            vouchers.use(office, connection, voucher, record_id, parts, KnownBy.DOCUMENT, visit.operator_id)
            note(office, connection, "recapture_vouched", record_id, by=visit.vouched_by)
        opened = replace(stored, recapture=visit, step=step_of(parts[0]))
        put_back(office, connection, opened, comparable, sealed.body, Move.RECAPTURE)
        records.save(connection, without(connection, opened, parts))
    return resume(office, record_id)


def give_up(office: Office, record_id: str, reason: str) -> None:
    """Nothing came of the visit: the record is again what it was, and the person still to come.

    RuleError `recapture.none` when this is no such draft; see also `open_sealed`.
    """
    office.require(Permission.DELETE_DRAFT)
    with office.applicants.read() as connection:
        stored = records.get(connection, record_id)
    if stored is None or stored.recapture is None:
        raise RuleError("recapture.none")
    visit, entry = stored.recapture, stored.record
    body = sealed_body(office, RecordKey(record_id, visit.revision))
    state = after(entry.state, Move.RETURN)
    entry = replace(entry, revision=visit.revision, state=state, sealed_at=visit.sealed_at, changed_at=office.now())
    with office.applicants.write() as connection:
        before = replace(
            told_of(body, stored),
            record=entry,
            refused=(),
            approval=None,
            verification=(),
            ready_at=None,
            recapture=None,
            step=Step.REVIEW,
        )
        records.save(connection, before)
        captures.clear(connection, record_id)
        attachments.clear(connection, record_id)
        note(office, connection, Move.RETURN.value, record_id, reason=reason, revision=entry.revision)
    packet = office.depot.outbox.get(entry.key)
    if packet is not None:  # central may have answered meanwhile, and have been set aside for what came of the visit
        refused = packet.stage in (Stage.REJECTED, Stage.REPLACED)
        take_over(office, [replace(packet, stage=Stage.REJECTED) if refused else packet])


def uninvite(office: Office, record_id: str, reason: str) -> None:
    """They come no more: moved, died, or do not want to. RuleError `recapture.no_reason`, `recapture.not_due`."""
    office.require(Permission.DELETE_DRAFT)
    reason = " ".join(storable(reason).split())[:MAX_REASON]
    if not reason:
        raise RuleError("recapture.no_reason")
    with office.applicants.write() as connection:
        stored = records.get(connection, record_id)
        if stored is None or stored not in invitations.due(connection, _until(office)):
            raise RuleError("recapture.not_due")
        records.save(connection, replace(stored, uninvited=reason))
        note(office, connection, "uninvite", record_id)


def _until(office: Office) -> date:
    return office.context.today + SOON


def _due(office: Office, record_id: str) -> Sealed:
    """What was sealed of somebody on the list."""
    with office.applicants.read() as connection:
        listed = {stored.record.record_id for stored in invitations.due(connection, _until(office))}
    if record_id not in listed:
        raise RuleError("recapture.not_due")
    return open_sealed(office, record_id, Move.RECAPTURE)


def _check_told(taken: Sequence[Capture], reason: str, voucher: Voucher | None) -> None:
    """What tells who it is: a finger that can be compared, or a document with a reason, seen by two."""
    if taken:
        if not any(item.template for item in taken):
            raise RuleError("verify.no_minutiae")
    elif not reason:
        raise RuleError("recapture.no_reason")
    elif voucher is None:
        raise RuleError("recapture.no_word")


def _known(office: Office, sealed: Sealed) -> Collection[Part]:
    """The fingers that are asked for: one of each hand, if anything can be read in it."""
    captured = {item.part: item for item in sealed.body.captures}
    asked = fingers_to_verify([part for part in captured if part.position])
    return [item.part for item in with_minutiae(office, [captured[part] for part in asked], asked) if item.template]


def _score(office: Office, taken: Sequence[Capture], known: dict[Part, bytes]) -> int:
    """How well the best of `taken` fits the same finger as it was sealed."""
    pairs = [(item.template, known[item.part]) for item in taken if item.template and item.part in known]
    table = prints.scores(office, [new for new, _old in pairs], [old for _new, old in pairs])
    return max((row[place] for place, row in enumerate(table)), default=0)


def _audit_stopped(office: Office, record_id: str) -> None:
    with office.applicants.write() as connection:
        note(office, connection, "recapture_stopped", record_id)


def _invited(stored: Stored, until: date) -> Invited:
    asked, entry = due(stored.exceptions, until), stored.record
    first = date.fromisoformat(min(item.invite_again or "" for item in asked))
    return Invited(entry.record_id, entry.registration_no, entry.name, first, tuple(item.part for item in asked))
