"""A day of the queue for whoever answers for it: numbers, officers and reasons, nobody's name. Read from the trail.

The trail is append-only and hashed, so nobody who called somebody out of turn can make this report shorter.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from station.desk import turns
from station.desk.office import Office
from station.domain.permission import Permission
from station.domain.turn import Because, Jump, OutOfTurn, QueueDay, Why
from station.store import audit
from station.store.audit import AuditLine, Wanted

_JUMPS = {turns.OUT_OF_TURN: Jump.CALLED, turns.REFUSED: Jump.REFUSED, turns.NO_NUMBER: Jump.NO_NUMBER}


def of_day(office: Office, day: date) -> QueueDay:
    """Everything of one local day, oldest first. AccessError `access.role`."""
    office.require(Permission.READ_SUMS)
    since = datetime.combine(day, time()).astimezone()
    before = datetime.combine(day + timedelta(days=1), time()).astimezone()
    wanted = Wanted(actions=frozenset({*_JUMPS, "ready", "take"}), since=since, before=before)
    with office.applicants.read() as connection:
        lines = tuple(audit.each(connection, wanted))
    given = len({line.detail.get("ticket") for line in lines if line.action == "ready"})  # who is corrected keeps it
    called = sum(line.action == "take" for line in lines)
    return QueueDay(day, given, called, tuple(_line(line) for line in lines if line.action in _JUMPS))


def _line(line: AuditLine) -> OutOfTurn:
    told = line.detail
    why = str(told.get("why", ""))
    because = Because(Why(why) if why in list(Why) else None, str(told.get("words", "")))
    ticket, first, ahead = (int(told.get(name, 0)) for name in ("ticket", "first_ticket", "ahead"))
    return OutOfTurn(line.at, line.operator_id, _JUMPS[line.action], ticket, first, ahead, because)
