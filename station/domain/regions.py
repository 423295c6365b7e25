"""Region codes `PP.KK.CC.DDDD` of Kepmendagri 300.2.2-2138/2025, and the fictitious province 99 of training mode."""

from __future__ import annotations

import re
from dataclasses import dataclass

TRAINING_PROVINCE = "99"

# Kepmendagri 300.2.2-2138/2025. Codes are never reused, so the codes inside older NIKs stay in this table.
PROVINCES = frozenset(
    "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 "
    "91 92 93 94 95 96".split()
)

_VILLAGE = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}")


@dataclass(frozen=True)
class Village:
    """A desa or kelurahan with its parents, as searched and shown."""

    code: str
    name: str
    district: str
    regency: str
    province: str

    @property
    def parents(self) -> str:
        """The parents on one line: two villages may share a name, so they are always shown."""
        return f"{self.district} · {self.regency}"


def province_known(code: str, *, training: bool) -> bool:
    """True when the two digits are a province; 99 exists in training mode only."""
    return code in PROVINCES or (training and code == TRAINING_PROVINCE)


def is_village_code(text: str) -> bool:
    """True for the shape `PP.KK.CC.DDDD`."""
    return _VILLAGE.fullmatch(text) is not None
