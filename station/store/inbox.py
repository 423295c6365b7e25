"""Where bundles from central arrive, piece by piece, and wait until somebody signs in. Sealed: it opens nothing.

inbox/bundles/roster-99.01.01-v3.jws      what central signed about it, from the beginning on
inbox/bundles/roster-99.01.01-v3.part     what has arrived
inbox/bundles/roster-99.01.01-v3.age      the same when it is whole and proven
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from station.store.folder import Folder, sync_directory, translate_os_error, write_file
from station.wire import BundleNotice

_STEM = re.compile(r"([a-z]+)-(.+)-v(\d{1,16})")


@dataclass(frozen=True)
class Arrived:
    """A bundle that is whole: its signed head, and the file with its body."""

    name: str
    version: int
    head: str
    body: Path


class Inbox:
    """Each method leaves files that a power cut cannot confuse: what is not whole has the wrong hash, or goes on."""

    def __init__(self, folder: Folder) -> None:
        self._root = folder.root / "inbox"
        self._folder = self._root / "bundles"

    def head(self, notice: BundleNotice) -> str | None:
        """The signed head of a bundle that has begun to arrive; None before. StoreError."""
        try:
            return self._path(notice, "jws").read_text("ascii")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            return ""
        except OSError as problem:
            raise translate_os_error(problem) from problem

    def begin(self, notice: BundleNotice, head: str) -> None:
        """Nothing of it is here; keep its head. StoreError."""
        try:
            for folder in (self._root, self._folder):
                folder.mkdir(exist_ok=True, mode=0o700)
            self._path(notice, "part").unlink(missing_ok=True)
        except OSError as problem:
            raise translate_os_error(problem) from problem
        write_file(self._path(notice, "jws"), head.encode("ascii"))

    def size(self, notice: BundleNotice) -> int:
        """Bytes that have arrived."""
        try:
            return self.part(notice).stat().st_size
        except FileNotFoundError:
            return 0

    def part(self, notice: BundleNotice) -> Path:
        """The file that grows."""
        return self._path(notice, "part")

    def append(self, notice: BundleNotice, data: bytes) -> None:
        """Keep what has arrived. Synced, so that a power cut costs nothing that was fetched. StoreError."""
        try:
            descriptor = os.open(self.part(notice), os.O_WRONLY | os.O_CREAT | os.O_APPEND | _BINARY, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as problem:
            raise translate_os_error(problem) from problem

    def finish(self, notice: BundleNotice) -> None:
        """It is whole and proven: let it be found. An older version of it that still waits is of no use any more."""
        try:
            self.part(notice).replace(self._path(notice, "age"))
            sync_directory(self._folder)
        except OSError as problem:
            raise translate_os_error(problem) from problem
        for other in self.arrived():
            if other.name == notice.name and other.version != notice.version:
                self.remove(other)

    def has(self, notice: BundleNotice) -> bool:
        """True when it is whole and waits."""
        return self._path(notice, "age").exists()

    def abandon(self, notice: BundleNotice) -> None:
        """Forget what has arrived of it."""
        for suffix in ("part", "jws"):
            self._path(notice, suffix).unlink(missing_ok=True)

    def clear(self, wanted: Collection[BundleNotice]) -> None:
        """Forget what has begun to arrive and is not wanted any more."""
        keep = {_stem(notice) for notice in wanted}
        for path in self._folder.glob("*.jws"):
            if path.stem not in keep and not path.with_suffix(".age").exists():
                path.with_suffix(".part").unlink(missing_ok=True)
                path.unlink(missing_ok=True)

    def arrived(self) -> tuple[Arrived, ...]:
        """Bundles that are whole, by name and version."""
        found = []
        for path in self._folder.glob("*.age"):
            match = _STEM.fullmatch(path.stem)
            head = path.with_suffix(".jws")
            if match and head.exists():
                text = head.read_text("ascii", errors="replace")
                found.append(Arrived(f"{match[1]}:{match[2]}", int(match[3]), text, path))
        return tuple(sorted(found, key=lambda item: (item.name, item.version)))

    def remove(self, arrived: Arrived) -> None:
        """It was taken in, or is worth nothing."""
        arrived.body.unlink(missing_ok=True)
        arrived.body.with_suffix(".jws").unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """Room on the disk."""
        return shutil.disk_usage(self._root.parent).free

    def _path(self, notice: BundleNotice, suffix: str) -> Path:
        return self._folder / f"{_stem(notice)}.{suffix}"


_BINARY = getattr(os, "O_BINARY", 0)


def _stem(notice: BundleNotice) -> str:
    return f"{notice.name.replace(':', '-')}-v{notice.version}"
