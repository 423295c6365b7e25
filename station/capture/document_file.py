"""Reads a file an operator has chosen: judged by its size before a byte of it is read. Keeps neither name nor copy."""

from __future__ import annotations

import stat
from pathlib import Path

from station.capture.tasks.pages import MAX_FILE_BYTES
from station.domain.errors import DeviceError


def read_file(file: Path) -> bytes:
    """The bytes of `file`. DeviceError `document.too_large`, `document.no_file`, `document.empty`."""
    try:
        facts = file.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise DeviceError("document.no_file")  # a pipe or a device may never end
        if facts.st_size > MAX_FILE_BYTES:
            raise DeviceError("document.too_large", limit_mb=MAX_FILE_BYTES // 1024**2)
        with file.open("rb") as opened:
            data = opened.read(MAX_FILE_BYTES + 1)
    except OSError as problem:
        raise DeviceError("document.no_file", errno=problem.errno or 0) from None
    if len(data) > MAX_FILE_BYTES:  # it grew while it was read
        raise DeviceError("document.too_large", limit_mb=MAX_FILE_BYTES // 1024**2)
    if not data:
        raise DeviceError("document.empty")
    return data
