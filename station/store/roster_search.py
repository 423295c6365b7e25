"""What was typed, as questions to the indexes of a target list. Pure text; asks nothing itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from station.domain.folding import Sought

Reading = tuple[Sought, ...]
Vocabulary = Callable[[str, str, int], Sequence[str]]
"""The words of a list between two texts, both included, and at most so many."""

MOST_NAMED = 40
NIK_DIGITS = 16
AFTER_EVERYTHING = "\U0010ffff"
"""Sorts behind every letter: the end of a range of words that begin alike."""
_NUMBER = re.compile(r"[0-9][0-9 .\-]*")


@dataclass(frozen=True)
class Words:
    """Full-text questions: for names that hold every word, and for those where a word only begins so. '' finds nobody.

    The second leaves out what the first finds.
    """

    whole: str
    begun: str


def digits_of(typed: str) -> str:
    """The digits when a number was typed (part of a NIK); '' for a name."""
    text = typed.strip()
    return re.sub("[^0-9]", "", text) if _NUMBER.fullmatch(text) else ""


def nik_range(digits: str) -> tuple[int, int]:
    """The first and last NIK that begin with `digits`; an empty range for more digits than a NIK has."""
    if len(digits) > NIK_DIGITS:
        return 1, 0
    return int(digits.ljust(NIK_DIGITS, "0")), int(digits.ljust(NIK_DIGITS, "9"))


def beginnings_of(found: Sequence[Reading]) -> tuple[str, ...]:
    """How a whole folded name may begin, the likeliest first."""
    return tuple(dict.fromkeys(beginning for words in found for beginning in _beginnings(words)))


def words_of(found: Sequence[Reading], vocabulary: Vocabulary) -> Words:
    """The questions to the full-text index of a list with this vocabulary."""
    whole = _any(_all(_exactly(vocabulary, word.whole) for word in words) for words in found)
    begun = _any(_all(_begun(vocabulary, word) for word in words) for words in found)
    if begun == whole:  # no other word begins so
        return Words(whole, "")
    return Words(whole, f"({begun} NOT {whole})" if begun and whole else begun)


def area_word(area: str, vocabulary: Vocabulary) -> str:
    """The full-text question for people of `area`; '' for nobody. No folded name has a § in it."""
    return _beginning_so(vocabulary, "§" + area.replace(".", ""))


def _beginnings(words: Reading) -> list[str]:
    before = "".join(word.whole + " " for word in words[:-1])
    return [before + start for start in words[-1].starts]


def _exactly(vocabulary: Vocabulary, word: str) -> str:
    return f'"{word}"' if vocabulary(word, word, 1) else ""


def _begun(vocabulary: Vocabulary, word: Sought) -> str:
    return _any(_beginning_so(vocabulary, start) for start in word.starts)


def _beginning_so(vocabulary: Vocabulary, start: str) -> str:
    """The index joins all words that begin so before it gives the first, so naming a few of them is much faster."""
    found = vocabulary(start, start + AFTER_EVERYTHING, MOST_NAMED + 1)
    return _any(f'"{word}"' for word in found) if len(found) <= MOST_NAMED else f'"{start}"*'


def _all(parts: Iterable[str]) -> str:
    """All of them; '' when one of them finds nobody."""
    wanted = list(parts)
    if not all(wanted):
        return ""
    return f"({' AND '.join(wanted)})" if len(wanted) > 1 else "".join(wanted)


def _any(parts: Iterable[str]) -> str:
    """Any of them that finds somebody at all."""
    wanted = list(filter(None, parts))
    return f"({' OR '.join(wanted)})" if len(wanted) > 1 else "".join(wanted)
