"""The code lists of the registry: the numbers are official, so they are pinned here; and the book that holds them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from station.domain import codes
from station.domain.codes import CodeList, in_use, shipped, use
from station.domain.errors import TrustError
from station.domain.form import FIELDS
from station.store.codebook import CodeShelf
from station.store.folder import Folder

COUNTS = {
    codes.SEX: 2,
    codes.BLOOD_TYPE: 13,
    codes.RELIGION: 7,
    codes.CITIZENSHIP: 2,
    codes.OCCUPATION: 89,
    codes.FAMILY_RELATION: 11,
    codes.EDUCATION: 10,
    codes.DISABILITY: 2,
    codes.DISABILITY_KIND: 6,
    codes.CERTIFICATE: 2,
    codes.STAY_PERMIT: 2,
    codes.SPONSOR_KIND: 5,
}
LISTS = [*COUNTS, codes.MARITAL_STATUS]


@pytest.fixture(autouse=True)
def book() -> Iterator[None]:
    yield
    use(shipped())


@pytest.fixture
def shelf(tmp_path: Path) -> CodeShelf:
    return CodeShelf(Folder(tmp_path / "station"))


def a_book(**changed: Any) -> str:
    """The shipped book as JSON, of tomorrow; `changed` replaces members."""
    ours = shipped()
    members = {"version": ours.version + 1, "valid_from": "2027-01-01", "source": "uji", "lists": dict(ours.lists)}
    return json.dumps({**members, **changed})


@pytest.mark.parametrize(("codelist", "count"), COUNTS.items(), ids=[item.name for item in COUNTS])
def test_a_list_has_all_its_codes_from_1_on(codelist: CodeList, count: int) -> None:
    assert list(codelist.labels) == [str(number) for number in range(1, count + 1)]


@pytest.mark.parametrize("codelist", LISTS, ids=lambda item: item.name)
def test_labels_are_clean_and_all_different(codelist: CodeList) -> None:
    assert all(label == label.strip() and label for label in codelist.labels.values())
    assert len(set(codelist.labels.values())) == len(codelist.labels)


def test_the_marital_status_has_four_official_codes_and_one_of_ours() -> None:
    assert list(codes.MARITAL_STATUS.labels) == ["1", "2", "3", "4", "21"]


@pytest.mark.parametrize(
    ("codelist", "code", "label"),
    [
        (codes.SEX, "1", "LAKI-LAKI"),
        (codes.SEX, codes.FEMALE, "PEREMPUAN"),
        (codes.BLOOD_TYPE, "4", "O"),
        (codes.BLOOD_TYPE, "9", "AB+"),
        (codes.BLOOD_TYPE, codes.BLOOD_UNKNOWN, "TIDAK TAHU"),
        (codes.RELIGION, "6", "KHONGHUCU"),
        (codes.RELIGION, codes.BELIEF, "KEPERCAYAAN TERHADAP TUHAN YANG MAHA ESA"),
        (codes.MARITAL_STATUS, codes.NEVER_MARRIED, "BELUM KAWIN"),
        (codes.MARITAL_STATUS, codes.MARRIED, "KAWIN"),
        (codes.MARITAL_STATUS, codes.DIVORCED, "CERAI HIDUP"),
        (codes.MARITAL_STATUS, "4", "CERAI MATI"),
        (codes.MARITAL_STATUS, "21", "KAWIN BELUM TERCATAT"),
        (codes.CITIZENSHIP, codes.FOREIGNER, "WNA"),
        (codes.FAMILY_RELATION, "1", "KEPALA KELUARGA"),
        (codes.FAMILY_RELATION, "9", "FAMILI LAIN"),
        (codes.EDUCATION, "5", "SLTA/SEDERAJAT"),
        (codes.EDUCATION, "8", "DIPLOMA IV/STRATA I"),
        (codes.DISABILITY, codes.DISABLED, "ADA"),
        (codes.DISABILITY_KIND, "2", "DISABILITAS NETRA"),
        (codes.CERTIFICATE, codes.HAS_CERTIFICATE, "ADA"),
        (codes.STAY_PERMIT, codes.PERMANENT_STAY, "ITAP"),
        (codes.OCCUPATION, "1", "BELUM/TIDAK BEKERJA"),
        (codes.OCCUPATION, "5", "APARATUR SIPIL NEGARA (ASN)"),
        (codes.OCCUPATION, "9", "PETANI/PEKEBUN"),
        (codes.OCCUPATION, "15", "KARYAWAN SWASTA"),
        (codes.OCCUPATION, "40", "PENTERJEMAH"),
        (codes.OCCUPATION, "65", "GURU"),
        (codes.OCCUPATION, "72", "DOKTER"),
        (codes.OCCUPATION, "81", "SOPIR"),
        (codes.OCCUPATION, codes.OTHER_WORK, "LAINNYA"),
    ],
)
def test_a_code_means_what_the_registry_says(codelist: CodeList, code: str, label: str) -> None:
    assert code in codelist
    assert codelist.label(code) == label


@pytest.mark.parametrize("codelist", LISTS, ids=lambda item: item.name)
@pytest.mark.parametrize("code", ["0", "99", "", "01", "x"])
def test_a_code_nobody_knows_is_shown_and_never_fatal(codelist: CodeList, code: str) -> None:
    assert code not in codelist
    assert codelist.label(code) == f"Kode {code} (tidak dikenal)"


def test_every_list_of_the_form_is_in_the_book() -> None:
    assert {field.codes.name for field in FIELDS if field.codes} == set(in_use().lists)


# -------------------------------------------------------------------------------------------------------- the book


def test_the_shipped_book_says_where_it_comes_from_and_since_when_it_holds() -> None:
    assert shipped().version >= 1
    assert shipped().valid_from <= date(2026, 11, 1)
    assert shipped().source


def test_a_newer_book_is_used_from_the_next_start_on(shelf: CodeShelf) -> None:
    work = {**shipped().lists["occupation"], "90": "PENGEMUDI DARING"}
    assert shelf.keep(a_book(lists={**shipped().lists, "occupation": work}))
    assert "90" not in codes.OCCUPATION
    use(shelf.newest())
    assert codes.OCCUPATION.label("90") == "PENGEMUDI DARING"
    assert codes.OCCUPATION.label("89") == "LAINNYA"


@pytest.mark.parametrize("version", [0, 1])
def test_a_book_that_is_not_newer_changes_nothing(shelf: CodeShelf, version: int) -> None:
    if version:
        assert not shelf.keep(a_book(version=shipped().version))
    assert shelf.newest() == shipped()


def test_a_program_that_brings_a_newer_book_than_the_one_once_sent_uses_its_own(
    shelf: CodeShelf, tmp_path: Path
) -> None:
    old = a_book(version=shipped().version, source="dikirim dulu")
    (tmp_path / "station" / "codes.json").write_text(old, encoding="utf-8")
    assert shelf.newest() == shipped()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        "[" * 100_000,
        a_book(version=0),
        a_book(version="2"),
        a_book(version=True),
        a_book(valid_from="besok"),
        a_book(source=None),
        a_book(lists={}),
        a_book(lists={**shipped().lists, "sex": {"1": "LAKI-LAKI"}}),
        a_book(lists={**shipped().lists, "sex": {"1": "LAKI-LAKI", "2": ""}}),
        a_book(lists={**shipped().lists, "sex": {"1": "LAKI-LAKI", "2": "P" * 121}}),
        a_book(lists={**shipped().lists, "sex": {"1": "LAKI-LAKI", "2": "PEREMPUAN", "0": "?"}}),
        a_book(lists={**shipped().lists, "sex": {"1": "LAKI-LAKI", "2": ["PEREMPUAN"]}}),
        a_book(lists={**shipped().lists, "more": {str(number): "X" for number in range(1, 2100)}}),
        a_book(source="x" * 600_000),
    ],
    ids=range(18),
)
def test_a_book_that_is_not_whole_is_refused_and_the_old_one_stays(shelf: CodeShelf, text: str) -> None:
    with pytest.raises(TrustError) as problem:
        shelf.keep(text)
    assert problem.value.code == "codes.unreadable"
    assert shelf.newest() == shipped()


def test_a_book_that_was_damaged_on_the_disk_is_as_if_it_were_not_there(shelf: CodeShelf, tmp_path: Path) -> None:
    assert shelf.keep(a_book())
    assert shelf.newest().version == shipped().version + 1
    path = tmp_path / "station" / "codes.json"
    for damage in (b"", path.read_bytes()[:-40], b"\xff\xfe" + path.read_bytes()):
        path.write_bytes(damage)
        assert shelf.newest() == shipped()
