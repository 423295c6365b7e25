"""The latest moment this station knows of, by which rights end: a clock that was set back revives nobody.

Must not know what ends.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from station.domain.clocks import TOLERANCE
from station.store import audit
from station.store.clock_book import ClockBook
from station.store.database import Connection
from station.store.settings import LATEST_MOMENT, put_setting, read_setting

GRAIN = timedelta(minutes=10)
"""So exactly it is remembered: a line each minute would be a write each minute."""


def latest(connection: Connection, clocks: ClockBook, now: datetime) -> datetime:
    """The latest of: this computer's time, put right by central's last word on it; that word; what was seen before."""
    check = clocks.check
    offset = check.offset if check and now >= check.at and abs(check.offset) > TOLERANCE else timedelta()
    known = [now + offset, _seen(connection)]
    if check is not None:
        known.append(check.true_time)
    return max(moment for moment in known if moment is not None)


def note(connection: Connection, clocks: ClockBook, now: datetime) -> None:
    """Remember that it is so late. Of a clock and central's older word the earlier: a mistake must not stay."""
    check = clocks.check
    certain = min(now, now + check.offset) if check else now
    seen = _seen(connection)
    if seen is None or certain - seen >= GRAIN:
        put_setting(connection, LATEST_MOMENT, certain.isoformat())


def begin_again(connection: Connection, clocks: ClockBook, now: datetime) -> None:
    """Somebody who answers for it says that it is now: a clock that once ran ahead must not end rights for ever.

    Never before what central has signed, nor before the latest line of the trail: whoever leads could set the clock
    back and revive others. Where lines were written by a clock that ran ahead, they name a later last day, or none.
    """
    known = [now, audit.latest(connection)]
    if (check := clocks.check) is not None:
        known.append(check.true_time)
    put_setting(connection, LATEST_MOMENT, max(moment for moment in known if moment is not None).isoformat())


def _seen(connection: Connection) -> datetime | None:
    kept = read_setting(connection, LATEST_MOMENT)
    return datetime.fromisoformat(kept) if kept else None
