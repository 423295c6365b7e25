"""Central's change feed as it was applied: events, their effects and the cursor in one transaction.

An event of an unknown kind is kept and shown, never fatal. What was applied before is not applied again, so that
central may tell everything from the beginning.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from pydantic import ValidationError
from sqlalchemy import delete, insert, select

from station import failpoint
from station.domain.central_status import LONGEST_CODE, readable
from station.domain.outcome import Note, Reason, Trouble
from station.domain.record import RecordKey
from station.domain.stock import Batch, Stock
from station.store.database import Connection, Database
from station.store.memory import STOCK, put_cursor, put_policy, put_stock, put_wanted, read_stock, read_value
from station.store.notices import drop_expired, put_notice
from station.store.outbox import set_central_code, set_refused, set_resend
from station.store.tables import event
from station.store.technical_log import put_line
from station.wire import UNREADABLE, BundleNotice, Event, NoticeNews, StockNews

LANE = "changes"
KEPT_BYTES = 64 * 1024
"""Members of one event that are kept; of a longer one only its kind is."""
ODD = "odd"
"""In the place of the kind, of news that could not be acted upon; what central called it is in the members."""
ODD_BYTES, MOST_ODD = 4 * 1024, 200
"""Bytes of one of them that are kept, and how many of them: central may tell them for years."""
AHEAD = timedelta(days=1)
"""A time further ahead than this comes from a clock that was wrong, and says nothing about what is newer."""


class Changes:
    """The applied events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def fresh(self, events: Sequence[Event]) -> tuple[Event, ...]:
        """Those that were not applied yet, or that may be meant once more."""
        with self._database.read() as connection:
            return tuple(item for item in events if not (_is_unique(item) and _known(connection, item)))

    def apply(
        self,
        cursor: str,
        events: Sequence[Event],
        *,
        at: datetime,
        central_now: datetime | None = None,
        policy: str = "",
        notes: Sequence[Note] = (),
    ) -> None:
        """Apply events in order, exactly once: they and the new cursor become durable together.

        So do the newest `policy` among them, which was checked, and what the technician is told of them. `central_now`
        is central's own time, when it is known: only by it anything is over.
        """
        with self._database.write() as connection:
            odd: Counter[tuple[Trouble, str]] = Counter()
            for item in events:
                _apply(connection, item, _Moment(at, central_now), odd)
            _drop_odd(connection)
            if policy:
                put_policy(connection, policy)
            for note in (*notes, *_told(odd)):
                put_line(connection, at=at, lane=LANE, key=None, note=note)
            if central_now is not None:
                drop_expired(connection, central_now)
            put_cursor(connection, cursor)
            failpoint.reach("changes.before_commit")
        failpoint.reach("changes.committed")

    def begin_anew(self) -> None:
        """Ask from the beginning: what was applied is known, and applied no second time."""
        with self._database.write() as connection:
            put_cursor(connection, "")

    def of_record(self, record_id: str) -> tuple[tuple[datetime, dict[str, Any]], ...]:
        """What central has said of a record, oldest first."""
        query = select(event.c.at, event.c.members).where(event.c.record_id == record_id).order_by(event.c.number)
        with self._database.read() as connection:
            return tuple((row.at, json.loads(row.members)) for row in connection.execute(query))


@dataclass(frozen=True)
class _Moment:
    """Now, by the clock of this station; `central` is the same by central's, when it is known."""

    here: datetime
    central: datetime | None


def _apply(connection: Connection, item: Event, now: _Moment, odd: Counter[tuple[Trouble, str]]) -> None:
    """One event with its line of history. Whatever cannot be acted upon is counted in `odd`."""
    known = _known(connection, item)
    if known and _is_unique(item):
        return
    trouble = _act(connection, item, now)
    if not known:
        _keep(connection, item, now.here, odd=trouble is not None)
    if trouble is not None and not known:
        odd[trouble, readable(_kind(item), LONGEST_CODE)] += 1


def _keep(connection: Connection, item: Event, at: datetime, *, odd: bool) -> None:
    members = json.dumps(item.members(), ensure_ascii=False)
    if len(members.encode("utf-8", "replace")) > (ODD_BYTES if odd else KEPT_BYTES):
        short = {"kind": readable(_kind(item), LONGEST_CODE), "code": readable(item.code, LONGEST_CODE)}
        members = json.dumps({**short, "too_long": len(members)}, ensure_ascii=False)
    connection.execute(
        insert(event).values(
            at=item.at or at,
            kind=ODD if odd else item.kind,
            record_id=item.record_id,
            revision=item.revision,
            members=members,
            identity=identity_of(item),
        )
    )


def _drop_odd(connection: Connection) -> None:
    """Of what nothing could be done about the newest are kept: a newer program may make sense of them."""
    newest = select(event.c.number).where(event.c.kind == ODD).order_by(event.c.number.desc()).offset(MOST_ODD).limit(1)
    number = connection.execute(newest).scalar()
    if number is not None:
        connection.execute(delete(event).where(event.c.kind == ODD, event.c.number <= number))


def identity_of(item: Event) -> str:
    """What makes this event this one: the name central gave it, else everything in it."""
    members = item.members()
    name = members.get("event_id")
    whole = f"id {name}" if isinstance(name, str) and name else json.dumps(members, sort_keys=True)
    return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def _is_unique(item: Event) -> bool:
    """True when the same words again are the same event: central has named it or said when."""
    return item.at is not None or bool(item.members().get("event_id"))


def _known(connection: Connection, item: Event) -> bool:
    found = connection.execute(select(event.c.number).where(event.c.identity == identity_of(item)).limit(1))
    return found.first() is not None


def _kind(item: Event) -> str:
    return item.note if item.kind == UNREADABLE else item.kind


def _told(odd: Counter[tuple[Trouble, str]]) -> list[Note]:
    """One line for each kind of news that could not be acted upon."""
    return [Note(trouble, detail=f"{kind} ×{n}" if n > 1 else kind) for (trouble, kind), n in odd.items()]


def _act(connection: Connection, item: Event, now: _Moment) -> Trouble | None:
    """What an event does here; doing it twice changes nothing. Why nothing was done, or None."""
    at = now.here
    try:
        match item.kind:
            case "record.status" | "record.refused" | "record.resend":
                return _act_on_record(connection, item, at)
            case "notice":
                put_notice(connection, NoticeNews.model_validate(item.members()), at, now.central or at)
            case "stock":
                _stock(connection, item, at)
            case "bundle":
                put_wanted(connection, BundleNotice.model_validate(item.members()))
            case "policy" | "keys" | "card" | "wipe" | "wipe.over":
                return None  # weighed before, by whoever knows whom to believe
            case _:
                return Trouble.NEWS_UNREADABLE if item.kind == UNREADABLE else Trouble.NEWS_UNKNOWN
    except ValidationError:  # of a newer protocol, or of a central gone wrong
        return Trouble.NEWS_UNREADABLE
    return None


def _act_on_record(connection: Connection, item: Event, at: datetime) -> Trouble | None:
    if item.record_id is None or item.revision is None:
        return Trouble.NEWS_UNREADABLE
    key = RecordKey(item.record_id, item.revision)
    match item.kind:
        case "record.status":
            set_central_code(connection, key, item.code, item.at or at, ahead=at + AHEAD)
        case "record.refused":
            set_refused(connection, key, [Reason(reason.code, reason.field, reason.detail) for reason in item.reasons])
        case _:
            trouble = set_resend(connection, key, at=at)
            if trouble is not None:
                put_line(connection, at=at, lane=LANE, key=key, note=Note(trouble))
    return None


def _stock(connection: Connection, item: Event, at: datetime) -> None:
    """What is older than what is known stays aside, unless what is known comes from a clock that was wrong."""
    news, kept = StockNews.model_validate(item.members()), read_value(connection, STOCK)
    told_at = item.at or at
    known_at = read_stock(kept).at if kept else told_at
    if told_at < known_at <= at + AHEAD:
        return
    batches = tuple(Batch(readable(batch.batch, LONGEST_CODE), batch.blanks) for batch in news.batches)
    put_stock(connection, Stock(batches, told_at))
