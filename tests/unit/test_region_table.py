"""The table of every code that is or was: how many there are, where each belongs, and until when."""

from __future__ import annotations

import hashlib
import re
from collections import Counter

from station.config import resources_dir
from station.domain.regions import CodeState, Village, is_village_code
from station.store.region_file import read_regions
from station.store.villages import VillageTable

COUNTRY = VillageTable(training=False).table
LENGTHS = (2, 5, 8, 13)


def test_there_are_38_provinces_514_regencies_7285_districts_and_83762_villages() -> None:
    rows = COUNTRY.columns()
    in_use = Counter(len(code) for code, ended in zip(rows.code, rows.ended, strict=True) if not ended)
    assert [in_use[length] for length in LENGTHS] == [38, 514, 7_285, 83_762]
    kinds = Counter(code[9] for code, ended in zip(rows.code, rows.ended, strict=True) if len(code) == 13 and not ended)
    assert kinds == {"1": 8_496, "2": 75_252, "3": 14}


def test_ended_codes_of_ten_years_are_kept() -> None:
    rows = COUNTRY.columns()
    ended = Counter(len(code) for code, last in zip(rows.code, rows.ended, strict=True) if last)
    assert [ended[length] for length in LENGTHS] == [0, 26, 594, 6_914]
    assert COUNTRY.decrees[0] == "Permendagri 56/2015"
    assert COUNTRY.decrees[-1] == "Kepmendagri 300.2.2-2138/2025"
    assert COUNTRY.version == "2025-04-25"


def test_a_code_that_ended_is_known_with_its_parents_and_the_decree_that_ended_it() -> None:
    assert COUNTRY.village("91.01.01.1002") == Village(
        "91.01.01.1002",
        "SAMKAI",
        "MERAUKE",
        "KABUPATEN MERAUKE",
        "PAPUA",
        ended="Kepmendagri 100.1.1-6117/2022",
    )
    assert COUNTRY.code_state("91.01.01.1002") is CodeState.ENDED
    assert COUNTRY.village("93.01.01.1002") == Village(
        "93.01.01.1002", "SAMKAI", "MERAUKE", "KABUPATEN MERAUKE", "PAPUA SELATAN"
    )
    sorong = COUNTRY.village("92.01.01.2002")
    assert sorong is not None
    assert sorong.ended == "Kepmendagri 300.2.2-2138/2025"


def test_the_year_in_which_a_code_came_is_known() -> None:
    first = {COUNTRY.row(COUNTRY.lines_of(code).start).first for code in ("93", "94", "95")}
    assert {COUNTRY.decrees[int(number) - 1] for number in first} == {"Kepmendagri 100.1.1-6117/2022"}
    assert COUNTRY.row(COUNTRY.lines_of("96").start).first == "6"
    assert COUNTRY.row(COUNTRY.lines_of("33").start).first == "1"


def test_every_line_is_found_by_its_code_and_has_its_parents() -> None:
    rows = COUNTRY.columns()
    assert rows.code == sorted(set(rows.code))
    for line in range(0, len(COUNTRY), 97):
        code = rows.code[line]
        assert COUNTRY.lines_of(code).start == line
        if len(code) == 13:
            village = COUNTRY.village(code)
            assert village is not None
            assert is_village_code(village.code)
            assert all((village.name, village.district, village.regency, village.province))


def test_the_first_and_the_last_line_are_found_and_what_is_beyond_is_not() -> None:
    rows = COUNTRY.columns()
    villages = [code for code in rows.code if len(code) == 13]
    assert COUNTRY.village(villages[0]) is not None
    assert COUNTRY.village(villages[-1]) is not None
    for code in ("", "00.00.00.0000", "99.99.99.9999", "33", "33.25", "33.25.07", "33.25.07.2", "33.25.07.2015\tLEBO"):
        assert COUNTRY.village(code) is None
        assert COUNTRY.code_state(code) is CodeState.UNKNOWN


def test_the_lines_of_an_area_are_its_own_and_everything_in_it() -> None:
    codes = COUNTRY.columns().code
    for beginning in ("33", "33.25", "33.25.07", "33.25.0", "33.25.07.2015", "96", "11", "00", "99"):
        lines = COUNTRY.lines_of(beginning)
        assert codes[lines.start : lines.stop] == [code for code in codes if code.startswith(beginning)]


def test_the_longest_names_are_those_the_window_was_drawn_for() -> None:
    rows = COUNTRY.columns()
    longest = dict.fromkeys(LENGTHS, 0)
    for code, name in zip(rows.code, rows.name, strict=True):
        longest[len(code)] = max(longest[len(code)], len(name))
    assert longest[13] == 44
    assert longest[8] == 31
    assert longest[5] <= 42


def test_the_shipped_tables_pass_the_checks_of_one_from_central() -> None:
    folder = resources_dir() / "regions"
    assert len(read_regions(folder / "regions.tsv.gz")) == 99_133
    assert len(read_regions(folder / "training.tsv", provinces=frozenset({"99"}))) == 24


def test_every_data_file_is_the_one_its_source_is_recorded_for() -> None:
    notice = (resources_dir() / "NOTICE.md").read_text(encoding="utf-8")
    recorded = re.findall(r"^\| ((?:fonts|regions)/\S+) \|.*\| ([0-9a-f]{64}) \|$", notice, re.MULTILINE)
    assert len(recorded) == 6
    for name, digest in recorded:
        assert hashlib.sha256((resources_dir() / name).read_bytes()).hexdigest() == digest, name
