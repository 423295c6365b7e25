"""Rebuild `regions.tsv.gz` from a clone of github.com/cahyadsn/wilayah: every edition of the codes in one table.

    git clone https://github.com/cahyadsn/wilayah
    python resources/regions/build.py wilayah

The commit is fixed below, so the result is the same to the byte; NOTICE.md has its hash. To take in a new decree, add
its file to EDITIONS, set COMMIT and VERSION, run this, and copy the printed hashes to NOTICE.md.

The table is text, sorted by code. Its first line is `# regions 1 VERSION ROWS`: the format, the day of the newest
decree and how many rows follow. Then come the decrees, numbered, oldest first. Every row is `code, name, first, ended`
between tabs: the number of the decree that first had the code, and of the first one that no longer has it (empty: in
use). A name is the one of the last decree that has the code. A table from central has the same format.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import subprocess
import sys
from pathlib import Path

COMMIT = "b7ad440a1322e7be3189a16a8cac35f7d4c3d7f7"
VERSION = "2025-04-25"
EDITIONS = (
    ("Permendagri 56/2015", "db/archive/wilayah_2016.sql"),
    ("Permendagri 137/2017", "db/archive/wilayah_2018.sql"),
    ("Permendagri 72/2019", "db/archive/wilayah_2020.sql"),
    ("Permendagri 58/2021", "db/archive/wilayah_2022.sql"),
    ("Kepmendagri 100.1.1-6117/2022", "db/archive/wilayah_2023.sql"),
    ("Kepmendagri 300.2.2-2138/2025", "db/wilayah.sql"),
)
TARGET = Path(__file__).with_name("regions.tsv.gz")

# Every edition was dumped by another program: either quotation mark, doubled or escaped inside.
_ROW = re.compile(
    r"""\(\s*(?P<q>['"])(?P<code>\d\d(?:\.\d\d(?:\.\d\d(?:\.\d{4})?)?)?)(?P=q)\s*,"""
    r"""\s*(?:'(?P<one>(?:[^'\\]|''|\\.)*)'|"(?P<two>(?:[^"\\]|""|\\.)*)")\s*\)"""
)


def main() -> None:
    editions = [_edition(Path(sys.argv[1]), path) for _decree, path in EDITIONS]
    lines = _lines(editions)
    text = "\n".join((*_head(len(lines)), *lines, ""))
    TARGET.write_bytes(gzip.compress(text.encode("ascii"), 9, mtime=0))
    print(f"{TARGET.name} {hashlib.sha256(TARGET.read_bytes()).hexdigest()}")  # noqa: T201 - a tool speaks by printing


def _head(rows: int) -> list[str]:
    return [
        f"# regions 1 {VERSION} {rows}",
        *(f"# {number} {decree}" for number, (decree, _path) in enumerate(EDITIONS, 1)),
    ]


def _edition(clone: Path, path: str) -> dict[str, str]:
    """The names of one edition by code."""
    show = ["git", "-C", str(clone), "show", f"{COMMIT}:{path}"]
    data = subprocess.run(show, capture_output=True, check=True).stdout  # noqa: S603
    print(f"{path} {hashlib.sha256(data).hexdigest()}")  # noqa: T201 - a tool speaks by printing
    return {row["code"]: _name(row["code"], row) for row in _ROW.finditer(data.decode("utf-8"))}


def _name(code: str, row: re.Match[str]) -> str:
    name = row["one"] if row["one"] is not None else row["two"]
    name = name.replace("''", "'").replace("\\'", "'").replace("\u2019", "'")
    name = " ".join(name.split())
    return re.sub(r"^KAB\.? ", "KABUPATEN ", name) if len(code) == 5 else name


def _lines(editions: list[dict[str, str]]) -> list[str]:
    codes = sorted(set().union(*editions))
    return ["\t".join((code, *_life(code, editions))) for code in codes]


def _life(code: str, editions: list[dict[str, str]]) -> tuple[str, str, str]:
    """Name, first and ended. A code that one edition forgot and the next one has again has not ended."""
    numbers = [number for number, edition in enumerate(editions, 1) if code in edition]
    ended = "" if numbers[-1] == len(editions) else str(numbers[-1] + 1)
    return editions[numbers[-1] - 1][code], str(numbers[0]), ended


if __name__ == "__main__":
    main()
