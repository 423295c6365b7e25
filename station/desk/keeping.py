"""Keeping what was captured: pictures, the signature under what the applicant has read. All of it, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from station import failpoint
from station.desk import prints, turns
from station.desk.disk_guard import make_room_to_keep
from station.desk.drafting import as_draft, changed, draft_of, note, open_to_devices
from station.desk.exceptions import check_open_parts, withdraw_captured, without_findings
from station.desk.office import Office
from station.desk.officers import check_genuine
from station.domain.approval import Approval, answers_sha256
from station.domain.biometrics import MAX_BYTES, MAX_STATEMENT_BYTES, Capture, Part
from station.domain.draft import Draft
from station.domain.errors import DeviceError, RuleError
from station.domain.permission import Permission
from station.domain.tries import counted, takes_the_place
from station.store import captures, records
from station.store.database import Connection
from station.store.records import Stored

MAX_TEXT = 20_000


def keep(office: Office, record_id: str, kept: Sequence[Capture]) -> Draft:
    """Keep accepted captures at once, also weak ones, in place of exceptions of the same parts.

    Of several tries of a finger or an eye the best one stays, and each is counted; of anything else the newest stays.
    DeviceError `device.image_too_large`. RuleError with one of the codes in STOPS when this person may not be recorded,
    `capture.simulated`, `recapture.not_open`, `incomplete.who` of somebody who has come back and was not recognised,
    or those of `prints.stop_at_known`: then nothing is kept. A signature kept in this way stands under nothing: it
    counts only with `approve`.
    """
    office.require(Permission.ENTER_BIOMETRICS)
    _check_sizes(kept)
    check_genuine(office, kept)
    make_room_to_keep(office)
    new = prints.new_prints(kept)
    while True:
        with office.applicants.read() as connection:
            check_open_parts(draft_of(connection, record_id), (item.part for item in kept))
            known = prints.basis(office, connection, record_id, new)
        _compare(office, record_id, new, known)
        failpoint.reach(f"capture.compared.{_first(kept)}")
        with office.applicants.write() as connection:
            if prints.basis(office, connection, record_id, new) != known:
                continue  # something was kept while these were compared
            stored = open_to_devices(office, connection, record_id)
            return _put(office, connection, stored, kept)


def approve(office: Office, record_id: str, text: str, capture: Capture) -> Draft:
    """Keep the signature together with the words it stands under and the answers they were made of.

    RuleError `approval.no_text`, `incomplete.who`; DeviceError `device.wrong_part` and `device.image_too_large`.
    """
    office.require(Permission.ENTER_BIOMETRICS)
    if capture.part is not Part.SIGNATURE:
        raise DeviceError("device.wrong_part", part=capture.part.value)
    if not text.strip() or len(text) > MAX_TEXT:
        raise RuleError("approval.no_text")
    _check_sizes([capture])
    check_genuine(office, [capture])
    with office.applicants.write() as connection:
        stored = open_to_devices(office, connection, record_id)
        answers = as_draft(office, connection, stored).answers
        approval = Approval(text, answers_sha256(answers), capture.taken_at)
        note(office, connection, "approve", record_id)
        return _put(office, connection, stored, [capture], approval)


def assist(office: Office, record_id: str, on: bool) -> Draft:
    """Somebody who needs time: devices wait longer, and nothing nags."""
    office.require(Permission.ENTER_PERSON)
    return changed(office, record_id, lambda stored: replace(stored, assisted=on), audited=("assist", {"on": on}))


def discard(office: Office, record_id: str, parts: Collection[Part]) -> Draft:
    """Throw captures away: they were of other fingers, and stand in the way of the right ones.

    RuleError `recapture.not_open`; `incomplete.who` while the fingers are all that tells whose draft this is.
    """
    office.require(Permission.ENTER_BIOMETRICS)
    with office.applicants.write() as connection:
        stored = draft_of(connection, record_id)
        check_open_parts(stored, parts)
        if as_draft(office, connection, stored).unrecognised:
            raise RuleError("incomplete.who")
        captures.drop(connection, record_id, parts)
        records.save(connection, records.touched(without_findings(stored, parts), office.now()))
        note(office, connection, "discard", record_id, parts=len(parts))
        return as_draft(office, connection, draft_of(connection, record_id))


def _put(
    office: Office, connection: Connection, stored: Stored, kept: Sequence[Capture], approval: Approval | None = None
) -> Draft:
    record_id, parts = stored.record.record_id, {item.part for item in kept}
    stored = turns.note_unnumbered(office, connection, stored)
    replaced = _put_best(office, connection, record_id, kept)
    stored = withdraw_captured(office, connection, without_findings(stored, replaced), parts)
    if Part.SIGNATURE in parts:
        stored = replace(stored, approval=approval)
    records.save(connection, records.touched(stored, office.now()))
    failpoint.reach(f"capture.before_commit.{_first(kept)}")
    return as_draft(office, connection, draft_of(connection, record_id))


def _put_best(office: Office, connection: Connection, record_id: str, kept: Sequence[Capture]) -> set[Part]:
    """The parts whose capture is another one now."""
    cards, replaced = captures.cards(connection, record_id), set()
    for capture in kept:
        before = cards.get(capture.part)
        attempts = counted(before.attempts if before else 0, office.policy)
        if takes_the_place(capture.part, capture.rank, before.rank if before else None):
            tried = replace(capture, attempts=attempts)
            captures.put(connection, record_id, tried, kept_on=office.context.today)
            replaced.add(capture.part)
        else:
            captures.count_try(connection, record_id, capture.part, attempts)
        failpoint.reach(f"capture.put.{capture.part.value}")
    return replaced


def _first(kept: Sequence[Capture]) -> str:
    """Names this capture among those of a person, for drills."""
    return kept[0].part.value if kept else ""


def _check_sizes(kept: Sequence[Capture]) -> None:
    for capture in kept:
        size, statement = len(capture.image), len((capture.envelope or "").encode())
        if not size or size > MAX_BYTES[capture.part.modality] or statement > MAX_STATEMENT_BYTES:
            raise DeviceError("device.image_too_large", part=capture.part.value, size=size)


def _compare(office: Office, record_id: str, new: dict[Part, Capture], known: prints.Basis) -> None:
    """RuleError for a finger that may not come; the audit keeps that somebody tried, not whose finger it was."""
    try:
        prints.stop_at_known(office, new, known)
    except RuleError as stop:
        with office.applicants.write() as connection:
            note(office, connection, "capture_stopped", record_id, code=stop.code)
        raise
