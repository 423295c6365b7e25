"""Finding a village by typing, always with its parents: many share a name."""

from __future__ import annotations

import random

import pytest

from station.desk import villages as desk_villages
from station.domain.regions import Village
from station.store.region_words import words_of
from station.store.villages import VillageTable
from tests.support import Workplace

TRAINING = VillageTable(training=True)
COUNTRY = VillageTable(training=False)
GRINGSING = "33.25.07"


def names(table: VillageTable, typed: str) -> list[str]:
    return [village.name for village in table.find(typed, 50)]


def codes(typed: str, near: str = "", limit: int = 20) -> list[str]:
    return [village.code for village in COUNTRY.find(typed, limit, near)]


def test_a_village_is_found_with_its_parents() -> None:
    assert TRAINING.find("sukamaju", 20)[0] == Village(
        "99.01.01.2001", "SUKAMAJU CONTOH", "UJI UTARA", "KABUPATEN CONTOH", "PROVINSI CONTOH"
    )
    assert TRAINING.find("sukamaju", 20)[0].parents == "UJI UTARA · KABUPATEN CONTOH"


def test_two_villages_called_lebo_in_one_regency_are_told_apart_by_their_district() -> None:
    found = COUNTRY.find("leb", 20, GRINGSING)[:2]
    assert [(village.code, village.name) for village in found] == [("33.25.07.2015", "LEBO"), ("33.25.12.2015", "LEBO")]
    assert [village.parents for village in found] == [
        "GRINGSING · KABUPATEN BATANG",
        "WARUNGASEM · KABUPATEN BATANG",
    ]


@pytest.mark.parametrize(
    "typed", ["", " ", "su", " s ", "zzzz", "%%%", "...", "'''", "sukamaju nowhere", "\x00\n\t", "s" * 400]
)
def test_too_little_or_unknown_text_finds_nothing(typed: str) -> None:
    assert TRAINING.find(typed, 20) == ()
    assert COUNTRY.find(typed, 20) == ()


def test_every_word_must_fit_somewhere_in_the_village_or_its_parents_in_any_order() -> None:
    assert names(TRAINING, "contoh sukamaju utara") == ["SUKAMAJU CONTOH"]
    assert codes("batang lebo gring") == codes("lebo gringsing batang") == ["33.25.07.2015"]
    assert codes("lebo jawa tengah batang warung") == ["33.25.12.2015"]
    assert codes("lebo gringsing sleman") == []


def test_people_may_write_the_level_before_the_name() -> None:
    assert codes("Desa Lebo Kec. Gringsing Kab. Batang") == ["33.25.07.2015"]
    assert names(TRAINING, "kecamatan uji utara kel uji baru") == ["UJI BARU"]


@pytest.mark.parametrize("typed", ["99.01.01.2001", "9901012001", "99.01.012001"])
def test_a_village_is_found_by_its_code_with_and_without_dots(typed: str) -> None:
    assert names(TRAINING, typed) == ["SUKAMAJU CONTOH"]


def test_the_beginning_of_a_code_finds_everything_in_that_area() -> None:
    assert codes("33.25.07", limit=100) == codes("332507", limit=100)
    assert len(codes("332507", limit=100)) == 15
    assert all(code.startswith("33.25.07") for code in codes("33.25.07", limit=100))
    assert codes("33.25 lebo") == ["33.25.07.2015", "33.25.12.2015"]
    assert codes("98.25.07") == codes("33.25.07.20155") == codes("332507201555555") == []


def test_an_ended_village_is_found_by_its_whole_code_and_by_nothing_else() -> None:
    assert [village.ended for village in TRAINING.find("99.01.06.2001", 20)] == ["Keputusan Contoh 2/2025"]
    assert TRAINING.find("dusun lama", 20) == ()
    assert TRAINING.find("99.01.06", 20) == ()
    assert TRAINING.find("uji lama", 20)[0].code == "99.71.01.1001"


def test_digits_may_also_be_a_word_of_a_name() -> None:
    named = next(
        village for village in COUNTRY.all() if any(word.isdigit() and len(word) > 1 for word in words_of(village.name))
    )
    assert named in COUNTRY.find(named.name, 50)


def test_names_that_begin_with_what_was_typed_come_first_and_no_more_than_asked_for() -> None:
    found = COUNTRY.find("sukamaju", 10)
    assert len(found) == 10
    assert all(words_of(village.name)[0] in ("SUKAMAJU", "SUKA") for village in found)
    assert len({village.code for village in found}) == 10


def test_the_same_name_comes_before_longer_ones_and_word_beginnings_before_the_middle_of_words() -> None:
    found = names(COUNTRY, "lebo")
    exact = found.count("LEBO")
    assert exact >= 2
    assert found[:exact] == ["LEBO"] * exact
    begins = [any(word.startswith("LEBO") for word in words_of(name)) for name in found]
    assert begins == sorted(begins, reverse=True)
    assert names(TRAINING, "kamaju") == ["SUKAMAJU CONTOH", "SUKAMAJU CONTOH"]


def test_a_name_is_found_in_one_piece_and_in_two() -> None:
    for typed in ("suka maju", "sukamaju"):
        found = COUNTRY.find(typed, 500)
        same = ["".join(words_of(village.name)) == "SUKAMAJU" for village in found]
        assert {"SUKA MAJU", "SUKAMAJU"} <= {village.name for village in found[: same.count(True)]}
        assert same == sorted(same, reverse=True), typed


@pytest.mark.parametrize(
    ("typed", "name"), [("ba'u", "PASI KUALA BA'U"), ("pasi kuala bau", "PASI KUALA BA'U"), ("kaba-kaba", "KABA-KABA")]
)
def test_apostrophes_and_hyphens_need_not_be_typed(typed: str, name: str) -> None:
    assert name in names(COUNTRY, typed)


def test_the_own_district_comes_first_then_the_regency_then_the_province() -> None:
    def distance(code: str) -> int:
        return next((place for place, length in enumerate((8, 5, 2)) if code[:length] == GRINGSING[:length]), 3)

    for typed in ("suk", "kar", "kab", "des", "lebo", "jawa"):
        own = [village for village in COUNTRY.find(typed, 400, GRINGSING) if _own_name(village, typed)]
        distances = [distance(village.code) for village in own]
        assert distances == sorted(distances), typed
    assert codes("kabupaten jawa", GRINGSING)[0].startswith(GRINGSING)
    assert not codes("kabupaten jawa")[0].startswith(GRINGSING)
    assert COUNTRY.find("batang", 5, "no code at all") == COUNTRY.find("batang", 5)
    assert distance(codes("kab", GRINGSING, 20_000)[-1]) == 3


def _own_name(village: Village, typed: str) -> bool:
    return any(word.startswith(typed.upper()) for word in words_of(village.name))


def test_the_index_finds_what_looking_at_every_village_would_find() -> None:
    """Against the slow way, for words, beginnings and middles taken from the names themselves."""
    chance = random.Random(4)
    everything = [(village, " ".join(_pieces(village))) for village in COUNTRY.all()]
    for village, _text in chance.sample(everything, 24):
        word = max(words_of(village.name), key=len)
        parents = words_of(village.district)[0][:3]
        typed = chance.choice([word[:4], word[1:], f"{parents} {word[:3]}", village.name])
        parts = words_of(typed)
        slow = {item.code for item, text in everything if all(part in text for part in parts)}
        assert set(codes(typed, limit=100_000)) == slow, typed


def _pieces(village: Village) -> list[str]:
    """The name in one piece and every name word by word: what may be inside of what is said in the module."""
    names = [" ".join(words_of(name)) for name in (village.name, village.district, village.regency, village.province)]
    return [*names, *(name.replace(" ", "") for name in names)]


def test_training_knows_province_99_only_and_the_country_knows_it_not() -> None:
    assert TRAINING.get("99.01.01.2001") is not None
    assert COUNTRY.get("99.01.01.2001") is None
    assert TRAINING.get("33.25.07.2001") is None
    assert TRAINING.get("") is None


def test_a_village_is_got_by_its_code() -> None:
    for table in (TRAINING, COUNTRY):
        village = table.all()[0]
        assert table.get(village.code) == village


def test_the_desk_finds_villages_near_its_own_office_first(place: Workplace) -> None:
    assert place.office.station.office == "99.01.01"
    found = desk_villages.find_villages(place.office, "contoh", 2)
    assert [village.name for village in found] == ["SUKAMAJU CONTOH", "KARANG CONTOH"]
    assert [village.code for village in found] == ["99.01.01.2001", "99.01.03.2001"]
    ended = desk_villages.village(place.office, "99.01.06.2001")
    assert ended is not None
    assert ended.ended


def test_signing_in_again_does_not_read_the_table_again() -> None:
    assert VillageTable(training=True).table is TRAINING.table
