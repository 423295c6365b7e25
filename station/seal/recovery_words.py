"""The second spelling of a recovery key: fourteen Indonesian words that a person can read out, write down and type.

Ten bits a word: the 128 bits of the key and the first twelve of its check. Must not know what the key opens.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

from station.config import resources_dir
from station.domain.errors import AccessError
from station.seal.vault import clean_recovery_key, recovery_key_of

WORDS = 14
ENOUGH = 4
"""So many first letters tell a word from all others."""
_BITS, _KEY_BITS, _CHECK_BITS = 10, 128, 12
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LONGEST = 1000


def spell(recovery_key: str) -> tuple[str, ...]:
    """The fourteen words of a recovery key, in their order. AccessError `recovery.mistyped` for what is no key."""
    raw = _raw(clean_recovery_key(recovery_key))
    number = int.from_bytes(raw, "big") << _CHECK_BITS | _check(raw)
    return tuple(_words()[number >> _BITS * place & (1 << _BITS) - 1] for place in reversed(range(WORDS)))


def read(typed: str) -> str:
    """The recovery key that was typed, in its canonical form: as words, or in symbols as on papers from before.

    Case, spaces, commas and the numbers before the words do not matter; the first four letters of a word are enough.
    AccessError `recovery.mistyped_word` (`word`: the number of the first that is none of ours),
    `recovery.mistyped_count` (`count`), or `recovery.mistyped` when each word is one and together they are no key.
    """
    if len(typed) > _LONGEST:
        raise AccessError("recovery.mistyped")
    if key := _in_symbols(typed):
        return key
    if re.search(r"[A-Za-z]\d", typed):  # symbols of an old paper, and not the right ones
        raise AccessError("recovery.mistyped")
    words = re.findall(r"[^\W\d_]+", typed.lower())
    places = [place_of(word) for word in words]
    wrong = next((number for number, place in enumerate(places, 1) if place is None), 0)
    if wrong:
        raise AccessError("recovery.mistyped_word", word=wrong)
    if len(words) != WORDS:
        raise AccessError("recovery.mistyped_count", count=len(words))
    number = 0
    for place in places:
        number = number << _BITS | (place or 0)
    raw = (number >> _CHECK_BITS).to_bytes(_KEY_BITS // 8, "big")
    if number & (1 << _CHECK_BITS) - 1 != _check(raw):
        raise AccessError("recovery.mistyped")
    return recovery_key_of(raw)


def same_word(typed: str, word: str) -> bool:
    """Whether `typed` names `word` of the list."""
    return bool(typed.strip()) and place_of(typed.strip().lower()) == place_of(word)


def place_of(typed: str) -> int | None:
    """Where a word stands in the list, by its first four letters or more; None when it is none of them."""
    place = _places().get(typed[:ENOUGH]) if len(typed) >= ENOUGH else None
    return place if place is not None and _words()[place].startswith(typed) else None


def _in_symbols(typed: str) -> str:
    """The key written in symbols without its dashes; '' when it is not."""
    try:
        return clean_recovery_key(typed)
    except AccessError:
        return ""


def _raw(canonical: str) -> bytes:
    number = 0
    for symbol in canonical.replace("-", ""):
        number = number << 5 | _SYMBOLS.index(symbol)
    return (number >> 16).to_bytes(_KEY_BITS // 8, "big")


def _check(raw: bytes) -> int:
    return int.from_bytes(hashlib.sha256(raw).digest()[:2], "big") >> 16 - _CHECK_BITS


@cache
def _words() -> tuple[str, ...]:
    return tuple((resources_dir() / "recovery-words.txt").read_text(encoding="ascii").split())


@cache
def _places() -> dict[str, int]:
    return {word[:ENOUGH]: place for place, word in enumerate(_words())}
