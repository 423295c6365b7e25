"""What `station central block` and `unblock` do: whether central takes anything from one station, running or not."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from station.central.central import DATABASE_NAME
from station.central.database import Database
from station.central.stations import Stations
from station.central.switch_command import moment
from station.domain.ports import SystemClock
from station.i18n import _

Say = Callable[[str], None]


def run_block(folder: Path, options: argparse.Namespace, say: Say) -> None:
    """RuleError as `Stations.named` says; SetupError `central.switch` for a time that is none."""
    with _opened(folder) as stations:
        station = stations.named(options.station)
        until = moment(options.until)
        stations.set_block(station.station_id, blocked=True, reason=options.reason, until=until)
    say(station.shown)
    say(_("Nothing is taken from this station. It goes on recording."))


def run_unblock(folder: Path, options: argparse.Namespace, say: Say) -> None:
    """RuleError as `Stations.named` says."""
    with _opened(folder) as stations:
        station = stations.named(options.station)
        stations.set_block(station.station_id, blocked=False)
    say(station.shown)
    say(_("This station may send again."))


@contextmanager
def _opened(folder: Path) -> Iterator[Stations]:
    with closing(Database(folder / DATABASE_NAME)) as database:
        yield Stations(database, SystemClock(), code_life_s=0)
