"""Records of people who are to be invited again, because a finger or an eye could not be captured for a while."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, and_, exists, select, text

from station.domain.record import State
from station.store.records import Stored, as_stored
from station.store.tables import record

_SEALED = (State.SEALED.value, State.ACCEPTED.value)
_DUE = text(
    "EXISTS (SELECT 1 FROM json_each(record.exceptions) AS item"
    " WHERE json_extract(item.value, '$.invite_again') <= :until)"
)


def due(connection: Connection, until: date) -> tuple[Stored, ...]:
    """Sealed records with a day to invite again by `until`.

    Left out is who was recorded once more later, and who was taken off the list.
    """
    later = record.alias("later")
    again = exists().where(
        and_(later.c.nik == record.c.nik, later.c.state.in_(_SEALED), later.c.started_at > record.c.started_at)
    )
    query = select(record).where(record.c.state.in_(_SEALED), record.c.uninvited == "", _DUE, ~again)
    return tuple(as_stored(row) for row in connection.execute(query, {"until": until.isoformat()}))
