"""The columns of a register from a Dinas, by their SIAK names, and the form field each of them fills.

Only what the form knows is taken. A column without an entry here is named in the report and left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from station.domain.form import clean_date
from station.domain.names import clean_name
from station.domain.nik import clean_number

REQUIRED = (
    "NIK", "NO_KK", "NAMA_LGKP", "JENIS_KLMIN", "TMPT_LHR", "TGL_LHR", "ALAMAT", "NO_RT", "NO_RW",
    "NO_PROP", "NO_KAB", "NO_KEC", "NO_KEL",
)  # fmt: skip
REGION = (("NO_PROP", 2), ("NO_KAB", 2), ("NO_KEC", 2), ("NO_KEL", 4))
"""Parts of the village code with their digits; a spreadsheet drops leading zeros."""
STATUS = "EKTP_CURRENT_STATUS_CODE"
RECORDED = "SUDAH_REKAM"
"""Ours: 1 or Y when biometrics exist already. Without it the status decides."""


@dataclass(frozen=True)
class Column:
    """A SIAK column, the form field it fills, and how its text is cleaned.

    `essential`: a person without it, or with a wrong one, cannot be listed. Otherwise a wrong value is left out.
    """

    name: str
    key: str
    clean: Callable[[str], str]
    essential: bool = False


def _text(raw: str) -> str:
    return " ".join(raw.split()).upper()


def _code(raw: str) -> str:
    """`01` and `1` are the same code."""
    text = raw.strip()
    return str(int(text)) if text.isascii() and text.isdigit() and len(text) < 4 else text


def _unit(raw: str) -> str:
    """RT and RW have three digits; nothing and a dash mean that they are not known."""
    text = raw.strip().strip("-")
    return text.zfill(3) if len(text) <= 3 else text


def _number(raw: str) -> str:
    """A number that a spreadsheet was told to keep as text begins with an apostrophe."""
    return clean_number(raw.strip().removeprefix("'"))


_MIDNIGHT = re.compile(r"[ T]\d{2}[:.]\d{2}([:.]\d{2}(\.\d+)?)?$")


def _date(raw: str) -> str:
    """A database writes midnight behind a day."""
    return clean_date(_MIDNIGHT.sub("", raw.strip()))


_CITIZENSHIP = {"WNI": "1", "INDONESIA": "1", "WNA": "2"}


def _citizenship(raw: str) -> str:
    text = _text(raw)
    return _CITIZENSHIP.get(text, text)


COLUMNS: tuple[Column, ...] = (
    Column("NIK", "nik", _number, essential=True),
    Column("NO_KK", "kk", _number),
    Column("NAMA_LGKP", "name", clean_name, essential=True),
    Column("JENIS_KLMIN", "sex", _code),
    Column("TMPT_LHR", "birth_place", _text),
    Column("TGL_LHR", "birth_date", _date, essential=True),
    Column("GOL_DRH", "blood_type", _code),
    Column("KEBANGSAAN", "citizenship", _citizenship),
    Column("AGAMA", "religion", _code),
    Column("DESC_KEPERCAYAAN", "belief", _text),
    Column("STAT_KWN", "marital_status", _code),
    Column("AKTA_KWN", "marriage_certificate", _code),
    Column("NO_AKTA_KWN", "marriage_certificate_no", _text),
    Column("TGL_KWN", "marriage_date", _date),
    Column("AKTA_CRAI", "divorce_certificate", _code),
    Column("NO_AKTA_CRAI", "divorce_certificate_no", _text),
    Column("TGL_CRAI", "divorce_date", _date),
    Column("JENIS_PKRJN", "occupation", _code),
    Column("DESC_PEKERJAAN", "occupation_text", _text),
    Column("ALAMAT", "address", _text),
    Column("NO_RT", "rt", _unit),
    Column("NO_RW", "rw", _unit),
    Column("DUSUN", "hamlet", _text),
    Column("KODE_POS", "postal_code", _number),
    Column("SMS_PHONE", "phone", _number),
    Column("NO_PASPOR", "passport_no", _text),
    Column("TGL_AKH_PASPOR", "passport_expires", _date),
    Column("STAT_HBKEL", "family_relation", _code),
    Column("NAMA_KEP", "head_of_family", clean_name),
    Column("PDDK_AKH", "education", _code),
    Column("NIK_AYAH", "father_nik", _number),
    Column("NAMA_LGKP_AYAH", "father_name", clean_name),
    Column("NIK_IBU", "mother_nik", _number),
    Column("NAMA_LGKP_IBU", "mother_name", clean_name),
    Column("AKTA_LHR", "birth_certificate", _code),
    Column("NO_AKTA_LHR", "birth_certificate_no", _text),
    Column("GELAR", "title", _text),
    Column("TMPT_SBL", "previous_address", _text),
)
"""KLAIN_FSK and PNYDNG_CCT are not among them: disability is specially protected, and no list needs it."""

KNOWN = frozenset(column.name for column in COLUMNS) | {name for name, _ in REGION} | {STATUS, RECORDED}


def header_name(raw: str) -> str:
    """A column name as it is compared: upper case, `_` between words."""
    return re.sub(r"[\s-]+", "_", raw.strip().strip('"').strip().upper())
