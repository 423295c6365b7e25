"""Rows as a table for people."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.row import Row

_HEAD = ("name", "value", "unit", "beside", "ratio", "n", "beside what")
_LEFT = (0, 2, 6)


def table(rows: Sequence[Row]) -> str:
    """One line for each row, columns aligned."""
    lines = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    return "\n".join(_line(line, widths) for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    said = row.as_json()
    return tuple(str(said[key]) for key in ("name", "value", "unit", "beside", "ratio", "n", "beside_what"))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    parts = [
        cell.ljust(width) if column in _LEFT else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(parts).rstrip()
