"""`station central health`: what is broken where, for people of the Dinas and for scripts. Central may run."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from station.central.database import Database
from station.central.health import AGES, Broken, Health, Silent, health_of, stations_of, stations_over
from station.central.heartbeats import Heartbeats
from station.central.options import CentralOptions
from station.central.stations import Stations, plain_name
from station.domain.mark import N_
from station.domain.ports import Clock, SystemClock
from station.i18n import _, ngettext

Say = Callable[[str], None]
_KINDS: dict[str, str] = {
    "face": N_("Camera"),
    "finger": N_("Fingerprint scanner"),
    "iris": N_("Iris camera"),
    "signature": N_("Signature pad"),
    "document": N_("Document scanner"),
    "printer": N_("Printer"),
}
_STATES: dict[str, str] = {
    "reported": N_("reported"),
    "trouble": N_("does not pass its test"),
    "worn": N_("slow or often fails"),
}


def run_health(folder: Path, options: argparse.Namespace, say: Say, clock: Clock | None = None) -> bool:
    """Tell it; True when nothing that was asked for is broken and nobody is silent."""
    clock = clock or SystemClock()
    now = clock.now()
    found = _asked(_read(folder, clock, now, timedelta(days=options.silent_days)), options, now)
    if options.json:
        say(json.dumps(_plain(found, now), indent=1))
    else:
        _tell(found, now, say)
    return not found.broken and not found.silent


def _read(folder: Path, clock: Clock, now: datetime, silent_after: timedelta) -> Health:
    database = Database(folder / "central.db")
    try:
        stations = Stations(database, clock, CentralOptions().code_life_s)
        return health_of(stations.all(), Heartbeats(database).all(), now, silent_after)
    finally:
        database.close()


def _asked(found: Health, options: argparse.Namespace, now: datetime) -> Health:
    """Only the kind and the age that somebody wants to see."""
    wanted = [item for item in found.broken if not options.kind or item.device.kind == options.kind]
    if options.over_days is not None:
        wanted = [item for item in wanted if item.is_over(options.over_days, now)]
    return Health(tuple(wanted), found.silent, found.stations)


# ---------------------------------------------------------------------------------------------------------- for people


def _tell(found: Health, now: datetime, say: Say) -> None:
    for kind in found.kinds():
        mine = [item for item in found.broken if item.device.kind == kind]
        say(f"{_kind(kind)}: {_counted(mine, now)}")
        for item in mine:
            say(f"  {_line(item, now)}")
    if not found.broken:
        say(_("No station says that anything is broken."))
    _tell_silent(found.silent, say)
    say(ngettext("{n} station is enrolled.", "{n} stations are enrolled.", found.stations).format(n=found.stations))


def _tell_silent(silent: Sequence[Silent], say: Say) -> None:
    if silent:
        say(ngettext(
            "{n} station has not said how it is:", "{n} stations have not said how they are:", len(silent)
        ).format(n=len(silent)))  # fmt: skip
    for item in silent:
        since = f"{item.heard_at.astimezone():%d-%m-%Y}" if item.heard_at else _("never heard")
        say(f"  {item.station.shown}  {since}")


def _counted(broken: Sequence[Broken], now: datetime) -> str:
    """`17 stations · > 7 days: 15 · > 30 days: 9 · > 90 days: 2`."""
    count = stations_of(broken)
    parts = [ngettext("{n} station", "{n} stations", count).format(n=count)]
    late = {days: stations_over(days, broken, now) for days in AGES}
    parts += [_("> {days} days: {n}").format(days=days, n=n) for days, n in late.items() if n]
    return " · ".join(parts)


def _line(item: Broken, now: datetime) -> str:
    device, station, days = item.device, item.station, item.days_at(now)
    facts = [_(_STATES.get(device.state, device.state)) if days is None else _reported(days, device.fault)]
    if device.captures:
        facts.append(_("{failed} of {all} failed").format(failed=device.failures, all=device.captures))
    if device.last_good is not None:
        facts.append(_("last good {moment}").format(moment=f"{device.last_good.astimezone():%d-%m-%Y}"))
    name = " ".join(part for part in (device.model, device.serial) if part)
    said = "  ".join((station.shown, name, " · ".join(facts)))
    # What a station says of its devices comes from the devices: no sign of theirs steers somebody's terminal.
    return "".join(sign if sign.isprintable() else " " for sign in said)


def _reported(days: int, fault: str) -> str:
    said = ngettext("reported {n} day ago", "reported {n} days ago", days).format(n=days)
    return f"{said} ({fault})" if fault else said


def _kind(kind: str) -> str:
    return _(_KINDS[kind]) if kind in _KINDS else kind


# --------------------------------------------------------------------------------------------------------- for scripts


def _plain(found: Health, now: datetime) -> dict[str, Any]:
    """The same for machines; its shape is a promise to scripts."""
    return {
        "at": now.astimezone(UTC).isoformat(),
        "stations": found.stations,
        "broken_stations": stations_of(found.broken),
        "kinds": {kind: _plain_kind(found, kind, now) for kind in found.kinds()},
        "broken": [_plain_device(item, now) for item in found.broken],
        "silent": [
            {**plain_name(item.station), "heard_at": item.heard_at.isoformat() if item.heard_at else None}
            for item in found.silent
        ],
    }


def _plain_kind(found: Health, kind: str, now: datetime) -> dict[str, int]:
    mine = [item for item in found.broken if item.device.kind == kind]
    late = {f"over_{days}_days": stations_over(days, mine, now) for days in AGES}
    return {"stations": stations_of(mine), **late}


def _plain_device(item: Broken, now: datetime) -> dict[str, Any]:
    device = item.device
    return {
        **plain_name(item.station),
        "office": item.station.office,
        "kind": device.kind,
        "model": device.model,
        "serial": device.serial,
        "state": device.state,
        "fault": device.fault,
        "days": item.days_at(now),
        "captures": device.captures,
        "failures": device.failures,
        "median_ms": device.median_ms,
        "last_good": device.last_good.isoformat() if device.last_good else None,
        "heard_at": item.heard_at.isoformat(),
    }
