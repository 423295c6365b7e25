"""Which questions belong to whom, and that what nobody is asked is neither judged nor sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from station.domain.codes import MARITAL_STATUS
from station.domain.finding import Finding, Severity
from station.domain.form import (
    FIELDS,
    Context,
    Section,
    check_field,
    check_form,
    errors_in,
    field_of,
    needed_fields,
    shown_answers,
    shown_fields,
    with_defaults,
)
from station.domain.regions import CodeState

TODAY = date(2026, 11, 1)
HERE = Context(TODAY, training=True)
GOOD = {field.key: field.good for field in FIELDS}
FIRST_FORM = (
    "nik kk name sex birth_place birth_date citizenship religion marital_status occupation address rt rw village"
).split()
CERTIFICATE = {"marriage_certificate_no", "marriage_date"}


def keys(**answers: str) -> set[str]:
    return {field.key for field in shown_fields({**GOOD, **answers})}


def findings(answers: dict[str, str], context: Context = HERE) -> list[Finding]:
    return check_form({**GOOD, **answers}, context)


def test_a_condition_asks_only_an_earlier_field() -> None:
    order = [field.key for field in FIELDS]
    for place, field in enumerate(FIELDS):
        for condition in (field.shown, field.needed):
            if not isinstance(condition, bool) and condition is not None:
                assert order.index(condition.key) < place, field.key


def test_a_section_is_one_piece_and_so_is_a_row() -> None:
    for runs in ([field.section.value for field in FIELDS], [str(field.row) for field in FIELDS]):
        starts = [item for before, item in pairwise(["", *runs]) if item != before]
        assert len(starts) == len(set(runs))


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ({"religion": "7"}, {"belief"}),
        ({"occupation": "89"}, {"occupation_text"}),
        ({"disability": "2"}, {"disability_kind"}),
        ({"birth_certificate": "2"}, {"birth_certificate_no"}),
        ({"marital_status": "2", "marriage_certificate": "2"}, {"marriage_certificate", *CERTIFICATE}),
        ({"marital_status": "3"}, {"divorce_certificate", "divorce_certificate_no", "divorce_date"}),
        ({"citizenship": "2"}, {"permit_kind", "permit_no", "permit_expires", "first_arrival", "sponsor_name"}),
    ],
)
def test_some_answers_bring_questions_of_their_own(answer: dict[str, str], shown: set[str]) -> None:
    nobody = {"religion": "1", "occupation": "2", "disability": "1", "birth_certificate": "1", "marital_status": "1"}
    assert not shown & keys(**nobody)
    assert shown <= keys(**{**nobody, **answer})


def test_a_certificate_is_asked_for_by_number_and_day_only_when_there_is_one() -> None:
    assert not CERTIFICATE & keys(marriage_certificate="1")
    assert needed_fields(GOOD) >= CERTIFICATE


def test_a_question_of_a_question_goes_with_it() -> None:
    """The sponsor's name hangs on the kind of sponsor, and that on being a foreigner."""
    assert "sponsor_name" not in keys(citizenship="1", sponsor_kind="3")
    assert "sponsor_name" not in keys(citizenship="2", sponsor_kind="5")
    assert "sponsor_name" in keys(citizenship="2", sponsor_kind="3")


def test_what_is_not_asked_is_neither_judged_nor_sealed() -> None:
    answers = {**GOOD, "citizenship": "1", "permit_kind": "2", "permit_expires": "31-02-2020", "belief": "X" * 500}
    assert check_form(answers, HERE) == []
    assert check_field(field_of("permit_kind"), answers, HERE) == []
    sealed = shown_answers(answers)
    assert "permit_kind" not in sealed
    assert "belief" not in sealed
    assert {key: value for key, value in answers.items() if key in sealed} == sealed


def test_a_foreigner_needs_the_passport_that_a_citizen_may_show() -> None:
    assert "passport_no" in keys(citizenship="1")
    assert "passport_no" not in needed_fields({**GOOD, "citizenship": "1"})
    assert {"passport_no", "passport_expires", "permit_no"} <= needed_fields({**GOOD, "citizenship": "2"})


def test_the_family_costs_nobody_a_key_press() -> None:
    needed = needed_fields({**GOOD, "disability": "1", "birth_certificate": "1"})
    assert not [field.key for field in FIELDS if field.section is Section.FAMILY and field.key in needed]


def test_blood_type_is_unknown_until_somebody_knows_it() -> None:
    assert with_defaults({}, 1)["blood_type"] == "13"
    assert "blood_type" in needed_fields({})


def test_an_unregistered_marriage_needs_no_certificate_and_is_a_marriage() -> None:
    assert MARITAL_STATUS.label("21") == "KAWIN BELUM TERCATAT"
    young = {"marital_status": "21", "birth_date": "2010-02-20", "nik": "9901046002100003"}
    assert [(item.code, item.severity) for item in findings(young)] == [("eligibility.married_young", Severity.WARNING)]
    assert "marriage_certificate" not in keys(marital_status="21")


# -------------------------------------------------------------------------------------------------- the older form


def test_a_form_of_version_1_is_judged_by_its_own_fields() -> None:
    first = {key: GOOD[key] for key in FIRST_FORM}
    assert {field.key for field in FIELDS if field.since == 1} == set(FIRST_FORM)
    assert errors_in(check_form(first, HERE, form_version=1)) == []
    assert {item.field for item in errors_in(check_form(first, HERE))} == {
        "blood_type", "marriage_certificate",
    }  # fmt: skip
    assert [item.code for item in check_form({**first, "rt": "1A"}, HERE, form_version=1)] == ["unit.shape"]


def test_a_draft_of_version_1_has_the_defaults_of_today_and_keeps_its_answers() -> None:
    opened = with_defaults({"citizenship": "2", "name": "SITI"}, 1)
    assert opened == {"citizenship": "2", "name": "SITI", "blood_type": "13"}
    assert with_defaults({"blood_type": ""}, 1) == {"blood_type": ""}
    assert with_defaults({}, 2) == {}


# ------------------------------------------------------------------------------------------- what findings are about


@pytest.mark.parametrize(
    ("answers", "code", "about"),
    [
        ({"birth_date": "1991-04-03"}, "nik.birth_date_differs", {"nik", "birth_date"}),
        ({"sex": "1"}, "nik.sex_differs", {"nik", "sex"}),
        ({"kk": "9971010503190001"}, "kk.region_differs", {"kk", "village"}),
        ({"marriage_certificate": "1"}, "marriage.no_certificate", {"marriage_certificate", "marital_status"}),
        ({"name": "SUPARMAN"}, "name.one_word", {"name"}),
    ],
)
def test_a_finding_names_every_field_it_follows_from(answers: dict[str, str], code: str, about: set[str]) -> None:
    (finding,) = findings(answers)
    assert (finding.code, set(finding.about)) == (code, about)


# --------------------------------------------------------------------------------------------------- against the list


@pytest.mark.parametrize(
    ("name", "code"), [("NUR'AINI CONTOH", "name.punctuation"), ("BUDI2 CONTOH", "name.digit_listed")]
)
def test_a_name_of_existing_data_is_taken_as_it_is(name: str, code: str) -> None:
    found = findings({"name": name}, replace(HERE, listed={"name": name}))
    assert [(item.code, item.severity) for item in found] == [(code, Severity.WARNING)]


@pytest.mark.parametrize(
    ("name", "code"), [("NUR'AINI CONTOH", "name.punctuation_new"), ("BUDI2 CONTOH", "name.digit")]
)
def test_a_name_that_differs_from_the_list_is_a_new_one_and_must_follow_the_rules(name: str, code: str) -> None:
    found = findings({"name": name}, replace(HERE, listed={"name": "NURAINI CONTOH"}))
    assert [(item.code, item.severity) for item in found] == [(code, Severity.ERROR)]


def test_what_no_card_can_show_is_an_error_also_in_a_listed_name() -> None:
    name = "BUDI\u200b CONTOH"
    assert [item.code for item in findings({"name": name}, replace(HERE, listed={"name": name}))] == ["name.not_latin"]


class Table:
    """A table of regions with one district."""

    def district_known(self, code6: str) -> bool:
        return code6 == "990101"

    def code_state(self, code: str) -> CodeState:
        return CodeState.CURRENT


def test_a_nik_of_an_unknown_district_is_a_warning_and_never_an_error() -> None:
    context = replace(HERE, places=Table())
    assert findings({}, context) == []
    (found,) = findings({"nik": "9901996104880007"}, context)
    assert (found.field, found.code, found.severity) == ("nik", "nik.district_unknown", Severity.WARNING)
    assert findings({"nik": "9901996104880007"}, replace(context, places=None)) == []


# ------------------------------------------------------------------------------------------------- out of domicile

HOME = {key: GOOD[key] for key in ("nik", "kk", "name", "birth_date", "address", "rt", "rw", "village", "phone")}


def test_at_home_everything_of_the_list_may_be_corrected() -> None:
    context = replace(HERE, listed=HOME, office="99.01.03")
    assert findings({"address": "JL. BARU NO. 2", "rt": "009"}, context) == []


@pytest.mark.parametrize("key", sorted(set(HOME) - {"phone"}))
def test_away_from_home_no_data_of_the_list_may_change(key: str) -> None:
    context = replace(HERE, listed=HOME, office="33.25.07")
    assert findings({}, context) == []
    for other in ("", "X"):
        found = [item for item in findings({key: other}, context) if item.field == key]
        assert [(item.code, item.severity) for item in found] == [("domicile.changed", Severity.ERROR)]


def test_away_from_home_the_telephone_and_what_the_list_does_not_know_are_still_written_down() -> None:
    context = replace(HERE, listed=HOME, office="33.25.07")
    assert findings({"phone": "0800000099", "blood_type": "1", "hamlet": "DUSUN UJI II"}, context) == []
