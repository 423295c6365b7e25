"""What `station central block` and `unblock` do: whether central takes anything from one station, running or not."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from station.central.central import DATABASE_NAME
from station.central.database import Database
from station.central.stations import Stations
from station.central.switch_command import moment
from station.domain.errors import RuleError
from station.domain.ports import SystemClock
from station.i18n import _

Say = Callable[[str], None]


def run_block(folder: Path, options: argparse.Namespace, say: Say) -> None:
    """RuleError `roster.unknown_station`; SetupError `central.switch` for a time that is none."""
    _set(folder, options.station, blocked=True, reason=options.reason, until=moment(options.until))
    say(_("Nothing is taken from this station. It goes on recording."))


def run_unblock(folder: Path, options: argparse.Namespace, say: Say) -> None:
    """RuleError `roster.unknown_station`."""
    _set(folder, options.station, blocked=False)
    say(_("This station may send again."))


def _set(folder: Path, station: str, *, blocked: bool, reason: str = "", until: datetime | None = None) -> None:
    with closing(Database(folder / DATABASE_NAME)) as database:
        stations = Stations(database, SystemClock(), code_life_s=0)
        try:
            stations.set_block(station, blocked=blocked, reason=reason, until=until)
        except LookupError:
            raise RuleError("roster.unknown_station") from None
