"""The rules for places: which codes there are, which have ended, and that province 99 is nowhere but in training."""

from __future__ import annotations

import pytest

from station.domain.finding import Severity
from station.domain.nik import check_nik
from station.domain.region_levels import district_level, village_level
from station.domain.regions import (
    PROVINCES,
    CodeState,
    can_be_searched,
    check_village,
    is_village_code,
    province_known,
)
from station.store.villages import VillageTable

COUNTRY = VillageTable(training=False)
TRAINING = VillageTable(training=True)


def found(code: str, *, training: bool = False) -> list[tuple[str, Severity]]:
    table = TRAINING if training else COUNTRY
    return [(item.code, item.severity) for item in check_village(code, table, training=training)]


def test_the_provinces_of_the_rules_are_those_of_the_table_and_its_history() -> None:
    codes = COUNTRY.table.columns().code
    assert {code[:2] for code in codes} == PROVINCES
    assert "99" not in PROVINCES


def test_province_99_exists_in_training_only() -> None:
    assert province_known("99", training=True)
    assert not province_known("99", training=False)
    assert found("99.01.01.2001", training=True) == []
    assert found("99.01.01.2001") == [("village.province", Severity.ERROR)]
    assert [item.code for item in check_nik("9901016104880001", training=False)] == ["nik.province"]
    assert list(check_nik("9901016104880001", training=True)) == []


def test_outside_training_no_table_has_anything_of_province_99() -> None:
    assert COUNTRY.get("99.01.01.2001") is None
    assert not COUNTRY.district_known("990101")
    assert COUNTRY.code_state("99.01.01.2001") is CodeState.UNKNOWN
    assert COUNTRY.find("uji", 50, "99.01.01") == COUNTRY.find("uji", 50)
    assert not any(village.code.startswith("99") for village in COUNTRY.find("contoh", 200))


def test_a_village_in_use_is_right_an_ended_or_unknown_one_may_be_confirmed() -> None:
    assert found("33.25.07.2015") == []
    assert found("91.01.01.1002") == [("village.ended", Severity.WARNING)]
    assert found("33.25.07.2999") == [("village.unknown", Severity.WARNING)]
    assert found("99.01.06.2001", training=True) == [("village.ended", Severity.WARNING)]


@pytest.mark.parametrize(
    "code", ["", "LEBO", "33.25.07", "3325072015", "33.25.07.20155", "٣٣.25.07.2015", " 33.25.07.2015"]
)
def test_what_has_not_the_shape_of_a_code_is_no_village(code: str) -> None:
    assert not is_village_code(code)
    assert found(code) == [("village.not_chosen", Severity.ERROR)]


def test_without_a_table_only_shape_and_province_are_judged() -> None:
    assert list(check_village("33.25.07.2999", None, training=False)) == []
    assert [item.code for item in check_village("98.25.07.2999", None, training=False)] == ["village.province"]


@pytest.mark.parametrize(
    ("district", "known"),
    [
        ("332507", True),
        ("910101", True),  # Merauke until Papua Selatan took it in 2022
        ("920101", True),  # Sorong until Papua Barat Daya took it
        ("930101", True),
        ("332599", False),
        ("990101", False),
        ("000000", False),
        ("33250", False),
        ("3325070", False),
        ("33.507", False),
        ("", False),
    ],
)
def test_districts_are_known_also_by_the_codes_that_live_on_in_niks(district: str, known: bool) -> None:
    assert COUNTRY.district_known(district) is known


@pytest.mark.parametrize(
    ("code", "district", "village"),
    [
        ("33.25.07.2015", "Kecamatan", "Desa"),
        ("33.25.12.1001", "Kecamatan", "Kelurahan"),
        ("91.03.01.3007", "Distrik", "Desa adat"),
        ("93.01.01.2001", "Distrik", "Kampung"),
        ("93.01.01.1001", "Distrik", "Kelurahan"),
        ("34.04.01.2001", "Kapanewon", "Kalurahan"),
        ("34.71.01.1001", "Kemantren", "Kelurahan"),
        ("11.01.01.2001", "Kecamatan", "Gampong"),
        ("11.17.01.2001", "Kecamatan", "Kampung"),
        ("13.08.19.2001", "Kecamatan", "Nagari"),
        ("13.77.01.2001", "Kecamatan", "Desa"),
        ("18.10.01.2001", "Kecamatan", "Pekon"),
        ("73.26.01.2001", "Kecamatan", "Lembang"),
    ],
)
def test_levels_are_called_what_they_are_called_there(code: str, district: str, village: str) -> None:
    assert (district_level(code), village_level(code)) == (district, village)


@pytest.mark.parametrize(
    ("typed", "enough"), [("", False), ("le", False), (" l e ", False), ("leb", True), ("33.2", True)]
)
def test_three_letters_or_digits_are_enough_to_search(typed: str, enough: bool) -> None:
    assert can_be_searched(typed) is enough
