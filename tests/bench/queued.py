"""Thousands of packets that wait, made in seconds: signed manifests that are true, bodies that nobody ever opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from station.domain.ids import new_record_id
from station.domain.record import RecordKey
from station.seal.packet import make_packet, sha256_of
from station.store.depot import Depot, outbox_item
from station.store.outbox_rows import values_of
from station.store.tables import packet
from station.wire import PacketManifest

_BODY = b"tiny"
PER_DAY = 150


def queue(depot: Depot, many: int) -> None:
    """`many` packets in the folder and the outbox of an enrolled station that has none, `PER_DAY` sealed a day.

    Nothing is synced one by one: this is preparation.
    """
    rows = [_packet(depot, number, many) for number in range(1, many + 1)]
    if rows:
        with depot.outbox.database.write() as connection:
            connection.execute(insert(packet), rows)


def _packet(depot: Depot, number: int, many: int) -> dict[str, Any]:
    enrolment, key = depot.enrolled()
    behind = many - number
    at = datetime.now(UTC) - timedelta(days=behind // PER_DAY, minutes=behind % PER_DAY)
    record = RecordKey(new_record_id(at), 1)
    manifest = PacketManifest(
        record_id=record.record_id, revision=record.revision, station_id=enrolment.station_id,
        office=enrolment.office, operator_id="op-bench", kind="rekam_baru", sealed_at=at, sequence=number,
        body_sha256=sha256_of(_BODY), body_size=len(_BODY), previous_sha256=None,
    )  # fmt: skip
    data = make_packet(manifest, _BODY, key)
    path = depot.packets.path(record)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_bytes(data)
    return {**values_of(outbox_item(data, record, key)), "changed": number}
