"""Small disks and read-only ones for tests, as root; and none is left behind, not even by tests that were killed."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_CLONE_NEWNS, _MS_REC, _MS_PRIVATE = 0x00020000, 0x4000, 1 << 18
"""See unshare(2) and mount(2)."""


def keep_mounts_private() -> bool:
    """What this process and its children mount goes with the last of them, however they end. False where it does not.

    Otherwise a disk that stays mounted below a folder of old tests is in the way of whoever tidies there: pytest, which
    then calls a later run, in which every test has passed, a failure.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    libc = ctypes.CDLL(None)
    private = ctypes.c_ulong(_MS_REC | _MS_PRIVATE)
    return bool(libc.unshare(_CLONE_NEWNS) == 0 and libc.mount(None, b"/", None, private, None) == 0)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A file system of `size` bytes on `folder`, which exists. The test is skipped where nothing can be mounted."""
    with _mounted(folder, "-t", "tmpfs", "-o", f"size={size}", "none"):
        yield folder


@contextmanager
def read_only_disk(folder: Path) -> Iterator[Path]:
    """`folder`, on a disk that cannot be written to. The test is skipped where nothing can be mounted."""
    with _mounted(folder, "--bind", str(folder)):
        remount(folder, "bind,ro")
        yield folder


def remount(folder: Path, how: str) -> None:
    """With other options: `ro`, `rw`, `size=2m`."""
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True, capture_output=True)


@contextmanager
def _mounted(folder: Path, *what: str) -> Iterator[None]:
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a disk")
    made = subprocess.run(["mount", *what, str(folder)], check=False, capture_output=True)
    if made.returncode:
        pytest.skip(f"mount is not allowed here: {made.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # what a failed test still holds open goes later
