"""Captures of drafts, encoded as they will travel. They are deleted in the transaction that seals the record."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from station.domain.biometrics import Capture, DeviceInfo, Modality, Part, Stroke
from station.domain.draft import CaptureCard
from station.store.tables import capture


def put(connection: Connection, record_id: str, item: Capture) -> None:
    """Keep a capture, in place of an earlier one of the same part."""
    meta = {
        "width": item.width,
        "height": item.height,
        "device": asdict(item.device),
        "strokes": [stroke.points for stroke in item.strokes],
        "envelope": item.envelope,
        "remarks": item.remarks,
    }
    values = {
        "quality": item.quality,
        "attempts": item.attempts,
        "taken_at": item.taken_at,
        "meta": json.dumps(meta),
        "image": item.image,
        "template": item.template,
    }
    connection.execute(
        insert(capture)
        .values(record_id=record_id, part=item.part.value, **values)
        .on_conflict_do_update(index_elements=["record_id", "part"], set_=values)
    )


def cards(connection: Connection, record_id: str) -> dict[Part, CaptureCard]:
    """What is kept, without the images."""
    columns = (capture.c.part, capture.c.quality, capture.c.attempts, capture.c.taken_at, capture.c.meta)
    comparable = (func.length(capture.c.template) > 0).label("comparable")
    rows = connection.execute(select(*columns, comparable).where(capture.c.record_id == record_id))
    found = {}
    for row in rows:
        part = Part(row.part)
        meta = json.loads(row.meta)
        serial, remarks = meta["device"]["serial"], tuple(meta.get("remarks", ()))
        found[part] = CaptureCard(part, row.quality, row.attempts, row.taken_at, serial, remarks, bool(row.comparable))
    return found


def all_of(connection: Connection, record_id: str) -> tuple[Capture, ...]:
    """Every capture of a record, images included, in the order of the flow."""
    rows = connection.execute(select(capture).where(capture.c.record_id == record_id))
    order = list(Part)
    return tuple(sorted((_capture(row) for row in rows), key=lambda item: order.index(item.part)))


def image(connection: Connection, record_id: str, part: Part) -> bytes | None:
    """The encoded image of one part, or None."""
    query = select(capture.c.image).where(capture.c.record_id == record_id, capture.c.part == part.value)
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def templates(connection: Connection, record_id: str) -> dict[Part, bytes]:
    """The minutiae of the fingers that are kept and can be compared."""
    query = select(capture.c.part, capture.c.template).where(capture.c.record_id == record_id)
    return {Part(row.part): bytes(row.template) for row in connection.execute(query) if row.template}


def drop(connection: Connection, record_id: str, parts: Iterable[Part]) -> None:
    """Forget the captures of some parts."""
    which = capture.c.part.in_([part.value for part in parts])
    connection.execute(delete(capture).where(capture.c.record_id == record_id, which))


def clear(connection: Connection, record_id: str) -> None:
    """Forget the captures of a record (with `secure_delete`, their pages are overwritten)."""
    connection.execute(delete(capture).where(capture.c.record_id == record_id))


def _capture(row: Any) -> Capture:
    meta = json.loads(row.meta)
    device = meta["device"]
    return Capture(
        part=Part(row.part),
        image=bytes(row.image),
        width=meta["width"],
        height=meta["height"],
        quality=row.quality,
        device=DeviceInfo(**{**device, "kind": Modality(device["kind"])}),
        attempts=row.attempts,
        taken_at=row.taken_at,
        strokes=tuple(Stroke(tuple(tuple(point) for point in points)) for points in meta["strokes"]),
        envelope=meta["envelope"],
        template=bytes(row.template),
        remarks=tuple(meta.get("remarks", ())),
    )
