"""What `station central answer` does: the code for a forgotten password, or the list of those that were given."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from station.central.central import DATABASE_NAME
from station.central.database import Database
from station.central.keys import load_keys
from station.central.options import CentralOptions
from station.central.resets import Resets
from station.central.stations import Stations
from station.domain.ports import SystemClock
from station.i18n import _

Say = Callable[[str], None]


def run_answer(folder: Path, options: argparse.Namespace, say: Say) -> None:
    """AccessError `challenge.mistyped`; RuleError `challenge.unknown`, `challenge.answered`."""
    clock = SystemClock()
    with closing(Database(folder / DATABASE_NAME)) as database:
        stations = Stations(database, clock, code_life_s=0)
        resets = Resets(database, stations, load_keys(folder, CentralOptions().central_id), clock)
        if options.challenge:
            _answer(resets, options, say)
        else:
            _list(resets, stations, say)


def _answer(resets: Resets, options: argparse.Namespace, say: Say) -> None:
    found = resets.answer(" ".join(options.challenge), again=options.again)
    say(_("Station: {name} · {number}").format(name=found.station.name, number=found.station.full_number))
    say(_("Code: {code}").format(code=found.code))
    say(_("Read it out only to somebody you know. It sets one new password, once. This was noted."))
    say(_("If that station lost its list of officers, whoever it is for leads it from then on."))


def _list(resets: Resets, stations: Stations, say: Say) -> None:
    names = {station.station_id: station.full_number for station in stations.all()}
    for item in resets.answered():
        when = item.at.astimezone().strftime("%d-%m-%Y %H.%M")
        say(f"{when}  {names.get(item.station_id, item.station_id)}  {item.batch}-{item.slot}")
