"""What is known of clocks: central's word on ours, and which devices said another time. Plain values in `outbox.db`."""

from __future__ import annotations

from datetime import datetime, timedelta

from station.domain.clock_jump import Jump
from station.domain.clocks import Check
from station.store.database import Database
from station.store.memory import put_value, read_value

_CHECK, _SKEWED, _TOLD = "clock_check", "skewed_devices", "skew_told"
_JUMPS, _SEEN = "clock_jumps", "clock_seen"
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

    @property
    def newest_seen(self) -> datetime | None:
        """The latest moment that this computer's clock was seen to read, and not called wrong since; None before."""
        with self._database.read() as connection:
            kept = read_value(connection, _SEEN)
        return datetime.fromisoformat(kept) if kept else None

    def see(self, now: datetime) -> None:
        """It reads `now`."""
        with self._database.write() as connection:
            put_value(connection, _SEEN, now.isoformat())

    @property
    def jumps(self) -> tuple[Jump, ...]:
        """The last ones, newest first."""
        return tuple(item for _opened, item in reversed(self._jumps()))

    def jumps_after(self, opened: datetime) -> tuple[Jump, ...]:
        """Those after which a clock read later than `opened`, or which went back over it; oldest first."""
        return tuple(item for before, item in self._jumps() if max(before, item.at) >= opened)

    def note_jump(self, jump: Jump) -> None:
        """Keep one more."""
        entry = [jump.at.isoformat(), jump.by.total_seconds(), jump.off]
        with self._database.write() as connection:
            kept = read_value(connection, _JUMPS) or []
            put_value(connection, _JUMPS, [*kept, entry][-MOST:])
            put_value(connection, _SEEN, jump.at.isoformat())

    def _jumps(self) -> list[tuple[datetime, Jump]]:
        """Each with what the clock would have read without it."""
        with self._database.read() as connection:
            kept = read_value(connection, _JUMPS) or []
        found = [Jump(datetime.fromisoformat(at), timedelta(seconds=by_s), bool(off)) for at, by_s, off in kept]
        return [(item.at - item.by, item) for item in found]

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
