"""What `station central audit` does: the newest head of each station's audit trail, and heads that make doubt."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from station.central.audit_heads import AuditHeads, Doubt, Doubted, KeptHead
from station.central.central import DATABASE_NAME
from station.central.database import Database
from station.central.stations import KnownStation, Stations, plain_name
from station.domain.mark import N_
from station.domain.ports import SystemClock
from station.i18n import _

Say = Callable[[str], None]
Known = Mapping[str, KnownStation]
_DOUBTS = {
    Doubt.UNSIGNED: N_("a head that this station did not sign"),
    Doubt.BACK: N_("line {came} after line {kept}: the trail was cut, or an older copy was put back"),
    Doubt.CONTRADICTS: N_("line {came} is not what was signed before: the trail was rewritten"),
}


def run_audit(folder: Path, options: argparse.Namespace, say: Say) -> bool:
    """Tell it; True when there is no doubt. RuleError as `Stations.named` says."""
    with closing(Database(folder / DATABASE_NAME)) as database:
        stations, heads = Stations(database, SystemClock(), code_life_s=0), AuditHeads(database)
        wanted = stations.named(options.station).station_id if options.station else ""
        found = [item for item in heads.all() if wanted in ("", item.station_id)]
        doubts = heads.doubts(wanted)
        known = {item.station_id: item for item in stations.all()}
    if options.head:
        for item in found:
            say(item.token)
    elif options.json:
        say(json.dumps(_plain(found, doubts, known), indent=1))
    else:
        _tell(found, doubts, known, say)
    return not doubts


def _tell(found: Sequence[KeptHead], doubts: Sequence[Doubted], known: Known, say: Say) -> None:
    for item in found:
        said, moment = _("{station}: {n} lines, the last signed {moment}"), f"{item.at.astimezone():%d-%m-%Y %H.%M}"
        say(said.format(station=known[item.station_id].shown, n=item.number, moment=moment))
    if not found:
        say(_("No station has told of its audit trail."))
    for doubt in doubts:
        why = _(_DOUBTS[doubt.kind]).format(came=doubt.came_number, kept=doubt.kept_number)
        say(f"{known[doubt.station_id].shown}  {doubt.last_at.astimezone():%d-%m-%Y %H.%M}  {why}")


def _plain(found: Sequence[KeptHead], doubts: Sequence[Doubted], known: Known) -> dict[str, Any]:
    """For machines; its shape is a promise to scripts."""
    return {
        "heads": [
            {
                **plain_name(known[item.station_id]),
                "number": item.number,
                "hash": item.hash,
                "at": item.at.isoformat(),
                "received_at": item.received_at.isoformat(),
            }
            for item in found
        ],
        "doubts": [
            {
                **plain_name(known[item.station_id]),
                "kind": item.kind.value,
                "kept_number": item.kept_number,
                "came_number": item.came_number,
                "first_at": item.first_at.isoformat(),
                "last_at": item.last_at.isoformat(),
            }
            for item in doubts
        ],
    }
