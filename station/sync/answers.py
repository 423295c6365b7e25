"""The body of an answer as central meant it, whatever way it was made smaller. Bounded; knows no HTTP library."""

from __future__ import annotations

from station.seal.squeeze import ENCODING, NotSqueezed, TooLong, expand
from station.wire import JSON_LIMIT_BYTES

_PLAIN = ("", "identity")


def body_of(encoding: str, raw: bytes) -> bytes:
    """The body whose `Content-Encoding` is `encoding`; empty, which is no JSON, when it cannot be read.

    What comes out is cut at our limit, and then cannot be read as JSON either.
    """
    if encoding in _PLAIN:
        return raw
    try:
        return expand(raw, JSON_LIMIT_BYTES) if encoding == ENCODING else b""
    except (NotSqueezed, TooLong):
        return b""
