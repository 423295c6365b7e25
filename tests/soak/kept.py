"""Whether captures and answers that were shown as kept are there: read from the database by plain SQL.

It imports nothing of the program. A copy of the file is read: two libraries on one file may damage it, and the next
start of the program has to find what the cut has left. Nobody may write to it meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlcipher3.dbapi2 as sqlite

from tests.soak.answers import ANSWERS, hash_of
from tests.soak.journal import Line, Told

Part = tuple[str, str]
"""Record id and part."""


def lost_of_drafts(lines: Iterable[Line], station: Path, key: str) -> tuple[str, ...]:
    """What is wrong with the drafts in the data folder `station`, whose database has the raw key `key` (in hex).

    The answers that were shown as kept have to be there, and the newest capture of each part, or one that was begun to
    take its place; until the record was shown as sealed or a packet of it is there: see checker.py. Every page has to
    be whole.
    """
    lines = tuple(lines)
    wanted = promised(lines)
    packed = {path.name.split(".")[0] for path in (station / "packets").glob("*/*.packet")}
    packed |= {line.record_id for line in lines if line.told in (Told.SEALED, Told.SETTLED)}
    try:
        found, whole = _kept(station / "applicants.db", key)
    except sqlite.DatabaseError as problem:
        return (f"the database of drafts cannot be read: {problem}",)
    wrong = [] if whole else ["the database of drafts is damaged"]
    for (record_id, part), enough in wanted.items():
        if record_id not in packed and found.get((record_id, part)) not in enough:
            wrong.append(f"{record_id} {part}: was shown as kept")
    return tuple(wrong)


def promised(lines: Iterable[Line]) -> dict[Part, set[str]]:
    """What each part that was shown as kept may hash to: the last that was kept, or one begun since."""
    found: dict[Part, set[str]] = {}
    for line in lines:
        where = line.record_id, line.part
        if line.told is Told.KEPT:
            found[where] = {line.sha256}
        elif line.told is Told.BEGUN and where in found:
            found[where].add(line.sha256)
    return found


def _kept(database: Path, key: str) -> tuple[dict[Part, str], bool]:
    with TemporaryDirectory() as folder, closing(sqlite.connect(_copied(database, Path(folder)))) as rows:
        rows.execute("PRAGMA cipher_log_level = NONE")
        rows.execute(f"PRAGMA key = \"x'{key}'\"")
        whole = rows.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
        pictures = rows.execute("SELECT record_id, part, image FROM capture").fetchall()
        typed = rows.execute("SELECT record_id, answers FROM record").fetchall()
    found = {(record_id, part): hashlib.sha256(image).hexdigest() for record_id, part, image in pictures}
    return found | {(record_id, ANSWERS): hash_of(json.loads(answers)) for record_id, answers in typed}, whole


def _copied(database: Path, folder: Path) -> str:
    for suffix in ("", "-wal"):
        path = database.with_name(database.name + suffix)
        if path.exists():
            shutil.copy(path, folder / path.name)
    return str(folder / database.name)
