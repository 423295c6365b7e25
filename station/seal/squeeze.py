"""Bodies of messages made smaller for slow lines (zstd), and read back with a limit: a small body may hold a huge one.

Knows neither HTTP nor JSON.
"""

from __future__ import annotations

import io

import zstandard

ENCODING = "zstd"
"""What the contract calls it, in `Content-Encoding` and in hello."""
WORTH_BYTES = 1024
"""Smaller bodies go as they are: the frame would eat what it saves."""
_LEVEL = 6
_WINDOW = 8 * 1024 * 1024
"""What every reader of zstd must be able to hold (RFC 8878); a frame that wants more is refused."""
_PIECE = 64 * 1024


class NotSqueezed(ValueError):
    """These bytes are not what `squeeze` makes."""


class TooLong(ValueError):
    """What comes out is longer than allowed."""


def squeeze(data: bytes) -> bytes:
    """`data` as one zstd frame."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(data)


def expand(data: bytes, limit: int) -> bytes:
    """What is inside; NotSqueezed, or TooLong for more than `limit` bytes, of which no more are ever in memory."""
    taken = bytearray()
    reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    try:
        with reader.stream_reader(io.BytesIO(data), read_across_frames=True) as stream:
            while piece := stream.read(min(_PIECE, limit + 1 - len(taken))):
                taken += piece
                if len(taken) > limit:
                    raise TooLong(limit)
    except zstandard.ZstdError as problem:
        raise NotSqueezed from problem
    return bytes(taken)
