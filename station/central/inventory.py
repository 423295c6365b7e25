"""What central knows of a station that is lost: its packets, opened in memory, and what it last told of itself.

Nothing that is opened is written anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from station.central.audit_heads import AuditHeads
from station.central.central import DATABASE_NAME
from station.central.database import Database
from station.central.heartbeats import Heartbeats
from station.central.keys import CentralKeys, load_keys
from station.central.options import CentralOptions
from station.central.packets import ReceivedPacket, of_origin
from station.central.shelf import Shelf
from station.central.stations import KnownStation, Stations
from station.central.wipes import Wipes
from station.domain.errors import StationError, TrustError
from station.domain.inventory import Held, Inventory, Line, Told, kinds_of
from station.domain.ports import Clock, SystemClock
from station.seal.body import Body, open_body
from station.seal.packet import read_packet

Progress = Callable[[int, int], None]


def inventory_of(
    folder: Path, typed: str, clock: Clock | None = None, progress: Progress = lambda _done, _all: None
) -> Inventory:
    """Of the station that `typed` names. Works beside a running central. RuleError as `Stations.named` says."""
    clock = clock or SystemClock()
    options = CentralOptions()
    keys = load_keys(folder, options.central_id)
    with closing(Database(folder / DATABASE_NAME)) as database:
        station = Stations(database, clock, code_life_s=0).named(typed)
        with database.read() as rows:
            packets = of_origin(rows, station.station_id)
        told = _told(database, keys, station, clock)
    lines = []
    for done, packet in enumerate(packets):
        progress(done, len(packets))
        lines.append(_line(packet, _opened(Shelf(folder / "packets").path(packet.key), keys)))
    progress(len(packets), len(packets))
    names = (station.station_id, station.name, station.office)
    return Inventory(*names, "central", clock.now(), tuple(lines), told=told)


def _told(database: Database, keys: CentralKeys, station: KnownStation, clock: Clock) -> Told:
    beat = next((item for item in Heartbeats(database).all() if item.station_id == station.station_id), None)
    head = AuditHeads(database).of(station.station_id)
    orders = Wipes(database, keys, CentralOptions().central_id, clock).of(station.station_id)
    return Told(
        heard_at=beat.received_at if beat else None,
        unsent=beat.heartbeat.backlog.count if beat else None,
        audit_number=head.number if head else None,
        audit_at=head.at if head else None,
        blocked=station.is_blocked(clock.now()),
        blocked_reason=station.blocked_reason,
        wipe=orders[0].state(clock.now()) if orders else "",
    )


def _line(packet: ReceivedPacket, opened: tuple[datetime, Body] | None) -> Line:
    at, number = packet.received_at, packet.receipt_no
    line = Line(packet.record_id, packet.revision, Held.RECEIVED, received_at=at, receipt_no=number)
    if opened is None:
        return line
    sealed_at, body = opened
    answers = body.record.get("answers")
    known = answers if isinstance(answers, dict) else {}
    return replace(
        line,
        registration_no=str(body.record.get("registration_no", ""))[:40],
        nik=str(known.get("nik", ""))[:16],
        name=str(known.get("name", ""))[:60],
        kinds=kinds_of((item.part for item in body.captures), len(body.attachments)),
        sealed_at=sealed_at,
    )


def _opened(path: Path, keys: CentralKeys) -> tuple[datetime, Body] | None:
    """When it was sealed, and what; None when it is not here any more, is damaged, or no key of central opens it."""
    try:
        packet = read_packet(path.read_bytes())
    except (OSError, StationError):
        return None
    for identity in keys.identities:
        try:
            return packet.manifest.sealed_at, open_body(packet.body, identity)
        except TrustError as problem:
            if problem.code != "packet.locked":
                return None
    return None
