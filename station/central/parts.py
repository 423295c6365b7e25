"""The bytes of uploads on their way, one file each: the size of the file is the offset. Knows no database."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from station.central.disk import full_disk_refused, sync_file, sync_folder
from station.central.problems import Refused
from station.wire import Problem


@dataclass(frozen=True)
class Turn:
    """The right to append to one upload, until somebody else takes it."""

    upload_id: str
    number: int


class Parts:
    """Appends in order. Of two writers to one upload the newer wins: the older is a connection that died unnoticed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._lock = threading.Lock()
        self._turns: dict[str, int] = {}

    def path(self, upload_id: str) -> Path:
        return self._folder / f"{upload_id}.part"

    def names(self) -> list[str]:
        """Upload ids that have bytes."""
        return [path.stem for path in self._folder.glob("*.part")]

    def offset(self, upload_id: str) -> int:
        """Bytes kept, all of them on stable storage."""
        path = self.path(upload_id)
        try:
            sync_file(path)
            return path.stat().st_size
        except FileNotFoundError:
            return 0

    def begin(self, upload_id: str, offset: int) -> Turn:
        """A turn to append at `offset`; Refused `offset-mismatch` when the file ends elsewhere."""
        path = self.path(upload_id)
        with self._lock, full_disk_refused():
            size = self.offset(upload_id)
            if size != offset:
                raise _offset_mismatch(size)
            if not path.exists():
                path.touch(mode=0o600)
                sync_folder(self._folder)
            number = self._turns.get(upload_id, 0) + 1
            self._turns[upload_id] = number
        return Turn(upload_id, number)

    def append(self, turn: Turn, data: bytes) -> None:
        """Write on; Refused `offset-mismatch` when the turn was taken over or the upload is gone."""
        path = self.path(turn.upload_id)
        with self._lock, full_disk_refused():
            if self._turns.get(turn.upload_id) != turn.number:
                raise _offset_mismatch(self.offset(turn.upload_id))
            with path.open("ab") as file:
                file.write(data)

    def drop(self, upload_id: str) -> None:
        """Delete the bytes, if there are any, and end whoever is writing."""
        with self._lock:
            self._turns.pop(upload_id, None)
            self.path(upload_id).unlink(missing_ok=True)

    def close_turns(self, upload_id: str) -> None:
        """Nobody may append any more: the file is complete."""
        with self._lock:
            self._turns.pop(upload_id, None)


def _offset_mismatch(offset: int) -> Refused:
    return Refused(Problem.OFFSET_MISMATCH, f"Central has {offset} bytes. Continue there.", offset=offset)
