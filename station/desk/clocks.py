"""Devices whose clock differs from this computer's: noted with each capture, told once a day, until one agrees again.

Knows no person.
"""

from __future__ import annotations

from datetime import datetime

from station.desk.office import Office
from station.domain.biometrics import DeviceInfo
from station.domain.clocks import Skew, skew
from station.domain.device import GOOD, Use, device_id
from station.store.depot import Depot


def note_capture(depot: Depot, use: Use, now: datetime) -> None:
    """What a capture showed of the clocks; one that failed shows nothing."""
    before = depot.clocks.skewed_since(device_id(use.device))
    if use.outcome == GOOD and use.skewed != (before is not None):
        depot.clocks.note_skew(device_id(use.device), now if use.skewed else None)


def tell_once(office: Office, info: DeviceInfo) -> Skew | None:
    """A capture of this device just bore another time: what to say about it; None when it was said today."""
    depot, now, name = office.depot, office.now(), device_id(info)
    if not depot.clocks.note_told(name, f"{now.astimezone():%Y-%m-%d}"):
        return None
    return skew(info, depot.clocks.skewed_since(name) or now, depot.clocks.check, now)


def skew_of(depot: Depot, info: DeviceInfo, now: datetime) -> Skew | None:
    """What there is to say about the clock of this device; None when its last capture agreed with ours."""
    since = depot.clocks.skewed_since(device_id(info))
    return skew(info, since, depot.clocks.check, now) if since is not None else None
