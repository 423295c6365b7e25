"""A folder that may be pulled out: written under another name, synced, read back from the medium, then renamed.

What the operating system complains of becomes a sentence about the stick. Must not know what is written.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from station.domain.errors import StoreError

PART = ".part"
MB = 1024 * 1024
SPARE_BYTES = 256 * 1024
"""Left free on the stick: its own tables grow with the file."""
_OLD_PART_S = 3600
_GONE = (errno.ENODEV, errno.ENXIO, errno.EIO, errno.ENOENT, errno.ENOTDIR, errno.ESTALE, errno.ENOTCONN, errno.EBADF)
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def create(path: Path) -> BinaryIO:
    """A new file for writing, unbuffered, so that every error comes where it happened."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    return os.fdopen(descriptor, "wb", buffering=0)


def sync(file: BinaryIO) -> None:
    """Bring what was written to the medium; an error here is as good as one while writing."""
    os.fsync(file.fileno())


def open_to_read(path: Path) -> BinaryIO:
    """An existing file, past what this computer remembers of it where the system can forget.

    OSError for what is no file, such as a pipe that nobody writes to, which would be waited for without end.
    """
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115  # Path.open takes no opener
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "not a file")
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


@contextmanager
def said_of_stick() -> Iterator[None]:
    """Turn the operating system's complaints into StoreError `stick.*`."""
    try:
        yield
    except OSError as problem:
        raise stick_error(problem) from problem


def stick_error(problem: OSError) -> StoreError:
    """`stick.full`, `stick.read_only`, `stick.gone` or `stick.io`."""
    if problem.errno in _NO_ROOM:
        return StoreError("stick.full")
    if problem.errno in _READ_ONLY:
        return StoreError("stick.read_only")
    if problem.errno in _GONE:
        return StoreError("stick.gone")
    return StoreError("stick.io", reason=problem.strerror or type(problem).__name__)


def check_room(folder: Path, needed: int) -> None:
    """StoreError `stick.no_room` with `needed_mb` and `free_mb` when it will not fit."""
    with said_of_stick():
        if not folder.is_dir():
            raise StoreError("stick.gone")
        free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise StoreError("stick.no_room", needed_mb=megabytes(needed + SPARE_BYTES), free_mb=free // MB)


def megabytes(size: int) -> int:
    """Whole megabytes that hold so many bytes."""
    return -(-size // MB)


def put(path: Path, write: Callable[[BinaryIO], None], prove: Callable[[BinaryIO], None]) -> None:
    """Make `path`: `write` fills it, `prove` reads it back. Whatever goes wrong, nothing stays that looks whole.

    StoreError `stick.*`; what `write` and `prove` raise besides OSError passes through.
    """
    part = path.with_name(path.name + PART)
    try:
        with said_of_stick():
            with create(part) as file:
                write(file)
                sync(file)
            with open_to_read(part) as back:
                prove(back)
            _rename(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def remove(path: Path) -> None:
    """Take a file back, if the stick still answers."""
    with suppress(OSError):
        path.unlink()


def clear_old_parts(folder: Path) -> None:
    """Remove what a stick that was pulled out kept half written. Another export's part is younger."""
    with suppress(OSError):
        for part in folder.glob(f"ktpel-*.zip{PART}"):
            if time.time() - part.stat().st_mtime > _OLD_PART_S:
                part.unlink()


def _rename(part: Path, path: Path) -> None:
    if path.exists():  # a name of ours has 48 random bits: whoever made it, it is not replaced
        raise StoreError("stick.name_taken")
    part.rename(path)
    if os.name == "nt":
        return
    with suppress(OSError):  # not every file system of a stick can sync a folder; the file itself is synced
        descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
