"""The database of central: transactions that either happened on stable storage or did not happen at all.

SQLite by default; everything that only SQLite needs is in this file. Must not know what is stored.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Insert, MetaData, Table, create_engine, event, func, insert, select, update
from sqlalchemy.exc import OperationalError

from station.central.problems import no_space
from station.central.tables import SCHEMA_VERSION, UPGRADES, metadata
from station.domain.errors import StoreError

_ADDS = re.compile(r"ALTER TABLE (\w+) ADD COLUMN (\w+)")
_WRITES = "central_writes"


class Database:
    """`with database.read() as rows:` and `with database.write() as rows:`, from any thread."""

    def __init__(
        self,
        path: Path,
        tables: MetaData = metadata,
        version: int = SCHEMA_VERSION,
        upgrades: Mapping[int, Sequence[str]] = UPGRADES,
    ) -> None:
        """Open `path`, made or brought to `version` when need be; StoreError `central.too_new` when it is newer."""
        # Parameters stay out of error messages: those are logged.
        self._engine = create_engine(f"sqlite:///{path}", hide_parameters=True, pool_size=8, max_overflow=40)
        event.listen(self._engine, "connect", _set_up)
        event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(**{_WRITES: True})
        with self.write() as rows:
            tables.create_all(rows)
            _bring_to(rows, tables.tables["meta"], version, upgrades)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One unchanging view of the data."""
        with self._engine.begin() as rows:
            yield rows

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed to disk at the end; nothing happened when it raises. 507 on a full disk."""
        try:
            with self._writer.begin() as rows:
                yield rows
        except OperationalError as problem:
            if getattr(problem.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                raise no_space() from problem
            raise

    def close(self) -> None:
        self._engine.dispose()
        self._engine.clear_compiled_cache()  # thousands of objects, for as long as anybody remembers this database


def insert_if_new(table: Table) -> Insert:
    """An insert that passes over what has its key already."""
    return insert(table).prefix_with("OR IGNORE", dialect="sqlite")


def _bring_to(rows: Connection, meta: Table, version: int, upgrades: Mapping[int, Sequence[str]]) -> None:
    found = rows.execute(select(func.max(meta.c.schema_version))).scalar_one()
    if found is None:
        rows.execute(insert(meta).values(schema_version=version))
    elif found > version:
        raise StoreError("central.too_new", found=found, known=version)
    elif found < version:
        for step in range(found + 1, version + 1):
            for statement in upgrades[step]:
                if not _is_there(rows, statement):
                    rows.exec_driver_sql(statement)
        rows.execute(update(meta).values(schema_version=version))


def _is_there(rows: Connection, statement: str) -> bool:
    """A table that an older central did not have at all was made a moment ago, with every column of today."""
    match = _ADDS.match(statement)
    if match is None:
        return False
    found = rows.exec_driver_sql(f"PRAGMA table_info({match[1]})")
    return match[2] in {column.name for column in found}


def _set_up(connection: Any, _record: object) -> None:
    # The driver's own idea of when a transaction begins would let two writers read before either locks.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=15000",
        "foreign_keys=ON",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(rows: Connection) -> None:
    writes = rows.get_execution_options().get(_WRITES, False)
    rows.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
