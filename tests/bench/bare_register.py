"""The record list in plain SQLite: one table in the clear, indexed, looked up by hand-written queries.

Must not know the program's own list: it is what that is measured beside.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from station.domain.rows import RecordRow

_COLUMNS = "record_id TEXT PRIMARY KEY, name TEXT, nik TEXT, number TEXT, changed TEXT, rest BLOB"
_REST = b"x" * 1500
"""About as much as the answers of a record take."""


class BareRegister:
    """`find` gives how many fit, and the newest of them."""

    def __init__(self, path: Path, rows: Sequence[RecordRow]) -> None:
        self._connection = sqlite3.connect(str(path), isolation_level=None)
        self._run(f"CREATE TABLE person ({_COLUMNS})")
        people = [row.record for row in rows]
        values = [(p.record_id, p.name, p.nik, p.registration_no, p.changed_at.isoformat(), _REST) for p in people]
        self._run("BEGIN")
        self._connection.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?)", values)
        self._run("COMMIT")
        self._run("CREATE INDEX person_name ON person (changed DESC, name)")
        self._run("CREATE INDEX person_nik ON person (nik)")
        self._run("CREATE INDEX person_number ON person (number)")

    def find(self, way: str, text: str, limit: int) -> tuple[int, list[Any]]:
        """By parts of a `name`, a whole `nik`, or a whole `number`."""
        if way == "name":
            words = [f"%{word}%" for word in text.upper().split()]
            condition = " AND ".join("name LIKE ?" for _ in words)
        else:
            words, condition = [text], f"{way} = ?"
        total = self._run(f"SELECT count(*) FROM person WHERE {condition}", words).fetchone()[0]
        page = f"SELECT * FROM person WHERE {condition} ORDER BY changed DESC LIMIT {limit}"
        return int(total), list(self._run(page, words))

    def close(self) -> None:
        self._connection.close()

    def _run(self, sql: str, values: Sequence[object] = ()) -> Any:
        return self._connection.execute(sql, tuple(values))
