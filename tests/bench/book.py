"""build/bench.json: a plain list of rows. Rows that were not measured this time stay as they were."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tests.bench.row import Row


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Put `rows` into the list in place of earlier ones of the same names."""
    fresh = {row.name: row.as_json() for row in rows}
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    merged = {item["name"]: item for item in kept} | fresh
    lines = ",\n ".join(json.dumps(item, ensure_ascii=False) for item in merged.values())
    path.write_text(f"[{lines}]\n", encoding="utf-8")
