"""Named secrets of this station in the applicants' database: nobody reads them without an operator's password."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from station.store.database import Connection
from station.store.tables import secret

BUNDLE_IDENTITY = "bundle_identity"
"""The age identity that opens the bundles central seals for this station."""
STATION_KEY = "station_key"
"""The station key (PEM) once more, for when its safe has lost it."""


def secret_of(connection: Connection, name: str) -> str | None:
    """The secret called `name`, or None."""
    found: str | None = connection.execute(select(secret.c.value).where(secret.c.name == name)).scalar()
    return found


def keep_secret(connection: Connection, name: str, value: str) -> None:
    """Keep a secret, in place of an older one of that name."""
    connection.execute(delete(secret).where(secret.c.name == name))
    connection.execute(insert(secret).values(name=name, value=value))
