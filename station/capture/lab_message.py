"""What the program and a child of the lab say to each other: plain JSON values, and byte strings beside them.

Never pickles: a child that was taken over can give wrong answers and nothing else. It must not know who speaks.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any, NoReturn

from station.domain.errors import DeviceError

MAX_BLOB_BYTES = 64 * 1024 * 1024
MAX_HEAD_BYTES = 1024 * 1024
MAX_BLOBS = 64
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True)
class Message:
    """What goes to a child or comes back: plain JSON values, and byte strings beside them."""

    values: Mapping[str, Any] = field(default_factory=dict)
    blobs: tuple[bytes, ...] = ()

    # A child that was taken over can answer anything: what is not as agreed counts as a crash.

    def number(self, name: str) -> int:
        """The whole number `name`. DeviceError `lab.crashed` when there is none; so for all of these."""
        value = self.values.get(name)
        return value if type(value) is int else self._astray()

    def text(self, name: str) -> str:
        """The words `name`."""
        value = self.values.get(name)
        return value if isinstance(value, str) else self._astray()

    def blob(self, number: int) -> bytes:
        """The byte string in place `number`."""
        return self.blobs[number] if number < len(self.blobs) else self._astray()

    def table(self, name: str, rows: int, columns: int) -> list[list[int]]:
        """`rows` by `columns` whole numbers."""
        value = self.values.get(name)
        if not isinstance(value, list) or len(value) != rows:
            self._astray()
        for row in value:
            if not isinstance(row, list) or len(row) != columns or any(type(cell) is not int for cell in row):
                self._astray()
        return value

    def _astray(self) -> NoReturn:
        raise DeviceError("lab.crashed", reason="answer")


class TooLarge(ValueError):
    """Nobody would read a message of that size."""


def send(pipe: IO[bytes], message: Message) -> None:
    """Write a message. TooLarge, before a byte is written, when it is larger than a reader would take."""
    head = json.dumps({"values": dict(message.values), "sizes": [len(blob) for blob in message.blobs]}).encode()
    if len(head) > MAX_HEAD_BYTES or len(message.blobs) > MAX_BLOBS or sum(map(len, message.blobs)) > MAX_BLOB_BYTES:
        raise TooLarge
    pipe.write(_LENGTH.pack(len(head)) + head)
    for blob in message.blobs:
        pipe.write(blob)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Message:
    """Read a message. ValueError when it is cut, too large or no message at all."""
    length = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0]
    if length > MAX_HEAD_BYTES:
        raise ValueError("head too large")
    try:
        head = json.loads(_exactly(pipe, length))
        values, sizes = dict(head["values"]), [int(size) for size in head["sizes"]]
    except (KeyError, TypeError, OverflowError, RecursionError) as broken:
        raise ValueError("not a message") from broken
    if len(sizes) > MAX_BLOBS or any(size < 0 for size in sizes) or sum(sizes) > MAX_BLOB_BYTES:
        raise ValueError("message too large")
    return Message(values, tuple(_exactly(pipe, size) for size in sizes))


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) != size:
        raise ValueError("cut off")
    return data
