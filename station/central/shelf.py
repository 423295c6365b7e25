"""Where accepted packets stand, as they came: sealed. Knows no database and opens nothing."""

from __future__ import annotations

from pathlib import Path

from station.central.disk import full_disk_refused, sync_file, sync_folder
from station.domain.ids import random_part
from station.domain.record import RecordKey
from station.seal.packet import sha256_of


class Shelf:
    """One file per record key, spread over 256 folders."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder

    def path(self, key: RecordKey) -> Path:
        return self._folder / random_part(key.record_id)[:2] / f"{key}.packet"

    def put(self, source: Path, key: RecordKey) -> Path:
        """Move `source` to its place, for good: the file and both folders are on stable storage afterwards."""
        target = self.path(key)
        with full_disk_refused():
            target.parent.mkdir(exist_ok=True, mode=0o700)
            if source != target:
                sync_file(source)
                source.replace(target)
            sync_folder(target.parent)
            sync_folder(self._folder)
        return target

    def set_aside(self, key: RecordKey) -> None:
        """The packet is wanted again: keep the old file under another name until the new one is here."""
        if self.path(key).exists():
            self.path(key).replace(self._aside(key))

    def put_back(self, key: RecordKey, sha256: str) -> bool:
        """Give what was put aside its place again, for good, if these are the bytes. False without a file that can be
        read and is whole.
        """
        for source in (self.path(key), self._aside(key)):  # a stop may have come right before or after a move
            try:
                whole = source.exists() and sha256_of(source.read_bytes()) == sha256
            except OSError:
                whole = False
            if whole:
                self.put(source, key)
                return True
        return False

    def drop_aside(self, key: RecordKey) -> None:
        self._aside(key).unlink(missing_ok=True)

    def _aside(self, key: RecordKey) -> Path:
        return self.path(key).with_suffix(".aside")
