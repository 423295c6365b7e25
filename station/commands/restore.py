"""`station restore` and `station move-store`: the data of a station come to another computer, or to another disk."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from station.commands.family import EXIT_OK, Family
from station.commands.shapes import plain
from station.i18n import _, ngettext
from station.store.folder import Folder


def add_to(family: Family) -> None:
    options = family.add("restore", _restore, "bring a station here from its second medium, into an empty folder")
    options.add_argument("source", type=Path, metavar="DIR", help="the folder that was chosen for the backup")
    options.add_argument("--look", action="store_true", help="only say what is there")
    options.add_argument("--json", action="store_true")
    moving = family.add("move-store", _move, "move the data to another disk; window and service must be closed")
    moving.add_argument("place", type=Path, metavar="NEWDIR", help="an empty folder on the new disk")


def _restore(options: argparse.Namespace) -> int:
    from station.desk import restoring
    from station.store.depot import Depot
    from station.ui import format as shown

    if options.look:
        found = restoring.look(options.source)
    else:
        folder = Folder(options.data)
        lock = folder.lock("desk")
        try:
            found = restoring.restore(folder, options.source, progress=_percent)
            Depot(options.data).close()  # what was restored takes its place
        finally:
            lock.release()
    if options.json:
        print(json.dumps(asdict(found), indent=1, default=plain))
        return EXIT_OK
    print(f"{found.station_name} · {found.office} · {shown.day(found.made_at)} {shown.clock(found.made_at)}")
    print(ngettext("{n} record", "{n} records", found.records).format(n=shown.thousands(found.records)))
    print(ngettext("{n} packet", "{n} packets", found.packets).format(n=shown.thousands(found.packets)))
    if found.damaged:
        text = ngettext("{n} damaged packet was left out.", "{n} damaged packets were left out.", found.damaged)
        print(text.format(n=found.damaged))
    if not options.look:
        print(_("Open the program and sign in as before. The old computer must not be used any more."))
    return EXIT_OK


def _move(options: argparse.Namespace) -> int:
    from station.desk import moving

    emptied = moving.move(options.data, options.place, progress=_percent)
    print(_("The station is in {place} now. The old folder points there.").format(place=options.place.absolute()))
    print(_("Its keys, databases and lists were removed; what is left are sealed packets, which only central opens."))
    if not emptied:
        print(_("Some of them are still in use there; they go the next time the program starts."))
    return EXIT_OK


def _percent(done: int, whole: int) -> None:
    if sys.stderr.isatty() and whole:
        print(f"\r{done * 100 // whole} %", end="\n" if done >= whole else "", file=sys.stderr, flush=True)
