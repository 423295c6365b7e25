"""`station central roster`: what a person at the Dinas does with target lists. Works beside a running central."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from station.central.csv_report import Report, what_is_wrong
from station.central.database import Database
from station.central.keys import load_keys
from station.central.options import CentralOptions
from station.central.problems import Refused
from station.central.rosters import Made, Rosters
from station.central.stations import KnownStation, Stations
from station.domain.errors import RuleError
from station.domain.ports import SystemClock
from station.i18n import _, ngettext
from station.seal.bundle_file import file_name

_EXIT_OK, _EXIT_FAILED = 0, 1
_MAX_DAYS = 366
Say = Callable[[str], None]


def run_roster(folder: Path, options: argparse.Namespace, say: Say) -> int:
    """Do what the options ask, in this order: make, assign, export. RuleError when it cannot be done."""
    if (options.csv or options.again or options.assign or options.export_for) and not options.area:
        raise RuleError("roster.area")
    if not 0 < options.days <= _MAX_DAYS:
        raise RuleError("roster.days", most=_MAX_DAYS)
    with _opened(folder, training=getattr(options, "training", False)) as (rosters, stations):
        try:
            if options.csv:
                _import(rosters, options, say)
            elif options.again:
                _say_made(rosters.make_again(options.area, options.days), say)
            if options.assign:
                rosters.assign(options.assign, options.area)
                say(_("The station {station} may fetch this list now.").format(station=options.assign))
            if options.export_for:
                _export(rosters, options, say)
        except Refused as refused:
            say(refused.body.detail)
            return _EXIT_FAILED
        if not (options.csv or options.again or options.assign or options.export_for):
            _show(rosters, stations.all(), say)
    return _EXIT_OK


@contextmanager
def _opened(folder: Path, *, training: bool) -> Iterator[tuple[Rosters, Stations]]:
    options, clock = CentralOptions(), SystemClock()
    keys = load_keys(folder, options.central_id)
    database = Database(folder / "central.db")
    stations = Stations(database, clock, options.code_life_s)
    rosters = Rosters(folder, database, stations, keys, options.central_id, training=training, clock=clock)
    try:
        yield rosters, stations
    finally:
        rosters.close()
        database.close()


def _import(rosters: Rosters, options: argparse.Namespace, say: Say) -> None:
    report = options.report or options.csv.with_name(f"{options.csv.stem}-laporan.csv")
    try:
        with Report(report) as write:
            made = rosters.import_csv(
                options.csv,
                options.area,
                options.name or options.area,
                options.days,
                write,
                accept_losses=options.accept_losses,
            )
    except RuleError:
        if write.begun:
            _say_report(report, say)
        raise
    except OSError as problem:
        raise RuleError("csv.unreadable", reason=problem.strerror or type(problem).__name__) from problem
    tally = made.tally
    assert tally is not None, "a file was read"
    _say_made(made, say)
    say(_("Lines read: {lines} · people taken: {good} · left out: {dropped} · cells left empty: {emptied}").format(
        lines=tally.lines, good=tally.good, dropped=tally.dropped, emptied=tally.emptied
    ))  # fmt: skip
    if tally.unused_columns:
        say(_("Columns that are not used: {columns}").format(columns=", ".join(tally.unused_columns)))
    for code, count in tally.by_code.most_common():
        say(f"  {count} × {what_is_wrong(code).format(other='…')}")
    if tally.by_code:
        _say_report(report, say)


def _say_report(path: Path, say: Say) -> None:
    say(_("Every line with something wrong is in {path}.").format(path=path))


def _say_made(made: Made, say: Say) -> None:
    card, difference = made.card, made.difference
    say(
        ngettext(
            "Target list {area} version {version}: {people} person, to be used until {until}.",
            "Target list {area} version {version}: {people} people, to be used until {until}.",
            card.people,
        ).format(
            area=card.area,
            version=card.version,
            people=card.people,
            until=card.expires_at.astimezone().strftime("%d-%m-%Y %H.%M"),
        )
    )
    say(_("New: {added} · changed: {changed} · no longer on it: {gone}").format(
        added=difference.added, changed=difference.changed, gone=difference.gone
    ))  # fmt: skip


def _export(rosters: Rosters, options: argparse.Namespace, say: Say) -> None:
    sealed = rosters.export(options.export_for, options.area)
    out = options.out or Path(file_name(sealed.head))
    target = out / file_name(sealed.head) if out.is_dir() else out
    try:
        shutil.copyfile(sealed.path, target)
    except OSError as problem:
        raise RuleError("roster.out", reason=problem.strerror or type(problem).__name__) from problem
    say(_("Written for station {station}: {path}").format(station=options.export_for, path=target))


def _show(rosters: Rosters, stations: Sequence[KnownStation], say: Say) -> None:
    for card in rosters.cards():
        until = card.expires_at.astimezone().strftime("%d-%m-%Y")
        say(f"{card.area}  v{card.version}  {card.people}  {until}  {card.area_name}")
    for station in stations:
        say(f"{station.station_id}  {station.office}  {station.name}")
