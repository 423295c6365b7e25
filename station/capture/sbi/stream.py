"""Frames out of a multipart M-JPEG stream, also out of one that is torn. It must not know sockets or pixels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from station.capture.sbi.messages import Trouble, read
from station.capture.sbi.plain_json import loads
from station.capture.sbi.troubles import refused
from station.domain.errors import DeviceError

MAX_FRAME = 4 * 1024 * 1024
MAX_WASTE = 16 * 1024 * 1024
"""So many bytes without a good frame are no stream."""
MAX_COMPLAINT = 4096
DEFAULT_BOUNDARY = "--BoundaryString"
_START = b"\xff\xd8"
_END = b"\xff\xd9"
_LENGTH = re.compile(rb"content-length\s*:\s*(\d{1,8})\s*[\r\n]", re.IGNORECASE)
_BOUNDARY = re.compile(r"boundary=\"?([^\";]{1,100})", re.IGNORECASE)


class FrameParser:
    """Fed with bytes as they come, gives whole JPEG pictures. `torn` counts those that were not."""

    def __init__(self, content_type: str = "") -> None:
        found = _BOUNDARY.search(content_type)
        # Services write the dashes once or twice: what counts is the word after them.
        word = (found.group(1) if found else DEFAULT_BOUNDARY).strip().lstrip("-") or "BoundaryString"
        self._mark = b"--" + word.encode("latin-1", "replace")
        self._data = bytearray()
        self._waste = 0
        self._searched = 0  # no mark begins before this place
        self.torn = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The frames that are complete now. DeviceError: what the service complains of, or `sbi.bad_stream`."""
        self._data += chunk
        self._waste += len(chunk)
        while (frame := self._next()) is not None:
            if frame:
                self._waste = 0
                yield frame
            else:
                self.torn += 1
        if self._waste > MAX_WASTE:
            raise DeviceError("sbi.bad_stream")

    def end(self) -> None:
        """The stream has ended: what is left may say why."""
        complain(bytes(self._data))

    def _next(self) -> bytes | None:
        """The next frame, b'' for a torn one that was dropped, or None when more bytes are needed."""
        start = self._data.find(_START)
        if start < 0:
            self._await_start()
            return None
        lengths = _LENGTH.findall(bytes(self._data[max(0, start - 400) : start]))
        if lengths and 4 <= int(lengths[-1]) <= MAX_FRAME:
            return self._measured(start, int(lengths[-1]))
        return self._delimited(start)

    def _await_start(self) -> None:
        """Garbage before a frame is forgotten, but not a complaint or the head of the frame to come."""
        if len(self._data) > 2048:
            complain(bytes(self._data))
            self._drop(len(self._data) - 1024)
        elif b"}" in self._data:
            complain(bytes(self._data))

    def _measured(self, start: int, length: int) -> bytes | None:
        """A frame that says how long it is; when that is a lie, it ends where the next one begins."""
        if len(self._data) - start < length:
            # Torn and followed by another: no need to wait for bytes that belong to the next.
            return self._delimited(start) if self._mark_after(start) >= 0 else None
        frame = bytes(self._data[start : start + length])
        if not frame.endswith(_END) or self._mark in frame:
            return self._delimited(start)
        self._drop(start + length)
        return frame

    def _delimited(self, start: int) -> bytes | None:
        """A frame that ends where the next mark is."""
        end = self._mark_after(start)
        if end < 0:
            if len(self._data) - start <= MAX_FRAME:
                return None
            self._drop(len(self._data) - 1024)  # larger than any frame: wait for the next mark
            return b""
        frame = bytes(self._data[start:end]).rstrip(b"\r\n")
        self._drop(end)
        return frame if frame.endswith(_END) and len(frame) <= MAX_FRAME else b""

    def _mark_after(self, start: int) -> int:
        """Where the next mark is, or -1. No byte is searched twice: a stream may drip."""
        found = self._data.find(self._mark, max(start, self._searched))
        if found < 0:
            self._searched = max(0, len(self._data) - len(self._mark))
        return found

    def _drop(self, count: int) -> None:
        del self._data[:count]
        self._searched = 0


def complain(text: bytes) -> None:
    """Raise when the service sends an error object instead of a frame, flat or nested."""
    text = text[-MAX_COMPLAINT:]
    begin, end = text.find(b"{"), text.rfind(b"}")
    if begin < 0 or end < begin:
        return
    try:
        found = loads(text[begin : end + 1])
    except ValueError:
        return
    if not isinstance(found, dict):
        return
    trouble = read(Trouble, found["error"] if isinstance(found.get("error"), dict) else found)
    if trouble.is_error:
        raise refused(trouble)
