"""The safe that every computer has: a file that only this program's user can read. Protects from nobody who has the
disk and that user's rights, and says so. Must not know what the secret opens.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from station.domain.errors import StoreError
from station.domain.safe import SafeKind
from station.store.folder import write_file
from station.store.safes.safe import SECRET_BYTES


class PlainFile:
    """`path` is the file; its folder is there."""

    kind = SafeKind.FILE
    usable = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, secret: bytes) -> None:
        write_file(self._path, secret)

    def take(self) -> bytes:
        try:
            with self._path.open("rb") as file:
                found = file.read(SECRET_BYTES + 1)
        except OSError as problem:
            raise StoreError("safe.empty", safe=self.kind.value) from problem
        if len(found) != SECRET_BYTES:
            raise StoreError("safe.empty", safe=self.kind.value)
        return found

    def forget(self) -> None:
        with suppress(OSError):
            self._path.unlink()
