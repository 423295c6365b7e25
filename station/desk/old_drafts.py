"""Drafts that nobody has touched for long: listed first, asked about, and wiped only by a person with a reason.

Work that was not sealed exists nowhere else, so no clock decides about it.
"""

from __future__ import annotations

from dataclasses import replace

from station.desk.drafting import draft_of, note, storable
from station.desk.office import Office
from station.domain.errors import RuleError
from station.domain.permission import Permission
from station.domain.record import Move, State, after
from station.domain.retention import DRAFT_WARNED_DAYS, Draft
from station.store import attachments, captures, records
from station.store.records import Stored

MAX_REASON = 200


def old_drafts(office: Office) -> tuple[Draft, ...]:
    """Untouched for `DRAFT_WARNED_DAYS` days and more, the longest first."""
    office.require(Permission.READ_GUARD)
    with office.applicants.read() as connection:
        found = [_old(office, stored) for stored in records.with_states(connection, [State.DRAFT])]
    old = [draft for draft in found if draft.untouched_days >= DRAFT_WARNED_DAYS]
    return tuple(sorted(old, key=lambda draft: (-draft.untouched_days, draft.record_id)))


def wipe(office: Office, record_id: str, reason: str) -> None:
    """Destroy everything of a draft but its number, and note why.

    AccessError `access.role`; RuleError `withdraw.no_reason`, `record.not_draft`, `draft.not_over` before its days are
    over, `draft.was_sealed` for a correction: central or the Dinas waits for that, so it is finished or given up there.
    """
    office.require(Permission.DELETE_LEFT_DRAFT)
    reason = " ".join(storable(reason).split())[:MAX_REASON]
    if not reason:
        raise RuleError("withdraw.no_reason")
    with office.applicants.write() as connection:
        stored = draft_of(connection, record_id)
        old = _old(office, stored)
        if not old.wipeable:
            raise RuleError("draft.was_sealed")
        if not old.over:
            raise RuleError("draft.not_over")
        records.save(connection, _emptied(office, stored))
        captures.clear(connection, record_id)
        attachments.clear(connection, record_id)
        note(office, connection, "wipe", record_id, reason=reason, days=old.untouched_days)


def _old(office: Office, stored: Stored) -> Draft:
    entry = stored.record
    return Draft(
        record_id=entry.record_id,
        registration_no=entry.registration_no,
        name=entry.name,
        nik=entry.nik,
        untouched_days=max(0, (office.now() - entry.changed_at).days),
        wipeable=entry.revision == 1 and stored.recapture is None,
    )


def _emptied(office: Office, stored: Stored) -> Stored:
    moved = replace(stored.record, state=after(stored.record.state, Move.WITHDRAW), changed_at=office.now())
    return replace(
        stored,
        record=moved,
        answers={},
        listed={},
        papers={},
        confirmed=(),
        exceptions=(),
        verification=(),
        approval=None,
        ready_at=None,
    )
