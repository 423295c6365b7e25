"""What somebody looks for among packets, as conditions of the outbox. Knows no names: they are in another file."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, or_

from station.domain.packets_sought import PacketsSought
from station.store.tables import packet


def fitting(sought: PacketsSought) -> list[ColumnElement[bool]]:
    """Conditions that all hold; none when everything fits."""
    found: list[ColumnElement[bool]] = []
    if sought.text.strip():
        found.append(or_(packet.c.record_id.in_(sought.records), *_numbers(sought.number)))
    if sought.first is not None:
        found.append(packet.c.received_at >= sought.first)
    if sought.until is not None:
        found.append(packet.c.received_at < sought.until)
    return found


def _numbers(typed: str) -> list[ColumnElement[bool]]:
    if not typed:
        return []
    short = func.substr(packet.c.record_id, -8).concat(".").concat(packet.c.revision)
    return [column.contains(typed, autoescape=True) for column in (packet.c.record_id, packet.c.receipt_no, short)]
