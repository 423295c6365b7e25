"""Central's notices for the people here: the newest word under each id, until it is over. Must not know HTTP.

What central writes is a stranger's text: it is cut and cleaned before it is kept, and is shown as plain text only.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from station.domain.central_status import readable
from station.domain.notice import Notice
from station.store.database import Connection, Database
from station.store.memory import read_clock_offset
from station.store.tables import notice
from station.wire import NoticeNews

LONGEST_TITLE = 120
LONGEST_LINE = 300
MOST_LINES = 30
KEPT_AFTER = timedelta(weeks=3)
"""So long a notice stays on the disk after it is over: a clock of central that was wrong for a day loses none."""
MOST_NOTICES = 50
"""More than anybody reads: the ones told first give way."""


class Notices:
    """What holds now, and what somebody has read. Each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self, now: datetime) -> tuple[Notice, ...]:
        """The notices that hold at `now`, a time of this station: unread ones first, then the newest.

        Central bounds them by its own clock: what is known of the difference is reckoned with.
        """
        query = select(notice).order_by(notice.c.seen_at.is_not(None), notice.c.told_at.desc(), notice.c.notice_id)
        with self._database.read() as connection:
            kept = [_notice_of(row) for row in connection.execute(query)]
            central_now = now + read_clock_offset(connection)
        return tuple(item for item in kept if item.holds(central_now))

    def mark_seen(self, notice_id: str, at: datetime) -> None:
        """Somebody here has read it; the first time counts."""
        unread = (notice.c.notice_id == notice_id, notice.c.seen_at.is_(None))
        with self._database.write() as connection:
            connection.execute(update(notice).where(*unread).values(seen_at=at))


def put_notice(connection: Connection, news: NoticeNews, at: datetime, central_now: datetime) -> None:
    """Keep what central told, inside the transaction of the change feed. Told again word for word, it stays read.

    What is over by central's own clock was taken back.
    """
    if news.until is not None and news.until <= central_now:
        connection.execute(delete(notice).where(notice.c.notice_id == news.id))
        return
    words = {
        "title": readable(news.title, LONGEST_TITLE),
        "body": plain_lines(news.body),
        "from_at": news.from_at,
        "until_at": news.until,
        "audience": readable(news.audience, LONGEST_TITLE),
    }
    before = connection.execute(select(notice).where(notice.c.notice_id == news.id)).first()
    if before is not None and all(getattr(before, name) == value for name, value in words.items()):
        return
    values = {**words, "told_at": at, "seen_at": None}
    connection.execute(
        upsert(notice)
        .values(notice_id=news.id, **values)
        .on_conflict_do_update(index_elements=["notice_id"], set_=values)
    )
    _drop_surplus(connection)


def drop_expired(connection: Connection, central_now: datetime) -> None:
    """What has been over for weeks by central's clock is not kept."""
    connection.execute(delete(notice).where(notice.c.until_at <= central_now - KEPT_AFTER))


def plain_lines(text: str) -> str:
    """Prose of a stranger: a bounded number of bounded lines without anything invisible."""
    lines = [readable(line, LONGEST_LINE) for line in text.splitlines()[: 4 * MOST_LINES]]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept[:MOST_LINES]).strip()


def _drop_surplus(connection: Connection) -> None:
    number = int(connection.execute(select(func.count()).select_from(notice)).scalar_one())
    if number > MOST_NOTICES:
        oldest = select(notice.c.notice_id).order_by(notice.c.told_at, notice.c.notice_id).limit(number - MOST_NOTICES)
        connection.execute(delete(notice).where(notice.c.notice_id.in_(oldest)))


def _notice_of(row: Any) -> Notice:
    return Notice(
        row.notice_id, row.title, row.body, row.from_at, row.until_at, row.audience, row.told_at, seen_at=row.seen_at
    )
