"""The code lists of the registry: the numbers are official, so they are pinned here."""

from __future__ import annotations

import pytest

from station.domain import codes
from station.domain.codes import CodeList

LISTS = [codes.SEX, codes.RELIGION, codes.MARITAL_STATUS, codes.CITIZENSHIP, codes.OCCUPATION]


@pytest.mark.parametrize(
    ("codelist", "count"),
    [
        (codes.SEX, 2),
        (codes.RELIGION, 7),
        (codes.MARITAL_STATUS, 4),
        (codes.CITIZENSHIP, 2),
        (codes.OCCUPATION, 89),
    ],
    ids=lambda value: value.name if isinstance(value, CodeList) else str(value),
)
def test_a_list_has_all_its_codes_from_1_on(codelist: CodeList, count: int) -> None:
    assert list(codelist.labels) == [str(number) for number in range(1, count + 1)]
    assert all(label == label.strip() and label for label in codelist.labels.values())
    assert len(set(codelist.labels.values())) == count


@pytest.mark.parametrize(
    ("codelist", "code", "label"),
    [
        (codes.SEX, "1", "LAKI-LAKI"),
        (codes.SEX, codes.FEMALE, "PEREMPUAN"),
        (codes.RELIGION, "7", "KEPERCAYAAN TERHADAP TUHAN YANG MAHA ESA"),
        (codes.MARITAL_STATUS, codes.NEVER_MARRIED, "BELUM KAWIN"),
        (codes.MARITAL_STATUS, "4", "CERAI MATI"),
        (codes.CITIZENSHIP, codes.FOREIGNER, "WNA"),
        (codes.OCCUPATION, "1", "BELUM/TIDAK BEKERJA"),
        (codes.OCCUPATION, "5", "APARATUR SIPIL NEGARA (ASN)"),
        (codes.OCCUPATION, "9", "PETANI/PEKEBUN"),
        (codes.OCCUPATION, "15", "KARYAWAN SWASTA"),
        (codes.OCCUPATION, "40", "PENTERJEMAH"),
        (codes.OCCUPATION, "65", "GURU"),
        (codes.OCCUPATION, "72", "DOKTER"),
        (codes.OCCUPATION, "81", "SOPIR"),
        (codes.OCCUPATION, "89", "LAINNYA"),
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
