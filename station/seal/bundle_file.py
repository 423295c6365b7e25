"""A target list as one file for a USB stick: `<area>-v<version>.roster`, a plain ZIP of `bundle.jws` and `bundle.age`.

Over the network the two travel apart; `Parts` is both, wherever they came from.
"""

from __future__ import annotations

import io
import shutil
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from station.domain.errors import StoreError, TrustError
from station.seal.bundle import MAX_BODY_BYTES, BundleHead
from station.seal.packet import ZIP_TROUBLES

SUFFIX = ".roster"
_HEAD, _BODY = "bundle.jws", "bundle.age"
_MAX_HEAD_BYTES = 64 * 1024
_MAX_FILE_BYTES = MAX_BODY_BYTES + 1024 * 1024
_MAX_DIRECTORY_BYTES = 64 * 1024
_END = struct.Struct("<4s4H2LH")
"""The last record of a ZIP without a comment. Before it may stand a larger form of the same, and where that is."""
_END_64, _LOCATOR_64 = struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Parts:
    """A bundle opened for reading: the signed head as text, and the sealed body as a file that can seek."""

    head: str
    body: BinaryIO


def file_name(head: BundleHead) -> str:
    """The name a bundle file should have."""
    return f"{head.area}-v{head.version}{SUFFIX}"


def pack_file(path: Path, head: str, body: Path) -> None:
    """Write the bundle file `path` from the signed head and the file with the body. Not synced."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(_HEAD, _EPOCH), head)
        with body.open("rb") as source, archive.open(zipfile.ZipInfo(_BODY, _EPOCH), "w", force_zip64=True) as member:
            shutil.copyfileobj(source, member, 1024 * 1024)


@contextmanager
def open_file(path: Path) -> Iterator[Parts]:
    """The parts of the bundle file `path`. TrustError `roster.not_a_list` for anything else; StoreError `roster.source`
    when it cannot be read.
    """
    try:
        _check_size(path)
        with zipfile.ZipFile(path) as archive:
            infos = {info.filename: info for info in archive.infolist()}
            if len(archive.infolist()) != 2 or set(infos) != {_HEAD, _BODY}:
                raise TrustError("roster.not_a_list")
            if infos[_HEAD].file_size > _MAX_HEAD_BYTES:
                raise TrustError("roster.not_a_list")
            if any(info.compress_type != zipfile.ZIP_STORED for info in infos.values()):
                raise TrustError("roster.not_a_list")
            head = archive.read(_HEAD).decode("ascii")
            body = archive.open(_BODY)
    except OSError as problem:
        raise StoreError("roster.source") from problem
    except ZIP_TROUBLES as problem:
        raise TrustError("roster.not_a_list") from problem
    with body:
        yield Parts(head, cast(BinaryIO, _Member(cast(zipfile.ZipExtFile, body))))


def _check_size(path: Path) -> None:
    """TrustError `roster.not_a_list` unless there are two entries: `zipfile` reads all there are into memory."""
    tail = _END_64.size + _LOCATOR_64.size + _END.size
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        if not tail <= size <= _MAX_FILE_BYTES:
            raise TrustError("roster.not_a_list")
        file.seek(size - tail)
        records = file.read(tail)
    sign, *_disks, entries, directory, _at, comment = _END.unpack_from(records, tail - _END.size)
    said = [(entries, directory)]
    if records.startswith(b"PK\x06\x07", _END_64.size):
        said.append(_END_64.unpack_from(records)[7:9])
    if sign != b"PK\x05\x06" or comment or any(one[0] != 2 or one[1] > _MAX_DIRECTORY_BYTES for one in said):
        raise TrustError("roster.not_a_list")


@contextmanager
def open_parts(head: str, body: Path) -> Iterator[Parts]:
    """The parts as they came over the network. StoreError `roster.source` when the body cannot be read."""
    try:
        file = body.open("rb")
    except OSError as problem:
        raise StoreError("roster.source") from problem
    with file:
        yield Parts(head, file)


class _Member(io.RawIOBase):
    """The body inside a ZIP, whose own check of the content is one more that can fail."""

    def __init__(self, member: zipfile.ZipExtFile) -> None:
        self._member = member

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._member.read(size)
        except OSError:
            raise
        except ZIP_TROUBLES as problem:
            raise TrustError("roster.edited") from problem

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._member.seek(offset, whence)
