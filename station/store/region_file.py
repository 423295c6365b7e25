"""Reading a region table from its file, gzipped or plain: checked whole and refused whole.

The format is described in resources/regions/build.py. Only a table from central is checked row by row: that takes as
long as everything else, and for the shipped ones a test does it.
"""

from __future__ import annotations

import io
import re
import zlib
from pathlib import Path

from station.domain.errors import StoreError
from station.domain.regions import PROVINCES
from station.store.region_table import RegionTable

MOST_BYTES = 4_000_000
"""In the file; the table of 2025 has 0.7 MB."""
MOST_TEXT = 24_000_000
"""Unpacked; the table of 2025 has 3.1 MB. What unpacks to more is refused before it fills the memory."""

_GZIP = b"\x1f\x8b"
_FIRST = re.compile(r"# regions 1 (?P<version>[0-9]{4}-[0-9]{2}-[0-9]{2}) (?P<rows>[0-9]{1,7})\n")
_DECREE = re.compile(r"# (?P<number>[0-9]{1,3}) (?P<name>[!-~][ -~]{0,99})\n")
_ROW = re.compile(
    r"(?P<code>[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?)?)\t"
    r"(?P<name>[!-~](?: ?[!-~]){0,99})\t(?P<first>[0-9]{1,3})\t(?P<ended>[0-9]{0,3})\n"
)
_PARENT_LENGTH = {2: 0, 5: 2, 8: 5, 13: 8}


def read_regions(path: Path, *, provinces: frozenset[str] = PROVINCES, shipped: bool = False) -> RegionTable:
    """The table in `path`. StoreError `regions.refused` when anything in it is wrong; OSError: unreadable."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _refused("size")
    return _parse(_text(data), provinces, shipped)


def _text(data: bytes) -> str:
    try:
        if data.startswith(_GZIP):
            unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            data = unpacker.decompress(data, MOST_TEXT)
            # The end is only reached after the checksum fitted: a file that was cut never reaches it.
            if not unpacker.eof or unpacker.unused_data:
                raise _refused("cut or too long")
        return data.decode("ascii")
    except zlib.error:
        raise _refused("not gzip") from None
    except UnicodeDecodeError:
        raise _refused("not ASCII") from None


def _parse(text: str, provinces: frozenset[str], shipped: bool) -> RegionTable:
    first = _FIRST.match(text)
    if first is None:
        raise _refused("head")
    place = first.end()
    decrees: list[str] = []
    while decree := _DECREE.match(text, place):
        if int(decree["number"]) != len(decrees) + 1:
            raise _refused("decrees")
        decrees.append(decree["name"])
        place = decree.end()
    body = text[place:]
    if not shipped:
        _check_rows(body, len(decrees), int(first["rows"]), provinces)
    return RegionTable(first["version"], tuple(decrees), body)


def _check_rows(body: str, decrees: int, count: int, provinces: frozenset[str]) -> None:
    """As many rows as promised: of the right shape, in order, each below its parent, with decrees that exist."""
    previous, rows = "", 0
    open_areas, found = {0: ""}, set()
    for rows, line in enumerate(io.StringIO(body), 1):
        row = _ROW.fullmatch(line)
        if row is None:
            raise _refused("shape", rows)
        code, first, ended = row["code"], int(row["first"]), row["ended"]
        length = len(code)
        if code <= previous:
            raise _refused("order", rows)
        if open_areas.get(_PARENT_LENGTH[length]) != code[: _PARENT_LENGTH[length]]:
            raise _refused("parent", rows)
        if not 1 <= first <= decrees or (ended and not first < int(ended) <= decrees):
            raise _refused("decree", rows)
        previous = open_areas[length] = code
        found.add(code[:2])
    if rows != count:
        raise _refused("number of rows", rows)
    if found != provinces:
        raise _refused("provinces")


def _refused(why: str, row: int = 0) -> StoreError:
    return StoreError("regions.refused", why=why, row=row)
