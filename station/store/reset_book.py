"""Which sealed seeds of reset codes wait for central, and which central has. In `outbox.db`: nobody here can open them.

Losing it costs new codes at the next sign-in.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import delete, insert, select

from station.store.database import Connection, Database
from station.store.tables import state
from station.wire import ResetSeed

_WAITING, _DELIVERED = "reset_seed", "reset_delivered"
_MOST_NAMES = 8


class ResetBook:
    """Each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def waiting(self) -> ResetSeed | None:
        """The newest seed, until central has it."""
        kept = self._read(_WAITING)
        return ResetSeed.model_validate(kept) if kept else None

    @property
    def delivered(self) -> frozenset[str]:
        """Names of the batches whose seed central has confirmed."""
        return frozenset(self._read(_DELIVERED) or ())

    def put(self, seed: ResetSeed) -> None:
        """This one is to be delivered, in place of an older one."""
        with self._database.write() as connection:
            _keep(connection, _WAITING, seed.model_dump(mode="json"))

    def confirm(self, batch: str) -> None:
        """Central has it: what was sealed is forgotten here."""
        with self._database.write() as connection:
            names = [name for name in _value(connection, _DELIVERED) or () if name != batch]
            _keep(connection, _DELIVERED, [*names, batch][-_MOST_NAMES:])
            kept = _value(connection, _WAITING)
            if kept and kept.get("batch") == batch:
                _keep(connection, _WAITING, None)

    def _read(self, name: str) -> Any:
        with self._database.read() as connection:
            return _value(connection, name)


def _value(connection: Connection, name: str) -> Any:
    kept = connection.execute(select(state.c.value).where(state.c.name == name)).scalar()
    return json.loads(kept) if kept else None


def _keep(connection: Connection, name: str, value: Any) -> None:
    connection.execute(delete(state).where(state.c.name == name))
    connection.execute(insert(state).values(name=name, value=json.dumps(value)))
