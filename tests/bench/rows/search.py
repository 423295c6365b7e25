"""How long finding somebody in the record list takes, by each way of looking, and what ten times the records cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from station.desk import records as desk
from station.domain.rows import Filter, Page
from tests.bench.bare_register import BareRegister
from tests.bench.failed import BenchFailed
from tests.bench.growth import growth
from tests.bench.pairs import beside, milliseconds
from tests.bench.register import fill
from tests.bench.row import Row
from tests.bench.site import Site
from tests.bench.workplace import offline_workplace
from tests.support import Workplace

RECORDS = (1000, 10_000)
TURNS = 25
PAGE = 200
BESIDE = "plain SQLite, not encrypted: one indexed table with the same columns, a count and the same page"
NAMES = ("siti contoh", "wayan rini", "budi", "maria contoh", "lim")
WAYS = ("name", "nik", "number")


def search(site: Site) -> Iterator[Row]:
    """records.search_ms.name, .nik and .number: `desk.records.search`, the first page among 10,000 records.

    Parts of names, whole NIK, whole registration numbers, as an officer types them; the same among 1,000 (`….1000`) and
    what the tenfold costs (`….growth`). Beside: the same page from plain SQLite.
    """
    rows = {many: _measured(site, many) for many in RECORDS}
    for way in WAYS:
        small, large = (rows[many][way] for many in RECORDS)
        yield large
        yield small
        yield growth(small, large, "records")


def _measured(site: Site, many: int) -> dict[str, Row]:
    """A row for each way."""
    root = site.folder(f"search-{many}")
    site.say(f"making {many} records")
    with offline_workplace(root) as place:
        fill(place, many)
        everybody = desk.search(place.office, "", Filter.ALL, 0, many)
        with closing(BareRegister(root / "bare.db", everybody.rows)) as bare:
            return {way: _way(place, bare, way, _typed(everybody, way), many) for way in WAYS}


def _way(place: Workplace, bare: BareRegister, way: str, typed: tuple[str, ...], many: int) -> Row:
    """Both in turn; both must find as many people."""
    for text in typed:
        found, plain = _page(place, text).total, bare.find(way, text, PAGE)[0]
        if found != plain or not found:
            raise BenchFailed(f"records.search_ms.{way}: {found} found, plain SQLite finds {plain}")

    def ours(turn: int) -> float:
        return milliseconds(lambda: _page(place, typed[turn % len(typed)]))

    def plainly(turn: int) -> float:
        return milliseconds(lambda: bare.find(way, typed[turn % len(typed)], PAGE))

    value, other = beside(TURNS, ours, plainly)
    name = f"records.search_ms.{way}" + ("" if many == RECORDS[-1] else f".{many}")
    return Row(name, value, "ms", other, BESIDE, TURNS)


def _typed(everybody: Page, way: str) -> tuple[str, ...]:
    """Five of them, spread over the list."""
    step = everybody.total // len(NAMES)
    people = [row.record for row in everybody.rows[step // 2 :: step]]
    if way == "name":
        return NAMES
    return tuple(person.nik if way == "nik" else person.registration_no for person in people)


def _page(place: Workplace, text: str) -> Page:
    return desk.search(place.office, text, Filter.ALL, 0, PAGE)
