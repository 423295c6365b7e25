"""`station reconcile`: compare with central now, all days there ever were.

Exit codes: 0 equal, or central lacks nothing (it may have what this disk has not) · 1 something was missing or differs,
or central could not be asked.
"""

from __future__ import annotations

import argparse
import json

from station.commands.family import EXIT_FAILED, EXIT_OK, Family
from station.commands.shapes import plain_compared
from station.config import load_settings
from station.domain.comparison import Comparison
from station.domain.outcome import Note
from station.domain.ports import SystemClock
from station.i18n import _
from station.log import start_logging
from station.store.depot import Depot
from station.store.folder import Folder


def add_to(family: Family) -> None:
    options = family.add("reconcile", _run, "compare with central: is anything missing on either side")
    options.add_argument("--json", action="store_true", help="one JSON object")


def _run(options: argparse.Namespace) -> int:
    from station.sync.compare import compare_now

    folder = Folder(options.data)
    lock = folder.lock("sync")
    try:
        start_logging(folder.logs)
        depot = Depot(folder.root, heal=False)
        try:
            found = compare_now(depot, load_settings(options.data), SystemClock())
        finally:
            depot.close()
    finally:
        lock.release()
    if options.json:
        print(json.dumps(_plain(found), indent=1))
    else:
        _say(found)
    return EXIT_OK if isinstance(found, Comparison) and found.safe else EXIT_FAILED


def _plain(found: Comparison | Note) -> dict[str, object]:
    """The result for machines; its shape is a promise to scripts. `trouble` is empty when central was asked."""
    if isinstance(found, Note):
        return {"trouble": found.trouble.value, "http_status": found.http_status, "request_id": found.request_id}
    return {"trouble": "", **plain_compared(found), "unknown_keys": list(found.unknown_keys)}


def _say(found: Comparison | Note) -> None:
    from station.ui import words
    from station.ui.comparison_words import comparison_findings, comparison_sentence

    if isinstance(found, Note):
        said = words.of_trouble(found.trouble)
        print(_("Central could not be asked: {reason}. {remedy}").format(reason=said.title, remedy=said.todo))
        return
    print(f"{comparison_sentence(found)}.")
    for sentence in comparison_findings(found):
        print(sentence)
