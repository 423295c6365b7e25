"""`station courier`: packets and receipts by stick, without a window."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from station.commands.family import EXIT_FAILED, EXIT_OK, Family
from station.courier.exporting import export
from station.courier.importing import Imported, import_bundle
from station.courier.receipts import export_receipts
from station.domain.errors import SetupError, StationError
from station.i18n import _, ngettext
from station.seal.courier import bundles_in
from station.store.depot import Depot


def add_to(family: Family) -> None:
    courier = family.add("courier", _nothing, "packets and receipts by stick")
    deeds = courier.add_subparsers(metavar="DEED", required=True)
    text = "write packets onto a stick; they stay queued here"
    giving = deeds.add_parser("export", help=text, description=text, parents=[family.common])
    giving.set_defaults(run=_export)
    giving.add_argument("path", type=Path, metavar="DIR", help="folder or stick to write to")
    giving.add_argument("--only-new", action="store_true", help="only what has never been on a stick")
    giving.add_argument("--receipts", action="store_true", help="receipts for other stations instead of packets")
    giving.add_argument("--again", action="store_true", help="with --receipts: also those handed over before")
    giving.add_argument("--json", action="store_true")
    text = "take in a bundle, or every bundle of a folder"
    taking = deeds.add_parser("import", help=text, description=text, parents=[family.common])
    taking.set_defaults(run=_import)
    taking.add_argument("path", type=Path, metavar="PATH", help="a bundle, or a folder with bundles")
    taking.add_argument("--json", action="store_true")


def _nothing(_options: argparse.Namespace) -> int:
    raise AssertionError("one of the deeds is required")


def _export(options: argparse.Namespace) -> int:
    with _depot(options.data) as depot:
        if options.receipts:
            given = export_receipts(depot, options.path, again=options.again)
            paths = [given.path]
            packets, receipts, refusals, left_out = 0, given.receipts, given.refusals, 0
        else:
            done = export(depot, options.path, only_new=options.only_new)
            assert done is not None, "nobody cancels here"
            paths = [*done.paths]
            packets, receipts, refusals, left_out = done.packets, 0, 0, len(done.left_out)
    if options.json:
        found = {"paths": [str(path) for path in paths], "packets": packets, "receipts": receipts}
        found["refusals"] = refusals
        print(json.dumps(found | {"left_out": left_out}, indent=1))
        return EXIT_OK
    for path in paths:
        print(path)
    if refusals:
        said = ngettext("{number} refusal written and read back", "{number} refusals written and read back", refusals)
        print(said.format(number=refusals))
    if receipts:
        said = ngettext("{number} receipt written and read back", "{number} receipts written and read back", receipts)
        print(said.format(number=receipts))
    if packets:
        said = ngettext("{number} packet written and read back", "{number} packets written and read back", packets)
        print(said.format(number=packets))
    if left_out:
        said = ngettext("{number} damaged packet stays here", "{number} damaged packets stay here", left_out)
        print(said.format(number=left_out))
    return EXIT_OK


def _import(options: argparse.Namespace) -> int:
    paths = bundles_in(options.path) if options.path.is_dir() else (options.path,)
    if not paths:
        raise SetupError("courier.no_bundles")
    found: list[Imported] = []
    wrong: StationError | None = None
    with _depot(options.data) as depot:
        for path in paths:
            try:
                found.append(import_bundle(depot, path))
            except StationError as problem:  # one bad bundle on a stick does not keep the others out
                wrong = wrong or problem
    if options.json:
        plain = [_plain(item) for item in found] + ([{"error": wrong.code}] if wrong is not None else [])
        print(json.dumps(plain, indent=1, default=str))
        return EXIT_FAILED if wrong is not None or any(_is_bad(item) for item in found) else EXIT_OK
    for item in found:
        print(_sentence(item))
    if wrong is not None:
        raise wrong
    return EXIT_FAILED if any(_is_bad(item) for item in found) else EXIT_OK


@contextmanager
def _depot(data: Path) -> Iterator[Depot]:
    depot = Depot(data, heal=False)  # a window may be working in this folder
    try:
        yield depot
    finally:
        depot.close()


def _is_bad(found: Imported) -> bool:
    """Something on the stick was damaged or not believed."""
    return bool(found.refused or found.damaged or found.receipts_refused or found.refusals_refused)


def _plain(found: Imported) -> dict[str, Any]:
    """For machines; its shape is a promise to scripts."""
    return asdict(found)


def _sentence(found: Imported) -> str:
    if found.contents.packets:
        return _(
            "{taken} taken · {known} known already · {own} our own · {refused} refused · {damaged} damaged"
        ).format(taken=found.taken, known=found.known, own=found.own, refused=found.refused, damaged=found.damaged)
    lines = [
        _("{home} receipts of this station · {known} known already · {passed} to hand on · {refused} refused").format(
            home=found.receipts_home,
            known=found.receipts_known,
            passed=found.receipts_passed,
            refused=found.receipts_refused,
        )
    ]
    if found.contents.refusals:
        said = _("{home} refusals of this station: see what needs repair · {passed} to hand on")
        lines.append(said.format(home=found.refusals_home, passed=found.refusals_passed))
    if found.keys_changed:
        lines.append(_("Central has changed its keys. This station knows the new ones now."))
    return "\n".join(lines)
