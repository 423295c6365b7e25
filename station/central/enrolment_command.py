"""`station central enrolment-file`: a file by which a station is enrolled without a network. Central may run."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from station.central.database import Database
from station.central.invitations import CLAIM_DAYS, Invitations
from station.central.keys import load_keys
from station.central.options import CentralOptions
from station.central.policies import Policies
from station.central.problems import Refused
from station.central.stations import Stations
from station.domain.errors import RuleError, SetupError, StoreError
from station.domain.ports import Clock, SystemClock
from station.i18n import _
from station.seal import stick
from station.seal.enrolment_file import MAX_AUTHORITIES

SUFFIX = ".pendaftaran"
_EXIT_OK = 0
Say = Callable[[str], None]


def run_enrolment_file(folder: Path, options: argparse.Namespace, say: Say, clock: Clock | None = None) -> int:
    """Make the file, read it back, and say the code, once."""
    clock = clock or SystemClock()
    central = CentralOptions(training=options.training)
    keys, database = load_keys(folder, central.central_id), Database(folder / "central.db")
    try:
        policies = Policies(database, keys, central.central_id, clock)
        stations = Stations(database, clock, central.code_life_s)
        made = Invitations(database, stations, keys, policies, central, clock).invite(
            options.office, options.name, url=options.url, days=options.days, authorities=_authorities(options.ca)
        )
    except Refused as problem:
        raise SetupError("central.office_full", office=options.office) from problem
    except ValueError as problem:
        raise RuleError("enrolment.office", field="office") from problem
    finally:
        database.close()
    path = written_to(options.out)
    stick.put(path, lambda file: _write(file, made.data), lambda file: _prove(file, made.data))
    number = f"{made.papers.office}-{made.papers.policy.station_number:02d}"
    say(_("The file for station {number} was written: {path}").format(number=number, path=path))
    say(_("One-time code: {code}").format(code=made.code))
    say(_("Send the code apart from the file: on paper, or by telephone. It is shown only now."))
    say(_("The file can be used until {day}.").format(day=f"{made.papers.expires_at.astimezone():%d-%m-%Y}"))
    say(_("The station must reach central within {n} days after that.").format(n=CLAIM_DAYS))
    return _EXIT_OK


def written_to(out: Path) -> Path:
    """Where the file goes when somebody names `out`."""
    return out if out.suffix else out.with_suffix(SUFFIX)


def _write(file: BinaryIO, data: bytes) -> None:
    file.write(data)


def _prove(file: BinaryIO, data: bytes) -> None:
    """What the medium gives back is what was written: nobody can make the same file again."""
    if file.read() != data:
        raise StoreError("stick.unproven")


def _authorities(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        with path.open("r", encoding="ascii") as file:
            text = file.read(MAX_AUTHORITIES + 1)
    except (OSError, UnicodeDecodeError) as problem:
        raise SetupError("central.authorities", path=path.name) from problem
    if len(text) > MAX_AUTHORITIES or "-----BEGIN CERTIFICATE-----" not in text:
        raise SetupError("central.authorities", path=path.name)
    return text
