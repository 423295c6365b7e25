"""Finding a village by typing."""

from __future__ import annotations

from station.desk.office import Office
from station.domain.regions import Village


def find_villages(office: Office, typed: str, limit: int = 20) -> tuple[Village, ...]:
    """Villages for what was typed (three letters and more), those near this office first, always with their parents."""
    return office.villages.find(typed, limit, office.station.office)


def village(office: Office, code: str) -> Village | None:
    """The village with this code, also one that has ended; None when no edition of the table has it."""
    return office.villages.get(code)
