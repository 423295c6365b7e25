"""The least that could be done with a target list: one encrypted table with two indexes, nothing checked or synced."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import pyrage
import sqlcipher3.dbapi2 as sqlite
import zstandard
from pyrage import x25519

from tests.bench.roster_bundle import Made


class BareRoster:
    """`seconds` is what filling it took."""

    def __init__(self, made: Made, path: Path) -> None:
        started = perf_counter()
        self._connection = sqlite.connect(str(path), isolation_level=None)
        self._connection.execute(f"PRAGMA key = \"x'{'ab' * 32}'\"")
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("CREATE TABLE person (nik INTEGER, name TEXT, line BLOB)")
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO person VALUES (?, ?, ?)", self._rows(made))
        self._connection.execute("COMMIT")
        self._connection.execute("CREATE UNIQUE INDEX person_nik ON person (nik)")
        self._connection.execute("CREATE INDEX person_name ON person (name)")
        self.seconds = perf_counter() - started

    def nik(self, nik: str) -> Any:
        return self._connection.execute("SELECT line FROM person WHERE nik = ?", (int(nik),)).fetchone()

    def name(self, text: str) -> list[Any]:
        begins, ends = text.upper(), text.upper() + "\U0010ffff"
        sql = "SELECT line FROM person WHERE name >= ? AND name < ? ORDER BY name LIMIT 50"
        return list(self._connection.execute(sql, (begins, ends)))

    @staticmethod
    def _rows(made: Made) -> Iterator[tuple[int, str, bytes]]:
        packed = io.BytesIO()
        with made.path.open("rb") as body:
            pyrage.decrypt_io(body, packed, [x25519.Identity.from_str(made.identity)])
        packed.seek(0)
        for line in io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(packed)):
            row = json.loads(line)
            if "nik" in row:
                yield int(row["nik"]), row["answers"]["name"], line
