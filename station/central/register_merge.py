"""Making an area of the register what a file says of it: who is new, who has changed, who has left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, select

from station.central.areas import inside
from station.central.register_tables import departed, incoming, lists, people, unread


@dataclass(frozen=True)
class Difference:
    """What an import did to the list, in people."""

    added: int
    changed: int
    gone: int


def merge(rows: Connection, regency: str, area: str, version: int) -> Difference:
    """Make the area what `incoming` says; who left a village is remembered, and who is `unread` stays as they were."""
    same = and_(people.c.regency == regency, people.c.nik_hidden == incoming.c.nik_hidden)
    moved = select(people.c.nik_hidden).join(incoming, same).where(people.c.village != incoming.c.village)
    changed = select(people.c.nik_hidden).join(incoming, same).where(people.c.digest != incoming.c.digest)
    unheard = and_(
        people.c.regency == regency,
        inside(people.c.village, area),
        people.c.nik_hidden.not_in(select(incoming.c.nik_hidden)),
        people.c.nik_hidden.not_in(select(unread.c.nik_hidden)),
    )
    _remember(rows, version, and_(people.c.regency == regency, people.c.nik_hidden.in_(moved)))
    _remember(rows, version, unheard)
    gone = rows.execute(delete(people).where(unheard)).rowcount
    replaced = rows.execute(
        delete(people).where(people.c.regency == regency, people.c.nik_hidden.in_(changed))
    ).rowcount
    known = select(people.c.nik_hidden).where(people.c.regency == regency)
    fresh = select(
        bindparam("regency", regency),
        incoming.c.nik_hidden,
        incoming.c.village,
        incoming.c.digest,
        incoming.c.sealed,
        incoming.c.said_recorded,
        incoming.c.said_code,
        incoming.c.said_recorded,
        incoming.c.said_code,
        bindparam("version", version),
    ).where(incoming.c.nik_hidden.not_in(known))
    names = (
        "regency", "nik_hidden", "village", "digest", "sealed",
        "said_recorded", "said_code", "recorded", "code", "changed_in",
    )  # fmt: skip
    inserted = rows.execute(insert(people).from_select(names, fresh)).rowcount
    return Difference(added=inserted - replaced, changed=replaced, gone=gone)


def _remember(rows: Connection, version: int, who: ColumnElement[bool]) -> None:
    columns = (people.c.regency, people.c.nik_hidden, people.c.village, people.c.sealed)
    again = select(people.c.nik_hidden).where(
        who,
        people.c.regency == departed.c.regency,
        people.c.nik_hidden == departed.c.nik_hidden,
        people.c.village == departed.c.village,
    )
    rows.execute(delete(departed).where(again.exists()))
    leaving = select(*columns, bindparam("version", version)).where(who)
    rows.execute(insert(departed).from_select([*(column.name for column in columns), "version"], leaving))


def forget_departed(rows: Connection, regency: str, now: datetime) -> None:
    """A station wipes a list that has expired: nobody can hold one from before the oldest that has not."""
    living = select(func.min(lists.c.version)).where(lists.c.regency == regency, lists.c.expires_at > now)
    rows.execute(delete(departed).where(departed.c.regency == regency, departed.c.version <= living.scalar_subquery()))
