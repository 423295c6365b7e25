"""What is known of clocks: central's word on ours, and which devices said another time. Plain values in `outbox.db`."""

from __future__ import annotations

from datetime import datetime, timedelta

from station.domain.clocks import Check
from station.store.database import Database
from station.store.memory import put_value, read_value

_CHECK, _SKEWED, _TOLD = "clock_check", "skewed_devices", "skew_told"
MOST = 50
"""More devices than a station has; one that gives itself new names must not fill the disk."""


class ClockBook:
    """Each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def check(self) -> Check | None:
        """How far our clock was from central's when central last said its time; None before."""
        with self._database.read() as connection:
            kept = read_value(connection, _CHECK)
        return Check(timedelta(seconds=kept[0]), datetime.fromisoformat(kept[1])) if kept else None

    @check.setter
    def check(self, value: Check) -> None:
        with self._database.write() as connection:
            put_value(connection, _CHECK, [value.offset.total_seconds(), value.at.isoformat()])

    def skewed_since(self, device_id: str) -> datetime | None:
        """Since when captures of this device bear another time than this computer's; None when they agree."""
        with self._database.read() as connection:
            kept = (read_value(connection, _SKEWED) or {}).get(device_id)
        return datetime.fromisoformat(kept) if kept else None

    def note_skew(self, device_id: str, since: datetime | None) -> None:
        """From now on they differ, or (None) they agree again."""
        with self._database.write() as connection:
            kept = {name: at for name, at in (read_value(connection, _SKEWED) or {}).items() if name != device_id}
            if since is not None:
                kept[device_id] = since.isoformat()
            put_value(connection, _SKEWED, dict(list(kept.items())[-MOST:]))

    def note_told(self, device_id: str, day: str) -> bool:
        """Somebody is told of this device's clock on `day`; False when they were already."""
        with self._database.write() as connection:
            told = [name for name, at in (read_value(connection, _TOLD) or {}).items() if at == day]
            if device_id in told:
                return False
            put_value(connection, _TOLD, dict.fromkeys([*told, device_id][-MOST:], day))
            return True
