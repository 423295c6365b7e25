"""What lies in one data folder, of a station or of central, as a stranger finds it. Imports nothing of the program."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.soak.packet_file import Key, is_whole, key_of


@dataclass
class Place:
    """What lies in one data folder. `listed` is what a central's database says; a station has no such list."""

    packets: list[tuple[Key, str]] = field(default_factory=list)
    broken: list[Key] = field(default_factory=list)
    """Packet files that are not whole, or of another record than their name says."""
    strange: list[str] = field(default_factory=list)
    """Packet files with a name that is no record's."""
    aside: set[tuple[Key, str]] = field(default_factory=set)
    purged: set[Key] = field(default_factory=set)
    listed: list[tuple[Key, str]] = field(default_factory=list)
    paths: dict[Key, Path] = field(default_factory=dict)
    """Where the packet file of each record is."""

    @classmethod
    def station(cls, folder: Path) -> Place:
        files = sorted((folder / "packets").glob("*/*"))
        sealed = [path for path in files if path.suffix == ".packet"]
        aside = [path for path in files if ".aside" in path.name]
        return cls(
            packets=list(packets_in(folder)),
            broken=[key for path in sealed if (key := key_of(path)) is not None and not is_whole(path)],
            strange=[path.name for path in sealed if key_of(path) is None],
            aside={
                (key, hashlib.sha256(path.read_bytes()).hexdigest())
                for path in aside
                if (key := key_of(path)) is not None
            },
            paths={key: path for path in sealed if (key := key_of(path)) is not None},
            purged={key for path in files if path.suffix == ".purged" and (key := key_of(path)) is not None},
        )

    @classmethod
    def central(cls, folder: Path | None) -> Place:
        if folder is None:
            return cls()
        return replace(cls.station(folder), listed=listed_by(folder))

    def __post_init__(self) -> None:
        self._files, self._rows = _by_key(self.packets), _by_key(self.listed)

    def files_of(self, key: Key) -> set[str]:
        """What the packet files of this record hash to."""
        return self._files.get(key, set())

    def rows_of(self, key: Key) -> set[str]:
        """What the database of this central says that they hash to."""
        return self._rows.get(key, set())


def _by_key(found: list[tuple[Key, str]]) -> dict[Key, set[str]]:
    by_key: dict[Key, set[str]] = {}
    for key, sha256 in found:
        by_key.setdefault(key, set()).add(sha256)
    return by_key


def packets_in(folder: Path) -> Iterator[tuple[Key, str]]:
    """Record, revision and SHA-256 of every packet file below `folder`/packets."""
    for path in sorted((folder / "packets").glob("*/*.packet")):
        key = key_of(path)
        if key is not None:
            yield key, hashlib.sha256(path.read_bytes()).hexdigest()


def listed_by(central: Path) -> list[tuple[Key, str]]:
    """What central's database says it has accepted: a row each."""
    with closing(sqlite3.connect(f"file:{central / 'central.db'}?mode=ro", uri=True)) as rows:
        found = rows.execute("SELECT record_id, revision, sha256 FROM packets").fetchall()
    return [((str(record_id), int(revision)), str(sha256)) for record_id, revision, sha256 in found]
