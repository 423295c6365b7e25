"""Bringing a database to the newest schema: a step at a time, with a copy before, and never backwards.

Alembic is loaded only when there is something to do: it costs a tenth of a second at every start otherwise.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect

from station.domain.errors import StoreError
from station.store.database import Database

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

HEADS = {"applicants": "0006", "outbox": "0005"}
"""The newest revision of each history; a test compares them with the scripts."""

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(database: Database, history: str) -> None:
    """Upgrade to the head of `history`. StoreError `store.too_new` for a database of a newer program."""
    with database.read() as connection:
        found = _version(connection)
        if found is None and inspect(connection).get_table_names():
            raise StoreError("store.corrupt")  # tables that no migration of ours made
    if found == HEADS[history]:
        return
    if found is not None:
        if found not in _known(history):
            raise StoreError("store.too_new", found=found)
        copy = database.path.with_name(f"{database.path.name}.before-{HEADS[history]}")
        copy.unlink(missing_ok=True)
        database.backup_to(copy)
    _upgrade(database, history)


def is_newest(database: Database, history: str) -> bool:
    """Whether `migrate` would have nothing to do. Nothing is changed."""
    with database.read() as connection:
        return _version(connection) == HEADS[history]


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


@cache
def _steps_in(folder: Path) -> ScriptDirectory:
    """The scripts of one history, read once."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(folder))


def _known(history: str) -> set[str]:
    return {step.revision for step in _steps_in(_SCRIPTS / history).walk_revisions()}


def _upgrade(database: Database, history: str) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    script = _steps_in(_SCRIPTS / history)

    def steps(revision: object, _context: object) -> object:
        return script._upgrade_revs("head", revision)  # type: ignore[arg-type]

    with database.write() as connection:
        context = EnvironmentContext(Config(), script, fn=steps)
        with context:
            context.configure(connection=connection, transactional_ddl=False)
            context.run_migrations()
