"""Finding a village by typing."""

from __future__ import annotations

from station.desk.office import Office
from station.domain.regions import Village


def find_villages(office: Office, typed: str, limit: int = 20) -> tuple[Village, ...]:
    """Villages for what was typed (three letters and more), always with their parents."""
    return office.villages.find(typed, limit)


def village(office: Office, code: str) -> Village | None:
    """The village with this code, or None."""
    return office.villages.get(code)
