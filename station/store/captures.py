"""Captures of drafts, encoded as they will travel. They are deleted in the transaction that seals the record."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, func, select, update
from sqlalchemy.dialects.sqlite import insert

from station.domain.biometrics import FINGERS, Capture, DeviceInfo, Modality, Part, Stroke
from station.domain.draft import CaptureCard
from station.domain.record import State
from station.domain.statement_chain import link_of
from station.store.tables import capture, record

_SOUGHT = "minutiae_sought"
"""Set where minutiae were looked for: rows from before there were any, and those that were interrupted, have it not."""

_KEPT_ON = "kept_on"


def put(
    connection: Connection, record_id: str, item: Capture, *, sought: bool = True, kept_on: date | None = None
) -> None:
    """Keep a capture, in place of an earlier one of the same part. `sought`: an empty template means there is none.

    `kept_on` is the local day by the clock of the station: that of a device may be wrong.
    """
    meta = {
        "width": item.width,
        "height": item.height,
        "device": asdict(item.device),
        "strokes": [stroke.points for stroke in item.strokes],
        "envelope": item.envelope,
        "remarks": item.remarks,
        _SOUGHT: sought,
        _KEPT_ON: kept_on.isoformat() if kept_on else "",
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
        link = link_of(meta["envelope"], row.taken_at)
        kept_on = meta.get(_KEPT_ON)
        day = date.fromisoformat(kept_on) if kept_on else row.taken_at.astimezone().date()
        known = (row.quality, row.attempts, row.taken_at, serial, remarks, bool(row.comparable), link, day)
        found[part] = CaptureCard(part, *known)
    return found


def parts_of(connection: Connection, record_ids: Collection[str]) -> dict[str, set[Part]]:
    """Which parts are kept of each of these records; a record of which nothing is kept is not in it."""
    found: dict[str, set[Part]] = {}
    query = select(capture.c.record_id, capture.c.part).where(capture.c.record_id.in_(record_ids))
    for row in connection.execute(query):
        found.setdefault(row.record_id, set()).add(Part(row.part))
    return found


def count_try(connection: Connection, record_id: str, part: Part, attempts: int) -> None:
    """One more try was made of what is kept, and was no better."""
    which = (capture.c.record_id == record_id, capture.c.part == part.value)
    connection.execute(update(capture).where(*which).values(attempts=attempts))


def unsought(connection: Connection, record_id: str) -> tuple[Capture, ...]:
    """Fingers in which minutiae were never looked for."""
    rows = connection.execute(
        select(capture).where(
            capture.c.record_id == record_id,
            capture.c.part.in_([part.value for part in FINGERS]),
            func.length(capture.c.template) == 0,
        )
    )
    return tuple(_capture(row) for row in rows if not json.loads(row.meta).get(_SOUGHT))


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


def templates_of_drafts(
    connection: Connection, *, besides: str, since: datetime, most: int, parts: Collection[Part]
) -> dict[str, dict[Part, bytes]]:
    """The minutiae of `parts` in other drafts that were changed `since`: of the newest ones that have any at all."""
    has_prints = exists().where(capture.c.record_id == record.c.record_id, func.length(capture.c.template) > 0)
    newest = (
        select(record.c.record_id)
        .where(record.c.state == State.DRAFT.value, record.c.record_id != besides, record.c.changed_at >= since)
        .where(has_prints)
        .order_by(record.c.changed_at.desc())
        .limit(most)
    )
    query = select(capture.c.record_id, capture.c.part, capture.c.template).where(
        capture.c.record_id.in_(newest),
        capture.c.part.in_([part.value for part in parts]),
        func.length(capture.c.template) > 0,
    )
    found: dict[str, dict[Part, bytes]] = {}
    for row in connection.execute(query.order_by(capture.c.record_id, capture.c.part)):
        found.setdefault(row.record_id, {})[Part(row.part)] = bytes(row.template)
    return found


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
