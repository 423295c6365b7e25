"""A real filesystem in a file, whose power can be cut: XFS on a loop device. Knows nothing of what lies on it."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

SMALLEST = 320 * 1024 * 1024
"""mkfs.xfs makes none below 300 MB."""
ROOMY = 6 * 1024 * 1024 * 1024
"""Larger than what a station keeps free for those who have begun; the file is sparse."""
BUSY_AT_MOST_S = 10.0
_TOOLS = ("mkfs.xfs", "mount", "umount")
_GOING_DOWN, _NO_LOG_FLUSH = 0x8004587D, 2
"""XFS_IOC_GOINGDOWN with XFS_FSOP_GOING_FLAGS_NOLOGFLUSH, as `xfs_io -x -c shutdown` does it: see xfs_fs.h."""


@cache
def missing() -> str:
    """Why there can be no such disk here, in a sentence. It is tried: many a root may mount nothing."""
    if os.name != "posix" or os.geteuid() != 0:
        return "only root may mount a filesystem"
    absent = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if absent:
        return f"{', '.join(absent)} is not installed (make soak installs xfsprogs as root)"
    try:
        with TemporaryDirectory() as folder, xfs_disk(Path(folder)):
            return ""
    except (subprocess.CalledProcessError, OSError):
        return "this computer mounts no XFS from a file"


class XfsDisk:
    """`medium` is where it is mounted."""

    def __init__(self, folder: Path, name: str, size: int) -> None:
        self._image = folder / f"{name}.img"
        self._size = size
        self.medium = folder / name

    def make(self) -> None:
        """Empty and mounted. CalledProcessError where the kernel does not know XFS."""
        self.medium.mkdir()
        with self._image.open("wb") as image:
            image.truncate(self._size)
        _run("mkfs.xfs", "-q", "-f", str(self._image))
        self.plug_in()

    def plug_in(self) -> None:
        """Mounted again: what the journal of the filesystem knows is played first."""
        _run("mount", "-o", "loop", str(self._image), str(self.medium))

    def cut_power(self) -> None:
        """Nothing reaches the disk from here on, and what was not there yet never does.

        It takes some milliseconds. A sync that ends meanwhile may be told as done and is not: the kernel unpins what
        it throws away. A real power cut lets nobody live to hear that.
        """
        import fcntl  # not on Windows

        medium = os.open(self.medium, os.O_RDONLY)
        try:
            fcntl.ioctl(medium, _GOING_DOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(medium)

    def pull_out(self) -> None:
        """Not mounted any more. Whoever has died may hold it for a moment.

        OSError when it stays: a process is on it, or one with mounts of its own was begun meanwhile and has it too.
        Mounted again it would be the same one, without power.
        """
        until = monotonic() + BUSY_AT_MOST_S
        _until(lambda: subprocess.run(["umount", str(self.medium)], capture_output=True).returncode == 0, until, self)
        _until(lambda: not self._is_held(), until, self)

    def _is_held(self) -> bool:
        """A loop device stands for the image, as long as any process anywhere has the disk mounted."""
        for backing in Path("/sys/block").glob("loop*/loop/backing_file"):
            with suppress(OSError):  # gone meanwhile
                if backing.read_text().strip() == str(self._image.resolve()):
                    return True
        return False

    def lose_power(self) -> None:
        """What was not synced is lost; then the power is back. Nobody may have a file open."""
        self.cut_power()
        self.pull_out()
        self.plug_in()

    def remove(self) -> None:
        """Gone, whatever state it is in."""
        if os.path.ismount(self.medium):
            subprocess.run(["umount", "-l", str(self.medium)], capture_output=True)
        self._image.unlink(missing_ok=True)


@contextmanager
def xfs_disk(folder: Path, name: str = "medium", size: int = SMALLEST) -> Iterator[XfsDisk]:
    """A new disk `name` in `folder`, until the end of the block."""
    disk = XfsDisk(folder, name, size)
    try:
        disk.make()
        yield disk
    finally:
        disk.remove()


def _until(done: Callable[[], bool], end: float, disk: XfsDisk) -> None:
    while not done():
        if monotonic() > end:
            raise OSError(f"{disk.medium} is still held by a process")
        sleep(0.02)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
