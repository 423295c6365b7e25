"""Calling a person up at the desk: the lists, the records here, and what the desk refuses whatever a window shows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from station.desk import applicants, healing, recording, records, waiting_room
from station.domain.biometrics import Part
from station.domain.draft import Draft
from station.domain.eligibility import Eligible
from station.domain.errors import RuleError
from station.domain.outcome import Accepted, Reason
from station.domain.record import RecordKey, State
from station.domain.service import Service
from station.domain.standing import MANY_PHONES, Sign
from station.domain.steps import Step
from station.domain.target import Target
from station.store import audit
from tests.support import TODAY, Workplace, a_capture, good_answers
from tests.target_lists import put_on_list
from tests.unit.test_timelines import tell

SITI = good_answers(1)
NIK = SITI["nik"]
LISTED = {key: value for key, value in SITI.items() if key != "nik"}


def listed(nik: str = NIK, **changed: str) -> Target:
    return Target(nik, {**LISTED, **changed})


def stop(place: Workplace, nik: str = NIK) -> str:
    found = applicants.look_up(place.office, nik).stop
    return found.code if found else ""


def refused(place: Workplace, nik: str = NIK, reason: str = "") -> str:
    with pytest.raises(RuleError) as problem:
        recording.start(place.office, nik, reason)
    return problem.value.code


def open_codes(draft: Draft) -> list[str]:
    return [item.code for item in draft.open_warnings]


def rejected(place: Workplace) -> RecordKey:
    key = place.seal(1).record.key
    place.depot.outbox.reject(key, [Reason("name.wrong", "name", "Nama")], at=TODAY)
    healing.catch_up(place.office)
    return key


# ------------------------------------------------------------------------------------------------------------- lists


def test_a_listed_person_is_filled_in_and_complete_at_once(place: Workplace) -> None:
    put_on_list(place, listed())
    found = applicants.look_up(place.office, NIK)
    assert found.target is not None
    assert found.village is not None
    assert found.village.name == "SUKAMAJU CONTOH"
    assert found.eligibility is not None
    assert (found.eligibility.kind, found.eligibility.age) == (Eligible.MUST_HOLD, 38)
    draft = recording.start(place.office, NIK)
    assert draft.done(Step.APPLICANT)
    assert draft.done(Step.BIODATA)
    assert draft.step is Step.BIODATA
    assert dict(draft.listed) == {key: draft.answers[key] for key in draft.listed}
    assert draft.answers["name"] == SITI["name"]
    place.reopen()
    assert recording.resume(place.office, draft.record.record_id).listed == draft.listed


def test_what_no_form_here_has_is_left_out_and_what_is_wrong_is_named(place: Workplace) -> None:
    put_on_list(place, Target(NIK, {**LISTED, "shoe_size": "43", "rt": "1A"}))
    draft = recording.start(place.office, NIK)
    assert "shoe_size" not in draft.answers
    assert "shoe_size" not in draft.listed
    assert ("rt", "unit.shape") in [(item.field, item.code) for item in draft.errors]


def test_on_no_list_one_goes_on_by_typing(place: Workplace) -> None:
    put_on_list(place, listed("9901016104880099"))
    found = applicants.look_up(place.office, NIK)
    assert (found.target, found.stop, found.warnings, found.eligibility) == (None, None, (), None)
    draft = recording.start(place.office, NIK)
    assert dict(draft.listed) == {}
    assert draft.answers["nik"] == NIK


def test_somebody_from_another_regency_is_out_of_domicile(place: Workplace) -> None:
    put_on_list(place, listed(village="99.71.01.1001"))
    found = applicants.look_up(place.office, NIK)
    assert found.eligibility is not None
    assert found.eligibility.out_of_domicile
    assert recording.start(place.office, NIK).service is Service.OUT_OF_DOMICILE


def test_another_nik_brings_the_other_persons_data_and_keeps_what_was_typed(place: Workplace) -> None:
    other = good_answers(2)
    put_on_list(place, listed(), listed(other["nik"], name=other["name"], address="JL. LAIN NO. 2"))
    record_id = recording.start(place.office, NIK).record.record_id
    recording.answer(place.office, record_id, "occupation", "15")
    draft = recording.answer(place.office, record_id, "nik", other["nik"])
    assert draft.answers["name"] == draft.listed["name"] == other["name"]
    assert draft.answers["address"] == "JL. LAIN NO. 2"
    assert draft.answers["occupation"] == "15"
    draft = recording.answer(place.office, record_id, "nik", good_answers(3)["nik"])
    assert dict(draft.listed) == {}
    assert "name" not in draft.answers
    assert draft.answers["occupation"] == "15"
    assert draft.answers["citizenship"] == "1"


def test_another_nik_lets_no_default_stand_against_the_list(place: Workplace) -> None:
    foreigner = good_answers(2)
    put_on_list(place, listed(foreigner["nik"], citizenship="2", blood_type="4"))
    record_id = recording.start(place.office, NIK).record.record_id
    draft = recording.answer(place.office, record_id, "nik", foreigner["nik"])
    assert (draft.answers["citizenship"], draft.answers["blood_type"]) == ("2", "4")


def test_another_nik_forgets_every_reason_about_an_answer_that_came_from_the_list(place: Workplace) -> None:
    other = good_answers(2)["nik"]
    put_on_list(place, listed(name="SUPARMAN"), listed(other, name="SUPARMIN"))
    record_id = recording.start(place.office, NIK).record.record_id
    recording.answer(place.office, record_id, "father_name", "HASAN CONTOH")
    recording.answer(place.office, record_id, "kk", "9902010503190001")
    recording.confirm(place.office, record_id, "name", "name.one_word", "sesuai akta")
    recording.confirm(place.office, record_id, "kk", "kk.region_differs", "KK lama")
    draft = recording.answer(place.office, record_id, "nik", other)
    assert [item.code for item in draft.confirmed] == ["kk.region_differs"], "that was typed, and is as it was"
    assert "name.one_word" in open_codes(draft)


def test_people_are_found_by_name_with_a_sign_each(place: Workplace) -> None:
    put_on_list(
        place,
        listed(good_answers(1)["nik"], name="UJI SATU"),
        listed(good_answers(2)["nik"], name="UJI DUA"),
        Target(good_answers(3)["nik"], {**LISTED, "name": "UJI TIGA"}, recorded=True),
        listed(good_answers(4)["nik"], name="UJI EMPAT", birth_date="2012-08-30", marital_status="1"),
        listed(good_answers(5)["nik"], name="UJI LIMA"),
        listed(good_answers(6)["nik"], name="LAIN ENAM"),
    )
    place.seal(2)
    recording.start(place.office, good_answers(5)["nik"])
    found = {item.target.name: item.sign for item in applicants.find_people(place.office, "uji")}
    assert found == {
        "UJI SATU": Sign.FREE,
        "UJI DUA": Sign.HERE,
        "UJI TIGA": Sign.RECORDED,
        "UJI EMPAT": Sign.TOO_YOUNG,
        "UJI LIMA": Sign.DRAFT,
    }
    assert applicants.find_people(place.office, "\ud800 nobody") == ()


# ------------------------------------------------------------------------------------------------------------- stops


def test_a_record_that_was_sealed_here_stops_a_second_one(place: Workplace) -> None:
    record_id = place.seal(1).record.record_id
    found = applicants.look_up(place.office, NIK)
    assert stop(place) == refused(place) == refused(place, reason="tetap") == "applicant.recorded_here"
    assert found.record is not None
    assert found.record.record.record_id == record_id
    assert found.record.packet is not None


def test_what_central_refused_is_corrected_and_not_begun_again(place: Workplace) -> None:
    key = rejected(place)
    assert stop(place) == refused(place) == "applicant.refused_here"
    draft = records.reopen(place.office, key.record_id)
    assert set(draft.open_warnings) == set(draft.open_captures)  # what the pictures of tests show cannot be compared
    assert (draft.errors, draft.missing) == ((), ())
    assert stop(place) == refused(place, reason="tetap") == "applicant.recorded_here"


def test_a_correction_is_not_stopped_by_the_list_that_knows_of_the_refused_one(place: Workplace) -> None:
    key = rejected(place)
    put_on_list(place, Target(NIK, LISTED, recorded=True, central_code="BIO_CAPTURED"))
    draft = records.reopen(place.office, key.record_id)
    assert "applicant.recorded" not in [item.code for item in draft.findings]


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (Target(NIK, LISTED, recorded=True), "applicant.recorded"),
        (Target(NIK, LISTED, central_code="PRINT_READY_RECORD"), "applicant.recorded"),
        (Target(NIK, {**LISTED, "birth_date": "2012-08-30", "marital_status": "1"}), "applicant.too_young"),
    ],
)
def test_the_list_stops_whoever_may_not_be_recorded(place: Workplace, target: Target, code: str) -> None:
    put_on_list(place, target)
    assert stop(place) == refused(place) == refused(place, reason="tetap") == code
    assert recording.open_drafts(place.office) == ()


def test_whom_central_wants_again_is_recorded_again(place: Workplace) -> None:
    put_on_list(place, Target(NIK, LISTED, recorded=True, central_code="ENROLL_FAILURE_AT_REGIONAL"))
    assert stop(place) == ""
    assert recording.start(place.office, NIK).record.state is State.DRAFT


def test_who_is_young_and_married_is_not_refused_for_a_gap_in_the_list(place: Workplace) -> None:
    put_on_list(place, listed(birth_date="2012-08-30", marital_status=""))
    assert stop(place) == ""
    draft = recording.start(place.office, NIK)
    assert "eligibility.not_yet" in [item.code for item in draft.errors], "the form still asks"
    draft = recording.answer(place.office, draft.record.record_id, "marital_status", "2")
    assert "eligibility.not_yet" not in [item.code for item in draft.errors]


def test_what_central_could_not_use_is_recorded_again_only_after_asking_for_its_packet(place: Workplace) -> None:
    key = place.seal(1).record.key
    place.depot.outbox.settle(key, Accepted("a.b.c", "C-7", TODAY))
    healing.catch_up(place.office)
    tell(place, key, code="ENROLL_FAILURE_AT_CENTRAL", at=TODAY + timedelta(hours=1))
    put_on_list(place, listed())
    assert stop(place) == ""
    assert refused(place) == "applicant.wanted_again"
    draft = recording.start(place.office, NIK, "Dinas minta rekam ulang")
    assert "applicant.wanted_again" not in open_codes(draft)
    other = recording.resume(place.office, place.draft(2))
    draft = recording.answer(place.office, other.record.record_id, "nik", NIK)
    assert "applicant.wanted_again" in open_codes(draft)


@pytest.mark.parametrize(("hours", "code"), [(-1, "applicant.recorded"), (1, "applicant.wanted_again")])
def test_a_list_made_after_centrals_word_about_the_record_here_counts(place: Workplace, hours: int, code: str) -> None:
    key = place.seal(1).record.key
    place.depot.outbox.settle(key, Accepted("a.b.c", "C-7", TODAY - timedelta(days=1)))
    healing.catch_up(place.office)
    tell(place, key, code="ENROLL_FAILURE_AT_CENTRAL", at=place.clock.now() + timedelta(hours=hours))
    put_on_list(place, Target(NIK, LISTED, recorded=True))
    assert refused(place) == code


def test_a_wrong_nik_starts_nothing(place: Workplace) -> None:
    assert stop(place, "9901016199880001") == refused(place, "9901016199880001") == "nik.month"


@pytest.mark.parametrize("how", ["typed later", "list imported later"])
def test_a_draft_that_is_stopped_takes_no_capture_and_is_never_sealed(place: Workplace, how: str) -> None:
    record_id = place.draft(2)
    assert recording.resume(place.office, record_id).ready
    if how == "typed later":
        place.seal(1)
        draft = recording.answer(place.office, record_id, "nik", NIK)
    else:
        put_on_list(place, Target(good_answers(2)["nik"], LISTED, recorded=True))
        draft = recording.resume(place.office, record_id)
    assert not draft.ready
    assert not draft.done(Step.APPLICANT)
    with pytest.raises(RuleError) as problem:
        recording.keep(place.office, record_id, [a_capture(Part.FACE)])
    assert problem.value.code in ("applicant.recorded_here", "applicant.recorded")
    with pytest.raises(RuleError) as problem:
        waiting_room.make_ready(place.office, record_id)
    assert problem.value.code == "waiting.not_prepared"
    if how == "typed later":
        assert recording.answer(place.office, record_id, "nik", good_answers(2)["nik"]).ready


# ---------------------------------------------------------------------------------------------------------- warnings


def test_a_second_draft_of_one_person_needs_a_reason_that_is_kept(place: Workplace) -> None:
    first = recording.start(place.office, NIK)
    found = applicants.look_up(place.office, NIK)
    assert found.draft is not None
    assert found.draft.record.record_id == first.record.record_id
    assert refused(place) == refused(place, reason=" \n") == "applicant.other_draft"
    second = recording.start(place.office, NIK, "  orang yang sama,  draf lama salah \ud800")
    kept = [item for item in second.confirmed if item.code == "applicant.other_draft"]
    assert [item.reason for item in kept] == ["orang yang sama, draf lama salah ?"]
    assert "applicant.other_draft" in open_codes(recording.resume(place.office, first.record.record_id))
    recording.withdraw(place.office, second.record.record_id, "salah")
    assert "applicant.other_draft" not in open_codes(recording.resume(place.office, first.record.record_id))


def test_same_name_and_birth_date_is_found_when_it_is_typed_and_gone_when_it_changes(place: Workplace) -> None:
    place.seal(1)
    record_id = recording.start(place.office, good_answers(2)["nik"]).record.record_id
    recording.answer(place.office, record_id, "name", SITI["name"])
    draft = recording.answer(place.office, record_id, "birth_date", SITI["birth_date"])
    assert "applicant.same_person" in open_codes(draft)
    draft = recording.confirm(place.office, record_id, "name", "applicant.same_person", "saudara kembar")
    assert "applicant.same_person" not in open_codes(draft)
    draft = recording.answer(place.office, record_id, "birth_date", "1988-04-22")
    assert "applicant.same_person" not in [item.code for item in draft.findings]
    draft = recording.answer(place.office, record_id, "birth_date", SITI["birth_date"])
    assert "applicant.same_person" in open_codes(draft), "the reason was for another answer"


def test_same_name_and_birth_date_from_the_list_is_said_before_the_start(place: Workplace) -> None:
    other = good_answers(2)["nik"]
    put_on_list(place, listed(other))
    recording.answer(place.office, place.draft(1), "village", SITI["village"])
    assert [item.code for item in applicants.look_up(place.office, other).warnings] == ["applicant.same_person"]
    assert refused(place, other) == "applicant.same_person"
    draft = recording.start(place.office, other, "kembar")
    assert "applicant.same_person" not in open_codes(draft)


def test_an_application_that_is_settled_or_withdrawn_is_no_other_open_one(place: Workplace) -> None:
    recording.withdraw(place.office, place.draft(1), "salah")
    draft = recording.resume(place.office, place.draft(2, name=SITI["name"]))
    assert "applicant.same_person" not in [item.code for item in draft.findings]


def test_one_telephone_on_more_than_five_applications_asks_for_a_reason(place: Workplace) -> None:
    phone = SITI["phone"]
    drafts = [place.draft(number, phone=phone) for number in range(1, MANY_PHONES + 1)]
    assert "phone.many" not in open_codes(recording.resume(place.office, drafts[0]))
    sixth = recording.resume(place.office, place.draft(MANY_PHONES + 1, phone=phone))
    found = next(item for item in sixth.findings if item.code == "phone.many")
    assert (found.field, found.data["others"]) == ("phone", MANY_PHONES)
    assert "phone.many" in open_codes(recording.resume(place.office, drafts[0]))
    recording.answer(place.office, drafts[1], "phone", "")
    assert "phone.many" not in open_codes(recording.resume(place.office, sixth.record.record_id))


def test_a_status_nobody_knows_asks_for_a_reason(place: Workplace) -> None:
    put_on_list(place, Target(NIK, LISTED, central_code="CARD_ON_THE_MOON"))
    assert refused(place) == "applicant.unknown_status"
    assert open_codes(recording.start(place.office, NIK, "Dinas sudah ditanya")) == []


# ------------------------------------------------------------------------------------------------------------- audit


def test_looking_up_starting_and_going_on_against_a_warning_leave_lines_without_the_person(place: Workplace) -> None:
    put_on_list(place, listed())
    recording.start(place.office, NIK)
    applicants.look_up(place.office, NIK)
    second = recording.start(place.office, NIK, "draf lama salah")
    assert [item.code for item in second.confirmed] == ["applicant.other_draft"], "one doubt is not told twice"
    with place.office.applicants.read() as connection:
        mine = [line.action for line in audit.lines_of(connection, second.record.record_id)]
        told = connection.exec_driver_sql("SELECT action, detail FROM audit").all()
        assert audit.first_broken(connection) is None
    assert mine == ["start", "override"]
    looked = [row.detail for row in told if row.action == "look_up"]
    assert looked == ['{"listed": true, "stop": ""}']
    assert not [row for row in told if NIK in row.detail or SITI["name"] in row.detail or "draf lama" in row.detail]
