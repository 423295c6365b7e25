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
MAX_TEXT = 200
MAX_SIDE = 65_535
MAX_RATIO = 1e9
_LENGTH = struct.Struct(">I")
_AT_ONCE = 1024 * 1024


@dataclass(frozen=True)
class Message:
    """What goes to a child or comes back: plain JSON values, and byte strings beside them."""

    values: Mapping[str, Any] = field(default_factory=dict)
    blobs: tuple[bytes, ...] = ()

    # A child that was taken over can answer anything: what is not as agreed counts as a crash.

    def number(self, name: str, least: int = -(2**31), most: int = 2**31) -> int:
        """The whole number `name`. DeviceError `lab.crashed` when there is none; so for all of these."""
        value = self.values.get(name)
        return value if type(value) is int and least <= value <= most else self._astray()

    def side(self, name: str) -> int:
        """The width or height `name` of a picture."""
        return self.number(name, 1, MAX_SIDE)

    def ratio(self, name: str) -> float:
        """The number `name`, whole or not."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not -MAX_RATIO <= value <= MAX_RATIO:
            self._astray()
        return float(value)

    def text(self, name: str) -> str:
        """The few words `name`."""
        value = self.values.get(name)
        return value if isinstance(value, str) and len(value) <= MAX_TEXT else self._astray()

    def texts(self, name: str) -> tuple[str, ...]:
        """A short list of words."""
        value = self.values.get(name)
        if not isinstance(value, list) or len(value) > MAX_BLOBS:
            self._astray()
        if not all(isinstance(item, str) and len(item) <= MAX_TEXT for item in value):
            self._astray()
        return tuple(value)

    def yes(self, name: str) -> bool:
        """Whether it is so."""
        value = self.values.get(name)
        return value if isinstance(value, bool) else self._astray()

    def blob(self, number: int, most: int = MAX_BLOB_BYTES) -> bytes:
        """The byte string in place `number`, of at most so many bytes."""
        return self.blobs[number] if number < len(self.blobs) and len(self.blobs[number]) <= most else self._astray()

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
    _write(pipe, _LENGTH.pack(len(head)) + head)
    for blob in message.blobs:
        _write(pipe, blob)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Message:
    """Read a message. ValueError when it is cut, too large or no message at all."""
    length = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0]
    if length > MAX_HEAD_BYTES:
        raise ValueError("head too large")
    try:
        head = json.loads(_exactly(pipe, length))
        values, sizes = head["values"], head["sizes"]
    except (KeyError, TypeError, RecursionError) as broken:
        raise ValueError("not a message") from broken
    if not isinstance(values, dict) or not isinstance(sizes, list) or len(sizes) > MAX_BLOBS:
        raise ValueError("not a message")
    if any(type(size) is not int or not 0 <= size <= MAX_BLOB_BYTES for size in sizes) or sum(sizes) > MAX_BLOB_BYTES:
        raise ValueError("message too large")
    return Message(values, tuple(_exactly(pipe, size) for size in sizes))


def _write(pipe: IO[bytes], data: bytes) -> None:
    """All of it: a pipe without a buffer may take less than it is given."""
    rest = memoryview(data)
    while rest:
        rest = rest[pipe.write(rest) :]


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    """All of it: a pipe without a buffer gives what is there."""
    data = bytearray()
    while len(data) < size:
        more = pipe.read(min(size - len(data), _AT_ONCE))
        if not more:
            raise ValueError("cut off")
        data += more
    return bytes(data)
