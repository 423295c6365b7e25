"""The invented people: recordable, all different, and from a province that does not exist."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from station.domain.biometrics import FINGERS, IRISES, Part
from station.domain.eligibility import Background
from station.domain.finding import Finding
from station.domain.form import FIELDS, Context, check_form, clean, errors_in
from station.training.people import DEMO, PEOPLE, Person, people
from station.training.scene import sitter
from station.training.villages import VILLAGES

DAYS = (date(2026, 11, 21), date(2027, 1, 1), date(2027, 12, 31))


def named(name: str) -> Person:
    return next(person for person in PEOPLE if person.answers["name"] == name)


def findings(person: Person, day: date = DAYS[0]) -> list[Finding]:
    return check_form(person.answers, Context(day, training=True))


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.nik)
def test_everyone_of_the_cast_can_be_sealed_on_any_later_day(person: Person) -> None:
    for day in DAYS:
        assert errors_in(findings(person, day)) == []


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.nik)
def test_answers_are_complete_and_already_clean(person: Person) -> None:
    assert list(person.answers) == [field.key for field in FIELDS]
    assert all(clean(field, person.answers[field.key]) == person.answers[field.key] for field in FIELDS)


def test_outside_training_nobody_of_the_cast_is_accepted() -> None:
    for person in PEOPLE:
        codes = {finding.code for finding in errors_in(check_form(person.answers, Context(DAYS[0])))}
        assert "nik.province" in codes


def test_at_least_twenty_people_with_their_own_nik_and_body() -> None:
    assert len(PEOPLE) >= 20
    assert len({person.nik for person in PEOPLE}) == len({person.seed for person in PEOPLE}) == len(PEOPLE)


def test_the_twelve_of_the_demo_have_every_part() -> None:
    assert len(DEMO) == 12
    assert all(person.absent == () and not person.worn for person in DEMO)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SUPARMAN", "name.one_word"),
        ("NUR'AINI CONTOH", "name.punctuation"),
        ("TESSA BEDA TANGGAL CONTOH", "nik.birth_date_differs"),
        ("MBAH TOMO CONTOH", "birth_date.very_old"),
    ],
)
def test_the_cast_shows_the_warnings_of_real_life(name: str, code: str) -> None:
    assert code in {finding.code for finding in findings(named(name), date(2027, 12, 31))}


def test_people_without_fingers_or_sight_lack_exactly_these_parts() -> None:
    assert named("AGUS TANPA JARI CONTOH").absent == FINGERS
    assert named("LESTARI NETRA CONTOH").absent == IRISES
    assert set(named("DONI AMPUTASI CONTOH").absent) == set(FINGERS[5:])
    assert Part.FACE not in {part for person in PEOPLE for part in person.absent}


def test_the_longest_name_has_exactly_sixty_characters() -> None:
    assert max(len(person.answers["name"]) for person in PEOPLE) == 60


def test_the_foreigner_sits_before_orange_and_birth_years_choose_red_or_blue() -> None:
    assert sitter(named("JOHN EXAMPLE SMITH")).background is Background.ORANGE
    assert sitter(named("BUDI SANTOSO CONTOH")).background is Background.RED
    assert sitter(named("SITI AMINAH CONTOH")).background is Background.BLUE


def test_only_muslim_women_wear_a_headscarf_and_only_muslim_men_a_cap() -> None:
    for person in PEOPLE:
        dress = sitter(person)
        assert not (dress.headscarf and (not dress.female or person.answers["religion"] != "1"))
        assert not (dress.cap and (dress.female or person.answers["religion"] != "1"))


def test_every_village_is_in_province_99_and_lives_in_the_list() -> None:
    codes = {village.code for village in VILLAGES}
    assert len(codes) == len(VILLAGES) >= 12
    assert all(code.startswith("99.") for code in codes)
    assert {person.answers["village"] for person in PEOPLE} <= codes


def test_two_villages_share_a_name_but_not_their_parents() -> None:
    twice = [name for name, count in Counter(village.name for village in VILLAGES).items() if count > 1]
    assert twice == ["SUKAMAJU CONTOH"]
    assert len({village.parents for village in VILLAGES if village.name == twice[0]}) == 2


def test_a_crowd_is_reproducible_valid_and_without_doubles() -> None:
    crowd = list(people(1500, seed=8))
    assert crowd == list(people(1500, seed=8))
    assert crowd != list(people(1500, seed=9))
    assert len({person.nik for person in crowd}) == len({person.seed for person in crowd}) == 1500
    assert all(errors_in(findings(person)) == [] for person in crowd)


def test_serials_of_a_crowd_count_up_for_each_district_day_and_sex() -> None:
    seen: Counter[str] = Counter()
    for person in people(3000, seed=2):
        seen[person.nik[:12]] += 1
        assert int(person.nik[12:]) == seen[person.nik[:12]]
    assert max(seen.values()) > 1


def test_a_crowd_is_born_too_often_on_round_days() -> None:
    days = Counter(person.answers["birth_date"][5:] for person in people(3000, seed=3))
    assert {day for day, _ in days.most_common(4)} == {"01-01", "12-31", "07-01", "08-17"}
