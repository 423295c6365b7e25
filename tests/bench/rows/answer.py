"""How long one answer takes to be on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite

from station.desk import recording
from tests.bench.pairs import beside, milliseconds
from tests.bench.row import Row
from tests.bench.sealed_station import complete_draft
from tests.bench.site import Site
from tests.bench.workplace import offline_workplace

TURNS = 50
_KEY = "ab" * 32


def answer(site: Site) -> Iterator[Row]:
    """draft.answer_ms: `desk.recording.answer` of a changed answer of a full draft, as the officer leaves a field.

    Beside: one small row changed and committed, encrypted, by bare sqlcipher3.
    """
    root = site.folder("answer")
    with offline_workplace(root) as place, closing(_bare_database(root / "bare.db")) as bare:
        record_id = complete_draft(place, 1)

        def one(turn: int) -> float:
            return milliseconds(lambda: recording.answer(place.office, record_id, "rt", f"{turn % 9 + 1:03d}"))

        def raw(turn: int) -> float:
            return milliseconds(lambda: bare.execute("UPDATE answer SET text = ? WHERE number = 1", (f"{turn:03d}",)))

        one(-1), raw(-1)
        value, other = beside(TURNS, one, raw)
    yield Row("draft.answer_ms", value, "ms", other, "one encrypted row committed by bare sqlcipher3", TURNS)


def _bare_database(path: Path) -> Any:
    """WAL, each commit synced, every statement its own transaction."""
    connection = sqlite.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{_KEY}'\"")
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE answer (number INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("INSERT INTO answer VALUES (1, '')")
    return connection
