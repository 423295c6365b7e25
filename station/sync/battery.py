"""How full the battery or the UPS is: Linux tells it in files, other systems through psutil.

A computer without one, or a system that does not tell: None. Must not know what follows from it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

from station.domain.power import Charge

_POWER = Path("/sys/class/power_supply")
_KINDS = ("Battery", "UPS")
_MOST_MINUTES = 100 * 60
LOOK_EVERY_S = 15.0
FIRST_WAIT_S = 1.0


class Supply:
    """`charge()` answers at once with what was last read: a driver that hangs holds up nobody."""

    def __init__(self, read: Callable[[], Charge | None] | None = None) -> None:
        self._read = read or read_battery
        self._lock = Lock()
        self._known: Charge | None = None
        self._asking: Thread | None = None
        self._asked_at: float | None = None

    def charge(self) -> Charge | None:
        """What is left; read anew in the background when the last look is some seconds old."""
        with self._lock:
            first = self._asked_at is None
            if self._is_fresh():
                return self._known
            self._asked_at = monotonic()
            self._asking = asking = Thread(target=self._learn, name="power", daemon=True)
        asking.start()
        if first:
            asking.join(FIRST_WAIT_S)
        return self._known

    def _is_fresh(self) -> bool:
        asking = self._asking is not None and self._asking.is_alive()
        return asking or (self._asked_at is not None and monotonic() - self._asked_at < LOOK_EVERY_S)

    def _learn(self) -> None:
        self._known = self._read()


def read_battery(root: Path = _POWER) -> Charge | None:
    """The first battery or UPS of this computer; batteries of mice and pens are not meant."""
    if not sys.platform.startswith("linux"):
        return _told_by_system()
    try:
        supplies = sorted(root.iterdir())
    except OSError:
        return None
    return next((found for found in map(_charge, supplies) if found is not None), None)


def _told_by_system() -> Charge | None:
    import psutil  # only where it is needed

    found = psutil.sensors_battery()
    if found is None:
        return None
    plugged = found.power_plugged is not False
    known = not plugged and 0 < found.secsleft < _MOST_MINUTES * 60
    return Charge(round(min(max(found.percent, 0), 100)), plugged, int(found.secsleft // 60) if known else None)


def _charge(supply: Path) -> Charge | None:
    if _told(supply, "type") not in _KINDS or _told(supply, "scope") == "Device":
        return None
    percent = _number(supply, "capacity")
    if percent is None or percent > 100:
        return None
    plugged = _told(supply, "status") != "Discharging"
    return Charge(percent, plugged, None if plugged else _minutes(supply))


def _minutes(supply: Path) -> int | None:
    """Until it is empty: as the driver says, or what is left by what is drawn."""
    seconds = _number(supply, "time_to_empty_now") or _number(supply, "time_to_empty_avg")
    if seconds is not None:
        return min(seconds // 60, _MOST_MINUTES)
    for left, drawn in (("energy_now", "power_now"), ("charge_now", "current_now")):
        stored, rate = _number(supply, left), _number(supply, drawn)
        if stored is not None and rate:
            return min(stored * 60 // rate, _MOST_MINUTES)
    return None


def _number(supply: Path, name: str) -> int | None:
    text = _told(supply, name).removeprefix("-")
    return int(text) if text.isascii() and text.isdigit() else None


def _told(supply: Path, name: str) -> str:
    try:
        return (supply / name).read_text(encoding="ascii", errors="replace").strip()[:40]
    except OSError:
        return ""
