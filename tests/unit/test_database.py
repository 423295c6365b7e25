"""Opening a database: the key, the version of SQLite, the folder, and what writing at the same time does."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest
import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import insert

from station.domain.errors import StoreError
from station.seal.vault import new_database_key
from station.store import database as module
from station.store.database import OLDEST_SQLITE, Connection, Database, translate_sqlite_error
from station.store.tables import state
from tests.mounts import read_only_disk
from tests.support import good_answers

KEY = bytes(range(32))


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Database]:
    """An encrypted database with one table."""
    database = Database(tmp_path / "some.db", KEY)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE counter (day TEXT PRIMARY KEY, last INTEGER)")
    yield database
    database.close()


def value(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT coalesce(max(last), 0) FROM counter").scalar() or 0)


def test_what_was_written_is_there_when_it_is_opened_again(opened: Database) -> None:
    with opened.write() as connection:
        connection.exec_driver_sql("INSERT INTO counter VALUES ('2026-11-21', 7)")
    opened.close()
    again = Database(opened.path, KEY)
    with again.read() as connection:
        assert value(connection) == 7
    again.close()


def test_without_the_right_key_nothing_opens_and_nothing_is_changed(opened: Database) -> None:
    opened.close()
    before = opened.path.read_bytes()
    for key in (new_database_key(), None):
        with pytest.raises(StoreError) as problem:
            Database(opened.path, key)
        assert problem.value.code == "store.wrong_key"
    assert opened.path.read_bytes() == before


def test_a_wrong_key_writes_nothing_to_the_console(opened: Database, capfd: pytest.CaptureFixture[str]) -> None:
    opened.close()
    with pytest.raises(StoreError):
        Database(opened.path, new_database_key())
    assert capfd.readouterr() == ("", "")


def test_the_file_shows_neither_its_contents_nor_that_it_is_a_database(opened: Database) -> None:
    with opened.write() as connection:
        connection.exec_driver_sql("INSERT INTO counter VALUES ('SITI AMINAH', 7)")
    everything = b"".join(path.read_bytes() for path in opened.path.parent.iterdir())
    opened.close()
    everything += opened.path.read_bytes()
    assert b"SITI" not in everything
    assert b"SQLite format" not in everything
    assert KEY.hex().encode() not in everything
    assert KEY not in everything


def test_the_pragmas_that_keep_acknowledged_data_are_on(opened: Database) -> None:
    with opened.read() as connection:
        found = {
            name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar())
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "temp_store", "busy_timeout")
        }
        assert found == {
            "journal_mode": "wal",
            "synchronous": "2",
            "foreign_keys": "1",
            "secure_delete": "1",
            "temp_store": "2",
            "busy_timeout": "5000",
        }


def test_a_sqlite_that_can_lose_commits_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # An old SQLite cannot be installed beside the new one: the requirement is raised instead until ours is too old.
    monkeypatch.setattr(module, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(StoreError) as problem:
        Database(tmp_path / "some.db", KEY)
    assert problem.value.code == "store.sqlite_old"
    assert problem.value.data["found"]
    assert not list(tmp_path.iterdir())


def test_the_sqlite_in_use_is_new_enough_and_the_limit_is_that_of_the_wal_repair() -> None:
    assert OLDEST_SQLITE == (3, 51, 3)
    assert sqlite.sqlite_version_info >= OLDEST_SQLITE


def test_a_failed_transaction_leaves_nothing_and_announces_nothing(opened: Database) -> None:
    announced: list[int] = []
    opened.on_commit.append(lambda: announced.append(1))
    with pytest.raises(KeyError), opened.write() as connection:
        connection.exec_driver_sql("INSERT INTO counter VALUES ('2026-11-21', 7)")
        raise KeyError("a mistake")
    with opened.read() as connection:
        assert value(connection) == 0
    assert announced == []
    with opened.write() as connection:
        connection.exec_driver_sql("INSERT INTO counter VALUES ('2026-11-21', 7)")
        assert announced == []
    assert announced == [1]


def test_two_threads_that_read_and_then_write_never_fail_and_lose_nothing(opened: Database) -> None:
    rounds, start, failures = 40, Barrier(2), []

    def count() -> None:
        start.wait()
        for _ in range(rounds):
            try:
                with opened.write() as connection:
                    last = value(connection)
                    connection.exec_driver_sql("INSERT OR REPLACE INTO counter VALUES ('today', ?)", (last + 1,))
            except StoreError as problem:
                failures.append(problem.code)

    threads = [Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with opened.read() as connection:
        assert value(connection) == 2 * rounds


def test_a_writer_that_began_as_a_reader_would_fail_which_is_why_there_are_two_doors(opened: Database) -> None:
    with pytest.raises(StoreError) as problem, opened.read() as deferred:
        assert value(deferred) == 0
        with opened.write() as immediate:
            immediate.exec_driver_sql("INSERT INTO counter VALUES ('today', 1)")
        deferred.exec_driver_sql("INSERT OR REPLACE INTO counter VALUES ('today', 2)")
    assert problem.value.code == "store.busy"


def test_a_reader_sees_one_moment_while_others_write(opened: Database) -> None:
    with opened.read() as reader:
        assert value(reader) == 0
        with opened.write() as writer:
            writer.exec_driver_sql("INSERT INTO counter VALUES ('today', 1)")
        assert value(reader) == 0
    with opened.read() as reader:
        assert value(reader) == 1


def test_a_whole_copy_is_made_under_the_same_key(opened: Database, tmp_path: Path) -> None:
    with opened.write() as connection:
        connection.exec_driver_sql("INSERT INTO counter VALUES ('SITI AMINAH', 7)")
    opened.backup_to(tmp_path / "copy.db")
    assert b"SITI" not in (tmp_path / "copy.db").read_bytes()
    with pytest.raises(StoreError):
        Database(tmp_path / "copy.db", new_database_key())
    copy = Database(tmp_path / "copy.db", KEY)
    with copy.read() as connection:
        assert value(connection) == 7
    copy.close()
    with pytest.raises(StoreError):
        opened.backup_to(tmp_path / "copy.db")


@pytest.mark.parametrize("content", [b"garbage" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.db"
    for key in (KEY, None):
        path.write_bytes(content)
        with pytest.raises(StoreError) as problem:
            Database(path, key)
        assert problem.value.code in ("store.wrong_key", "store.corrupt")


def test_a_page_that_was_damaged_is_noticed(opened: Database) -> None:
    with opened.write() as connection:
        for number in range(300):
            connection.exec_driver_sql("INSERT INTO counter VALUES (?, ?)", (f"{number:0200d}", number))
    opened.close()
    data = bytearray(opened.path.read_bytes())
    data[len(data) // 2] ^= 1
    opened.path.write_bytes(data)
    with pytest.raises(StoreError) as problem:
        database = Database(opened.path, KEY)
        try:
            with database.read() as connection:
                connection.exec_driver_sql("SELECT count(*), sum(last) FROM counter").all()
        finally:
            database.close()
    assert problem.value.code == "store.corrupt"


TAKE_ITS_LOCKS = """
import fcntl, sys
SHARED_FIRST, SHARED_SIZE = 0x40000002, 510  # where SQLite has its locks
with open(sys.argv[1], "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, SHARED_SIZE, SHARED_FIRST)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a close takes locks away on POSIX only")
def test_the_locks_on_a_file_outlive_its_being_opened_once_more(opened: Database) -> None:
    """POSIX drops every lock of a process on a file when any of its descriptors of it is closed: another program could
    take itself for the only one that has it open.
    """
    once_more = opened.again()
    taken = subprocess.run([sys.executable, "-c", TAKE_ITS_LOCKS, str(opened.path)], capture_output=True, text=True)
    assert "BlockingIOError" in taken.stderr
    once_more.close()


def test_a_folder_where_nothing_can_be_made_is_read_only(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as problem:
        Database(tmp_path / "missing" / "some.db", KEY)
    assert problem.value.code == "store.read_only"


def test_a_database_on_a_read_only_disk_is_refused_with_that_reason(opened: Database, tmp_path: Path) -> None:
    opened.close()
    folder = tmp_path / "bound"
    folder.mkdir()
    (folder / "some.db").write_bytes(opened.path.read_bytes())
    with read_only_disk(folder):
        with pytest.raises(StoreError) as problem:
            database = Database(folder / "some.db", KEY)
            try:
                with database.write() as connection:
                    connection.exec_driver_sql("INSERT INTO counter VALUES ('today', 1)")
            finally:
                database.close()
        assert problem.value.code == "store.read_only"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("file is not a database", "store.wrong_key"),
        ("file is encrypted or is not a database", "store.wrong_key"),
        ("database or disk is full", "store.disk_full"),
        ("attempt to write a readonly database", "store.read_only"),
        ("unable to open database file", "store.read_only"),
        ("database is locked", "store.busy"),
        ("database table is locked", "store.busy"),
        ("database disk image is malformed", "store.corrupt"),
        ("disk I/O error", "store.io"),
    ],
)
def test_each_complaint_of_sqlite_has_its_own_code(text: str, code: str) -> None:
    assert translate_sqlite_error(text).code == code


def test_an_error_of_the_database_shows_no_row_in_its_whole_chain(opened: Database) -> None:
    with opened.write() as connection:
        connection.exec_driver_sql("CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT)")
        connection.execute(insert(state).values(name="a", value="1"))
    person = " ".join(good_answers().values())
    with pytest.raises(StoreError) as problem, opened.write() as connection:
        connection.execute(insert(state).values(name="a", value=person))
    shown = logging.Formatter().formatException((problem.type, problem.value, problem.tb))
    assert "UNIQUE" in shown
    assert "SITI" not in shown
    assert "9901016104880001" not in shown


def test_a_closed_database_is_not_opened_again_by_whoever_asks_late(opened: Database, tmp_path: Path) -> None:
    opened.close()

    def write() -> None:
        with opened.write() as connection:
            connection.exec_driver_sql("DELETE FROM counter")

    def read() -> None:
        with opened.read():
            pass

    for late in (read, write, lambda: opened.backup_to(tmp_path / "copy.db")):
        with pytest.raises(StoreError) as problem:
            late()
        assert problem.value.code == "store.closed"
