"""Opening a database: key, pragmas, version gate, and the two doors `read()` and `write()`.

The tables are in `applicants.py` and `outbox.py`. SQLite comes from the `sqlcipher3` wheel only: two copies of SQLite
in one process on one file can corrupt it, and SQLite before 3.51.3 can lose commits in WAL mode.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import Connection as Connection  # the open transaction that the store's functions take
from sqlalchemy import Table, create_engine, event, pool, select
from sqlalchemy.exc import DBAPIError

from station.domain.errors import StoreError

OLDEST_SQLITE = (3, 51, 3)
_NO_ROOM_BYTES = 64 * 1024
_PRAGMAS = (
    "cipher_log_level = NONE",  # a wrong key would otherwise write to the console
    "busy_timeout = 5000",
    "journal_mode = WAL",
    "synchronous = FULL",  # NORMAL loses acknowledged commits at a power cut
    "foreign_keys = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "cell_size_check = ON",
    "journal_size_limit = 67108864",
)


class Database:
    """One SQLite file. Rows never leave the store; every write begins IMMEDIATE."""

    def __init__(self, path: Path, key: bytes | None = None) -> None:
        """Open `path`, encrypted with the raw 32-byte `key` if one is given. StoreError when it cannot be used."""
        if sqlite.sqlite_version_info < OLDEST_SQLITE:
            raise StoreError("store.sqlite_old", found=sqlite.sqlite_version)
        self.path = path
        self._key = key
        self._closed = False
        self.on_commit: list[Callable[[], None]] = []
        self._engine = create_engine(
            "sqlite+pysqlite://",
            module=sqlite,
            creator=self._connect,
            poolclass=pool.QueuePool,
            pool_size=4,
            hide_parameters=True,  # an error of the database would otherwise carry names and answers into the log
        )
        event.listen(self._engine, "begin", _begin)
        try:
            with self.read() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
        except StoreError:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; nothing is written through it."""
        self._must_be_open()
        with _translated(self.path), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that holds the write lock from its beginning; on return it is on stable storage."""
        self._must_be_open()
        with _translated(self.path), self._engine.connect() as plain:
            connection = plain.execution_options(station_begin="IMMEDIATE")
            with connection.begin():
                yield connection
        for listener in tuple(self.on_commit):
            listener()

    def check(self, tables: Iterable[Table]) -> None:
        """StoreError `store.corrupt` unless every page is whole and `tables` are as this program expects them."""
        with self.read() as connection:
            if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
                raise StoreError("store.corrupt")
            for table in tables:
                connection.execute(select(table).limit(1)).first()

    def backup_to(self, path: Path) -> None:
        """A whole copy under the same key, as of now. `path` must not exist."""
        self._must_be_open()
        with _translated(self.path), self._engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("VACUUM INTO ?", (str(path),))

    def close(self) -> None:
        """Nothing is read or written from here on: the engine alone would open the file again for whoever asks late."""
        self._closed = True
        self._engine.dispose()
        self._engine.clear_compiled_cache()  # thousands of objects, for as long as anybody remembers this database

    def _must_be_open(self) -> None:
        if self._closed:
            raise StoreError("store.closed")

    def _connect(self) -> Any:
        connection = sqlite.connect(str(self.path), isolation_level=None, check_same_thread=False, timeout=5)
        try:
            if self._key is not None:
                connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")  # must come first
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except sqlite.Error:
            connection.close()
            raise
        return connection


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("station_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """The one seam where SQLite's errors become ours."""
    try:
        yield
    except DBAPIError as problem:
        raise _named(str(problem.orig), path) from problem
    except sqlite.Error as problem:
        raise _named(str(problem), path) from problem


def _named(text: str, path: Path) -> StoreError:
    """Where there is no room for its index of the log, SQLite speaks of an error of the disk."""
    found = translate_sqlite_error(text)
    try:
        full = found.code == "store.io" and shutil.disk_usage(path.parent).free < _NO_ROOM_BYTES
    except OSError:
        full = False
    return StoreError("store.disk_full") if full else found


def translate_sqlite_error(text: str) -> StoreError:
    """SQLite's complaint as one of ours. Its text holds no row data."""
    known = {
        "not a database": "store.wrong_key",
        "file is encrypted": "store.wrong_key",
        "disk is full": "store.disk_full",
        "readonly": "store.read_only",
        "read-only": "store.read_only",
        "unable to open": "store.read_only",
        "locked": "store.busy",
        "malformed": "store.corrupt",
        "no such table": "store.corrupt",
        "no such column": "store.corrupt",
        "hmac check failed": "store.corrupt",
    }
    for words, code in known.items():
        if words in text:
            return StoreError(code)
    return StoreError("store.io", reason=text[:200])
