"""The invented people: recordable, all different, and from a province that does not exist."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from station.domain.biometrics import FINGERS, IRISES, Part
from station.domain.eligibility import Background, Eligible, eligibility_of
from station.domain.finding import Finding
from station.domain.form import FIELDS, Context, check_form, clean, errors_in, field_of, shown_answers
from station.store.villages import VillageTable
from station.training.people import DEMO, EVERYONE, PEOPLE, Person, people
from station.training.scene import sitter
from station.training.villages import VILLAGES

DAYS = (date(2026, 11, 21), date(2027, 1, 1), date(2027, 12, 31))


def named(name: str) -> Person:
    return next(person for person in EVERYONE if person.answers["name"] == name)


def findings(person: Person, day: date = DAYS[0]) -> list[Finding]:
    return check_form(person.answers, Context(day, training=True))


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.nik)
def test_everyone_of_the_cast_can_be_sealed_on_any_later_day(person: Person) -> None:
    for day in DAYS:
        assert errors_in(findings(person, day)) == []


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.nik)
def test_answers_are_complete_and_already_clean(person: Person) -> None:
    assert shown_answers(person.answers) == person.answers
    assert list(person.answers) == [field.key for field in FIELDS if field.key in person.answers]
    assert all(clean(field_of(key), value) == value for key, value in person.answers.items())


def test_outside_training_nobody_of_the_cast_is_accepted() -> None:
    for person in PEOPLE:
        codes = {finding.code for finding in errors_in(check_form(person.answers, Context(DAYS[0])))}
        assert "nik.province" in codes


REFERENCE_DAY = date(2026, 11, 1)
OFFICE = "99.01.01"
RED, BLUE, ORANGE = Background
MUST, EARLY, NOT_YET = Eligible.MUST_HOLD, Eligible.EARLY, Eligible.NOT_YET

# Name, what they are entitled to, background, how many parts they lack, and everything that is said about the form.
TABLE: list[tuple[str, Eligible, Background, int, list[str]]] = [
    ("BUDI SANTOSO CONTOH", MUST, RED, 0, []),
    ("SITI AMINAH CONTOH", MUST, BLUE, 0, []),
    ("KADEK DWI UJI LESTARI", MUST, BLUE, 0, []),
    ("MARIA GORETI CONTOH", MUST, BLUE, 0, []),
    ("YOHANES PAULUS UJI COBA", MUST, RED, 0, []),
    ("LIM MEI CONTOH", MUST, RED, 0, []),
    ("WAYAN CONTOH", MUST, RED, 0, []),
    ("SUPARMAN", MUST, BLUE, 0, ["warning name.one_word"]),
    ("NUR'AINI CONTOH", MUST, RED, 0, ["warning name.punctuation"]),
    ("RADEN AJENG KUSUMANINGTYAS WIDYADHARI PURNAMASARI CONTOH UJI", MUST, RED, 0, []),
    ("AHMAD FAUZI CONTOH", EARLY, RED, 0, []),
    ("DEWI ANGGRAINI UJI", EARLY, BLUE, 0, []),
    ("RINI CONTOH MUDA", MUST, BLUE, 0, ["warning eligibility.married_young"]),
    ("BAYU UJI PRATAMA", NOT_YET, BLUE, 0, ["error eligibility.not_yet"]),
    ("MBAH TOMO CONTOH", MUST, BLUE, 0, []),
    ("SAPTO DARMO CONTOH", MUST, RED, 0, []),
    ("AGUS TANPA JARI CONTOH", MUST, BLUE, 10, []),
    ("LESTARI NETRA CONTOH", MUST, BLUE, 2, []),
    ("DONI AMPUTASI CONTOH", MUST, RED, 5, []),
    ("KEMBAR SATU CONTOH", MUST, RED, 0, []),
    ("KEMBAR DUA CONTOH", MUST, RED, 0, []),
    ("PUTRI PINDAHAN CONTOH", MUST, RED, 0, ["warning nik.district_unknown"]),
    ("TESSA BEDA TANGGAL CONTOH", MUST, RED, 0, ["warning nik.birth_date_differs"]),
    ("JOHN EXAMPLE SMITH", MUST, ORANGE, 0, []),
]


@pytest.mark.parametrize(("name", "kind", "background", "lacks", "said"), TABLE, ids=[row[0] for row in TABLE])
def test_everyone_of_the_cast_is_recorded_warned_about_or_refused_as_they_should_be(
    name: str, kind: Eligible, background: Background, lacks: int, said: list[str]
) -> None:
    person = named(name)
    context = Context(REFERENCE_DAY, training=True, office=OFFICE, places=VillageTable(training=True))
    found = eligibility_of(person.answers, today=REFERENCE_DAY, office=OFFICE)
    assert found is not None
    assert found.kind is kind
    assert found.out_of_domicile == (person.answers["village"][:5] != "99.01")
    assert sitter(person).background is background
    assert len(person.absent) == lacks
    unlisted = ["warning domicile.compare"] if found.out_of_domicile else []
    findings = check_form(person.answers, context)
    assert [f"{item.severity.value} {item.code}" for item in findings] == [*said, *unlisted]


def test_the_cards_of_the_sixteen_year_olds_are_printed_on_their_birthday() -> None:
    days = [
        eligibility_of(named(name).answers, today=REFERENCE_DAY)
        for name in ("AHMAD FAUZI CONTOH", "DEWI ANGGRAINI UJI")
    ]
    assert [found and found.print_from for found in days] == [date(2026, 11, 2), date(2027, 5, 15)]


def test_twenty_four_people_with_their_own_nik_and_body() -> None:
    assert [person.answers["name"] for person in EVERYONE if person not in PEOPLE] == ["BAYU UJI PRATAMA"]
    assert sorted(person.answers["name"] for person in EVERYONE) == sorted(row[0] for row in TABLE)
    assert len({person.nik for person in EVERYONE}) == len({person.seed for person in EVERYONE}) == 24


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


def test_answers_stand_in_the_order_in_which_they_are_typed() -> None:
    asked = [field.key for field in FIELDS]
    for person in (*EVERYONE, *people(50, seed=4)):
        assert list(person.answers) == sorted(person.answers, key=asked.index)


def test_serials_of_a_crowd_count_up_for_each_district_day_and_sex() -> None:
    seen: Counter[str] = Counter()
    for person in people(3000, seed=2):
        seen[person.nik[:12]] += 1
        assert int(person.nik[12:]) == seen[person.nik[:12]]
    assert max(seen.values()) > 1


def test_a_crowd_is_born_too_often_on_round_days() -> None:
    days = Counter(person.answers["birth_date"][5:] for person in people(3000, seed=3))
    assert {day for day, _ in days.most_common(4)} == {"01-01", "12-31", "07-01", "08-17"}
