"""Finding a village by typing, always with its parents: many share a name."""

from __future__ import annotations

import pytest

from station.desk import villages as desk_villages
from station.domain.regions import PROVINCES, Village, is_village_code
from station.store.villages import VillageTable
from tests.support import Workplace

TRAINING = VillageTable(training=True)
COUNTRY = VillageTable(training=False)


def names(table: VillageTable, typed: str) -> list[str]:
    return [village.name for village in table.find(typed, 50)]


def test_a_village_is_found_with_its_parents() -> None:
    assert TRAINING.find("sukamaju", 20)[0] == Village(
        "99.01.01.2001", "SUKAMAJU CONTOH", "UJI UTARA", "KABUPATEN CONTOH", "PROVINSI CONTOH"
    )
    assert TRAINING.find("sukamaju", 20)[0].parents == "UJI UTARA · KABUPATEN CONTOH"


@pytest.mark.parametrize("typed", ["", " ", "su", " s ", "zzzz", "%%%", "sukamaju nowhere"])
def test_too_little_or_unknown_text_finds_nothing(typed: str) -> None:
    assert TRAINING.find(typed, 20) == ()


def test_every_word_must_fit_somewhere_in_the_village_or_its_parents() -> None:
    assert names(TRAINING, "contoh sukamaju utara") == ["SUKAMAJU CONTOH"]
    assert names(TRAINING, "99.01.01.2001") == ["SUKAMAJU CONTOH"]


def test_names_that_begin_with_what_was_typed_come_first_and_no_more_than_asked_for() -> None:
    found = COUNTRY.find("sukamaju", 10)
    assert len(found) == 10
    assert found[0].name.startswith("SUKAMAJU")
    assert len({village.code for village in found}) == 10


def test_training_knows_province_99_only_and_the_country_knows_it_not() -> None:
    assert TRAINING.get("99.01.01.2001") is not None
    assert COUNTRY.get("99.01.01.2001") is None
    assert TRAINING.get("33.25.07.2001") is None
    assert TRAINING.get("") is None


def test_every_village_of_the_country_has_a_proper_code_and_a_known_province() -> None:
    found = COUNTRY.all()
    assert len(found) > 80_000
    assert all(is_village_code(village.code) and village.code[:2] in PROVINCES for village in found)
    assert {village.code[:2] for village in found} <= PROVINCES
    assert all(village.name and village.district and village.regency and village.province for village in found)


def test_a_village_is_got_by_its_code() -> None:
    for table in (TRAINING, COUNTRY):
        village = table.all()[0]
        assert table.get(village.code) == village


def test_the_desk_of_a_training_station_finds_villages_of_province_99(place: Workplace) -> None:
    found = desk_villages.find_villages(place.office, "sukamaju", 1)
    assert [village.code for village in found] == ["99.01.01.2001"]
    assert desk_villages.village(place.office, "99.01.01.2001") == found[0]
    assert desk_villages.village(place.office, "33.25.07.2001") is None
