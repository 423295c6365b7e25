"""Who may be recorded today, and from when the card may be printed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.eligibility import (
    Background,
    Eligibility,
    Eligible,
    age_on,
    eligibility,
    eligibility_of,
    held_fields,
    lives_elsewhere,
    photo_background,
    service_for,
)
from station.domain.service import Service

TODAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("birth", "married", "answer"),
    [
        (date(1985, 8, 17), False, Eligibility(Eligible.MUST_HOLD, 41)),
        (date(2009, 11, 1), False, Eligibility(Eligible.MUST_HOLD, 17)),
        (date(2009, 11, 2), False, Eligibility(Eligible.EARLY, 16, date(2026, 11, 2))),
        (date(2010, 11, 1), False, Eligibility(Eligible.EARLY, 16, date(2027, 11, 1))),
        (date(2010, 11, 2), False, Eligibility(Eligible.NOT_YET, 15)),
        (date(2010, 2, 20), True, Eligibility(Eligible.MUST_HOLD, 16)),
        (date(2012, 8, 30), True, Eligibility(Eligible.MUST_HOLD, 14)),
        (date(2012, 8, 30), False, Eligibility(Eligible.NOT_YET, 14)),
    ],
)
def test_age_and_marriage_decide(birth: date, married: bool, answer: Eligibility) -> None:
    assert eligibility(birth, ever_married=married, today=TODAY) == answer


def test_who_was_born_on_29_february_gets_the_card_on_the_first_of_march() -> None:
    found = eligibility(date(2008, 2, 29), ever_married=False, today=date(2025, 2, 28))
    assert found == Eligibility(Eligible.EARLY, 16, date(2025, 3, 1))
    assert eligibility(date(2008, 2, 29), ever_married=False, today=date(2025, 3, 1)).kind is Eligible.MUST_HOLD


@given(st.dates(date(1900, 1, 1), TODAY), st.booleans())
def test_an_early_recording_becomes_a_card_exactly_on_the_day_it_names(birth: date, married: bool) -> None:
    found = eligibility(birth, ever_married=married, today=TODAY)
    if found.print_from is not None:
        assert found.kind is Eligible.EARLY
        assert found.print_from > TODAY
        before = found.print_from - timedelta(days=1)
        assert eligibility(birth, ever_married=False, today=before).kind is Eligible.EARLY
        assert eligibility(birth, ever_married=False, today=found.print_from).kind is Eligible.MUST_HOLD


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.dates(date(2020, 12, 31), date(2100, 1, 1)))
def test_nobody_grows_younger(birth: date, day: date) -> None:
    assert age_on(birth, day) <= age_on(birth, day + timedelta(days=1)) <= age_on(birth, day) + 1


@pytest.mark.parametrize(
    ("birth", "foreigner", "background"),
    [
        (date(1985, 8, 17), False, Background.RED),
        (date(1988, 4, 21), False, Background.BLUE),
        (date(1985, 8, 17), True, Background.ORANGE),
        (date(1980, 7, 16), True, Background.ORANGE),
    ],
)
def test_the_background_follows_the_birth_year_and_is_orange_for_foreign_residents(
    birth: date, foreigner: bool, background: Background
) -> None:
    assert photo_background(birth, foreigner=foreigner) is background


# ------------------------------------------------------------------------------------------------- from the answers

FOREIGNER = {
    "birth_date": "1980-07-16",
    "marital_status": "2",
    "citizenship": "2",
    "passport_no": "X0000001",
    "permit_kind": "1",
    "permit_expires": "2026-11-01",
}


def kind(**answers: str) -> Eligible | None:
    found = eligibility_of(answers, today=TODAY)
    return found.kind if found else None


@pytest.mark.parametrize("birth", ["", "31-02-1990", "2026-11-02"])
def test_without_a_birth_date_nothing_is_said(birth: str) -> None:
    assert kind(birth_date=birth) is None


@pytest.mark.parametrize("status", ["2", "3", "4", "21"])
def test_who_is_or_was_married_must_hold_a_card_at_any_age(status: str) -> None:
    assert kind(birth_date="2010-02-20", marital_status=status) is Eligible.MUST_HOLD


@pytest.mark.parametrize("status", ["", "1", "95"])
def test_an_unknown_status_is_no_marriage(status: str) -> None:
    assert kind(birth_date="2010-02-20", marital_status=status) is Eligible.EARLY


def test_a_foreign_resident_is_recorded_up_to_the_last_day_of_the_permit() -> None:
    assert kind(**FOREIGNER) is Eligible.MUST_HOLD
    assert kind(**{**FOREIGNER, "permit_expires": "2026-10-31"}) is Eligible.NO_PERMIT


@pytest.mark.parametrize(
    "answer", [{"permit_kind": "2"}, {"permit_kind": ""}, {"permit_expires": ""}, {"passport_no": ""}]
)
def test_a_foreigner_without_permanent_permit_or_passport_is_not_recorded(answer: dict[str, str]) -> None:
    assert kind(**{**FOREIGNER, **answer}) is Eligible.NO_PERMIT


def test_foreign_residents_have_no_early_recording() -> None:
    assert kind(**{**FOREIGNER, "birth_date": "2010-02-20", "marital_status": "1"}) is Eligible.NOT_YET
    assert kind(**{**FOREIGNER, "birth_date": "2010-02-20", "marital_status": "2"}) is Eligible.MUST_HOLD


@pytest.mark.parametrize(
    ("village", "office", "elsewhere"),
    [
        ("99.01.03.2001", "99.01.01", False),
        ("99.71.01.1002", "99.01.01", True),
        ("99.01.03.2001", "33.25.07", True),
        ("", "99.01.01", False),
        ("99.01.03.2001", "", False),
    ],
)
def test_out_of_domicile_is_another_regency_than_the_office(village: str, office: str, elsewhere: bool) -> None:
    answers = {"birth_date": "1985-08-17", "marital_status": "2", "village": village}
    found = eligibility_of(answers, today=TODAY, office=office)
    assert found == Eligibility(Eligible.MUST_HOLD, 41, out_of_domicile=elsewhere)
    assert lives_elsewhere(village, office) is elsewhere


def test_a_first_recording_away_from_home_is_a_service_of_its_own() -> None:
    assert service_for(Service.NEW, out_of_domicile=True) is Service.OUT_OF_DOMICILE
    assert service_for(Service.NEW, out_of_domicile=False) is Service.NEW
    assert service_for(Service.OUT_OF_DOMICILE, out_of_domicile=True) is Service.OUT_OF_DOMICILE
    assert service_for(Service.OUT_OF_DOMICILE, out_of_domicile=False) is Service.NEW
    assert service_for(Service.LOST, out_of_domicile=True) is Service.LOST


def test_what_the_list_says_is_held_only_away_from_home_and_never_the_telephone() -> None:
    listed = {"name": "LIM MEI CONTOH", "village": "99.71.01.1002", "phone": "0800000017", "rt": ""}
    assert held_fields(listed, "99.01.01") == {"name", "village"}
    assert held_fields(listed, "99.71.01") == frozenset()
    assert held_fields({}, "99.01.01") == frozenset()
