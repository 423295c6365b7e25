"""Minutiae of fingers that may not be taken for the applicant's: of the person before, and of the operators themselves.

Templates only (ISO/IEC 19794-2), never pictures. Those of the person before are replaced with every record.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from station.domain.biometrics import FINGERS, Part
from station.store.tables import known_print

_PREVIOUS = "previous:"
_LEFT_OUT = "left out:"
_NO_TEMPLATE = b""
"""Of a finger that was left out on purpose: only that it was is kept."""


def previous(record_id: str) -> str:
    """The owner of the prints of the person recorded just before, under their record."""
    return _PREVIOUS + record_id


def record_of(owner: str) -> str:
    """The record of an owner made by `previous`; '' for any other owner."""
    return owner.removeprefix(_PREVIOUS) if owner.startswith(_PREVIOUS) else ""


def operator(operator_id: str) -> str:
    """The owner of an operator's own prints."""
    return f"operator:{operator_id}"


def replace(connection: Connection, owner: str, templates: Mapping[Part, bytes], at: datetime) -> None:
    """Keep these, and only these, for `owner`."""
    connection.execute(delete(known_print).where(known_print.c.owner == owner))
    for part, template in templates.items():
        row = {"owner": owner, "finger": part.position, "template": template, "kept_at": at}
        connection.execute(insert(known_print).values(**row))


def replace_previous(connection: Connection, record_id: str, templates: Mapping[Part, bytes], at: datetime) -> None:
    """The person of `record_id` is now the one recorded just before; of those before them nothing stays."""
    connection.execute(delete(known_print).where(known_print.c.owner.startswith(_PREVIOUS)))
    replace(connection, previous(record_id), templates, at)


def drop_previous(connection: Connection, *, before: datetime) -> None:
    """Forget the person recorded last when that is long ago."""
    old = known_print.c.kept_at < before
    connection.execute(delete(known_print).where(known_print.c.owner.startswith(_PREVIOUS), old))


def leave_out(connection: Connection, owner: str, parts: Collection[Part], at: datetime) -> None:
    """`owner` has left these fingers out on purpose, and only these."""
    replace(connection, _LEFT_OUT + owner, dict.fromkeys(parts, _NO_TEMPLATE), at)


def left_out(connection: Connection, owner: str) -> tuple[Part, ...]:
    """Which fingers `owner` has left out on purpose."""
    query = select(known_print.c.finger).where(known_print.c.owner == _LEFT_OUT + owner)
    return tuple(FINGERS[row.finger - 1] for row in connection.execute(query))


def all_of(connection: Connection) -> dict[str, dict[Part, bytes]]:
    """Every print that is known, by owner."""
    found: dict[str, dict[Part, bytes]] = {}
    for row in connection.execute(select(known_print).where(known_print.c.template != _NO_TEMPLATE)):
        found.setdefault(row.owner, {})[FINGERS[row.finger - 1]] = bytes(row.template)
    return found
