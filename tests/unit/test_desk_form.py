"""The form at the desk: what office and list add to the rules, doubts that come back, drafts of an older form."""

from __future__ import annotations

from dataclasses import replace

from station.desk import recording
from station.domain.draft import Draft
from station.domain.finding import Finding
from station.domain.service import Service
from station.store import records
from tests.support import Workplace, good_answers


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
