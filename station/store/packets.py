"""Sealed packets as files: the truth, of which every database here is an index."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from station import failpoint
from station.domain.errors import StoreError
from station.domain.ids import is_record_id, random_part
from station.domain.record import RecordKey
from station.store.folder import sync_directory, translate_os_error, write_file

MAX_PACKET_BYTES = 16 * 1024 * 1024
_VOID = ".void"
_NAME = re.compile(r"(?P<record_id>[0-9a-f-]{36})\.(?P<revision>\d{1,4})\.(packet|void|purged)")


class PacketFolder:
    """`packets/<two hex digits>/<record_id>.<revision>.packet`. A file here is whole, or it is not here."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, key: RecordKey) -> Path:
        if not is_record_id(key.record_id):
            raise StoreError("packet.missing")
        return self.root / random_part(key.record_id)[:2] / f"{key}.packet"

    def write(self, key: RecordKey, data: bytes) -> None:
        """Put a packet on stable storage. After a power cut it is there whole, or not at all."""
        path = self.path(key)
        temporary = path.with_suffix(".tmp")
        try:
            if not path.parent.is_dir():
                path.parent.mkdir(mode=0o700, exist_ok=True)
                sync_directory(self.root)
            failpoint.reach("packet.folder_made")
            with suppress(FileNotFoundError):
                temporary.unlink()
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                failpoint.reach("packet.written")
                file.flush()
                os.fsync(file.fileno())
            failpoint.reach("packet.synced")
            temporary.replace(path)
            failpoint.reach("packet.renamed")
            sync_directory(path.parent)
            failpoint.reach("packet.durable")
        except OSError as problem:
            with suppress(OSError):
                temporary.unlink()
            raise translate_os_error(problem) from problem

    def read(self, key: RecordKey) -> bytes:
        """The whole packet; StoreError `packet.missing` or `packet.too_large`."""
        path = self.path(key)
        try:
            with path.open("rb") as file:
                data = file.read(MAX_PACKET_BYTES + 1)
        except FileNotFoundError:
            raise StoreError("packet.missing") from None
        except OSError as problem:
            raise translate_os_error(problem) from problem
        if len(data) > MAX_PACKET_BYTES:
            raise StoreError("packet.too_large")
        return data

    def discard_unoffered(self, key: RecordKey) -> bool:
        """Take back a packet that nobody has been told of, because its record could not be noted as sealed.

        False when the file is still here, or nobody can say: the next start would take it for what was sealed.
        """
        path = self.path(key)
        try:
            path.unlink(missing_ok=True)
            sync_directory(path.parent)
        except OSError:
            return _is_gone(path)
        return True

    def set_aside(self, key: RecordKey) -> None:
        """Keep a packet under a name that is no packet's: it is neither what is recorded now nor to be sent."""
        path, stamp = self.path(key), datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        try:
            path.rename(path.with_name(f"{path.name}.aside-{stamp}"))
            sync_directory(path.parent)
        except OSError as problem:
            raise translate_os_error(problem) from problem

    def was_set_aside(self, key: RecordKey) -> bool:
        """Whether a packet of this name was once set aside."""
        path = self.path(key)
        return any(path.parent.glob(f"{path.name}.aside-*"))

    def mark_void(self, key: RecordKey) -> None:
        """Say beside the packet that it shall never be sent: a lost outbox must not make anybody send it."""
        write_file(self.path(key).with_suffix(_VOID), b"")

    def unmark_void(self, key: RecordKey) -> None:
        """It was not given up after all. A power cut must not bring the mark back: the next start would believe it."""
        mark = self.path(key).with_suffix(_VOID)
        try:
            mark.unlink()
            sync_directory(mark.parent)
        except FileNotFoundError:
            return
        except OSError as problem:
            raise translate_os_error(problem) from problem

    def void_keys(self) -> tuple[RecordKey, ...]:
        """Packets that shall never be sent, whatever the outbox says."""
        return tuple(sorted(keys_of(self.root.glob(f"??/*{_VOID}")), key=str))

    def destroy(self, key: RecordKey) -> None:
        """Its days are over, and central has it: whoever calls has proved both. Doing it twice is harmless."""
        path = self.path(key)
        try:
            path.unlink(missing_ok=True)
            sync_directory(path.parent)
        except OSError as problem:
            raise translate_os_error(problem) from problem

    def intact(self, key: RecordKey, sha256: str) -> bool:
        """True when the file is still exactly what was sealed; StoreError `packet.missing` when it is gone."""
        return hashlib.sha256(self.read(key)).hexdigest() == sha256

    def all_keys(self) -> Iterator[RecordKey]:
        """Every packet here, oldest id first."""
        found = keys_of(self.root.glob("??/*.packet"))
        yield from sorted(found, key=lambda key: (key.record_id, key.revision))

    def clear_temporaries(self) -> int:
        """Remove what a power cut left half written; how many there were."""
        leftovers = list(self.root.glob("??/*.tmp"))
        for path in leftovers:
            path.unlink(missing_ok=True)
        return len(leftovers)


def keys_of(paths: Iterable[Path]) -> Iterator[RecordKey]:
    """The packets that files beside each other are about."""
    for path in paths:
        match = _NAME.fullmatch(path.name)
        if match and is_record_id(match["record_id"]):
            yield RecordKey(match["record_id"], int(match["revision"]))


def _is_gone(path: Path) -> bool:
    """True only when the disk says so: one that does not answer may still hold the file."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
