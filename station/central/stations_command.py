"""`station central stations`: every station by number, name and id, when it was last heard, and what was ordered."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from station.central.central import DATABASE_NAME
from station.central.database import Database
from station.central.heartbeats import Heartbeats
from station.central.keys import load_keys
from station.central.options import CentralOptions
from station.central.stations import KnownStation, Stations, plain_name
from station.central.wipes import Wipes
from station.domain.mark import N_
from station.domain.ports import Clock, SystemClock
from station.i18n import _

Say = Callable[[str], None]
_WIPES = {
    "ordered": N_("ordered to be wiped"),
    "done": N_("wiped"),
    "withdrawn": N_("the order to wipe it was withdrawn"),
    "over": N_("the order to wipe it is over"),
}


@dataclass(frozen=True)
class _Standing:
    """One station. `wipe` is '' when none was ever ordered."""

    station: KnownStation
    last_seen: datetime | None
    blocked: bool
    wipe: str


def run_stations(folder: Path, options: argparse.Namespace, say: Say, clock: Clock | None = None) -> None:
    """List them, oldest first."""
    found = _read(folder, clock or SystemClock())
    if options.json:
        say(json.dumps([_plain(item) for item in found], indent=1))
        return
    for item in found:
        say(_line(item))
    if not found:
        say(_("No station is enrolled."))


def _read(folder: Path, clock: Clock) -> list[_Standing]:
    central_id, now = CentralOptions().central_id, clock.now()
    with closing(Database(folder / DATABASE_NAME)) as database:
        heard = {beat.station_id: beat.received_at for beat in Heartbeats(database).all()}
        orders: dict[str, str] = {}
        for order in Wipes(database, load_keys(folder, central_id), central_id, clock).of():
            orders.setdefault(order.station_id, order.state(now))  # the newest comes first
        return [
            _Standing(item, heard.get(item.station_id), item.is_blocked(now), orders.get(item.station_id, ""))
            for item in Stations(database, clock, code_life_s=0).all()
        ]


def _line(item: _Standing) -> str:
    seen = f"{item.last_seen.astimezone():%d-%m-%Y %H.%M}" if item.last_seen else _("never heard")
    facts = [item.station.shown, seen]
    if item.blocked:
        facts.append(_("blocked"))
    if item.wipe:
        facts.append(_(_WIPES[item.wipe]))
    return " · ".join(facts)


def _plain(item: _Standing) -> dict[str, Any]:
    """For machines; its shape is a promise to scripts."""
    until = item.station.blocked_until
    return {
        **plain_name(item.station),
        "office": item.station.office,
        "last_seen_at": item.last_seen.isoformat() if item.last_seen else None,
        "blocked": item.blocked,
        "blocked_until": until.isoformat() if until else None,
        "blocked_reason": item.station.blocked_reason,
        "wipe": item.wipe,
    }
