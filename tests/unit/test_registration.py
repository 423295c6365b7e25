"""Registration numbers: read over the phone, so one digit misheard is noticed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.registration import is_registration_no, is_request_no, luhn, registration_no, request_no

DAY = date(2026, 11, 21)


def test_a_number_names_office_station_day_and_sequence() -> None:
    assert registration_no("33.25.07", 2, DAY, 42) == "R-332507-02-20261121-0042-7"


@pytest.mark.parametrize(
    ("digits", "check"), [("7992739871", 3), ("0", 0), ("1", 8), ("5", 9), ("9", 1), ("37828224631000", 5)]
)
def test_the_check_digit_is_the_one_of_iso_7812(digits: str, check: int) -> None:
    assert luhn(digits) == check


@given(st.integers(1, 99), st.dates(date(2020, 1, 1), date(2099, 12, 31)), st.integers(1, 99_999))
def test_a_number_that_was_given_is_recognised(station: int, day: date, sequence: int) -> None:
    number = registration_no("99.01.01", station, day, sequence)
    assert is_registration_no(number)
    assert is_registration_no(f"  {number.lower()} ")


def test_one_digit_misheard_anywhere_is_noticed() -> None:
    number = registration_no("99.01.01", 2, DAY, 42)
    places = [place for place, char in enumerate(number) if char.isdigit()]
    assert len(places) == 21
    for place in places:
        for digit in set("0123456789") - {number[place]}:
            assert not is_registration_no(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "R", "R-332507-02-20261121-0042", "332507-02-20261121-0042-7", "R-332507-02-20261121-042-3", "R-x"]
)
def test_what_has_another_shape_is_no_registration_number(text: str) -> None:
    assert not is_registration_no(text)


@pytest.mark.parametrize(("office", "digits"), [("33.25.07", "332507"), ("33.25", "332500"), ("", "000000")])
def test_the_office_is_six_digits_whatever_its_level(office: str, digits: str) -> None:
    assert registration_no(office, 1, DAY, 1).startswith(f"R-{digits}-01-")


def test_more_than_9999_recordings_a_day_still_have_their_own_numbers() -> None:
    assert "-10000-" in registration_no("99.01.01", 1, DAY, 10_000)


def test_the_number_of_a_referral_is_told_from_that_of_a_recording() -> None:
    number = request_no("99.01.01", 1, date(2026, 11, 21), 7)
    assert number.startswith("P-990101-01-20261121-0007-")
    assert is_request_no(f" {number.lower()} ")
    assert not is_registration_no(number)
    assert not is_request_no(registration_no("99.01.01", 1, date(2026, 11, 21), 7))
    assert not is_request_no(number.replace("0007", "0008"))
