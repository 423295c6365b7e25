"""Which lists there are: the newest of an area, and what it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Row, func, select

from station.central.areas import REGENCY, covers, inside
from station.central.register_tables import lists, people


@dataclass(frozen=True)
class ListCard:
    """The newest list of an area."""

    area: str
    area_name: str
    version: int
    made_at: datetime
    expires_at: datetime
    people: int


class Standing(NamedTuple):
    """What the newest list of an area stands on: the last import around it, and the last that touched it."""

    source: Row[tuple[object, ...]]
    last: Row[tuple[object, ...]]


def standing(rows: Connection, area: str, now: datetime | None) -> Standing | None:
    """None when nothing was imported, or (with `now`) when it has expired."""
    made = overlapping(rows, area)
    covering = [row for row in made if covers(row.area, area)]
    if not covering or (now is not None and covering[-1].expires_at <= now):
        return None
    return Standing(covering[-1], made[-1])


def newest(rows: Connection, area: str, now: datetime | None) -> ListCard | None:
    found = standing(rows, area, now)
    if found is None:
        return None
    source = found.source
    return ListCard(
        area=area,
        area_name=source.area_name if source.area == area else f"{source.area_name} · {area}",
        version=found.last.version,
        made_at=found.last.made_at,
        expires_at=source.expires_at,
        people=count(rows, area),
    )


def count(rows: Connection, area: str) -> int:
    """How many people of `area` the register holds."""
    here = select(func.count()).where(people.c.regency == area[:REGENCY], inside(people.c.village, area))
    return int(rows.execute(here).scalar_one())


def overlapping(rows: Connection, area: str) -> Sequence[Row[tuple[object, ...]]]:
    """Every list that has people of `area`, oldest first."""
    found = rows.execute(select(lists).where(lists.c.regency == area[:REGENCY]).order_by(lists.c.version))
    return [row for row in found if covers(row.area, area) or covers(area, row.area)]


def last_version(rows: Connection, regency: str) -> int:
    return rows.execute(select(func.max(lists.c.version)).where(lists.c.regency == regency)).scalar() or 0
