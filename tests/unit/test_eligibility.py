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
    photo_background,
)

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
