"""The form at the desk: what office and list add to the rules, doubts that come back, drafts of an older form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from station.desk import papers, recording
from station.domain.biometrics import Part
from station.domain.draft import Draft
from station.domain.errors import RuleError
from station.domain.finding import Finding
from station.domain.service import Service
from station.store import records
from tests.support import Workplace, a_capture, good_answers


def stored_as(place: Workplace, record_id: str, **members: object) -> Draft:
    """Change what is stored beside the answers, as another version or a target list would have left it."""
    with place.office.applicants.write() as connection:
        stored = records.get(connection, record_id)
        assert stored is not None
        records.save(connection, replace(stored, **members))  # type: ignore[arg-type]
    return recording.resume(place.office, record_id)


def codes(findings: tuple[Finding, ...]) -> set[str]:
    return {item.code for item in findings}


def test_a_reason_falls_when_any_field_its_doubt_is_about_changes(place: Workplace) -> None:
    record_id = place.draft(1, birth_date="1988-04-22")
    recording.confirm(place.office, record_id, "nik", "nik.birth_date_differs", "sesuai KK")
    draft = recording.answer(place.office, record_id, "address", "JL. CONTOH BARU NO. 2")
    assert [item.code for item in draft.confirmed] == ["nik.birth_date_differs"]
    draft = recording.answer(place.office, record_id, "birth_date", "1988-04-23")
    assert draft.confirmed == ()
    assert codes(draft.open_warnings) == {"nik.birth_date_differs"}


def test_a_nik_of_a_district_that_never_was_is_doubted_with_the_table_of_the_station(place: Workplace) -> None:
    draft = recording.resume(place.office, place.draft(1, nik="9901996104880007"))
    assert codes(draft.open_warnings) == {"nik.district_unknown"}
    assert draft.errors == ()


def test_a_listed_name_is_doubted_and_the_same_name_typed_is_refused(place: Workplace) -> None:
    record_id = place.draft(1, name="BUDI2 CONTOH")
    assert codes(recording.resume(place.office, record_id).errors) == {"name.digit"}
    draft = stored_as(place, record_id, listed={"name": "BUDI2 CONTOH"})
    assert draft.errors == ()
    assert codes(draft.open_warnings) == {"name.digit_listed"}


def test_away_from_home_the_list_is_held_and_the_service_follows(place: Workplace) -> None:
    home = {"village": "99.71.01.1002", "kk": "9971012210180012"}
    record_id = place.draft(1, **home)
    draft = stored_as(place, record_id, listed={**home, "name": good_answers()["name"], "phone": "0800000099"})
    assert draft.held == {"village", "kk", "name"}
    assert draft.service is Service.OUT_OF_DOMICILE
    assert draft.errors == ()
    changed = recording.answer(place.office, record_id, "name", "SITI AMINAH BARU")
    assert codes(changed.errors) == {"domicile.changed"}


def test_a_draft_of_the_first_form_opens_with_the_defaults_of_today(place: Workplace) -> None:
    record_id = place.draft(1)
    with place.office.applicants.read() as connection:
        stored = records.get(connection, record_id)
    assert stored is not None
    first = {key: value for key, value in stored.answers.items() if key not in ("blood_type", "marriage_certificate")}
    stored_as(place, record_id, answers=first)
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql("UPDATE record SET form_version = 1")
    draft = recording.resume(place.office, record_id)
    assert draft.answers["blood_type"] == "13"
    assert [(item.field, item.code) for item in draft.errors] == [("marriage_certificate", "field.required")]
    draft = recording.answer(place.office, record_id, "marriage_certificate", "2")
    assert draft.answers["blood_type"] == "13"
    assert draft.errors == ()


def test_away_from_home_and_on_no_list_the_answers_are_compared_with_the_family_card(place: Workplace) -> None:
    home = {"village": "99.71.01.1002", "kk": "9971012210180012"}
    record_id = place.draft(1, **home)
    assert codes(recording.resume(place.office, record_id).open_warnings) == {"domicile.compare"}
    draft = recording.confirm(place.office, record_id, "village", "domicile.compare", "sesuai KK")
    assert draft.ready
    draft = recording.answer(place.office, record_id, "nik", good_answers(2)["nik"])
    assert "domicile.compare" in codes(draft.open_warnings), "that is another person"
    assert codes(stored_as(place, record_id, listed={"village": "99.01.01.2001"}).open_warnings) == {"domicile.compare"}
    assert "domicile.compare" not in codes(stored_as(place, record_id, listed=home).findings)


def test_away_from_home_no_data_are_changed_and_lost_cards_are_served(place: Workplace) -> None:
    record_id = place.draft(1, village="99.71.01.1002", kk="9971012210180012")
    assert codes(papers.choose_service(place.office, record_id, Service.CHANGED).errors) == {"domicile.service"}
    assert papers.choose_service(place.office, record_id, Service.LOST).errors == ()
    papers.choose_service(place.office, record_id, Service.CHANGED)
    assert recording.answer(place.office, record_id, "village", "99.01.01.2001").errors == ()


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"birth_date": "2012-08-30", "marital_status": "1"}, "eligibility.not_yet"),
        ({"birth_date": "2010-02-20", "marital_status": "1", "citizenship": "2"}, "eligibility.not_yet_foreigner"),
        ({"citizenship": "2", "permit_kind": "2"}, "permit.not_permanent"),
        ({"citizenship": "2", "permit_kind": "1", "permit_expires": "2026-11-20"}, "permit.expired"),
    ],
)
def test_no_picture_is_kept_of_whom_the_form_forbids_to_record(
    place: Workplace, answers: dict[str, str], code: str
) -> None:
    record_id = recording.start(place.office, good_answers()["nik"]).record.record_id
    for key, value in answers.items():
        recording.answer(place.office, record_id, key, value)
    with pytest.raises(RuleError) as problem:
        recording.keep(place.office, record_id, [a_capture(Part.FACE)])
    assert problem.value.code == code
    assert recording.resume(place.office, record_id).captures == {}
