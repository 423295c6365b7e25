"""`station inventory`: whose data was on this station, or on the one of a backup; which parts, and was it sealed."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from station.commands.family import EXIT_OK, Family
from station.commands.passwords import own_password
from station.commands.place import check_parent
from station.commands.shapes import time
from station.domain.inventory import Held, Inventory, Line
from station.domain.permission import Permission
from station.i18n import _, ngettext
from station.store.folder import write_file


def add_to(family: Family) -> None:
    text = "whose data was on this station, which parts, and was it sealed"
    options = family.add("inventory", _run, text)
    options.add_argument("--backup", type=Path, metavar="DIR", help="a medium of backups, a snapshot, a rescued folder")
    options.add_argument("--json", action="store_true", help="one JSON object; it holds personal data")
    options.add_argument("--csv", type=Path, metavar="FILE", help="one line a record, readable by its owner only")


def _run(options: argparse.Namespace) -> int:
    from station.desk import inventory
    from station.desk.opened_copy import opened_copy

    place = options.backup or options.data
    check_csv(options)
    print(_("The password of a supervisor, or the recovery words, opens it."), file=sys.stderr)
    with opened_copy(place, own_password(), Permission.READ_AUDIT) as copy:
        found = inventory.of_copy(copy, progress=_progress)
    assert found is not None, "nobody stops it here"
    show(found, options)
    return EXIT_OK


def check_csv(options: argparse.Namespace) -> None:
    """SetupError `path.no_folder` when the table cannot be written there."""
    if options.csv is not None:
        check_parent(options.csv)


def show(found: Inventory, options: argparse.Namespace) -> None:
    """Print it, or write it where the options say."""
    from station.ui import inventory_words as words

    if options.csv is not None:
        write_file(options.csv, words.as_csv(found))
        number = len(found.lines)
        told = ngettext("Written: {n} line, to {path}", "Written: {n} lines, to {path}", number)
        print(told.format(n=number, path=options.csv), file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps(plain_inventory(found), indent=1, ensure_ascii=False))
    elif options.csv is not None:
        lines = [words.heading(found), "", *words.summary(found), "", words.encryption(found)]
        print("\n".join(lines))
    else:
        print("\n".join(words.as_text(found)))


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total}", end="" if done < total else "\n", file=sys.stderr)


def plain_inventory(found: Inventory) -> dict[str, Any]:
    """For machines; its shape is a promise to scripts: members are added, never taken away. Holds personal data."""
    told = found.told
    return {
        "station": found.station_id,
        "name": found.station_name,
        "office": found.office,
        "source": found.source,
        "as_of": time(found.as_of),
        "people": found.people,
        "counts": {held.value: found.count(held) for held in Held},
        "lists": [
            {"area": item.area, "name": item.area_name, "people": item.people, "expires_at": time(item.expires_at)}
            for item in found.lists
        ],
        "trip_people": found.trip_people,
        "referrals": found.referrals,
        "carried": found.carried,
        "officers": found.officers,
        "heard_at": time(told.heard_at),
        "unsent": told.unsent,
        "audit_number": told.audit_number,
        "blocked": told.blocked,
        "wipe": told.wipe,
        "records": [_plain_line(line) for line in found.lines],
    }


def _plain_line(line: Line) -> dict[str, Any]:
    return {
        "record_id": line.record_id,
        "revision": line.revision,
        "held": line.held.value,
        "registration_no": line.registration_no,
        "nik": line.nik,
        "name": line.name,
        "kinds": asdict(line.kinds) if line.kinds is not None else None,
        "sealed_at": time(line.sealed_at),
        "received_at": time(line.received_at),
        "receipt_no": line.receipt_no,
    }
