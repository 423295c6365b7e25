"""Fingers and eyes that cannot be captured: entered with reason and photo, let pass by a colleague's voucher.

An exception takes the place of a capture, and a capture takes the place of an exception.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from station.capture.tasks import evidence as evidence_task
from station.desk import trail, vouchers
from station.desk.drafting import as_draft, draft_of, note, open_to_devices, storable
from station.desk.office import Office
from station.desk.officers import check_device
from station.desk.vouchers import Voucher
from station.domain.attachment import Role
from station.domain.biometric_exceptions import MAX_REASON, codes_for, exceptable, invited_in_time
from station.domain.biometrics import CAPTURE_FIELD, BiometricException, DeviceInfo, ExceptionCode, Part
from station.domain.draft import Draft
from station.domain.errors import RuleError
from station.domain.permission import Permission
from station.domain.recapture import check_open
from station.domain.verification import VERIFY_FIELD
from station.store import attachments, captures, records
from station.store.database import Connection
from station.store.records import Stored

EVIDENCE = "exception"
"""The kind of an attachment that shows why a part cannot be captured."""


def grant(
    office: Office,
    record_id: str,
    parts: Sequence[Part],
    code: ExceptionCode,
    reason: str,
    voucher: Voucher | None,
    invite_again: date | None,
    evidence: bytes,
    taken_with: DeviceInfo | None = None,
) -> Draft:
    """Except `parts`, for one reason and with one photo. What was captured of them goes.

    Without a `voucher` it waits for a second officer, see `approve`, and the record cannot be sealed before.
    `invite_again` is asked for codes that heal and not kept for others. RuleError `exception.part`, `exception.code`,
    `exception.no_reason`, `exception.invite_again`, `exception.no_photo`, `capture.simulated`, `recapture.not_open`,
    and those in STOPS when this person may not be recorded; AccessError `officer.voucher`; DeviceError when the photo
    is none. The voucher is used in the transaction that keeps the exceptions, and in none that fails.
    """
    office.require(Permission.ENTER_BIOMETRICS)
    wanted = tuple(part for part in Part if part in set(parts))
    reason = " ".join(storable(reason).split())[:MAX_REASON]
    _check(office, wanted, code, reason, invite_again)
    if not evidence:
        raise RuleError("exception.no_photo")
    check_device(office, taken_with)
    photo = evidence_task.read(office.lab, evidence)
    me = office.operator.operator_id
    with office.applicants.write() as connection:
        stored = open_to_devices(office, connection, record_id)
        check_open_parts(stored, wanted)
        if voucher is not None:
            vouchers.use(office, connection, voucher, record_id, wanted, code, me)
        shown = attachments.add(
            connection, record_id, Role.EVIDENCE, EVIDENCE, photo, media="image/jpeg", pages=1, at=office.now()
        )
        made = [
            BiometricException(
                part=part,
                code=code,
                reason=reason,
                approved_by=voucher.operator.operator_id if voucher else "",
                invite_again=invite_again.isoformat() if invite_again and code.temporary else None,
                entered_by=me,
                approved_at=office.local_now().isoformat() if voucher else "",
                evidence=shown.number,
            )
            for part in wanted
        ]
        captures.drop(connection, record_id, wanted)
        stored = without(connection, stored, wanted)
        excepted = sorted((*stored.exceptions, *made), key=lambda item: list(Part).index(item.part))
        records.save(connection, records.touched(replace(stored, exceptions=tuple(excepted)), office.now()))
        by = voucher.operator.operator_id if voucher else ""
        _note(office, connection, "exception", record_id, wanted, by=by)
        return as_draft(office, connection, draft_of(connection, record_id))


def take_over(office: Office, record_id: str, parts: Collection[Part]) -> Draft:
    """Who is signed in has looked at exceptions that wait, and answers for them in place of who entered them.

    From then on whoever may stand for them may approve. RuleError `exception.unknown` when one of them does not wait,
    or is their own.
    """
    office.require(Permission.ENTER_BIOMETRICS)
    me = office.operator.operator_id
    with office.applicants.write() as connection:
        stored = open_to_devices(office, connection, record_id)
        waiting = [item for item in stored.exceptions if item.part in parts and not item.approved_by]
        entered_by = {item.entered_by for item in waiting}
        if len(waiting) != len(set(parts)) or len(entered_by) != 1 or me in entered_by:
            raise RuleError("exception.unknown")
        taken = tuple(replace(item, entered_by=me) if item in waiting else item for item in stored.exceptions)
        records.save(connection, records.touched(replace(stored, exceptions=taken), office.now()))
        _note(office, connection, "exception_take_over", record_id, parts, entered_by=entered_by.pop())
        return as_draft(office, connection, draft_of(connection, record_id))


def approve(office: Office, record_id: str, parts: Collection[Part], voucher: Voucher) -> Draft:
    """A second officer has looked at exceptions that waited for one, all of one cause and entered by one officer.

    RuleError `exception.unknown` when one of them does not wait; AccessError `officer.voucher`.
    """
    office.require(Permission.ENTER_BIOMETRICS)
    with office.applicants.write() as connection:
        stored = open_to_devices(office, connection, record_id)
        waiting = [item for item in stored.exceptions if item.part in parts and not item.approved_by]
        asked = {(item.code, item.entered_by) for item in waiting}
        if not waiting or len(waiting) != len(set(parts)) or len(asked) != 1:
            raise RuleError("exception.unknown")
        ((code, entered_by),) = asked
        vouchers.use(office, connection, voucher, record_id, parts, code, entered_by)
        by, at = voucher.operator.operator_id, office.local_now().isoformat()
        approved = tuple(
            replace(item, approved_by=by, approved_at=at) if item in waiting else item for item in stored.exceptions
        )
        records.save(connection, records.touched(replace(stored, exceptions=approved), office.now()))
        _note(office, connection, "exception_approve", record_id, parts, by=by)
        return as_draft(office, connection, draft_of(connection, record_id))


def evidence(office: Office, record_id: str, number: int) -> bytes:
    """The photo that shows why parts were left out, as JPEG; nothing when it has gone or is no such photo."""
    office.require(Permission.READ_PERSON)
    trail.note_read(office, "image_open", record_id)
    with office.applicants.read() as connection:
        shown = {item.number for item in attachments.facts(connection, record_id) if item.role is Role.EVIDENCE}
        return (attachments.data(connection, record_id, number) or b"") if number in shown else b""


def revoke(office: Office, record_id: str, part: Part) -> Draft:
    """The part is to be captured after all. RuleError `exception.unknown` when it is not excepted.

    And `recapture.not_open`.
    """
    office.require(Permission.ENTER_BIOMETRICS)
    with office.applicants.write() as connection:
        stored = draft_of(connection, record_id)
        if part not in {item.part for item in stored.exceptions}:
            raise RuleError("exception.unknown")
        check_open_parts(stored, (part,))
        stored = without(connection, stored, (part,))
        records.save(connection, records.touched(stored, office.now()))
        _note(office, connection, "exception_revoke", record_id, (part,))
        return as_draft(office, connection, draft_of(connection, record_id))


def withdraw_captured(office: Office, connection: Connection, stored: Stored, captured: Collection[Part]) -> Stored:
    """`stored` without exceptions of parts that have just been captured, inside the transaction that keeps them."""
    parts = tuple(item.part for item in stored.exceptions if item.part in captured)
    if not parts:
        return stored
    _note(office, connection, "exception_revoke", stored.record.record_id, parts)
    return without(connection, stored, parts)


def check_open_parts(stored: Stored, parts: Iterable[Part]) -> None:
    """RuleError `recapture.not_open` when somebody has come again, and for other parts than these."""
    check_open(stored.recapture, parts, {reason.field for reason in stored.refused})


def _check(
    office: Office, parts: tuple[Part, ...], code: ExceptionCode, reason: str, invite_again: date | None
) -> None:
    if not parts or not all(map(exceptable, parts)):
        raise RuleError("exception.part")
    if code not in codes_for(parts):
        raise RuleError("exception.code")
    if not reason:
        raise RuleError("exception.no_reason")
    if code.temporary and not invited_in_time(invite_again, office.context.today):
        raise RuleError("exception.invite_again")


def without(connection: Connection, stored: Stored, parts: Collection[Part]) -> Stored:
    """`stored` without anything said of `parts`. A photo that shows nothing else any more is deleted."""
    left = tuple(item for item in stored.exceptions if item.part not in parts)
    shown = {item.evidence for item in left}
    for gone in stored.exceptions:
        if gone.evidence is not None and gone.evidence not in shown:
            attachments.drop(connection, stored.record.record_id, gone.evidence)
    return replace(without_findings(stored, parts), exceptions=left)


def without_findings(stored: Stored, parts: Collection[Part]) -> Stored:
    """What was verified of `parts`, and reasons given for warnings about them, were of other pictures."""
    fields = {prefix + part.value for part in parts for prefix in (CAPTURE_FIELD, VERIFY_FIELD)}
    return replace(
        stored,
        confirmed=tuple(item for item in stored.confirmed if item.field not in fields),
        verification=tuple(item for item in stored.verification if item.part not in parts),
    )


def _note(
    office: Office, connection: Connection, action: str, record_id: str, parts: Collection[Part], **detail: object
) -> None:
    """How many parts, and by whom: which ones, and why, is said of somebody's body and stays in the record."""
    note(office, connection, action, record_id, parts=len(parts), **detail)
