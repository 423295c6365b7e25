"""`station doctor`: what stands between this station and central, and what to do about it.

Exit codes: 0 nothing failed (warnings are allowed) · 1 something failed, or the folder cannot be read · 2 usage or
settings. `--bundle DIR` writes a diagnosis bundle besides; it does not change the code.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from station.commands.family import EXIT_FAILED, EXIT_OK, Family
from station.config import load_settings
from station.desk import diagnosis
from station.desk.doctor import Examining
from station.domain.doctor import Examination, State, plain_examination
from station.domain.ports import SystemClock
from station.i18n import _
from station.store.depot import Depot

_SIGNS = {State.OK: "✓", State.WARNING: "!", State.FAILED: "✕", State.NOT_REACHED: "–"}


def add_to(family: Family) -> None:
    options = family.add("doctor", _run, "what stands between this station and central")
    options.add_argument("--json", action="store_true")
    text = "also write a diagnosis bundle without personal data into DIR"
    options.add_argument("--bundle", type=Path, metavar="DIR", help=text)


def _run(options: argparse.Namespace) -> int:
    clock = SystemClock()
    settings = load_settings(options.data).central
    depot = Depot(options.data, heal=False)  # a window may be working in this folder
    try:
        found = Examining(depot, settings, clock).run()
        written = diagnosis.write(depot, options.bundle, clock.now()) if options.bundle else None
    finally:
        depot.close()
    if options.json:
        bundle = {"bundle": str(written)} if written is not None else {}
        print(json.dumps(plain_examination(found) | bundle, indent=1))
    else:
        _say(found, written)
    return EXIT_OK if found.healthy else EXIT_FAILED


def _say(found: Examination, written: Path | None) -> None:
    from station.ui import doctor_words

    for finding in found.findings:
        print(f"{_SIGNS[finding.state]} {doctor_words.line(finding)}")
        if todo := doctor_words.remedy(finding):
            print(f"  {todo}")
    if written is not None:
        print(_("Diagnosis saved: {path}").format(path=written))
