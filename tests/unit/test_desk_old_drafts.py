"""Drafts that were left: told first, asked about, and wiped by a person only."""

from __future__ import annotations

import pytest

from station.desk import old_drafts, recording, records, waiting_room
from station.domain.errors import AccessError, RuleError
from station.domain.record import State
from station.store import audit
from tests.support import HandClock, Workplace, good_answers

DAY_S = 86400.0


def left(place: Workplace, days: float, serial: int = 1) -> str:
    record_id = place.draft(serial)
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(days * DAY_S)
    return record_id


def as_(place: Workplace, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place.office, "operator", place.office.operator.__class__("op-9", "Ani", role))


def test_from_ten_days_on_a_draft_is_listed_the_longest_left_first(place: Workplace) -> None:
    first = left(place, 5, 1)
    second = left(place, 9.9, 2)
    assert [draft.record_id for draft in old_drafts.old_drafts(place.office)] == [first]
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(0.2 * DAY_S)
    found = old_drafts.old_drafts(place.office)
    assert [draft.record_id for draft in found] == [first, second]
    assert [(draft.untouched_days, draft.over) for draft in found] == [(15, True), (10, False)]


def test_time_alone_wipes_nothing(place: Workplace) -> None:
    record_id = left(place, 4000)
    place.reopen()
    assert place.office.operator.name
    assert len(recording.resume(place.office, record_id).captures) == 14


@pytest.mark.parametrize("role", ["supervisor", "archivist"])
def test_a_supervisor_or_archivist_wipes_everything_but_the_number_with_a_reason(
    place: Workplace, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = left(place, 14)
    number = records.timeline(place.office, record_id).row.record.registration_no
    as_(place, role, monkeypatch)
    old_drafts.wipe(place.office, record_id, " pindah  domisili ")
    row = records.timeline(place.office, record_id).row.record
    assert (row.state, row.registration_no, row.nik, row.name) == (State.WITHDRAWN, number, "", "")
    with place.office.applicants.read() as connection:
        line = audit.lines_of(connection, record_id)[-1]
        kept = "".join(map(str, connection.exec_driver_sql("SELECT * FROM record").all()))
        assert connection.exec_driver_sql("SELECT count(*) FROM capture").scalar() == 0
    assert (line.action, line.detail["reason"], line.operator_id) == ("wipe", "pindah domisili", "op-9")
    assert not any(value in kept for key, value in good_answers().items() if key in ("nik", "name", "phone", "address"))


@pytest.mark.parametrize("role", ["counter", "operator", "technician", "head", "admin"])
def test_nobody_else_wipes_a_draft(place: Workplace, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    record_id = left(place, 20)
    as_(place, role, monkeypatch)
    with pytest.raises(AccessError):
        old_drafts.wipe(place.office, record_id, "x")


@pytest.mark.parametrize(("days", "reason", "code"), [(13.9, "x", "draft.not_over"), (20, "  ", "withdraw.no_reason")])
def test_not_before_its_days_and_not_without_a_reason(
    place: Workplace, days: float, reason: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = left(place, days)
    as_(place, "supervisor", monkeypatch)
    with pytest.raises(RuleError) as refused:
        old_drafts.wipe(place.office, record_id, reason)
    assert refused.value.code == code
    assert len(recording.resume(place.office, record_id).captures) == 14


def test_the_start_page_lists_what_was_left_longest_before_what_is_new(place: Workplace) -> None:
    old = left(place, 11, 1)
    new, newest = left(place, 1, 2), left(place, 1, 3)
    listed = [item.record.record_id for item in waiting_room.waiting(place.office).unfinished]
    assert listed == [old, newest, new]
