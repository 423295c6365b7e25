"""`station central notice` and `stock`: what a person at central tells stations. Works beside a running central."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from station.central.database import Database
from station.central.feed import tell
from station.central.stations import Stations
from station.central.tables import stations
from station.domain.errors import RuleError
from station.domain.ids import new_record_id
from station.domain.ports import SystemClock
from station.i18n import _
from station.wire import BatchOfBlanks, rfc3339

_EXIT_OK = 0
_MOST_BLANKS = 10_000_000
Say = Callable[[str], None]


def run_notice(folder: Path, options: argparse.Namespace, say: Say) -> int:
    """Tell every station a notice. With `--id` it takes the place of the one told before under that id."""
    now = SystemClock().now()
    notice_id = options.id or new_record_id(now)
    members = {"id": notice_id, "title": options.title, "body": options.body, "audience": options.audience}
    if options.until:
        members["until"] = rfc3339(_moment(options.until))
    number = _tell_all(folder, {"kind": "notice", "at": rfc3339(now), **members})
    say(_("Told {n} stations under the id {id}.").format(n=number, id=notice_id))
    return _EXIT_OK


def run_stock(folder: Path, options: argparse.Namespace, say: Say) -> int:
    """Tell one station which blanks are allotted to it: all of them, by batch."""
    batches = [_batch(text).model_dump() for text in options.batch]
    event = {"kind": "stock", "at": rfc3339(SystemClock().now()), "batches": batches}
    _tell_all(folder, event, only=options.station)
    say(_("Told the station of {n} blanks.").format(n=sum(batch["blanks"] for batch in batches)))
    return _EXIT_OK


def _tell_all(folder: Path, event: Mapping[str, object], *, only: str = "") -> int:
    """How many stations were told: all, or the one that `only` names. RuleError as `Stations.named` says."""
    database = Database(folder / "central.db")
    try:
        one = Stations(database, SystemClock(), code_life_s=0).named(only).station_id if only else ""
        with database.write() as rows:
            known: Sequence[str] = rows.scalars(select(stations.c.station_id)).all()
            wanted = [one] if one else known
            for station_id in wanted:
                tell(rows, station_id, event)
    finally:
        database.close()
    return len(wanted)


def _moment(text: str) -> datetime:
    """A day or moment of this computer's zone."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise RuleError("notice.until") from None


def _batch(text: str) -> BatchOfBlanks:
    """`NAME=80`."""
    name, _sign, number = text.rpartition("=")
    if not (name and number.isascii() and number.isdigit() and int(number) <= _MOST_BLANKS):
        raise RuleError("stock.batch")
    return BatchOfBlanks(batch=name[:200], blanks=int(number))
