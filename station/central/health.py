"""Which devices of which stations are broken, as the stations said it last. Knows no words and no command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from station.central.heartbeats import Beat
from station.central.stations import KnownStation
from station.wire import DeviceHealth

AGES = (7, 30, 90)
"""Days after which a fault that nobody repairs is called late, bad, shameful."""
_WELL = frozenset({"ready", "untested"})


@dataclass(frozen=True)
class Broken:
    """One device that does not do its work. `days` is how long its fault has been reported, None without a report."""

    station: KnownStation
    device: DeviceHealth
    heard_at: datetime

    @property
    def days(self) -> int | None:
        return self.device.ticket_age_d

    def days_at(self, now: datetime) -> int | None:
        """A fault ages on while its station is silent."""
        return None if self.days is None else self.days + max(0, (now - self.heard_at) // timedelta(days=1))

    def is_over(self, days: int, now: datetime) -> bool:
        """Reported for more than so many days."""
        age = self.days_at(now)
        return age is not None and age > days


@dataclass(frozen=True)
class Silent:
    """A station that has not said how it is. `heard_at` is None when it never did."""

    station: KnownStation
    heard_at: datetime | None


@dataclass(frozen=True)
class Health:
    """All stations: what is broken, the longest first; who is silent; how many there are."""

    broken: tuple[Broken, ...]
    silent: tuple[Silent, ...]
    stations: int

    def kinds(self) -> tuple[str, ...]:
        """Kinds of devices that are broken anywhere, the most often broken first."""
        found: dict[str, set[str]] = {}
        for item in self.broken:
            found.setdefault(item.device.kind, set()).add(item.station.station_id)
        return tuple(sorted(found, key=lambda kind: (-len(found[kind]), kind)))


def health_of(
    stations: Sequence[KnownStation], beats: Iterable[Beat], now: datetime, silent_after: timedelta
) -> Health:
    """What the last word of every station comes to at `now`."""
    heard = {beat.station_id: beat for beat in beats}
    broken: list[Broken] = []
    silent: list[Silent] = []
    for station in stations:
        beat = heard.get(station.station_id)
        if beat is None or now - beat.received_at > silent_after:
            silent.append(Silent(station, beat.received_at if beat else None))
        if beat is not None:
            ill = (device for device in beat.heartbeat.devices if device.state not in _WELL)
            broken += [Broken(station, device, beat.received_at) for device in ill]
    broken.sort(
        key=lambda item: (-(item.days_at(now) or 0), item.days is None, item.station.office, item.station.station_id)
    )
    return Health(tuple(broken), tuple(silent), len(stations))


def stations_of(broken: Iterable[Broken]) -> int:
    """How many stations have one of these."""
    return len({item.station.station_id for item in broken})


def stations_over(days: int, broken: Iterable[Broken], now: datetime) -> int:
    """How many stations have one of these, reported for more than so many days."""
    return stations_of(item for item in broken if item.is_over(days, now))
