"""When this station saves power, as a person chose it. In `outbox.db`: delivery asks it, signed in or not."""

from __future__ import annotations

from station.domain.power import Saving
from station.store.database import Database
from station.store.memory import put_value, read_value

_SAVING = "power_saving"


class PowerBook:
    """Each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def saving(self) -> Saving:
        """While on battery, until somebody chooses otherwise."""
        with self._database.read() as connection:
            kept = read_value(connection, _SAVING)
        return Saving(kept) if kept in list(Saving) else Saving.ON_BATTERY

    @saving.setter
    def saving(self, choice: Saving) -> None:
        with self._database.write() as connection:
            put_value(connection, _SAVING, choice.value)
