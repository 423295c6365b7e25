"""How long the record list takes among ten thousand records: what is typed, and the order that asks the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite

from station.desk import records as desk
from station.domain.rows import Filter, Order, View
from tests.bench.failed import BenchFailed
from tests.bench.pairs import beside, milliseconds
from tests.bench.register import fill, name_of
from tests.bench.row import Row
from tests.bench.site import Site
from tests.bench.workplace import offline_workplace
from tests.support import Workplace

PEOPLE = 10_000
TURNS = 40
PAGE = 200
_KEY = "ab" * 32
_TYPED = ("siti contoh", "9999", "R-990101", "0042", "wayan rini")
_BARE = "the names of as many rows looked through by bare sqlcipher3"


def records(site: Site) -> Iterator[Row]:
    """records.search_ms: `desk.records.search` for what an officer types, the first page of 10,000 records.

    records.by_news_ms: the same list under *no news > 14 days*, ordered by what central said last. Beside: one LIKE
    over a table of 10,000 encrypted names.
    """
    root = site.folder("records")
    with offline_workplace(root) as place, closing(_bare_database(root / "bare.db")) as bare:
        fill(place, PEOPLE)
        if desk.search(place.office, "", Filter.ALL, 0, 1).total != PEOPLE:
            raise BenchFailed("the list does not hold everybody")

        def raw(turn: int) -> float:
            like = f"%{_TYPED[turn % len(_TYPED)].upper()}%"
            return milliseconds(lambda: bare.execute("SELECT name FROM person WHERE name LIKE ?", (like,)).fetchall())

        for turn in range(len(_TYPED)):
            _search(place, turn), _by_news(place, turn), raw(turn)
        value, other = beside(TURNS, lambda turn: _search(place, turn), raw)
        yield Row("records.search_ms", value, "ms", other, _BARE, TURNS)
        value, other = beside(TURNS, lambda turn: _by_news(place, turn), raw)
        yield Row("records.by_news_ms", value, "ms", other, _BARE, TURNS)


def _search(place: Workplace, turn: int) -> float:
    text = _TYPED[turn % len(_TYPED)]
    return milliseconds(lambda: desk.search(place.office, text, Filter.ALL, 0, PAGE))


def _by_news(place: Workplace, _turn: int) -> float:
    return milliseconds(lambda: desk.search(place.office, "", Filter.QUIET, 0, PAGE, View(Order.NEWS)))


def _bare_database(path: Path) -> Any:
    connection = sqlite.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{_KEY}'\"")
    connection.execute("CREATE TABLE person (number INTEGER PRIMARY KEY, name TEXT)")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO person VALUES (?, ?)", [(one, name_of(one)) for one in range(PEOPLE)])
    connection.execute("COMMIT")
    return connection
