"""Whoever comes with a NIK that nobody has thought of before: a body of their own, as their NIK says they are."""

from __future__ import annotations

import pytest

from station.domain.codes import FEMALE, MALE
from station.domain.eligibility import Background
from station.training.people import PEOPLE
from station.training.scene import sitter
from station.training.strangers import stranger


@pytest.mark.parametrize(
    ("nik", "sex", "birth", "background"),
    [
        ("9901012204620001", MALE, "1962-04-22", Background.BLUE),
        ("9901016204630001", FEMALE, "1963-04-22", Background.RED),
        ("9901017112090001", FEMALE, "2009-12-31", Background.RED),
        ("9901012902990001", MALE, "1999-02-28", Background.RED),  # a day that there never was
        ("9901010013100001", MALE, "2010-12-01", Background.BLUE),
        ("9901013112260001", MALE, "1926-12-31", Background.BLUE),
    ],
)
def test_a_stranger_is_who_their_nik_says_and_sits_before_the_colour_of_their_year(
    nik: str, sex: str, birth: str, background: Background
) -> None:
    found = stranger(nik)
    assert (found.answers["sex"], found.answers["birth_date"]) == (sex, birth)
    shown = sitter(found)
    assert (shown.female, shown.background) == (sex == FEMALE, background)
    assert shown.age >= 0


def test_the_same_nik_is_the_same_body_and_another_nik_another() -> None:
    niks = [f"9901{part:02d}{part % 28 + 1:02d}04{part:02d}{serial:04d}" for part in range(1, 40) for serial in (1, 2)]
    seeds = {stranger(nik).seed for nik in niks} | {person.seed for person in PEOPLE}
    assert len(seeds) == len(niks) + len(PEOPLE)
    assert [stranger(nik) for nik in niks] == [stranger(nik) for nik in niks]


def test_an_officer_has_a_body_too() -> None:
    assert stranger("op-1") == stranger("op-1")
    assert stranger("op-1").seed != stranger("op-2").seed
    assert stranger("0101010101620001") == stranger("0101010101620001"), "a number that is no NIK"
