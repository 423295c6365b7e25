"""A newer table from central is used at the next start, or refused whole; codes that were known stay known."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from station.config import resources_dir
from station.domain.errors import StoreError
from station.domain.regions import CodeState
from station.store.region_file import MOST_BYTES, MOST_TEXT, read_regions
from station.store.villages import VillageTable
from tests.support import Workplace

SHIPPED = gzip.decompress((resources_dir() / "regions" / "regions.tsv.gz").read_bytes()).decode()
TEST_PROVINCES = frozenset({"99"})
HEAD = "# regions 1 2027-01-01 4\n# 1 Decree 1\n# 2 Decree 2\n"
BODY = "99\tProvinsi\t1\t\n99.01\tKabupaten\t1\t\n99.01.01\tKecamatan\t1\t\n99.01.01.2001\tDesa\t1\t2\n"


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 1))
    return path


def newer(*lines: str, version: str = "2027-03-01") -> str:
    """The shipped table with one more decree, one more village and more lines."""
    head, body = SHIPPED.split("11\t", 1)
    rows = sorted([*("11\t" + body).splitlines(), "33.25.07.2998\tDesa Sangat Baru\t7\t", *lines])
    decrees = head.splitlines()[1:]
    return "\n".join((f"# regions 1 {version} {len(rows)}", *decrees, "# 7 Decree 9/2027", *rows, ""))


def test_a_newer_table_replaces_the_shipped_one(tmp_path: Path) -> None:
    path = written(tmp_path / "regions.tsv.gz", newer("33.25.07.2999\tDesa Baru Sekali\t7\t"))
    table = VillageTable(training=False, newer=path)
    assert table.version == "2027-03-01"
    assert [village.name for village in table.find("baru sekali", 5)] == ["DESA BARU SEKALI"]
    assert table.code_state("33.25.07.2999") is CodeState.CURRENT
    assert table.code_state("91.01.01.1002") is CodeState.ENDED


def test_the_table_of_a_station_is_looked_for_in_its_own_folder(place: Workplace) -> None:
    assert place.depot.folder.regions.is_relative_to(place.depot.folder.root)
    assert place.office.villages.version == "2025-04-25"


def test_training_never_reads_a_table_from_central(tmp_path: Path) -> None:
    path = written(tmp_path / "regions.tsv.gz", newer())
    assert VillageTable(training=True, newer=path).get("33.25.07.2015") is None


def test_without_a_table_from_central_the_shipped_one_is_used(tmp_path: Path) -> None:
    table = VillageTable(training=False, newer=tmp_path / "nothing" / "regions.tsv.gz")
    assert table.version == "2025-04-25"


@pytest.mark.parametrize(
    "make",
    [
        lambda: newer(version="2024-01-01"),
        lambda: newer(version="2025-04-25"),
        lambda: newer("99\tProvinsi\t1\t"),
        lambda: newer("33.25.99.2001\tTanpa Kecamatan\t7\t"),
        lambda: newer("97\tProvinsi Baru\t7\t"),
        lambda: newer().replace("\n33.25.07.2015\tLebo\t1\t\n", "\n"),
        lambda: newer().replace("\n33.25.07.2015\tLebo\t1\t\n", "\n").replace(" 99134\n", " 99133\n"),
        lambda: newer()[:1_000_000],
        lambda: "",
    ],
    ids=["older", "same", "province 99", "no parent", "new province", "too few", "a code is gone", "cut", "empty"],
)
def test_a_table_that_is_older_or_broken_or_has_lost_codes_is_not_used(
    tmp_path: Path, said: list[str], make: Callable[[], str]
) -> None:
    table = VillageTable(training=False, newer=written(tmp_path / "regions.tsv.gz", make()))
    assert table.version == "2025-04-25"
    village = table.get("33.25.07.2015")
    assert village is not None
    assert village.name == "LEBO"
    assert table.code_state("33.25.07.2998") is CodeState.UNKNOWN


@pytest.mark.parametrize(
    "data",
    [b"\x1f\x8b", b"\x1f\x8bgarbage", b"\x00" * 100, gzip.compress(b"x", mtime=0)[:-4]],
    ids=["gzip's first bytes", "not gzip", "zeros", "cut"],
)
def test_what_is_no_table_at_all_is_not_used(tmp_path: Path, said: list[str], data: bytes) -> None:
    path = tmp_path / "regions.tsv.gz"
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"regions\.refused"):
        read_regions(path)
    assert VillageTable(training=False, newer=path).version == "2025-04-25"
    assert said == [line for line in said if "regions.refused" in line] != []


def test_a_folder_in_its_place_is_no_reason_not_to_start(tmp_path: Path, said: list[str]) -> None:
    assert VillageTable(training=False, newer=tmp_path).version == "2025-04-25"
    assert len(said) == 1


def test_a_table_that_would_fill_the_memory_is_refused_before_it_does(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.tsv.gz"
    bomb.write_bytes(gzip.compress(b"#" * (MOST_TEXT + 1)))
    big = tmp_path / "big.tsv.gz"
    big.write_bytes(b"#" * (MOST_BYTES + 1))
    for path in (bomb, big):
        with pytest.raises(StoreError, match=r"regions\.refused"):
            read_regions(path, provinces=TEST_PROVINCES)


def test_a_small_sound_table_is_read(tmp_path: Path) -> None:
    table = read_regions(written(tmp_path / "regions.tsv.gz", HEAD + BODY), provinces=TEST_PROVINCES)
    village = table.village("99.01.01.2001")
    assert village is not None
    assert (village.name, village.ended) == ("DESA", "Decree 2")


@pytest.mark.parametrize("end", [-1, -4, -8])
def test_a_file_without_its_last_bytes_or_with_more_is_refused(tmp_path: Path, end: int) -> None:
    path = written(tmp_path / "regions.tsv.gz", HEAD + BODY)
    whole = path.read_bytes()
    for data in (whole[:end], whole + b"x", whole + whole):
        path.write_bytes(data)
        with pytest.raises(StoreError, match="cut or too long"):
            read_regions(path, provinces=TEST_PROVINCES)


@pytest.mark.parametrize("code", ["99.01.01.2000", "99.01.01.2001"])
def test_a_line_out_of_order_or_twice_refuses_the_whole_table(tmp_path: Path, code: str) -> None:
    text = HEAD.replace(" 4\n", " 5\n") + BODY + f"{code}\tDesa\t1\t\n"
    with pytest.raises(StoreError, match="order"):
        read_regions(written(tmp_path / "regions.tsv.gz", text), provinces=TEST_PROVINCES)


@pytest.mark.parametrize(
    ("found", "put"),
    [
        ("# regions 1", "# regions 2"),
        ("2027-01-01", "2027-1-1"),
        ("2027-01-01 4", "2027-01-01 5"),
        ("# 2 Decree 2", "# 3 Decree 2"),
        ("99.01\tKab", "99.1\tKab"),
        ("99.01\tKabupaten\t1\t\n", ""),
        (
            "99.01.01\tKecamatan\t1\t\n99.01.01.2001\tDesa\t1\t2\n",
            "99.01.01.2001\tDesa\t1\t2\n99.01.01\tKecamatan\t1\t\n",
        ),
        ("Desa\t1\t2", "Desa\t1\t3"),
        ("Desa\t1\t2", "Desa\t2\t1"),
        ("Desa\t1\t2", "Desa\t0\t"),
        ("Desa\t1\t2", "Desa\t1"),
        ("Desa\t1\t2", "\t1\t2"),
        ("Desa\t1\t2", f"{'D' * 101}\t1\t2"),
        ("Desa\t1\t2", " Desa\t1\t2"),
        ("Desa\t1\t2", "De\x1bsa\t1\t2"),
        ("Desa\t1\t2", "D\u00e9sa\t1\t2"),
        ("\t1\t2\n", "\t1\t2"),
        ("99.01.01.2001", "99.01.01.2001\n99.01.01.2001"),
    ],
)
def test_one_wrong_line_refuses_the_whole_table(tmp_path: Path, found: str, put: str) -> None:
    assert found in HEAD + BODY
    path = written(tmp_path / "regions.tsv.gz", (HEAD + BODY).replace(found, put, 1))
    with pytest.raises(StoreError, match=r"regions\.refused"):
        read_regions(path, provinces=TEST_PROVINCES)
