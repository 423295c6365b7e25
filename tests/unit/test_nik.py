"""The NIK: what no registry ever issued is an error, what merely does not fit is a warning."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.nik import (
    check_nik,
    clean_number,
    compare_nik,
    is_sixteen_digits,
    mask_nik,
    split_nik,
)
from station.domain.regions import PROVINCES

ISSUED = [
    "9901011708850001",  # a man
    "9901016104880001",  # a woman, day 21 + 40
    "9901026902040002",  # a woman born on 29 February 2004
    "9901027112900003",  # day 31 + 40: the highest there is
    "9971014511950004",  # a city
    "9901051010260001",  # born 1926 or 2026
    "9901012902000001",  # 29 February of the year 00: 2000 had one
]
NEVER_ISSUED = [
    ("990101170885000", "nik.length"),
    ("99010117088500011", "nik.length"),
    ("", "nik.not_digits"),
    ("99010117O8850001", "nik.not_digits"),
    ("990101170885 001", "nik.not_digits"),
    ("９９０１０１１７０８８５０００１", "nik.not_digits"),
    ("٩٩٠١٠١١٧٠٨٨٥٠٠٠١", "nik.not_digits"),
    ("9901010113990001", "nik.month"),
    ("9901010100990001", "nik.month"),
    ("9901010001900001", "nik.day"),
    ("9901013201900001", "nik.day"),
    ("9901013501900001", "nik.day"),
    ("9901014001900001", "nik.day"),
    ("9901017201900001", "nik.day"),
    ("9901019901900001", "nik.day"),
    ("9901013002900001", "nik.day"),
    ("9901017002900001", "nik.day"),
    ("9901012902010001", "nik.day"),
    ("9901016902010001", "nik.day"),
    ("9901013104900001", "nik.day"),
    ("9901010101900000", "nik.serial"),
    ("2001010101900001", "nik.province"),
    ("9701010101900001", "nik.province"),
    ("0001010101900001", "nik.province"),
]


def found(nik: str, *, training: bool = True) -> list[str]:
    return [finding.code for finding in check_nik(nik, training=training)]


@pytest.mark.parametrize("nik", ISSUED)
def test_a_nik_that_could_have_been_issued_is_taken(nik: str) -> None:
    assert found(nik) == []


@pytest.mark.parametrize(("nik", "code"), NEVER_ISSUED)
def test_a_nik_that_no_registry_ever_issued_is_an_error_with_its_own_reason(nik: str, code: str) -> None:
    assert found(nik) == [code]


def test_everything_wrong_with_a_nik_is_said_at_once() -> None:
    assert found("2001010013900000") == ["nik.province", "nik.month", "nik.serial"]


def test_province_99_exists_in_training_only() -> None:
    assert found("9901011708850001", training=False) == ["nik.province"]


@pytest.mark.parametrize("province", sorted(PROVINCES))
def test_every_province_of_the_table_is_known(province: str) -> None:
    assert found(f"{province}01011708850001", training=False) == []


@given(st.text(max_size=20))
def test_checking_any_text_never_raises_and_finds_nothing_only_in_sixteen_digits(text: str) -> None:
    if found(text) == []:
        assert is_sixteen_digits(text)


@given(st.text("0123456789", min_size=16, max_size=16))
def test_checking_and_comparing_any_sixteen_digits_never_raises(nik: str) -> None:
    found(nik)
    list(compare_nik(nik, birth_date=date(1990, 1, 1), female=True))


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.booleans(), st.integers(1, 9999))
def test_a_nik_made_from_a_birth_date_fits_it_and_is_taken_apart_again(birth: date, female: bool, serial: int) -> None:
    nik = f"990101{birth.day + 40 * female:02d}{birth:%m%y}{serial:04d}"
    parts = split_nik(nik)
    assert (parts.day, parts.month, parts.year, parts.female) == (birth.day, birth.month, birth.year % 100, female)
    assert (parts.district, parts.province, parts.serial) == ("990101", "99", f"{serial:04d}")
    assert found(nik) == []
    assert list(compare_nik(nik, birth_date=birth, female=female)) == []


@pytest.mark.parametrize(
    ("birth", "female", "codes"),
    [
        (date(1988, 4, 21), True, []),
        (date(1988, 4, 22), True, ["nik.birth_date_differs"]),
        (date(1988, 5, 21), True, ["nik.birth_date_differs"]),
        (date(1987, 4, 21), True, ["nik.birth_date_differs"]),
        (date(1888, 4, 21), True, []),  # the century is not in it
        (date(1988, 4, 21), False, ["nik.sex_differs"]),
        (date(1990, 1, 1), False, ["nik.birth_date_differs", "nik.sex_differs"]),
        (None, None, []),
        (None, False, ["nik.sex_differs"]),
    ],
)
def test_a_nik_that_says_something_else_than_the_form_is_a_warning(
    birth: date | None, female: bool | None, codes: list[str]
) -> None:
    findings = list(compare_nik("9901016104880001", birth_date=birth, female=female))
    assert [finding.code for finding in findings] == codes
    assert all(finding.severity.value == "warning" for finding in findings)


@pytest.mark.parametrize(
    "pasted",
    [
        "990101.610488.0001",
        "990101-610488-0001",
        "990101\u00a0610488\u00a00001",
        "\u00a0 9901016104880001\t",
        "990101–610488—0001",
        "990101\u2011610488\u20110001",
        "'9901016104880001",
        "’9901016104880001",
    ],
)
def test_a_pasted_number_loses_dots_dashes_and_no_break_spaces(pasted: str) -> None:
    assert clean_number(pasted) == "9901016104880001"


@pytest.mark.parametrize("typed", ["9901 0161 0488 0001", "99010161O4880001", "９９０１０１６１０４８８０００１"])
def test_nothing_else_is_dropped_from_a_pasted_number(typed: str) -> None:
    assert clean_number(typed) == typed


def test_a_masked_nik_shows_neither_birth_date_nor_sex() -> None:
    assert mask_nik("3307016104880001") == "3307••••••••0001"


@given(st.text(max_size=20))
def test_a_text_of_another_length_is_masked_whole(text: str) -> None:
    if len(text) != 16:
        assert set(mask_nik(text)) <= {"•"}
        assert len(mask_nik(text)) == len(text)
