"""Verification at the end of a recording: fingers captured once more, compared with what was kept, never kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from station.desk import prints
from station.desk.drafting import as_draft, draft_of, note, seen_today
from station.desk.office import Office
from station.desk.officers import check_genuine
from station.domain.biometrics import Capture, Part
from station.domain.draft import Draft
from station.domain.errors import RuleError
from station.domain.permission import Permission
from station.domain.verification import MATCH_THRESHOLD, VERIFY_FIELD, Verification
from station.store import captures, records
from station.store.database import Connection
from station.store.records import Stored


def verify(office: Office, record_id: str, taken: Sequence[Capture]) -> Draft:
    """Compare new captures with the kept fingers; the best score of each counts.

    RuleError `verify.not_asked` for a finger that is not to be verified, `verify.no_minutiae` when nothing can be read
    from a picture, `capture.simulated`.
    """
    office.require(Permission.ENTER_BIOMETRICS)
    check_genuine(office, taken)
    with office.applicants.read() as connection:
        known = _kept(office, connection, record_id, taken)
    found = prints.scores(office, [item.template for item in taken], tuple(known.values()))
    scores = {item.part: dict(zip(known, row, strict=True)) for item, row in zip(taken, found, strict=True)}
    with office.applicants.write() as connection:
        if _kept(office, connection, record_id, taken) != known:
            raise RuleError("verify.not_asked")  # captured anew in between: what was compared is gone
        stored = seen_today(office, draft_of(connection, record_id))
        for item in taken:
            stored = _with(office, stored, item, scores[item.part])
        records.save(connection, records.touched(stored, office.now()))
        matched = sum(item.matched for item in stored.verification if item.part in scores)
        note(office, connection, "verify", record_id, fingers=len(scores), matched=matched)
        return as_draft(office, connection, draft_of(connection, record_id))


def _kept(office: Office, connection: Connection, record_id: str, taken: Sequence[Capture]) -> Mapping[Part, bytes]:
    """The minutiae that are kept of the fingers in `taken`."""
    draft = as_draft(office, connection, draft_of(connection, record_id))
    for item in taken:
        if item.part not in draft.to_verify:
            raise RuleError("verify.not_asked")
        if not item.template:
            raise RuleError("verify.no_minutiae")
    return captures.templates(connection, record_id)


def _with(office: Office, stored: Stored, item: Capture, scores: Mapping[Part, int]) -> Stored:
    before = next((done for done in stored.verification if done.part is item.part), None)
    closest = max(scores, key=scores.__getitem__)
    done = Verification(
        part=item.part,
        score=max(scores[item.part], before.score if before else 0),
        attempts=(before.attempts if before else 0) + 1,
        at=office.now(),
        device_serial=item.device.serial,
        like=closest if closest is not item.part and scores[closest] >= MATCH_THRESHOLD else None,
    )
    field = VERIFY_FIELD + item.part.value
    return replace(
        stored,
        verification=(*(other for other in stored.verification if other.part is not item.part), done),
        confirmed=tuple(kept for kept in stored.confirmed if kept.field != field),
    )
