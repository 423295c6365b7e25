"""One target list: an encrypted file of its own that is written once, by `roster_build`, and then only read.

person   number, nik, village, rw, rt, name (folded), line (packed JSON as central sent it)
name     rank, name, person, village: everybody by folded name, so that a rank is a place in the alphabet
word     full-text index of rank: the words of the name, and the village as a word that begins with §
term     every word of the index
packing  the dictionary of the packed lines
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import sqlcipher3.dbapi2 as sqlite

from station.domain.errors import StoreError
from station.domain.target import Target
from station.seal.person_line import PersonLine, read_line, target_of
from station.store.database import translate_sqlite_error
from station.store.packing import Packing
from station.store.roster_search import AFTER_EVERYTHING, Reading, area_word, beginnings_of, nik_range, words_of

FORMAT = 1
_READING = ("cipher_log_level = NONE", "query_only = ON", "temp_store = MEMORY", "cache_size = -8000")


class Hit(NamedTuple):
    """A person found: how well, where in the alphabet, and where in the file. Hits sort as they are shown."""

    tier: int
    name: str
    nik: int
    number: int


def connect(path: Path, key: bytes, pragmas: Sequence[str]) -> Any:
    """A raw connection; errors are SQLite's own."""
    connection = sqlite.connect(str(path), isolation_level=None, check_same_thread=False, timeout=5)
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")  # must come first
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite.Error:
        connection.close()
        raise
    return connection


@contextmanager
def translated() -> Iterator[None]:
    """SQLite's errors as StoreErrors."""
    try:
        yield
    except sqlite.Error as problem:
        raise translate_sqlite_error(str(problem)) from problem


def remove(path: Path) -> None:
    """Delete a list's file, with what SQLite may have put beside it. StoreError when the disk refuses."""
    for part in (path, path.with_name(path.name + "-journal")):
        try:
            part.unlink(missing_ok=True)
        except OSError as problem:
            raise StoreError("store.io", reason=problem.strerror or "unlink") from problem


class RosterFile:
    """A list opened for reading. Not for two threads at once."""

    def __init__(self, path: Path, key: bytes) -> None:
        """StoreError when the file is missing, damaged, of another key or of another format."""
        self.path = path
        if not os.access(path, os.R_OK):
            raise StoreError("store.read_only")  # SQLite would make an empty file
        with translated():
            self._connection = connect(path, key, _READING)
            try:
                found = self._one("PRAGMA user_version")
                if found != (FORMAT,):
                    raise StoreError("store.corrupt")
                self._packing = Packing(self._one("SELECT dictionary FROM packing")[0])
            except BaseException:
                self._connection.close()
                raise

    def people(self) -> int:
        """How many people; StoreError `store.corrupt` when the parts of the file do not agree."""
        people = self._one("SELECT count(*) FROM person")
        if people != self._one("SELECT count(*) FROM name"):
            raise StoreError("store.corrupt")
        return int(people[0])

    def has(self, nik: int) -> bool:
        return bool(self._rows("SELECT 1 FROM person WHERE nik = ?", nik))

    def get(self, nik: int) -> Target | None:
        """The person with this NIK, or None."""
        rows = self._rows("SELECT line FROM person WHERE nik = ?", nik)
        return target_of(self._packing.unpack(rows[0][0])) if rows else None

    def person(self, number: int) -> Target:
        """The person of a hit."""
        return target_of(self._packing.unpack(self._one("SELECT line FROM person WHERE number = ?", number)[0]))

    def with_nik(self, digits: str, area: str, limit: int) -> list[Hit]:
        """People whose NIK begins with `digits`, by NIK."""
        low, high = nik_range(digits)
        if not area:
            sql = "SELECT 0, '', nik, number FROM person WHERE nik BETWEEN ? AND ? ORDER BY nik LIMIT ?"
            return [Hit(*row) for row in self._rows(sql, low, high, limit)]
        sql = """SELECT 0, '', nik, number FROM person INDEXED BY person_home
                 WHERE village >= ? AND village < ? AND nik BETWEEN ? AND ? ORDER BY nik LIMIT ?"""
        return [Hit(*row) for row in self._rows(sql, area, area + AFTER_EVERYTHING, low, high, limit)]

    def named(self, found: Sequence[Reading], area: str, limit: int) -> list[Hit]:
        """The first `limit` people of a search for what was typed, in all its readings, best first.

        First those whose whole name begins so, then those who have all words, then those with words that begin so.
        """
        place = area_word(area, self._terms) if area else ""
        if area and not place:
            return []  # nobody lives there
        hits: list[Hit] = []
        seen: list[tuple[int, int]] = []
        beginnings = beginnings_of(found)
        for tier, beginning in enumerate(beginnings):
            first, end = self._ranks(beginning)
            for low, high in _gaps(seen, first, end):
                hits += self._between(low, high, place, limit - len(hits), tier=tier)
                if len(hits) >= limit:
                    return hits
            if first < end:
                seen.append((first, end))  # nobody would only cut the ranks of others in two, and cost a question
        words = words_of(found, self._terms)
        for tier, wanted in enumerate((words.whole, words.begun), start=len(beginnings)):
            for low, high in _gaps(seen) if wanted else ():
                both = f"{place} AND {wanted}" if place else wanted
                hits += self._with_words(both, low, high, limit - len(hits), tier=tier)
                if len(hits) >= limit:
                    return hits
        return hits

    def living_in(self, area: str, rt: str, rw: str, limit: int) -> list[Hit]:
        """The first `limit` people there by village, RW, RT and name, which all go into the name of the hit."""
        where, values = _home(area, rt, rw)
        place = "village || char(1) || rw || char(1) || rt || char(1) || name"  # so parts sort one after the other
        sql = f"SELECT 0, {place}, nik, number FROM person {where} ORDER BY village, rw, rt, name, nik LIMIT ?"  # noqa: S608
        return [Hit(*row) for row in self._rows(sql, *values, limit)]

    def count(self, area: str, rt: str, rw: str) -> int:
        """How many people live there."""
        if not (area or rt or rw):
            return int(self._one("SELECT coalesce(max(rank), 0) FROM name")[0])
        where, values = _home(area, rt, rw)
        return int(self._one(f"SELECT count(*) FROM person {where}", *values)[0])  # noqa: S608

    def niks(self, area: str, rt: str, rw: str) -> Iterator[int]:
        """The NIKs of those who live there, in no order."""
        where, values = _home(area, rt, rw)
        for row in self._rows(f"SELECT nik FROM person {where}", *values):  # noqa: S608
            yield row[0]

    def lines(self) -> Iterator[PersonLine]:
        """Everybody, as they came: for the next version that is built upon this one."""
        with translated():
            for row in self._connection.execute("SELECT line FROM person ORDER BY number"):
                yield read_line(self._packing.unpack(row[0]))

    def close(self) -> None:
        self._connection.close()

    def _terms(self, low: str, high: str, most: int) -> list[str]:
        rows = self._rows("SELECT word FROM term WHERE word BETWEEN ? AND ? LIMIT ?", low, high, most)
        return [row[0] for row in rows]

    def _ranks(self, beginning: str) -> tuple[int, int]:
        """The ranks of names that begin so: from, up to but without."""
        sql = "SELECT rank FROM name WHERE name >= ? ORDER BY name, rank LIMIT 1"
        low = self._rows(sql, beginning)
        high = self._rows(sql, beginning + AFTER_EVERYTHING)
        last = self._one("SELECT coalesce(max(rank), 0) + 1 FROM name")
        return (low or [last])[0][0], (high or [last])[0][0]

    def _between(self, low: int, high: int, place: str, limit: int, *, tier: int) -> list[Hit]:
        if place:
            return self._with_words(place, low, high, limit, tier=tier)
        sql = """SELECT ?, n.name, p.nik, p.number FROM name n CROSS JOIN person p ON p.number = n.person
                 WHERE n.rank >= ? AND n.rank < ? ORDER BY n.rank LIMIT ?"""
        return [Hit(*row) for row in self._rows(sql, tier, low, high, limit)]

    def _with_words(self, wanted: str, low: int, high: int, limit: int, *, tier: int) -> list[Hit]:
        sql = """SELECT ?, n.name, p.nik, p.number FROM word w CROSS JOIN name n ON n.rank = w.rowid
                 CROSS JOIN person p ON p.number = n.person
                 WHERE word MATCH ? AND w.rowid >= ? AND w.rowid < ? ORDER BY w.rowid LIMIT ?"""
        return [Hit(*row) for row in self._rows(sql, tier, wanted, low, high, limit)]

    def _one(self, sql: str, *values: object) -> Any:
        rows = self._rows(sql, *values)
        if not rows:
            raise StoreError("store.corrupt")
        return rows[0]

    def _rows(self, sql: str, *values: object) -> list[Any]:
        with translated():
            return list(self._connection.execute(sql, values))


def _gaps(seen: Sequence[tuple[int, int]], low: int = 0, high: int = 2**62) -> Iterator[tuple[int, int]]:
    """The ranks from `low` up to `high` outside of `seen`, whose ranges may overlap."""
    for begin, end in sorted(seen):
        if low < min(begin, high):
            yield low, min(begin, high)
        low = max(low, end)
    if low < high:
        yield low, high


def _home(area: str, rt: str, rw: str) -> tuple[str, list[object]]:
    where, values = "WHERE village >= ? AND village < ?", [area, area + AFTER_EVERYTHING]
    for column, value in (("rt", rt), ("rw", rw)):
        if value:
            where += f" AND {column} = ?"
            values.append(value)
    return where, list(values)
