"""JSON that a stranger wrote: looked at before it is read, so that it cannot make the window stand still.

Reading JSON holds up every thread of the program. What takes time is not length but how much is in it: a million
numbers or nested lists. Honest answers are a few names around long strings. It must not know what is said.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

MAX_OPENED = 400
"""So many lists and objects: five for each of 32 devices, and more than any capture has. It bounds nesting too."""
MAX_MARKS = 16_000
_MARKS = (b'"', b",", b"\\")
_AT_ONCE = 512 * 1024
"""Base64 is read in pieces, between which other threads have their turn. A multiple of four."""


def loads(data: bytes) -> Any:
    """The value; ValueError when it is no JSON or there is too much in it."""
    opened = data.count(b"[") + data.count(b"{")
    if opened > MAX_OPENED or sum(map(data.count, _MARKS)) > MAX_MARKS:
        raise ValueError("too much in it")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise ValueError("nested too deep") from None


def decoded(text: str) -> bytes:
    """Base64url, with or without padding; ValueError when it is none."""
    text = text.rstrip("=")
    text += "=" * (-len(text) % 4)
    try:
        pieces = (text[at : at + _AT_ONCE] for at in range(0, len(text), _AT_ONCE))
        return b"".join(base64.b64decode(piece, altchars=b"-_", validate=True) for piece in pieces)
    except (binascii.Error, UnicodeEncodeError) as broken:
        raise ValueError("not base64url") from broken
