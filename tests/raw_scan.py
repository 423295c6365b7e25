"""Finds words and pieces of pictures in raw bytes as somebody with the disk would: plain, encoded, compressed."""

from __future__ import annotations

import base64
import gzip
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from tests.file_watch import forms_of

_PIECE = 24
"""Bytes of a picture that are looked for: no other picture has the same ones by chance."""
_STREAM = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_PACKED, _UNPACKED = 256 * 1024, 1024 * 1024
_BLOCK = 4096


def found_in(data: bytes, words: Sequence[str], pictures: Mapping[str, bytes]) -> set[str]:
    """Which of `words`, and names of which `pictures`, can be read in `data` by anybody who tries."""
    sought = {name: needles for name in words if (needles := forms_of(name))}
    sought |= {name: _pieces(picture) for name, picture in pictures.items()}
    data = _written(data)
    here = _among(data, sought)
    for stream in _unpacked(data):
        here |= _among(stream, sought)
    return here


def _written(data: bytes) -> bytes:
    """Without the blocks that nothing was ever written to; what lies side by side stays so."""
    nothing = bytes(_BLOCK)
    blocks = (data[start : start + _BLOCK] for start in range(0, len(data), _BLOCK))
    return b"".join(block for block in blocks if block != nothing)


def _among(data: bytes, sought: Mapping[str, set[bytes]]) -> set[str]:
    return {name for name, needles in sought.items() if any(needle in data for needle in needles)}


def _pieces(picture: bytes) -> set[bytes]:
    """Some pieces of a picture, as they are and in base 64, wherever in a longer text they begin."""
    places = [len(picture) * part // 4 for part in range(1, 4)]
    plain = {picture[place : place + _PIECE] for place in places if place + _PIECE <= len(picture)}
    plain = {piece for piece in plain if len(set(piece)) > 8}  # white paper is no picture of anybody
    return plain | {form for piece in plain for form in _base64(piece)}


def _base64(piece: bytes) -> set[bytes]:
    forms = set()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + piece)
        forms.add(encoded[(before * 8 + 5) // 6 : len(encoded) // 4 * 4 - 4])
    return forms


def _unpacked(data: bytes) -> Iterator[bytes]:
    """Every stretch that begins as zlib or gzip does, as far as it can be unpacked."""
    view = memoryview(data)
    for start in _STREAM.finditer(data):
        how = zlib.MAX_WBITS | 16 if start[0][0] == 0x1F else zlib.MAX_WBITS
        with suppress(zlib.error):
            stream = zlib.decompressobj(how).decompress(view[start.start() : start.start() + _PACKED], _UNPACKED)
            if len(stream) >= _PIECE:
                yield stream


def traces(word: str) -> dict[str, bytes]:
    """The same word in each of the ways that are looked for: what a test of this scanner writes."""
    plain = f"nama: {word};".encode()
    return {
        "plain": plain,
        "utf-16": word.encode("utf-16-le"),
        "base64": base64.b64encode(plain),
        "zlib": zlib.compress(plain),
        "gzip": gzip.compress(plain),
    }
