"""The kernel refuses one call of another process, or every one from some number on. Done by strace.

Knows nothing of the program: it counts calls, and says to which file the refused one was.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "write", "writev", "pwrite64", "pwritev", "fsync", "fdatasync", "openat", "open", "mkdir", "mkdirat",
    "rename", "renameat", "renameat2", "ftruncate", "truncate", "fallocate", "unlink", "unlinkat", "link", "linkat",
)  # fmt: skip
"""Everything by which bytes or names come to a disk, or are taken from it."""
_CALL = re.compile(r"^\d+ +(?P<call>\w+)\((?P<rest>.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """The call with this number, counted from one, fails; with `stays` every later one of its kind too."""

    call: str
    number: int
    error: str
    stays: bool = False

    def __str__(self) -> str:
        return f"{self.error} at {self.call} {self.number}{' and from then on' if self.stays else ''}"


class Trace:
    """What strace wrote down. Complete when the block of `watched` is left."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def counts(self) -> Counter[str]:
        """How often each call was made."""
        return Counter(found["call"] for found in _CALL.finditer(self.path.read_text()))

    def refused(self) -> list[str]:
        """The calls that were made to fail, each with the file it was about."""
        text = self.path.read_text()
        return [f"{found['call']}({found['rest']}" for found in _CALL.finditer(text) if "(INJECTED)" in found["rest"]]


def missing() -> str:
    """Why no disk can be broken here; '' when it can."""
    if not shutil.which("strace"):
        return "strace is not installed (Debian: apt install strace)"
    try:
        probe = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False, timeout=20)
    except subprocess.TimeoutExpired:
        return "strace does not end here"
    return "" if probe.returncode == 0 else "strace may not watch a process here"


@contextmanager
def watched(pid: int, path: Path, fault: Fault | None = None) -> Iterator[Trace]:
    """Watch `pid` and write its calls to `path`, with `fault` on its disk, until the block ends."""
    order = ["strace", "-f", "-y", "-s", "0", "-o", str(path), "-e", f"trace={','.join('?' + c for c in CALLS)}"]
    if fault:
        when = f"{fault.number}+" if fault.stays else str(fault.number)
        order += ["-e", f"inject={fault.call}:error={fault.error}:when={when}"]
    with subprocess.Popen([*order, "-p", str(pid)], stderr=subprocess.PIPE, text=True) as strace:
        try:
            assert strace.stderr is not None
            said = strace.stderr.readline()
            assert "attached" in said, said
            yield Trace(path)
        finally:
            strace.send_signal(signal.SIGINT)  # it lets go of the process, which goes on
            strace.wait()
