"""What `station central wipe` does: order a lost station to be wiped, take it back, or show what came of it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from station.central.central import DATABASE_NAME
from station.central.database import Database
from station.central.keys import load_keys
from station.central.options import CentralOptions
from station.central.stations import KnownStation, Stations
from station.central.wipes import Wipe, Wipes
from station.domain.errors import RuleError
from station.domain.ports import Clock, SystemClock
from station.i18n import _, ngettext

Say = Callable[[str], None]


def run_wipe(folder: Path, options: argparse.Namespace, say: Say, clock: Clock | None = None) -> None:
    """RuleError as `Stations.named` says, before all; `wipe.reason` for an order without one."""
    clock = clock or SystemClock()
    with _opened(folder, clock) as (wipes, stations):
        station = stations.named(options.station)
        if not options.json:
            say(station.shown)
        if options.withdraw:
            _withdraw(wipes, station, options, say)
        elif not options.show:
            _order(wipes, station, options, say)
        found = wipes.of(station.station_id)
    if options.json:
        say(json.dumps([_plain(item, clock.now()) for item in found], indent=1))
    elif options.show:
        _tell(found, clock.now(), say)


def told_orders(found: Sequence[Wipe], now: datetime) -> list[str]:
    """A sentence for each order."""
    return [_sentence(item, now) for item in found]


@contextmanager
def _opened(folder: Path, clock: Clock) -> Iterator[tuple[Wipes, Stations]]:
    central_id = CentralOptions().central_id
    keys = load_keys(folder, central_id)
    database = Database(folder / DATABASE_NAME)
    try:
        yield Wipes(database, keys, central_id, clock), Stations(database, clock, code_life_s=0)
    finally:
        database.close()


def _order(wipes: Wipes, station: KnownStation, options: argparse.Namespace, say: Say) -> None:
    if not options.reason.strip():
        raise RuleError("wipe.reason")
    made = wipes.order(station.station_id, options.reason.strip()[:200], options.days)
    if options.json:
        return
    said = _("Ordered: {order}. It is told whenever this station asks, until {day}, also while it is blocked.")
    say(said.format(order=made.order_id, day=f"{made.expires_at.astimezone():%d-%m-%Y}"))
    say(_("What central has is removed there, and only a code of the Dinas opens it again. What was never sent stays, "
          "sealed, and still comes when the station has a line. Withdraw the order before a copy of this station is "
          "restored elsewhere."))  # fmt: skip


def _withdraw(wipes: Wipes, station: KnownStation, options: argparse.Namespace, say: Say) -> None:
    taken = wipes.withdraw(station.station_id)
    if options.json:
        return
    say(_("The order is withdrawn.") if taken else _("No order to this station stands."))


def _tell(found: Sequence[Wipe], now: datetime, say: Say) -> None:
    for sentence in told_orders(found, now):
        say(sentence)
    if not found:
        say(_("This station was never ordered to be wiped."))


def _sentence(item: Wipe, now: datetime) -> str:
    day, head = "%d-%m-%Y %H.%M", f"{item.issued_at.astimezone():%d-%m-%Y %H.%M} · {item.reason}"
    if item.report is not None:
        state = _done(item, day)
    elif item.withdrawn_at is not None:
        state = _("withdrawn")
    elif not item.stands(now):
        state = _("its time is over; the station has not asked")
    else:
        state = _("ordered; the station has not answered yet")
    return f"{head} · {state}"


def _done(item: Wipe, day: str) -> str:
    report = item.report
    assert report is not None, "asked for by who knows that it is there"
    removed = ngettext("{n} packet removed", "{n} packets removed", report.packets_removed)
    kept = ngettext("{n} kept, sealed and unsent", "{n} kept, sealed and unsent", report.packets_kept)
    lists = ngettext("{n} target list removed", "{n} target lists removed", report.lists_removed)
    parts = [
        _("done {moment}").format(moment=f"{report.at.astimezone():{day}}"),
        removed.format(n=report.packets_removed),
        kept.format(n=report.packets_kept),
        lists.format(n=report.lists_removed),
        _("only the Dinas opens it") if report.locked else _("its officers can still open it: it has no reset code"),
    ]
    return " · ".join(parts)


def _plain(item: Wipe, now: datetime) -> dict[str, Any]:
    """For machines; its shape is a promise to scripts."""
    return {
        "order": item.order_id,
        "station": item.station_id,
        "issued_at": item.issued_at.isoformat(),
        "expires_at": item.expires_at.isoformat(),
        "reason": item.reason,
        "stands": item.stands(now),
        "withdrawn_at": item.withdrawn_at.isoformat() if item.withdrawn_at else None,
        "done_at": item.done_at.isoformat() if item.done_at else None,
        "report": item.report.model_dump(mode="json") if item.report else None,
    }
