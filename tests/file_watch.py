"""Sees every file that some processes write, also one that is gone a moment later: Linux's fanotify, root only."""

from __future__ import annotations

import base64
import ctypes
import os
import select
import struct
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic
from urllib.parse import quote, quote_plus

_CLOEXEC, _NONBLOCK, _UNLIMITED_QUEUE = 0x1, 0x2, 0x10
_ADD, _FILESYSTEM = 0x1, 0x100
_MODIFY, _CLOSE_WRITE = 0x2, 0x8
_AT_CWD = -100
_EVENT = struct.Struct("IBBHQii")
_MOST_BYTES = 64 * 1024 * 1024
_AGAIN_S = 0.1
"""A file that is being written is read at most so often; at its closing always."""
_PICTURES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"\xff\xa0": "WSQ",
    b"\x00\x00\x00\x0cjP": "JP2",
    b"%PDF": "PDF",
}
_REAL_FILES = frozenset({"ext4", "xfs", "btrfs", "overlay", "tmpfs", "vfat", "f2fs"})


class NoWatch(Exception):
    """This computer does not let us watch; the text says why."""


class FileWatch:
    """What `words` are found in, and which pictures, in any file that `root` and its children write while it is open.

    `found` and `files` grow meanwhile; both are complete after `close`.
    """

    def __init__(self, words: Sequence[str], *, spared: Sequence[Path] = ()) -> None:
        """`spared` folders are not looked at. NoWatch when it cannot be done."""
        self.found: set[tuple[str, str]] = set()
        self.files: set[str] = set()
        self._forms = [(word, form) for word in words for form in forms_of(word)]
        self._spared = tuple(str(path) for path in spared)
        self._mine: set[int] = set()
        self._strangers: set[int] = {os.getpid()}
        self._read_at: dict[str, float] = {}
        self._last = ""
        self._handle = _open()
        self._thread = Thread(target=self._run, name="file-watch", daemon=True)
        self._thread.start()

    def follow(self, pid: int) -> None:
        """This process, and whomever it starts."""
        self._mine.add(pid)
        self._strangers.discard(pid)

    def close_reading(self) -> None:
        """Everything that was written before this call has been looked at when it returns; else TimeoutError.

        Events come in their order, so the last one is of a file of our own: other programs may write on for ever.
        """
        if self._thread.is_alive():
            with tempfile.NamedTemporaryFile() as last:
                self._last = last.name
                last.write(b"last")
                last.flush()
                self._thread.join(60)
        if self._thread.is_alive():
            raise TimeoutError("too much is written on this computer to look at all of it")

    def close(self) -> None:
        self.close_reading()
        os.close(self._handle)

    def _run(self) -> None:
        over = False
        while not over:
            select.select([self._handle], [], [])
            over = self._take(os.read(self._handle, 16 * 1024))

    def _take(self, events: bytes) -> bool:
        """Whether the last event of all is among them."""
        place, over = 0, False
        while place < len(events):
            length, _, _, _, mask, file, pid = _EVENT.unpack_from(events, place)
            place += length
            if file < 0:
                continue
            try:
                if self._is_mine(pid):
                    self._look(file, closing=bool(mask & _CLOSE_WRITE))
                elif self._last and pid == os.getpid():
                    over = over or _path(file) == self._last
            finally:
                os.close(file)
        return over

    def _is_mine(self, pid: int) -> bool:
        if pid not in self._mine and pid not in self._strangers:
            mine = any(parent in self._mine for parent in _ancestors(pid))
            (self._mine if mine else self._strangers).add(pid)
        return pid in self._mine

    def _look(self, file: int, *, closing: bool) -> None:
        with suppress(OSError):
            path = _path(file)
            if path.startswith(self._spared) or path.endswith(".pyc"):
                return
            now = monotonic()
            if not closing and now - self._read_at.get(path, 0) < _AGAIN_S:
                return
            self._read_at[path] = now
            self.files.add(path)
            content = os.pread(file, _MOST_BYTES, 0)
            self.found |= {(path, word) for word, form in self._forms if form in content}
            self.found |= {(path, kind) for start, kind in _PICTURES.items() if content.startswith(start)}


def _path(file: int) -> str:
    return str(Path(f"/proc/self/fd/{file}").readlink())


def forms_of(word: str) -> set[bytes]:
    """The ways in which a word may stand in a file and still be read by anybody."""
    plain = word.encode()
    forms = {plain, plain.lower(), word.encode("utf-16-le"), word.encode("utf-16-be"), plain.hex().encode()}
    forms |= {quote(word).encode(), quote_plus(word).encode(), plain.hex().upper().encode()}
    for before in range(3):  # in the middle of something longer, base 64 looks different in three ways
        encoded = base64.b64encode(b"\0" * before + plain)
        forms.add(encoded[(before * 8 + 5) // 6 : len(encoded) // 4 * 4 - 4])
    return {form for form in forms if len(form) >= 8}


def _ancestors(pid: int) -> Iterator[int]:
    with suppress(OSError, ValueError, IndexError):
        while pid > 1:
            yield pid
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _open() -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "fanotify_init"):
        raise NoWatch("this system has no fanotify")
    handle = libc.fanotify_init(_CLOEXEC | _NONBLOCK | _UNLIMITED_QUEUE, os.O_RDONLY | os.O_CLOEXEC)
    if handle < 0:
        raise NoWatch(f"fanotify: {os.strerror(ctypes.get_errno())}")
    for mount in _mounts():
        marked = libc.fanotify_mark(
            handle, _ADD | _FILESYSTEM, ctypes.c_uint64(_MODIFY | _CLOSE_WRITE), _AT_CWD, mount.encode()
        )
        if marked < 0 and mount == "/":
            os.close(handle)
            raise NoWatch(f"fanotify: {os.strerror(ctypes.get_errno())}")
    return int(handle)


def _mounts() -> list[str]:
    lines = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    found = [line[1] for line in lines if line[2] in _REAL_FILES]
    return ["/", *(mount for mount in found if mount != "/")]
