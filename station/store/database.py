"""Opening a database: key, pragmas, version gate, and the two doors `read()` and `write()`.

The tables are in `applicants.py` and `outbox.py`. SQLite comes from the `sqlcipher3` wheel only: two copies of SQLite
in one process on one file can corrupt it, and SQLite before 3.51.3 can lose commits in WAL mode.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import Connection as Connection  # the open transaction that the store's functions take
from sqlalchemy import Table, create_engine, event, pool, select
from sqlalchemy.exc import DBAPIError

from station.domain.errors import StoreError
from station.store.folder import claim_file
from station.store.gate import Gate, GateUser

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

_READING = ("cipher_log_level = NONE", "temp_store = MEMORY", "cell_size_check = ON", "query_only = ON")
"""For a copy: a log of its own would be written beside it."""


class Database(GateUser):
    """One SQLite file. Rows never leave the store; every write begins IMMEDIATE."""

    def __init__(
        self, path: Path, key: bytes | None = None, *, read_only: bool = False, gate: Gate | None = None
    ) -> None:
        """Open `path`, encrypted with the raw 32-byte `key` if one is given. StoreError when it cannot be used.

        `read_only` is for a copy that nobody writes to any more: nothing of it, and nothing beside it, is changed.
        `gate` of somebody who has the same file open.
        """
        if sqlite.sqlite_version_info < OLDEST_SQLITE:
            raise StoreError("store.sqlite_old", found=sqlite.sqlite_version)
        self.path = path
        self._read_only = read_only
        self._closed = False
        self._gate = gate or Gate(key)
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
        self._gate.users.add(self)
        if not read_only:
            claim_file(path)  # SQLite would let others read a new one, and its logs take their mode from it
        try:
            with self.read() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
        except StoreError:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; nothing is written through it."""
        with self._entered(), _translated(self.path), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that holds the write lock from its beginning; on return it is on stable storage."""
        with self._entered(), _translated(self.path), self._engine.connect() as plain:
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
                connection.exec_driver_sql(_one_row(table)).first()

    def backup_to(self, path: Path) -> None:
        """A whole copy under the same key, as of now. `path` must not exist."""
        with self._entered(), _translated(self.path), self._engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            claim_file(path)
            raw.execute("VACUUM INTO ?", (str(path),))

    def again(self, path: Path | None = None, *, read_only: bool = False) -> Database:
        """The same file once more, or another one under the same key: for a thread with a life of its own."""
        self._must_be_open()
        shared = self._gate if path is None and not read_only else None
        return Database(path or self.path, self._gate.key, read_only=read_only, gate=shared)

    @contextmanager
    def alone(self) -> Iterator[tuple[Any, Callable[[bytes], None]]]:
        """Everybody else waits, and no connection is open but the one given. The other is called with the key that the
        file has from then on. StoreError `store.busy` when somebody does not finish in time.
        """
        self._must_be_open()

        def go_on_with(key: bytes) -> None:
            self._gate.key = key

        with self._gate.alone(), _translated(self.path):
            connection = self._connect()
            try:
                yield connection, go_on_with
            finally:
                connection.close()

    @property
    def raw_key(self) -> bytes:
        """The key it has now, to open the file anew when another one has taken its place. Never for a file or a log."""
        key = self._gate.key
        assert key is not None, "this database is not encrypted"
        return key

    def _entered(self) -> AbstractContextManager[None]:
        return self._gate.entered(self._must_be_open)

    def let_go(self) -> None:
        self._engine.dispose()

    def close(self) -> None:
        """Nothing is read or written from here on: the engine alone would open the file again for whoever asks late."""
        self._closed = True
        self._engine.dispose()
        self._engine.clear_compiled_cache()  # thousands of objects, for as long as anybody remembers this database

    def _must_be_open(self) -> None:
        if self._closed:
            raise StoreError("store.closed")

    def _connect(self) -> Any:
        name = f"{self.path.as_uri()}?mode=ro&immutable=1" if self._read_only else str(self.path)
        connection = sqlite.connect(name, isolation_level=None, check_same_thread=False, timeout=5, uri=self._read_only)
        try:
            if (key := self._gate.key) is not None:
                connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")  # must come first
            for pragma in _READING if self._read_only else _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except sqlite.Error:
            connection.close()
            raise
        return connection


@cache
def _one_row(table: Table) -> str:
    """Every column by its name. Kept, for every start looks at some twenty tables."""
    return f"{select(table)} LIMIT 1"


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("station_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def may_come_back(problem: BaseException) -> bool:
    """Whether what failed so may be found done after a power cut: all of it was in the log, and only its sync failed.

    Of a full disk SQLite says so before the log has all of it.
    """
    cause = problem.__cause__
    return isinstance(problem, StoreError) and "disk I/O error" in str(getattr(cause, "orig", cause))


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
    if full:
        return StoreError("store.disk_full")
    # Which file it is decides what can be done about it.
    return StoreError(found.code, file=path.name) if found.code in ("store.corrupt", "store.wrong_key") else found


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
        "unsupported file format": "store.corrupt",
        "no such table": "store.corrupt",
        "no such column": "store.corrupt",
        "hmac check failed": "store.corrupt",
    }
    for words, code in known.items():
        if words in text:
            return StoreError(code)
    return StoreError("store.io", reason=text[:200])
