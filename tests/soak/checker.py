"""Compares what the operator was told with the packets on disk and with what central has. The judge of every harness.

It shares no code with the program and imports nothing of it: files are read as files, packets as ZIP, central's
database with Python's own SQLite. What the program believes about itself is not asked.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.soak.journal import Line, Told
from tests.soak.tally import Tally

Key = tuple[str, int]
"""Record id and revision."""


@dataclass(frozen=True)
class Verdict:
    """What was found. Each entry names the record and says what is wrong with it: never what is in it."""

    acknowledged: int
    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def tally(self, cuts: int) -> Tally:
        return Tally(cuts, self.acknowledged, len(self.lost), len(self.doubled), len(self.changed))


def check(
    lines: Iterable[Line], stations: Sequence[Path] = (), central: Path | None = None, *, drained: bool = False
) -> Verdict:
    """Judge `stations` (data folders) and `central` (its data folder) by what was told.

    Sealed: the same bytes are in a station's folder, or central has them. With `drained` central must have them, once.
    Settled: central must have them. What nobody has begun must be nowhere; two records never have the same bytes.
    """
    said = list(lines)
    on_disk = [*(found for folder in stations for found in packets_in(folder))]
    shelf = dict(packets_in(central)) if central is not None else {}
    listed = listed_by(central) if central is not None else []
    judge = _Judge(on_disk, shelf, listed)
    promised = {(line.record_id, line.revision): line.sha256 for line in said if line.told is Told.SEALED}
    settled = {(line.record_id, line.revision): line.sha256 for line in said if line.told is Told.SETTLED}
    for key, sha256 in promised.items():
        judge.sealed(key, sha256, at_central=drained or key in settled)
    for key, sha256 in settled.items():
        if key not in promised:
            judge.sealed(key, sha256, at_central=True)
    judge.nothing_twice({line.record_id for line in said})
    return judge.verdict(len(promised | settled))


def packets_in(folder: Path) -> Iterator[tuple[Key, str]]:
    """Record, revision and SHA-256 of every packet file below `folder`/packets."""
    for path in sorted((folder / "packets").glob("*/*.packet")):
        record_id, revision = path.name.removesuffix(".packet").rsplit(".", 1)
        yield (record_id, int(revision)), hashlib.sha256(path.read_bytes()).hexdigest()


def is_whole(path: Path) -> bool:
    """Whether a packet file is a ZIP of two parts, each with the check sum that it says."""
    try:
        with zipfile.ZipFile(path) as archive:
            return len(archive.namelist()) == 2 and archive.testzip() is None
    except (zipfile.BadZipFile, OSError, EOFError):
        return False


def listed_by(central: Path) -> list[tuple[Key, str]]:
    """What central's database says it has accepted: a row each."""
    with closing(sqlite3.connect(f"file:{central / 'central.db'}?mode=ro", uri=True)) as rows:
        found = rows.execute("SELECT record_id, revision, sha256 FROM packets").fetchall()
    return [((str(record_id), int(revision)), str(sha256)) for record_id, revision, sha256 in found]


class _Judge:
    """Collects what is wrong."""

    def __init__(self, on_disk: list[tuple[Key, str]], shelf: Mapping[Key, str], listed: list[tuple[Key, str]]) -> None:
        self._on_disk, self._shelf, self._listed = on_disk, shelf, listed
        self._lost: list[str] = []
        self._doubled: list[str] = []
        self._changed: list[str] = []

    def sealed(self, key: Key, sha256: str, *, at_central: bool) -> None:
        """The bytes that were promised: where they have to be, and the same everywhere."""
        own = [found for where, found in self._on_disk if where == key]
        listed = [found for where, found in self._listed if where == key]
        shelf = self._shelf.get(key)
        if at_central and (not listed or shelf is None):
            self._lost.append(f"{_name(key)}: central does not have it")
        elif not own and not listed:
            self._lost.append(f"{_name(key)}: nowhere")
        elif listed and shelf is None:
            self._lost.append(f"{_name(key)}: central lists it and has no file")
        others = {found for found in [*own, *listed, *([shelf] if shelf else [])] if found != sha256}
        if others:
            self._changed.append(f"{_name(key)}: other bytes")

    def nothing_twice(self, begun: set[str]) -> None:
        """Nothing that nobody began; no record twice; no bytes under two names."""
        everywhere = {*(key for key, _ in self._on_disk), *self._shelf, *(key for key, _ in self._listed)}
        self._doubled += [f"{_name(key)}: nobody began it" for key in sorted(everywhere) if key[0] not in begun]
        self._doubled += [
            f"{_name(key)}: listed twice" for key, times in Counter(k for k, _ in self._listed).items() if times > 1
        ]
        for what, found in (("on disk", self._on_disk), ("at central", self._listed)):
            names: dict[str, set[Key]] = {}
            for key, sha256 in found:
                names.setdefault(sha256, set()).add(key)
            self._doubled += [
                f"{what}: the same bytes are {len(same)} records" for same in names.values() if len(same) > 1
            ]

    def verdict(self, acknowledged: int) -> Verdict:
        return Verdict(acknowledged, tuple(self._lost), tuple(self._doubled), tuple(self._changed))


def _name(key: Key) -> str:
    return f"{key[0]}.{key[1]}"
