"""Recording: what was accepted is on disk, and what is wrong is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from station.desk import recording, records
from station.domain.biometrics import MAX_BYTES, Part
from station.domain.errors import DeviceError, RuleError
from station.domain.form import FIELDS
from station.domain.record import State
from station.domain.registration import is_registration_no
from station.domain.rows import Happening
from station.domain.steps import Step
from station.store import audit
from tests.support import APPROVED, Workplace, a_capture, captured, good_answers


def start(place: Workplace) -> str:
    return recording.start(place.office).record.record_id


def test_a_recording_has_its_number_and_its_defaults_from_the_first_moment(place: Workplace) -> None:
    draft = recording.start(place.office, " 9901.0161.0488.0001 ")
    assert draft.record.state is State.DRAFT
    assert is_registration_no(draft.record.registration_no)
    assert draft.record.registration_no.startswith("R-990101-")
    assert draft.record.nik == draft.answers["nik"] == "9901016104880001"
    assert draft.answers["citizenship"] == "1"
    assert (draft.step, draft.captures, len(draft.missing)) == (Step.BIODATA, {}, 14)
    assert not draft.ready


def test_no_two_recordings_have_the_same_number_even_when_one_is_withdrawn(place: Workplace) -> None:
    first = recording.start(place.office).record
    recording.withdraw(place.office, first.record_id, "salah orang")
    place.reopen()
    second = recording.start(place.office).record
    assert second.registration_no != first.registration_no


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_an_answer_is_kept_cleaned_over_a_restart(place: Workplace, field: object) -> None:
    key, good = getattr(field, "key"), getattr(field, "good")  # noqa: B009
    record_id = start(place)
    assert recording.answer(place.office, record_id, key, f" {good.lower()} ").answers[key] == good
    place.reopen()
    assert recording.resume(place.office, record_id).answers[key] == good


def test_a_wrong_answer_is_kept_too_and_named(place: Workplace) -> None:
    draft = recording.answer(place.office, start(place), "rt", "1A")
    assert draft.answers["rt"] == "1A"
    assert ("rt", "unit.shape") in [(item.field, item.code) for item in draft.errors]


def test_an_answer_without_end_is_cut(place: Workplace) -> None:
    draft = recording.answer(place.office, start(place), "address", "A" * 100_000)
    assert len(draft.answers["address"]) == 500


@pytest.mark.parametrize("text", ["'; DROP TABLE record; --", "\x00", "\ud800", "😀" * 600, "\n\r\t", "%s {0}"])
@pytest.mark.parametrize("key", ["address", "name", "nik", "birth_date"])
def test_no_text_that_can_be_pasted_breaks_a_recording(place: Workplace, key: str, text: str) -> None:
    record_id = start(place)
    recording.answer(place.office, record_id, key, text)
    recording.answer(place.office, record_id, key, "9901016104880001")
    assert recording.resume(place.office, record_id).answers[key]


def test_a_field_no_form_has_is_refused(place: Workplace) -> None:
    with pytest.raises(RuleError) as problem:
        recording.answer(place.office, start(place), "shoe_size", "43")
    assert (problem.value.code, problem.value.field) == ("form.unknown_field", "shoe_size")


def test_the_same_answer_again_writes_nothing(place: Workplace) -> None:
    record_id = start(place)
    recording.answer(place.office, record_id, "name", "SITI AMINAH")
    before = recording.resume(place.office, record_id)
    place.clock.pass_time(60)  # type: ignore[attr-defined]
    assert recording.answer(place.office, record_id, "name", "siti  aminah") == before
    changes = "SELECT changed_at FROM record"
    with place.office.applicants.read() as connection:
        assert connection.exec_driver_sql(changes).scalar() == before.record.changed_at.isoformat(
            timespec="microseconds"
        )


def test_captures_are_kept_over_a_restart_and_replaced_by_a_better_one(place: Workplace) -> None:
    record_id = start(place)
    recording.keep(place.office, record_id, [a_capture(Part.FACE), a_capture(Part.FINGER_01)])
    draft = recording.keep(place.office, record_id, [replace(a_capture(Part.FACE, size=500), quality=91, attempts=2)])
    assert (draft.captures[Part.FACE].quality, draft.captures[Part.FACE].attempts) == (91, 2)
    place.reopen()
    draft = recording.resume(place.office, record_id)
    assert set(draft.captures) == {Part.FACE, Part.FINGER_01}
    assert recording.image(place.office, record_id, Part.FACE) == a_capture(Part.FACE, size=500).image
    assert recording.image(place.office, record_id, Part.SIGNATURE) is None
    assert len(draft.missing) == 12


@pytest.mark.parametrize("size", [0, MAX_BYTES[Part.FACE.modality] + 1])
def test_an_image_too_large_or_empty_is_refused_and_its_companions_too(place: Workplace, size: int) -> None:
    record_id = start(place)
    with pytest.raises(DeviceError) as problem:
        recording.keep(place.office, record_id, [a_capture(Part.FINGER_01), a_capture(Part.FACE, size=size)])
    assert problem.value.code == "device.image_too_large"
    assert recording.resume(place.office, record_id).captures == {}
    recording.keep(place.office, record_id, [a_capture(Part.FACE, size=MAX_BYTES[Part.FACE.modality])])


@pytest.mark.parametrize("step", list(Step))
def test_a_draft_reopens_at_the_step_it_was_left(place: Workplace, step: Step) -> None:
    record_id = start(place)
    recording.go_to(place.office, record_id, step)
    place.reopen()
    assert recording.resume(place.office, record_id).step is step
    assert [draft.record.record_id for draft in recording.open_drafts(place.office)] == [record_id]


def test_a_warning_stands_only_with_a_reason_and_only_for_the_value_it_was_confirmed_for(place: Workplace) -> None:
    record_id = place.draft(1, name="SUPARMAN")
    draft = recording.resume(place.office, record_id)
    assert [item.code for item in draft.open_warnings] == ["name.one_word"]
    assert not draft.ready
    for reason in ("", "   \n"):
        with pytest.raises(RuleError) as problem:
            recording.confirm(place.office, record_id, "name", "name.one_word", reason)
        assert problem.value.code == "confirm.no_reason"
    draft = recording.confirm(place.office, record_id, "name", "name.one_word", "  sesuai   akta " + "x" * 500)
    assert draft.ready
    assert draft.confirmed[0].reason.startswith("sesuai akta x")
    assert len(draft.confirmed[0].reason) == 200
    draft = recording.answer(place.office, record_id, "name", "SUPARMIN")
    assert not draft.ready
    assert [item.code for item in draft.open_warnings] == ["name.one_word"]


def test_confirming_again_replaces_the_reason(place: Workplace) -> None:
    record_id = place.draft(1, name="SUPARMAN")
    for reason in ("pertama", "kedua"):
        draft = recording.confirm(place.office, record_id, "name", "name.one_word", reason)
    assert [item.reason for item in draft.confirmed] == ["kedua"]


def test_a_warning_nobody_raised_cannot_be_confirmed(place: Workplace) -> None:
    with pytest.raises(RuleError) as problem:
        recording.confirm(place.office, place.draft(), "name", "name.one_word", "sesuai akta")
    assert problem.value.code == "confirm.not_found"


def test_a_step_is_done_when_nothing_is_left_to_do_in_it(place: Workplace) -> None:
    record_id = start(place)
    draft = recording.resume(place.office, record_id)
    assert [step for step in Step if draft.done(step)] == []
    for key, value in good_answers().items():
        draft = recording.answer(place.office, record_id, key, value)
    assert [step for step in Step if draft.done(step)] == [Step.APPLICANT, Step.BIODATA]
    captured(place.office, record_id)
    draft = recording.discard(place.office, record_id, [Part.FINGER_10])
    assert not draft.done(Step.FINGERS)
    draft = captured(place.office, record_id)
    assert [step for step in Step if not draft.done(step)] == [Step.SIGNATURE, Step.DOCUMENTS, Step.REVIEW]
    draft = recording.approve(place.office, record_id, APPROVED, a_capture(Part.SIGNATURE))
    assert [step for step in Step if not draft.done(step)] == [Step.DOCUMENTS, Step.REVIEW]
    assert draft.ready
    assert not recording.answer(place.office, record_id, "nik", "1").done(Step.APPLICANT)


def test_a_withdrawn_draft_keeps_its_reason_and_forgets_its_captures(place: Workplace) -> None:
    record_id = place.draft()
    with pytest.raises(RuleError) as problem:
        recording.withdraw(place.office, record_id, "  ")
    assert problem.value.code == "withdraw.no_reason"
    recording.withdraw(place.office, record_id, "pemohon pulang")
    assert recording.image(place.office, record_id, Part.FACE) is None
    assert recording.open_drafts(place.office) == ()
    found = records.timeline(place.office, record_id)
    assert found.row.record.state is State.WITHDRAWN
    assert [moment.what for moment in found.moments if moment.what is Happening.WITHDRAWN]


AFTERWARDS: dict[str, Callable[[Workplace, str], object]] = {
    "answer": lambda place, record_id: recording.answer(place.office, record_id, "name", "LAIN ORANG"),
    "keep": lambda place, record_id: recording.keep(place.office, record_id, [a_capture(Part.FACE)]),
    "go to": lambda place, record_id: recording.go_to(place.office, record_id, Step.FINGERS),
    "confirm": lambda place, record_id: recording.confirm(place.office, record_id, "name", "name.one_word", "x"),
    "withdraw": lambda place, record_id: recording.withdraw(place.office, record_id, "x"),
    "resume": lambda place, record_id: recording.resume(place.office, record_id),
}


@pytest.mark.parametrize("act", AFTERWARDS.values(), ids=AFTERWARDS.keys())
@pytest.mark.parametrize("state", ["sealed", "withdrawn", "unknown"])
def test_nothing_can_be_changed_in_what_is_no_draft(
    place: Workplace, act: Callable[[Workplace, str], object], state: str
) -> None:
    record_id = "01a1fc0b-e380-71fd-afd0-1bb720aff3dd"
    if state == "sealed":
        record_id = place.seal().record.record_id
    elif state == "withdrawn":
        record_id = start(place)
        recording.withdraw(place.office, record_id, "salah orang \ud800")
    with pytest.raises(RuleError) as problem:
        act(place, record_id)
    assert problem.value.code == "record.not_draft"


def test_what_was_done_to_a_draft_is_in_a_whole_audit_trail_without_the_answers(place: Workplace) -> None:
    record_id = place.draft(1, name="SUPARMAN")
    recording.confirm(place.office, record_id, "name", "name.one_word", "sesuai akta")
    with place.office.applicants.read() as connection:
        assert [line.action for line in audit.lines_of(connection, record_id)] == [
            "start", "draft_open", "approve", "confirm",
        ]  # fmt: skip
        assert audit.first_broken(connection) is None
        details = connection.exec_driver_sql("SELECT detail FROM audit").scalars().all()
    assert not [detail for detail in details if "SUPARMAN" in detail or good_answers(1)["nik"] in detail]


def test_open_drafts_are_listed_newest_change_first(place: Workplace) -> None:
    first = start(place)
    place.clock.pass_time(60)  # type: ignore[attr-defined]
    second = start(place)
    assert [draft.record.record_id for draft in recording.open_drafts(place.office)] == [second, first]
    place.clock.pass_time(60)  # type: ignore[attr-defined]
    recording.answer(place.office, first, "name", "SITI AMINAH")
    assert [draft.record.record_id for draft in recording.open_drafts(place.office)] == [first, second]
