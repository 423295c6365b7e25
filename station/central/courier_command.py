"""`station central courier`: bundles in, receipts out. Works beside a running central."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from station.central.admission import Admission
from station.central.bell import Bell
from station.central.courier import Arrived, Courier, known_name
from station.central.database import Database
from station.central.examiner import Examiner
from station.central.intake import Intake
from station.central.invitations import Invitations
from station.central.keys import load_keys
from station.central.manifests import Manifests
from station.central.options import CentralOptions
from station.central.parts import Parts
from station.central.policies import Policies
from station.central.shelf import Shelf
from station.central.stations import Stations
from station.domain.errors import SetupError, StationError
from station.domain.ports import Clock, SystemClock
from station.domain.record import RecordKey
from station.i18n import _, ngettext
from station.seal.courier import bundles_in
from station.seal.homebound import Homebound

Say = Callable[[str], None]
Going = dict[str, Homebound]


def run_import(folder: Path, options: argparse.Namespace, say: Say) -> bool:
    """Take in one bundle, or every bundle of a folder; False when something of it was refused or damaged."""
    paths = bundles_in(options.path) if options.path.is_dir() else (options.path,)
    if not paths:
        raise SetupError("courier.no_bundles")
    with opened(folder, training=getattr(options, "training", False)) as courier:
        arrived, wrong = _take_all(courier, paths)
        written = _write(courier, options.receipts, _together(courier, arrived)) if options.receipts else []
        if options.json:
            say(json.dumps(_plain(arrived, written), indent=1))
        else:
            _tell(courier, arrived, written, say)
    if wrong is not None:
        raise wrong
    return not any(item.refused or item.damaged for item in arrived)


def run_receipts(folder: Path, options: argparse.Namespace, say: Say) -> bool:
    """Write receipts and refusals of one station, or of all, for the way back by stick; False when there are none."""
    with opened(folder, training=False) as courier:
        stations = courier.intake.stations
        one = stations.named(options.station) if options.station else None
        names = [one.station_id] if one else [item.station_id for item in stations.all()]
        written = _write(courier, options.path, {name: courier.words(name, options.days) for name in names})
        if options.json:
            say(json.dumps(_plain([], written), indent=1))
        else:
            _tell(courier, [], written, say)
    return bool(written)


@contextmanager
def opened(folder: Path, *, training: bool, clock: Clock | None = None) -> Iterator[Courier]:
    """The courier's desk of the central in `folder`; one at a time. SetupError `folder.in_use`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    options = CentralOptions(training=training)
    clock = clock or SystemClock()
    keys = load_keys(folder, options.central_id)
    lock = FileLock(str(folder / "courier.lock"), thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise SetupError("folder.in_use", what="courier") from None
    database = Database(folder / "central.db")
    try:
        parts = Parts(folder / "courier")
        for name in parts.names():  # of an import that the power cut ended: the stick still has it
            parts.drop(name)
        stations = Stations(database, clock, options.code_life_s)
        intake = Intake(
            database=database,
            parts=parts,
            shelf=Shelf(folder / "packets"),
            stations=stations,
            examiner=Examiner(keys, clock, training),
            bell=Bell(),
            clock=clock,
            central_id=options.central_id,
            admission=Admission(None, None, clock),
        )
        policies = Policies(database, keys, options.central_id, clock)
        invitations = Invitations(database, stations, keys, policies, options, clock)
        yield Courier(Manifests(database, stations, intake, options, clock), intake, options, folder, invitations)
    finally:
        database.close()
        lock.release()


def _take_all(courier: Courier, paths: tuple[Path, ...]) -> tuple[list[Arrived], StationError | None]:
    """What came of each bundle; one that is no good does not keep the others out, and is raised in the end."""
    arrived: list[Arrived] = []
    wrong: StationError | None = None
    for path in paths:
        try:
            arrived.append(courier.take(path))
        except StationError as problem:
            if problem.code == "courier.only_receipts" and len(paths) > 1:
                continue  # receipts lie on the same stick as packets, and are not for central
            wrong = wrong or problem
    return arrived, wrong


def _together(courier: Courier, arrived: list[Arrived]) -> Going:
    """What goes to each station, each word once."""
    receipts: dict[str, dict[RecordKey, str]] = {}
    refusals: dict[str, dict[RecordKey, str]] = {}
    for item in arrived:
        for station_id, found in item.receipts.items():
            receipts.setdefault(station_id, {}).update(found)
        for station_id, found in item.refusals.items():
            refusals.setdefault(station_id, {}).update(found)
    names = [*receipts, *(name for name in refusals if name not in receipts)]
    return {name: courier.going(receipts.get(name, {}).items(), refusals.get(name, {}).items()) for name in names}


def _write(courier: Courier, folder: Path, going: Going) -> list[dict[str, Any]]:
    """A file for each station that there is something for."""
    return [
        {
            "station": station_id,
            "path": str(courier.write_words(folder, station_id, words)),
            "receipts": len(words.receipts),
            "refusals": len(words.refusals),
        }
        for station_id, words in going.items()
        if words
    ]


def _plain(arrived: list[Arrived], written: list[dict[str, Any]]) -> dict[str, Any]:
    """For machines; its shape is a promise to scripts."""
    bundles = [
        {
            "bundle_id": item.bundle_id,
            "station": item.station_id,
            "accepted": item.accepted,
            "known": item.known,
            "refused": item.refused,
            "damaged": item.damaged,
            "reasons": item.reasons,
        }
        for item in arrived
    ]
    return {"bundles": bundles, "receipts": written}


def _tell(courier: Courier, arrived: list[Arrived], written: list[dict[str, Any]], say: Say) -> None:
    find = courier.intake.stations.find
    for item in arrived:
        said = _("{station}: {accepted} accepted · {known} known already · {refused} refused · {damaged} damaged")
        name = known_name(find(item.station_id), item.station_id)
        say(
            said.format(
                station=name, accepted=item.accepted, known=item.known, refused=item.refused, damaged=item.damaged
            )
        )
        for code, number in sorted(item.reasons.items()):
            say(f"  {code}: {number}")
    for file in written:
        _tell_written(known_name(find(str(file["station"])), str(file["station"])), file, say)
    if not arrived and not written:
        say(_("There are no receipts to hand over."))


def _tell_written(name: str, file: dict[str, Any], say: Say) -> None:
    receipts, refusals = int(file["receipts"]), int(file["refusals"])
    if receipts:
        said = ngettext("{number} receipt for {station}: {path}", "{number} receipts for {station}: {path}", receipts)
        say(said.format(number=receipts, station=name, path=file["path"]))
    if refusals:
        said = ngettext("{number} refusal for {station}: {path}", "{number} refusals for {station}: {path}", refusals)
        say(said.format(number=refusals, station=name, path=file["path"]))
