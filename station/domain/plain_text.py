"""Words of a device or a program, made fit to be shown: one line of letters that are what they seem.

What is taken out could hide, reorder or overprint the words around it. It must not know who says them.
"""

from __future__ import annotations

import unicodedata

MAX_NAME = 64
_PLAIN = frozenset("LNPS")
"""Letters, numbers, punctuation and symbols: neither controls nor marks upon marks."""


def plain(said: str, most: int = MAX_NAME) -> str:
    """At most so many signs of it, in one line."""
    if not (said.isascii() and said.isprintable()):
        said = "".join(
            sign if unicodedata.category(sign)[0] in _PLAIN else "" if unicodedata.category(sign) == "Cf" else " "
            for sign in unicodedata.normalize("NFC", said[: 4 * most])
        )
    return " ".join(said.split())[:most].rstrip()
