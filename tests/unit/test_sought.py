"""What is typed into the search: names, NIKs and registration numbers as people say and copy them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.registration import registration_no
from station.domain.sought import Sought, misheard, sought

TODAY = date(2026, 11, 21)
NUMBER = registration_no("99.01.01", 2, TODAY, 42)


def test_a_name_is_looked_for_word_by_word() -> None:
    assert sought("  siti   aminah ", TODAY) == Sought(("%SITI%", "%AMINAH%"))
    assert sought("50%_\\", TODAY).words == ("%50\\%\\_\\\\%",)
    assert sought("", TODAY) == Sought()


@pytest.mark.parametrize("typed", ["9901••••••••0001", "9901 •••••••• 0001", "9901********0001"])
def test_a_masked_nik_can_be_pasted_back(typed: str) -> None:
    assert sought(typed, TODAY) == Sought(nik="9901________0001")


def test_a_nik_may_come_with_dots_and_blanks() -> None:
    assert sought("9901.0161.0488.0001", TODAY).nik == "%9901016104880001%"
    assert sought("0001", TODAY).nik == "%0001%"
    assert sought("99", TODAY).nik == "99%"


def _fits(typed: str, number: str) -> bool:
    """SQL's LIKE for patterns of `_` and `%`."""
    import re

    plain = number.replace("-", "")
    patterns = [re.escape(one).replace("_", ".").replace("%", ".*") for one in sought(typed, TODAY).numbers]
    return any(re.fullmatch(pattern, plain) for pattern in patterns)


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        NUMBER.lower(),
        NUMBER.replace("-", ""),
        NUMBER.replace("-", " "),
        NUMBER[2:],
        NUMBER[:-2],
        NUMBER[2:-2].replace("-", ""),
        NUMBER[-6:],
        NUMBER[-6:].replace("-", ""),
        f"42 {NUMBER[-1]}",
        "0042",
        "42",
        f"21-11 · {NUMBER[-6:]}",
        f"21-11-2026 · {NUMBER[-6:]}",
        "R-990101",
    ],
)
def test_a_registration_number_is_found_however_it_is_said(typed: str) -> None:
    assert _fits(typed, NUMBER)


@pytest.mark.parametrize("typed", ["0043", "20-11 · 0042-7", "R-330725", NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)])
def test_another_registration_number_is_not_found(typed: str) -> None:
    assert not _fits(typed, NUMBER)


def test_a_whole_number_with_a_wrong_digit_is_noticed() -> None:
    assert not misheard(NUMBER)
    assert not misheard(NUMBER.replace("-", " "))
    assert misheard(NUMBER.replace("0042", "0043"))
    assert not misheard(NUMBER[:-2])
    assert not misheard("SITI")
    assert not misheard("")


@given(st.text(max_size=80))
def test_nothing_that_is_typed_is_fatal(typed: str) -> None:
    found = sought(typed, TODAY)
    assert bool(typed.split()) == bool(found.words or found.nik or found.numbers)
    misheard(typed)
