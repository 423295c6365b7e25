"""Building the file of a target list. It is nothing until a row of table `roster` names it, so it needs no journal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite

from station.domain.errors import TrustError
from station.domain.folding import fold_name
from station.failpoint import reach
from station.seal.person_line import PersonLine
from station.store.folder import claim_file, sync_directory
from station.store.packing import EXAMPLES, Packing
from station.store.roster_file import FORMAT, connect, translated

STEP = 100
"""People between two calls of `step`: about a millisecond."""
_BUILDING = (
    "cipher_log_level = NONE",
    "journal_mode = OFF",  # a file that is not whole is thrown away, never repaired
    "synchronous = OFF",  # it is synced once, as a whole, at the end
    "locking_mode = EXCLUSIVE",
    "temp_store = MEMORY",  # sorting must not put names on the disk in clear
    "cache_size = -8000",
)
_INSTRUCTIONS = 20_000
"""Steps of SQLite between two calls of `step` while it sorts: some milliseconds."""

_TABLES = (
    "CREATE TABLE packing (dictionary BLOB NOT NULL)",
    """CREATE TABLE person (number INTEGER PRIMARY KEY, nik INTEGER NOT NULL, village TEXT NOT NULL, rw TEXT NOT NULL,
       rt TEXT NOT NULL, name TEXT NOT NULL, line BLOB NOT NULL)""",
    "CREATE TABLE name (rank INTEGER PRIMARY KEY, name TEXT NOT NULL, person INTEGER NOT NULL, village TEXT NOT NULL)",
    "CREATE TABLE term (word TEXT PRIMARY KEY) WITHOUT ROWID",
    """CREATE VIRTUAL TABLE word USING fts5 (words, content='', columnsize=0, detail=none, tokenize='ascii',
       prefix='1 2 3')""",
)
_INDEXES = (
    "CREATE UNIQUE INDEX person_nik ON person (nik)",
    "INSERT INTO name (name, person, village) SELECT name, number, village FROM person ORDER BY name, nik",
    "CREATE INDEX name_name ON name (name)",
    "INSERT INTO word (rowid, words) SELECT rank, name || ' §' || replace(village, '.', '') FROM name ORDER BY rank",
    "INSERT INTO word (word) VALUES ('optimize')",
    "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, word, row)",
    "INSERT INTO term SELECT term FROM vocabulary",
    "CREATE INDEX person_home ON person (village, rw, rt, name, nik)",
)


def build(path: Path, key: bytes, people: Iterator[PersonLine], step: Callable[[int], None]) -> None:
    """Write `people` into the new file `path` under `key`, with all indexes, and sync it.

    `step` is called every few milliseconds with the number of people taken in so far; what it raises stops the work.
    TrustError `roster.unreadable` when a NIK comes twice, StoreError of the disk; whatever `people` raises. The file is
    then of no use.
    """
    claim_file(path)
    with translated():
        connection = connect(path, key, _BUILDING)
        try:
            _fill(connection, people, step)
        finally:
            connection.close()
    reach("roster.built")
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_directory(path.parent)


def _fill(connection: Any, people: Iterator[PersonLine], step: Callable[[int], None]) -> None:
    examples = list(islice(people, EXAMPLES))
    packing = Packing.like([person.line for person in examples])
    counted = _Counted(chain(examples, people), packing, step)
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    for table in _TABLES:
        connection.execute(table)
    connection.execute("INSERT INTO packing VALUES (?)", (packing.dictionary,))
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO person (nik, village, rw, rt, name, line) VALUES (?, ?, ?, ?, ?, ?)", counted.rows()
    )
    connection.execute("COMMIT")
    stopped: list[BaseException] = []
    connection.set_progress_handler(lambda: _interrupts(counted, step, stopped), _INSTRUCTIONS)
    for index in _INDEXES:
        try:
            connection.execute(index)
        except sqlite.IntegrityError as problem:
            raise TrustError("roster.unreadable") from problem
        except sqlite.OperationalError:
            if stopped:
                raise stopped[0] from None
            raise
        step(counted.number)


def _interrupts(counted: _Counted, step: Callable[[int], None], stopped: list[BaseException]) -> bool:
    """For SQLite in the middle of a statement: True ends it. An exception may not pass through SQLite."""
    try:
        step(counted.number)
    except BaseException as problem:  # noqa: BLE001  # raised again by `_fill`
        stopped.append(problem)
        return True
    return False


class _Counted:
    """The rows to insert, and how many there were so far."""

    def __init__(self, people: Iterator[PersonLine], packing: Packing, step: Callable[[int], None]) -> None:
        self.number = 0
        self._people, self._packing, self._step = people, packing, step

    def rows(self) -> Iterator[tuple[int, str, str, str, str, bytes]]:
        pack = self._packing.pack
        for nik, answers, line in self._people:
            assert answers is not None  # those who are gone were left out before
            self.number += 1
            if self.number % STEP == 0:
                self._step(self.number)
                reach("roster.loading")
            get = answers.get
            yield int(nik), get("village", ""), get("rw", ""), get("rt", ""), fold_name(answers["name"]), pack(line)
