"""Registers of invented people as a Dinas would send them: SIAK column names, semicolons, day-month-year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROW = {
    "NIK": "9901016104880001",
    "NO_KK": "9901010503190001",
    "NAMA_LGKP": "SITI AMINAH CONTOH",
    "JENIS_KLMIN": "2",
    "TMPT_LHR": "KOTA CONTOH",
    "TGL_LHR": "21-04-1988",
    "AGAMA": "1",
    "STAT_KWN": "2",
    "JENIS_PKRJN": "2",
    "GOL_DRH": "13",
    "ALAMAT": "JL. CONTOH RAYA NO. 1",
    "NO_RT": "1",
    "NO_RW": "2",
    "NO_PROP": "99",
    "NO_KAB": "1",
    "NO_KEC": "1",
    "NO_KEL": "2001",
    "EKTP_CURRENT_STATUS_CODE": "",
}


def row(serial: int = 1, **changed: str) -> dict[str, str]:
    """Somebody; `serial` makes another person."""
    return {**ROW, "NIK": f"990101610488{serial:04d}", **changed}


def text(*rows: dict[str, str], separator: str = ";", columns: Any = None) -> str:
    """The lines of a register; a column that a row does not have is empty."""
    names = list(columns or ROW)
    lines = [separator.join(names), *(separator.join(item.get(name, "") for name in names) for item in rows)]
    return "\n".join(lines) + "\n"


def a_file(path: Path, *rows: dict[str, str], encoding: str = "utf-8", **how: Any) -> Path:
    path.write_bytes(text(*rows, **how).encode(encoding))
    return path
