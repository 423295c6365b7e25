"""What was decided for this station, and what it has learnt, behind the password: plain values by name.

Must not know what they mean.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import delete, insert, select

from station.store.database import Connection
from station.store.tables import setting

LATEST_MOMENT = "latest_moment"
"""The newest moment this station has ever seen, ISO 8601."""
FINGER_OF_ALL = "finger_of_all"
"""Whether every officer shows a finger after the password."""


def read_setting(connection: Connection, name: str) -> Any:
    """The value called `name`, or None."""
    kept = connection.execute(select(setting.c.value).where(setting.c.name == name)).scalar()
    return None if kept is None else json.loads(kept)


def put_setting(connection: Connection, name: str, value: Any) -> None:
    """Keep a value, in place of an older one of that name."""
    connection.execute(delete(setting).where(setting.c.name == name))
    connection.execute(insert(setting).values(name=name, value=json.dumps(value)))
