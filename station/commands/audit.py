"""`station audit verify`: is the audit trail whole, and if not, what was done to it and where.

Exit codes: 0 whole · 1 damaged, or it could not be opened.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from station.commands.family import EXIT_FAILED, EXIT_OK, Family
from station.commands.passwords import own_password
from station.domain.damage import Examined, Neighbour
from station.domain.errors import RuleError
from station.domain.permission import Permission
from station.i18n import _

MOST_HEADS_BYTES = 1024 * 1024


def add_to(family: Family) -> None:
    text = "the audit trail: is it whole, and if not, where is it not"
    options = family.add("audit", _usage, text)
    tasks = options.add_subparsers(metavar="TASK", required=True)
    text = "check every line, and every head that was signed"
    verify = tasks.add_parser("verify", help=text, description=text, parents=[family.common])
    verify.set_defaults(run=_verify)
    verify.add_argument("--backup", type=Path, metavar="DIR", help="a medium of backups, a snapshot, a rescued folder")
    text = "heads that central kept: what `station central audit --head` prints"
    verify.add_argument("--head", type=Path, metavar="FILE", help=text)
    verify.add_argument("--json", action="store_true", help="one JSON object")


def _usage(_options: argparse.Namespace) -> int:
    raise AssertionError("argparse wants a task")


def _verify(options: argparse.Namespace) -> int:
    from station.desk import trail
    from station.desk.opened_copy import opened_copy
    from station.ui import audit_words

    print(_("The password of a supervisor, or the recovery words, opens it."), file=sys.stderr)
    more = _heads(options.head) if options.head else ()
    with opened_copy(options.backup or options.data, own_password(), Permission.READ_AUDIT) as copy:
        found = trail.check_copy(copy, more=more)
    if options.json:
        print(json.dumps(_plain(found), indent=1))
    else:
        print("\n".join(audit_words.examined_text(found)))
    return EXIT_OK if found.whole else EXIT_FAILED


def _heads(path: Path) -> Sequence[str]:
    """Tokens, one a line. RuleError `audit.no_heads`."""
    try:
        with path.open("rb") as file:
            lines = file.read(MOST_HEADS_BYTES).decode("ascii", "replace").split()
    except OSError:
        raise RuleError("audit.no_heads") from None
    if not lines:
        raise RuleError("audit.no_heads")
    return lines


def _plain(found: Examined) -> dict[str, object]:
    """The result for machines; its shape is a promise to scripts."""
    return {
        "whole": found.whole,
        "lines": found.lines,
        "heads": found.heads,
        "damage": [
            {
                "harm": item.harm.value,
                "first": item.first,
                "last": item.last,
                "before": _place(item.before),
                "after": _place(item.after),
            }
            for item in found.damage
        ],
    }


def _place(neighbour: Neighbour | None) -> dict[str, object] | None:
    if neighbour is None:
        return None
    return {"number": neighbour.number, "at": neighbour.at.isoformat() if neighbour.at else None}
