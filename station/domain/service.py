"""What a person has come for. The value is the `kind` of the packet's manifest."""

from __future__ import annotations

from enum import StrEnum


class Service(StrEnum):
    """One kind of recording."""

    NEW = "rekam_baru"
    LOST = "hilang"
    DAMAGED = "rusak"
    CHANGED = "ubah_elemen"
    OUT_OF_DOMICILE = "luar_domisili"
