"""The audit trail: an edited, deleted or inserted line is found, and where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from station.store import audit
from station.store.database import Connection, Database
from station.store.migrate import migrate
from tests.support import TODAY


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A trail of six lines."""
    database = Database(tmp_path / "applicants.db", bytes(32))
    migrate(database, "applicants")
    with database.write() as connection:
        for number in range(1, 7):
            audit.append(
                connection,
                at=TODAY + timedelta(minutes=number),
                operator_id="op-1",
                action="start" if number % 2 else "seal",
                record_id=f"record-{number % 3}" if number != 4 else None,
                revision=number,
            )
    yield database
    database.close()


def open_up(connection: Connection) -> None:
    """As somebody with the database key would do first."""
    for name in ("no_update", "no_delete", "in_order"):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS audit_{name}")


def change(database: Database, sql: str, *values: object) -> int | None:
    with database.write() as connection:
        open_up(connection)
        connection.exec_driver_sql(sql, values)
        return audit.first_broken(connection)


def test_a_trail_nobody_touched_is_whole(database: Database) -> None:
    with database.read() as connection:
        assert audit.first_broken(connection) is None
        assert audit.count(connection) == 6


def test_an_empty_trail_is_whole(database: Database) -> None:
    assert change(database, "DELETE FROM audit") is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("operator_id", "op-2"),
        ("action", "withdraw"),
        ("record_id", "record-9"),
        ("record_id", None),
        ("detail", '{"revision": 9}'),
        ("at", "2026-11-21T04:00:00.000000+00:00"),
        ("hash", "0" * 64),
    ],
)
def test_an_edited_line_is_found_and_located(database: Database, column: str, value: object) -> None:
    assert change(database, f"UPDATE audit SET {column} = ? WHERE number = 3", value) == 3


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_deleted_line_is_found_and_located(database: Database, number: int) -> None:
    assert change(database, "DELETE FROM audit WHERE number = ?", number) == number


def test_a_deleted_line_is_found_even_when_the_others_are_renumbered(database: Database) -> None:
    change(database, "DELETE FROM audit WHERE number = 3")
    assert change(database, "UPDATE audit SET number = number - 1 WHERE number > 3") == 3


def test_an_inserted_line_is_found_and_located(database: Database) -> None:
    for number in (6, 5, 4, 3):
        change(database, "UPDATE audit SET number = number + 1 WHERE number = ?", number)
    sql = "INSERT INTO audit SELECT 3, at, operator_id, 'withdraw', record_id, detail, hash FROM audit WHERE number = 4"
    assert change(database, sql) == 3


def test_a_line_added_at_the_end_by_hand_is_found(database: Database) -> None:
    sql = "INSERT INTO audit SELECT 7, at, operator_id, action, record_id, detail, hash FROM audit WHERE number = 6"
    assert change(database, sql) == 7


def test_two_lines_in_another_order_are_found(database: Database) -> None:
    change(database, "UPDATE audit SET number = 99 WHERE number = 2")
    change(database, "UPDATE audit SET number = 2 WHERE number = 3")
    assert change(database, "UPDATE audit SET number = 3 WHERE number = 99") == 2


def test_the_lines_of_a_record_are_read_back_oldest_first(database: Database) -> None:
    with database.read() as connection:
        lines = audit.lines_of(connection, "record-0")
        assert [(line.number, line.detail) for line in lines] == [(3, {"revision": 3}), (6, {"revision": 6})]
        assert lines[0].at == TODAY + timedelta(minutes=3)


def test_a_line_is_the_same_in_every_time_zone(database: Database) -> None:
    with database.write() as connection:
        jakarta = TODAY.astimezone(timezone(timedelta(hours=7)))
        audit.append(connection, at=jakarta, operator_id="op-1", action="sign_in")
        assert audit.first_broken(connection) is None


def test_a_transaction_that_fails_takes_its_line_with_it(database: Database) -> None:
    with pytest.raises(KeyError), database.write() as connection:
        audit.append(connection, at=TODAY, operator_id="op-1", action="sign_in")
        raise KeyError("a mistake")
    with database.read() as connection:
        assert audit.count(connection) == 6
