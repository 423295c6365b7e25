"""A ZIP of stored members, written in one go and read from front to back: what goes by stick.

Read without its directory, so no member can overlap another, unpack to more than it is, or hide behind a second
directory; and what is behind a bad sector or in front of a cut is still found. Must not know what the members are.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from station.domain.errors import TrustError

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LOCAL_SIGN, _CENTRAL_SIGN, _END_SIGN = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION, _EPOCH_DATE = 20, 0x21
_STORED, _ALLOWED_FLAGS = 0, 0x0800
"""Names may be marked as UTF-8; nothing else: no encryption, no sizes behind the data."""
LONGEST_NAME = 120
MOST_BYTES = 2 * 1024**3
"""No member may begin or end beyond it: FAT32 and old programs stop at 4 GiB."""
_LOOK = 256 * 1024
_MOST_MISTAKEN = 20_000
"""Places of one file that look like a beginning and are none: more of them were put there to keep somebody busy."""
_SKIP, _MOST_FAILURES = 32 * 1024, 64
"""How far a search goes on behind what cannot be read, and how often in a row: every try may take seconds."""
OVERHEAD = _LOCAL.size + _CENTRAL.size + 2 * LONGEST_NAME
"""At most so many bytes for a member beside its data."""


class StoredZipWriter:
    """Writes members one after another. OSError of `file` passes through; nothing is read or sought."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._position = 0
        self._directory: list[bytes] = []

    def add(self, name: str, data: bytes) -> None:
        """The next member."""
        raw, check, size = name.encode("ascii"), zlib.crc32(data), len(data)
        common = (_VERSION, 0, _STORED, 0, _EPOCH_DATE, check, size, size, len(raw), 0)
        self._directory.append(
            _CENTRAL.pack(_CENTRAL_SIGN, _VERSION, *common, 0, 0, 0, 0, self._position) + raw,
        )
        self._write(_LOCAL.pack(_LOCAL_SIGN, *common) + raw)
        self._write(data)

    def close(self) -> None:
        """Write the directory. The file itself stays open."""
        start, count = self._position, len(self._directory)
        for entry in self._directory:
            self._write(entry)
        self._write(_END.pack(_END_SIGN, 0, 0, count, count, self._position - start, start, 0))

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._position += len(data)


class Member(NamedTuple):
    """A whole member."""

    name: str
    data: bytes


class StoredZipReader:
    """The members of `file` whose names fit `names`.

    After `members()` has ended, `damaged` says how many could not be read or are not what was written, and `cut` that
    the end is missing.
    """

    def __init__(self, file: BinaryIO, names: re.Pattern[str], *, most: int, largest: Callable[[str], int]) -> None:
        """At most `most` members; `largest(name)` bytes of each."""
        self._file, self._names, self._most, self._largest = file, names, most, largest
        self.damaged = 0
        self._mistaken = 0
        self.cut = False

    def begins_well(self) -> bool:
        """True when it may be a ZIP: nobody wants two gigabytes of something else looked through."""
        head = self._read(0, 4)
        return head is None or head == _LOCAL_SIGN or head == bytes(4)

    def members(self) -> Iterator[Member]:
        """Every whole member, from the first on. TrustError `courier.strange_file` for what no station writes."""
        self.damaged, self.cut = 0, False
        seen: set[str] = set()
        position = 0
        while (found := self._header(position)) is not None:
            name, start, size, check = found
            if name in seen or len(seen) >= self._most:
                raise TrustError("courier.strange_file")
            seen.add(name)
            data = self._read(start, size)
            if data is not None and len(data) == size and zlib.crc32(data) == check:
                yield Member(name, data)
            else:
                self.damaged += 1
                self.cut = self.cut or (data is not None and len(data) < size)
            position = start + size
        self.cut = self.cut or not self._ends_well(len(seen), position)

    def _header(self, position: int) -> tuple[str, int, int, int] | None:
        """Name, start, size and checksum of the member at `position` or behind the next damage; None at the end."""
        while True:
            head = self._read(position, _LOCAL.size)
            if head is not None and head.startswith((_CENTRAL_SIGN, _END_SIGN)):
                return None
            if head is not None and len(head) == _LOCAL.size and head.startswith(_LOCAL_SIGN):
                if self._reaches_data(position, head):
                    return self._parse(position, head)
                return None
            found = self._next_header(position)
            self.damaged += found is not None
            if found is None:
                return None
            position = found

    def _reaches_data(self, position: int, head: bytes) -> bool:
        """False when the file ends within the name."""
        name_size = min(_LOCAL.unpack(head)[9], LONGEST_NAME)
        name = self._read(position + _LOCAL.size, name_size)
        return name is None or len(name) == name_size

    def _parse(self, position: int, head: bytes) -> tuple[str, int, int, int]:
        _, _, flags, method, _, _, check, packed, size, name_size, extra = _LOCAL.unpack(head)
        name = (self._read(position + _LOCAL.size, min(name_size, LONGEST_NAME + 1)) or b"").decode("ascii", "replace")
        plain = flags & ~_ALLOWED_FLAGS == 0 and method == _STORED and packed == size and extra == 0
        start = position + _LOCAL.size + name_size
        if not plain or self._names.fullmatch(name) is None or start + size > MOST_BYTES:
            raise TrustError("courier.strange_file")
        if size > self._largest(name):
            raise TrustError("courier.strange_file")
        return name, start, size, check

    def _next_header(self, position: int) -> int | None:
        """Where a member begins behind `position`, when something there is damaged; None when nothing more comes."""
        position, failures = position + 1, 0
        while position < MOST_BYTES and failures < _MOST_FAILURES:
            window = self._read(position, _LOOK)
            if window is None:
                position, failures = position + _SKIP, failures + 1
                continue
            for found in re.finditer(rb"PK\x03\x04|PK\x01\x02", window):
                at = position + found.start()
                if found[0] == _CENTRAL_SIGN and self._is_central(at):
                    return None
                if found[0] == _LOCAL_SIGN and self._is_ours(at):
                    return at
                self._mistaken += 1
                if self._mistaken > _MOST_MISTAKEN:
                    return None
            if len(window) < _LOOK:
                return None
            position += _LOOK - 3
        return None

    def _is_ours(self, position: int) -> bool:
        head = self._read(position, _LOCAL.size) or b""
        if len(head) < _LOCAL.size:
            return False
        try:
            self._parse(position, head)
        except TrustError:
            return False  # a ZIP inside a member, or chance
        return True

    def _is_central(self, position: int) -> bool:
        head = self._read(position, _CENTRAL.size + LONGEST_NAME) or b""
        if len(head) < _CENTRAL.size:
            return False
        size = _CENTRAL.unpack(head[: _CENTRAL.size])[10]
        name = head[_CENTRAL.size : _CENTRAL.size + size].decode("ascii", "replace")
        return self._names.fullmatch(name) is not None

    def _ends_well(self, count: int, position: int) -> bool:
        """True when the last bytes are the end that belongs to `count` members up to `position`."""
        try:
            size = self._file.seek(0, 2)
        except OSError:
            return False
        tail = self._read(max(0, size - _END.size), _END.size) or b""
        if len(tail) < _END.size or not tail.startswith(_END_SIGN):
            return False
        found, directory, start = _END.unpack(tail)[4:7]
        # Packets are ZIPs and have such an end too: only ours comes right behind a directory behind all members.
        return (found, start) == (count, position) and start + directory + _END.size == size

    def _read(self, position: int, size: int) -> bytes | None:
        """Bytes from `position`, fewer at the end of the file; None when the medium does not give them."""
        try:
            self._file.seek(position)
            return self._file.read(size)
        except OSError:
            return None
