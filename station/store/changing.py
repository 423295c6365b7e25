"""A small file that several may change: read and replaced by one of them at a time. Must not know what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from station.domain.errors import StoreError
from station.store.folder import translate_os_error

SUFFIX = ".lock"
_PATIENCE_S = 10.0


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Nobody else changes `path` from its reading to its writing: no other thread and no other program that asks too.

    Who has it may ask again. StoreError `store.busy` when somebody does not finish in time, and others of the disk.
    """
    beside = path.with_name(path.name + SUFFIX)
    lock = FileLock(str(beside), timeout=_PATIENCE_S, mode=0o600, thread_local=True, is_singleton=True)
    try:
        lock.acquire()
    except Timeout:
        raise StoreError("store.busy") from None
    except OSError as problem:
        raise translate_os_error(problem) from problem
    try:
        yield
    finally:
        lock.release()
