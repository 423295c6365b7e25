"""How full the battery is, as Linux tells it in files. A computer without one, or another system: None."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_POWER = Path("/sys/class/power_supply")


@dataclass(frozen=True)
class Charge:
    """`plugged`: it is not running down."""

    percent: int
    plugged: bool


def read_battery(root: Path = _POWER) -> Charge | None:
    """The first battery of this computer; batteries of mice and pens are not meant."""
    try:
        supplies = sorted(root.iterdir())
    except OSError:
        return None
    return next((found for found in map(_charge, supplies) if found is not None), None)


def _charge(supply: Path) -> Charge | None:
    if _told(supply, "type") != "Battery" or _told(supply, "scope") == "Device":
        return None
    percent = _told(supply, "capacity")
    if not (percent.isascii() and percent.isdigit() and int(percent) <= 100):
        return None
    return Charge(int(percent), _told(supply, "status") != "Discharging")


def _told(supply: Path, name: str) -> str:
    try:
        return (supply / name).read_text(encoding="ascii", errors="replace").strip()[:40]
    except OSError:
        return ""
