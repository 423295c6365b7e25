"""Watches every system call of a process that touches one folder, through strace, and writes a DiskLog.

Nothing of it runs inside the program: what SQLite and Python do to the disk is seen as the kernel sees it. What it does
not understand it does not pass over: a call that could change the folder in another way is an error.
"""

from __future__ import annotations

import ctypes
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.soak.disk_log import DiskLog, Name, Rename, Said, Sync, Truncate, Write
from tests.soak.harness import Broken
from tests.soak.journal import Line, Told

CALLS = (
    "open,openat,openat2,creat,write,pwrite64,truncate,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,"
    "unlinkat,mkdir,mkdirat,rmdir,lseek,mmap,writev,pwritev,pwritev2,fallocate,link,linkat,symlink,symlinkat,"
    "copy_file_range,sendfile,splice,sync_file_range,msync,sync,syncfs,io_uring_setup"
)
_UNKNOWN = frozenset(CALLS[CALLS.index("writev") :].split(","))
_ANY_TRACER, _PR_SET_PTRACER = -1, 0x59616D61
_LONGEST = 64 * 1024 * 1024
_CALL = re.compile(r"(?P<pid>\d+) +(?P<call>\w+)\((?P<rest>.*)\) += (?P<result>\w+)(?P<more>.*)")
"""Of a call that was done: a refused one has the result -1."""
_RESUMED = re.compile(r"(?P<pid>\d+) +<\.\.\. \w+ resumed>(?P<rest>.*)")
_UNFINISHED = " <unfinished ...>"
_TEXT = re.compile(r'"(?P<hex>(?:\\x[0-9a-f]{2})*)"(?P<cut>\.\.\.)?')
_DESCRIPTOR = re.compile(r"(?P<number>\d+|AT_FDCWD)<(?P<path>[^>]*)>")


def missing() -> str:
    """Why nobody can be watched here, in a sentence."""
    return "" if shutil.which("strace") else "strace is not installed (make soak installs it as root)"


def let_anybody_watch() -> None:
    """Said by the process itself, where only parents may watch: whoever watches is none of them."""
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(_ANY_TRACER), 0, 0, 0)


@contextmanager
def watched(pid: int, written_to: Path) -> Iterator[None]:
    """While inside, what the process `pid` does is written down. It ends there at the latest when the process ends."""
    command = ["strace", "-f", "-y", "-xx", "-s", str(_LONGEST), "-e", f"trace={CALLS}", "-o", str(written_to)]
    tracer = subprocess.Popen([*command, "-p", str(pid)], stderr=subprocess.PIPE, text=True)
    try:
        assert tracer.stderr is not None
        told = tracer.stderr.readline()
        if "attached" not in told:
            raise Broken(f"strace does not watch: {told.strip()}")
        yield
        tracer.wait(60)
    finally:
        tracer.kill()
        tracer.communicate()


def read_trace(trace: Path, root: Path, journal: Path, log: DiskLog) -> DiskLog:
    """`log`, which knows `root` as it was when the watching began, with all deeds in `trace`."""
    reader = _Reader(root, journal, log)
    with trace.open(encoding="ascii") as lines:
        for line in _whole(lines):
            if found := _CALL.match(line):
                reader.take(found["call"], found["rest"], found["result"], int(found["pid"]))
    return log


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """Each call in one line, at the place where it was done. Of a call that lasted, others stand in between."""
    begun: dict[str, str] = {}
    for line in lines:
        text = line.rstrip("\n")
        if text.endswith(_UNFINISHED):
            begun[text.split(maxsplit=1)[0]] = text.removesuffix(_UNFINISHED)
        elif resumed := _RESUMED.match(text):
            yield begun.pop(resumed["pid"]) + resumed["rest"]
        else:
            yield text


class _Reader:
    """Follows which number each name and each open file has."""

    def __init__(self, root: Path, journal: Path, log: DiskLog) -> None:
        self._root, self._journal, self._log = str(root), str(journal), log
        self._names = dict(log.names)
        self._folders = set(log.folders)
        self._newest = max([0, *log.names.values()])
        self._open: dict[int, int] = {}
        self._at: dict[int, int] = {}
        self._appends: set[int] = set()
        self._threads: set[int] = set()
        self._sizes = {number: len(data) for number, data in log.files.items()}

    def take(self, call: str, rest: str, result: str, thread: int) -> None:
        """One call. Calls of several threads have no order that is known here: only one may touch the folder."""
        before = len(self._log.deeds)
        self._take(call, rest, result)
        if len(self._log.deeds) > before:
            self._threads.add(thread)
            if len(self._threads) > 1:
                raise Broken("two threads change the folder")

    def _take(self, call: str, rest: str, result: str) -> None:
        paths = [self._text(found["hex"]) for found in _TEXT.finditer(rest)] if call not in _DATA else []
        held = [(found["number"], self._text(found["path"])) for found in _DESCRIPTOR.finditer(rest)]
        if call in ("open", "openat", "openat2", "creat"):
            self._opened(self._below(paths[0], held), rest, int(result))
        elif call in ("rename", "renameat", "renameat2"):
            self._renamed(self._below(paths[0], held), self._below(paths[1], held[1:]))
        elif call in ("unlink", "unlinkat", "rmdir"):
            self._unlinked(self._below(paths[0], held))
        elif call in ("mkdir", "mkdirat"):
            self._made(self._below(paths[0], held))
        elif held and held[0][0].isdigit():
            self._on_open_file(call, int(held[0][0]), held[0][1], rest, result)
        if call in _UNKNOWN and any(self._is_inside(path) for path in [*paths, *(path for _, path in held)]):
            raise Broken(f"{call} is no call that is understood here")
        if call == "truncate" and self._is_inside(paths[0]):
            raise Broken("truncate by name is not understood here")

    def _on_open_file(self, call: str, number: int, path: str, rest: str, result: str) -> None:
        if path == self._journal and call == "write":
            values = json.loads(self._data(rest))
            self._log.deeds.append(Said(Line(**{**values, "told": Told(values["told"])})))
        if not self._is_inside(path):
            return
        node = self._open[number]
        if call == "write":
            at = self._sizes.get(node, 0) if number in self._appends else self._at[number]
            self._wrote(node, at, self._data(rest), int(result))
            self._at[number] = at + int(result)
        elif call == "pwrite64":
            self._wrote(node, int(rest.rsplit(", ", 1)[1]), self._data(rest), int(result))
        elif call == "ftruncate":
            self._truncated(node, int(rest.rsplit(", ", 1)[1]))
        elif call in ("fsync", "fdatasync"):
            self._log.deeds.append(Sync(node))
        elif call == "lseek":
            self._at[number] = int(result)
        elif call == "mmap" and "PROT_WRITE" in rest and "MAP_SHARED" in rest and not path.endswith("-shm"):
            raise Broken("a file is written through memory, which nobody sees here")

    def _opened(self, path: str, rest: str, number: int) -> None:
        self._open.pop(number, None)
        name = self._name(path)
        if name is None:
            if path == self._root:
                self._open[number] = 0
            return
        if name not in self._names:
            if "O_CREAT" not in rest:
                raise Broken("something was opened that nobody has made")
            self._newest += 1
            self._rename(((name, self._newest),))
        node = self._open[number] = self._names[name]
        if "O_TRUNC" in rest and self._sizes.get(node, 0):
            self._truncated(node, 0)
        self._at[number] = 0
        (self._appends.add if "O_APPEND" in rest else self._appends.discard)(number)
        if "SYNC" in rest.replace("O_ASYNC", ""):
            raise Broken("a file that syncs by itself is not understood here")

    def _wrote(self, node: int, at: int, data: bytes, size: int) -> None:
        self._log.deeds.append(Write(node, at, data[:size]))
        self._sizes[node] = max(self._sizes.get(node, 0), at + size)

    def _truncated(self, node: int, size: int) -> None:
        self._log.deeds.append(Truncate(node, size))
        self._sizes[node] = size

    def _renamed(self, path: str, target: str) -> None:
        name, other = self._name(path), self._name(target)
        if (name is None) != (other is None):
            raise Broken("something was moved into the folder, or out of it")
        if name is not None and other is not None:
            self._rename(((name, None), (other, self._names[name])))

    def _unlinked(self, path: str) -> None:
        name = self._name(path)
        if name is not None:
            self._rename(((name, None),))

    def _made(self, path: str) -> None:
        name = self._name(path)
        if name is not None:
            self._newest += 1
            self._folders.add(self._newest)
            self._log.folders.add(self._newest)
            self._rename(((name, self._newest),))

    def _rename(self, names: tuple[tuple[Name, int | None], ...]) -> None:
        self._log.deeds.append(Rename(names))
        for name, node in names:
            if node is None:
                self._names.pop(name, None)
            else:
                self._names[name] = node

    def _name(self, path: str) -> Name | None:
        """None for what is not in the folder."""
        if not path.startswith(self._root + "/"):
            return None
        *folders, name = path[len(self._root) + 1 :].split("/")
        number = 0
        for folder in folders:
            number = self._names[number, folder]
        return number, name

    def _is_inside(self, path: str) -> bool:
        return path == self._root or path.startswith(self._root + "/")

    @staticmethod
    def _below(path: str, held: list[tuple[str, str]]) -> str:
        return path if path.startswith("/") or not held else f"{held[0][1]}/{path}"

    @staticmethod
    def _text(written: str) -> str:
        """What is no file (a pipe, a socket) is written in plain letters."""
        return bytes.fromhex(written.replace("\\x", "")).decode() if written.startswith("\\x") else written

    @staticmethod
    def _data(rest: str) -> bytes:
        found = _TEXT.search(rest)
        assert found is not None and not found["cut"], "the trace is not whole"
        return bytes.fromhex(found["hex"].replace("\\x", ""))


_DATA = frozenset({"write", "pwrite64", "lseek", "mmap", "fsync", "fdatasync", "ftruncate"})
