"""Minutiae of fingers that may not be taken for the applicant's: of the person before, and of the operators themselves.

Templates only (ISO/IEC 19794-2), never pictures. Those of the person before are replaced with every record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from station.domain.biometrics import FINGERS, Part
from station.store.tables import known_print

PREVIOUS = "previous"
"""The owner of the prints of the person recorded just before."""


def operator(operator_id: str) -> str:
    """The owner of an operator's own prints."""
    return f"operator:{operator_id}"


def replace(connection: Connection, owner: str, templates: Mapping[Part, bytes], at: datetime) -> None:
    """Keep these, and only these, for `owner`."""
    connection.execute(delete(known_print).where(known_print.c.owner == owner))
    for part, template in templates.items():
        row = {"owner": owner, "finger": part.position, "template": template, "kept_at": at}
        connection.execute(insert(known_print).values(**row))


def all_of(connection: Connection) -> dict[str, dict[Part, bytes]]:
    """Every print that is known, by owner."""
    found: dict[str, dict[Part, bytes]] = {}
    for row in connection.execute(select(known_print)):
        found.setdefault(row.owner, {})[FINGERS[row.finger - 1]] = bytes(row.template)
    return found
