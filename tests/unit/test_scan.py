"""What a scanner types: the one NIK in it, whatever stands around it."""

from __future__ import annotations

import pytest

from station.domain.scan import MAX_PAYLOAD, nik_in

NIK, OTHER = "9901016104880001", "9901016104880002"
KK = "9901010503190001"
"""A family card number is made like a NIK."""


@pytest.mark.parametrize(
    "payload",
    [
        NIK,
        f"{NIK}\r\n",
        f"\t{NIK}\t",
        f"\x02{NIK}\x03",
        f"]C1{NIK}",
        f"\x02]Q3{NIK}\r",
        f"https://contoh.invalid/cek?nik={NIK}&x=1",
        f"NIK:{NIK};NAMA:SITI AMINAH CONTOH",
        f"1234567890123456 {NIK}",  # sixteen digits that no registry issued come first
        f"12345678901234567\n{NIK}",
        f"KK {KK} NIK {NIK}",
        f"NIK: {NIK}; NO. KK: {KK}",
        f"no_kk={KK}&no_nik={NIK}",
        f"{OTHER} NIK={NIK}",
        f"KK {KK} {NIK}",
        f"{NIK}|{NIK}",
        NIK + "\n" + "x" * (MAX_PAYLOAD - 17),
    ],
)
def test_the_nik_is_found_whatever_stands_around_it(payload: str) -> None:
    assert nik_in(payload, training=True) == NIK


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "]C1",
        NIK[:15],
        NIK + "7",
        "9901 0161 0488 0001",
        "９９０１０１６１０４８８０００１",  # full-width digits look the same
        "9901016199880001",  # month 99
        NIK + " " * MAX_PAYLOAD,
        f"{NIK} {OTHER}",
        f"NIK {NIK} NIK {OTHER}",
        f"KK {KK}",
        f"{NIK} NIK 9901016199880001",  # what is called NIK is not one: no other number stands in for it
    ],
)
def test_what_is_no_nik_is_none(payload: str) -> None:
    assert nik_in(payload, training=True) == ""


def test_province_99_is_no_nik_outside_training() -> None:
    assert nik_in(NIK, training=False) == ""
