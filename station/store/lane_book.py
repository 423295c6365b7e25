"""What each lane of delivery was doing last: for the panel, and so that a restart keeps the waits central asked for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import Note, Trouble
from station.log import get_logger
from station.store.database import Database
from station.store.tables import lane

log = get_logger(__name__)


class LaneBook:
    """One row for each lane; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def states(self) -> dict[LaneName, LaneState]:
        """The last known state of each lane that has ever run, in the order of their turns."""
        with self._database.read() as connection:
            rows = {row.name: row for row in connection.execute(select(lane))}
        found = ((name, _state(rows[name.value])) for name in LaneName if name.value in rows)
        return {name: state for name, state in found if state is not None}

    def put(self, state: LaneState) -> None:
        """Keep `state` in place of what was known of its lane."""
        values = _plain(state)
        with self._database.write() as connection:
            connection.execute(upsert(lane).values(values).on_conflict_do_update(index_elements=["name"], set_=values))


def _plain(state: LaneState) -> dict[str, Any]:
    note = state.note
    return {
        "name": state.name.value,
        "condition": state.condition.value,
        "since": state.since,
        "trouble": note.trouble.value if note else "",
        "request_id": note.request_id if note else "",
        "http_status": note.http_status if note else 0,
        "detail": note.detail if note else "",
        "tries": state.tries,
        "next_at": state.next_at,
        "until": state.until,
        "done_at": state.done_at,
    }


def _state(row: Any) -> LaneState | None:
    """A row; None when another version of this program wrote words that this one does not know."""
    try:
        note = Note(Trouble(row.trouble), row.request_id, row.http_status, row.detail) if row.trouble else None
        return LaneState(
            name=LaneName(row.name),
            condition=Condition(row.condition),
            since=row.since,
            note=note,
            tries=row.tries,
            next_at=row.next_at,
            until=row.until,
            done_at=row.done_at,
        )
    except ValueError:
        log.warning("the lane book has a line that cannot be read: %s", row.name)
        return None
