"""Bringing a database to the newest schema: with a copy before, all or nothing, and never backwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from station.domain.errors import StoreError
from station.domain.service import Service
from station.store import migrate as module
from station.store import records
from station.store.database import Database
from station.store.migrate import HEADS, migrate
from station.store.tables import _applicants, _outbox

KEY = bytes(range(32))
TODAY = HEADS["applicants"]
TOMORROW = f"{int(TODAY) + 1:04d}"
SECOND = f"""
import sqlalchemy as sa
from alembic import op

revision = "{TOMORROW}"
down_revision = "{TODAY}"


def upgrade() -> None:
    op.add_column("record", sa.Column("remark", sa.String(10)))
"""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "applicants.db", KEY)
    yield database
    database.close()


@pytest.fixture
def tomorrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The scripts of a later program, which has one step more."""
    scripts = Path(shutil.copytree(module._SCRIPTS, tmp_path / "scripts"))
    step = scripts / "applicants" / "versions" / f"{TOMORROW}_later.py"
    step.write_text(SECOND)
    monkeypatch.setattr(module, "_SCRIPTS", scripts)
    monkeypatch.setitem(HEADS, "applicants", TOMORROW)
    return step


def version(database: Database) -> str | None:
    with database.read() as connection:
        return module._version(connection)


def test_the_heads_named_in_the_program_are_those_of_the_scripts() -> None:
    for history, head in HEADS.items():
        assert ScriptDirectory(str(module._SCRIPTS / history)).get_heads() == [head]


@pytest.mark.parametrize(("history", "metadata"), [("applicants", _applicants), ("outbox", _outbox)])
def test_the_migrations_make_the_tables_the_program_uses(tmp_path: Path, history: str, metadata: object) -> None:
    database = Database(tmp_path / "x.db", KEY)
    migrate(database, history)
    expected = _applicants if metadata is _applicants else _outbox
    with database.read() as connection:
        found = inspect(connection)
        assert set(found.get_table_names()) == {*expected.tables, "alembic_version"}
        for name, table in expected.tables.items():
            assert {column["name"] for column in found.get_columns(name)} == set(table.columns.keys())
    database.close()


def test_a_new_database_gets_no_copy_and_a_current_one_is_left_alone(opened: Database, tmp_path: Path) -> None:
    migrate(opened, "applicants")
    assert version(opened) == HEADS["applicants"]
    migrate(opened, "applicants")
    assert [path.name for path in tmp_path.iterdir() if "before" in path.name] == []


def test_an_older_database_is_copied_and_then_brought_up(
    opened: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    migrate(opened, "applicants")
    with opened.write() as connection:
        connection.exec_driver_sql("INSERT INTO counter VALUES ('2026-11-21', 7)")
    request.getfixturevalue("tomorrow")
    (tmp_path / f"applicants.db.before-{TOMORROW}").write_text("left by an earlier try")
    migrate(opened, "applicants")
    assert version(opened) == TOMORROW
    with opened.read() as connection:
        assert "remark" in {column["name"] for column in inspect(connection).get_columns("record")}
        assert connection.exec_driver_sql("SELECT last FROM counter").scalar() == 7
    copy = Database(tmp_path / f"applicants.db.before-{TOMORROW}", KEY)
    assert version(copy) == TODAY
    with copy.read() as connection:
        assert connection.exec_driver_sql("SELECT last FROM counter").scalar() == 7
        assert "remark" not in {column["name"] for column in inspect(connection).get_columns("record")}
    copy.close()


def test_a_step_that_fails_half_way_changes_nothing_and_the_copy_stays(
    opened: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    migrate(opened, "applicants")
    step: Path = request.getfixturevalue("tomorrow")
    step.write_text(SECOND + '    op.execute("INSERT INTO nowhere VALUES (1)")\n')
    with pytest.raises(StoreError):
        migrate(opened, "applicants")
    assert version(opened) == TODAY
    with opened.read() as connection:
        assert "remark" not in {column["name"] for column in inspect(connection).get_columns("record")}
    assert (tmp_path / f"applicants.db.before-{TOMORROW}").is_file()
    step.write_text(SECOND)
    module._steps_in.cache_clear()  # the program that is started next
    migrate(opened, "applicants")
    assert version(opened) == TOMORROW


@pytest.mark.parametrize("found", [TOMORROW, "zzzz"])
def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(opened: Database, found: str) -> None:
    migrate(opened, "applicants")
    with opened.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (found,))
    before = sorted(path.name for path in opened.path.parent.iterdir())
    with pytest.raises(StoreError) as problem:
        migrate(opened, "applicants")
    assert (problem.value.code, problem.value.data) == ("store.too_new", {"found": found})
    assert version(opened) == found
    assert sorted(path.name for path in opened.path.parent.iterdir()) == before


def test_a_record_of_the_first_program_is_still_there_after_the_second_step(opened: Database, tmp_path: Path) -> None:
    migrate_to(opened, "0001")
    with opened.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO record (record_id, revision, state, registration_no, form_version, answers, confirmed,"
            " exceptions, refused, step, operator_id, started_at, changed_at) VALUES ('r', 1, 'draft', 'R-1', 1,"
            """ '{"nik": "9901011708850001", "birth_date": "1985-08-17"}', '[]', '[]', '[]', 'biodata', 'op',"""
            " '2026-11-21T00:00:00+00:00', '2026-11-21T00:00:00+00:00')"
        )
    migrate(opened, "applicants")
    with opened.read() as connection:
        stored = records.get(connection, "r")
    assert stored is not None
    assert (stored.record.nik, stored.service, dict(stored.listed), stored.ready_at) == (
        "9901011708850001",
        Service.NEW,
        {},
        None,
    )


def migrate_to(database: Database, revision: str) -> None:
    """Bring an empty database to `revision`, as an older program would have."""
    script = ScriptDirectory(str(module._SCRIPTS / "applicants"))
    with database.write() as connection:
        context = MigrationContext.configure(connection)
        with Operations.context(context):
            for step in reversed(list(script.iterate_revisions(revision, "base"))):
                step.module.upgrade()
        context._ensure_version_table()
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (revision,))
