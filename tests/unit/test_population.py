"""The invented kabupaten of the load tests: complete, reproducible, and as awkward as a real register."""

from __future__ import annotations

from collections import Counter
from datetime import date

from station.domain.finding import Severity
from station.domain.form import Context, check_form
from station.domain.nik import check_nik, compare_nik
from station.training.population import population, village_codes

CONTEXT = Context(today=date(2026, 11, 21), training=True)
PEOPLE = list(population(6000))


def test_the_same_seed_gives_the_same_people_and_a_longer_list_begins_with_the_shorter() -> None:
    assert list(population(50, seed=3)) == list(population(50, seed=3))
    assert list(population(50, seed=3)) != list(population(50, seed=4))
    assert list(population(7000))[:5000] == PEOPLE[:5000]


def test_no_nik_is_given_twice_and_all_are_of_province_99() -> None:
    assert len({person.nik for person in PEOPLE}) == len(PEOPLE)
    for person in PEOPLE:
        assert person.nik.startswith("99")
        assert not list(check_nik(person.nik, training=True))
        birth = date.fromisoformat(person.birth_date)
        assert not list(compare_nik(person.nik, birth_date=birth, female=person.answers["sex"] == "2"))


def test_everybodys_biodata_is_complete_without_an_error() -> None:
    for person in PEOPLE[:2000]:
        assert person.answers["nik"] == person.nik
        assert [one for one in check_form(person.answers, CONTEXT) if one.severity is Severity.ERROR] == []


def test_the_awkward_ones_are_there_in_their_shares() -> None:
    total = len(PEOPLE)
    assert 0.01 < sum(" " not in person.name for person in PEOPLE) / total < 0.03
    assert 0.005 < sum("'" in person.name for person in PEOPLE) / total < 0.02
    assert 0.02 < sum(person.recorded for person in PEOPLE) / total < 0.04
    assert 0.48 < sum(person.answers["sex"] == "1" for person in PEOPLE) / total < 0.54
    twice = Counter((person.name, person.birth_date) for person in PEOPLE)
    assert 0.004 < sum(number > 1 for number in twice.values()) / total < 0.02
    heaped = sum(person.birth_date[5:] in ("01-01", "12-31", "07-01", "08-17") for person in PEOPLE)
    assert 0.15 < heaped / total < 0.22
    first = Counter(person.name.split()[0] for person in PEOPLE)
    assert first["SITI"] > total * 0.02


def test_those_recorded_already_have_a_status_of_central_and_nobody_else() -> None:
    assert all((person.central_code != "") == person.recorded for person in PEOPLE)
    assert all((person.central_at is not None) == person.recorded for person in PEOPLE)


def test_a_larger_kabupaten_has_more_villages() -> None:
    codes = village_codes(25, 16)
    assert len(set(codes)) == 400
    assert {person.village for person in population(3000, villages=codes)} <= set(codes)
