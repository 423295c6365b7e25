"""Folding names for search: spellings of one name become one text. Never for what is stored, shown or compared.

Registers hold the same person under spellings of several decades: SOEDJATMIKO and SUJATMIKO, JAHJA and YAHYA, MUH. and
MUHAMMAD, NUR'AINI and NURAINI. The names on a list and what an operator types are both folded here, and so they meet.
It takes more names together than are truly the same; an operator chooses among people, and nobody is lost.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MOST_WORDS = 6
_LONGEST = 100
_DROPPED = re.compile("['’‘`´ʼ]")  # inside a word: NUR'AINI is NURAINI
_SEPARATORS = re.compile(r"[\W_]+")
_SPELLINGS = (("oe", "u"), ("dj", "i"), ("tj", "c"), ("j", "i"), ("y", "i"))
"""Before 1972 oe was u, dj was j, j was y, tj was c. J, Y and I become one letter: WIDYA and WIDIA, JAHJA and YAHYA."""
_DOUBLES = re.compile(r"(.)\1+")

_SHORT_FORMS = {
    "muhamad": "m md mhd moh mohd muh muhd much moch mohamad mohamed muhamed mochamad muchamad mohamat muhamat",
    "ahmad": "achmad akhmad ahmed achmat ahmat",
    "abdul": "abd",
    "siti": "st sti",
    "nur": "nor",
}
"""Ways to write the most common first names, after the rules of spelling above."""
_CANONICAL = {short: name for name, shorts in _SHORT_FORMS.items() for short in shorts.split()}


@dataclass(frozen=True)
class Sought:
    """One word that was typed. `whole` is the folded word; `starts` are folded beginnings, the likeliest first.

    There can be several: TJ is a T until the J is typed, and MOCH may be Muhammad or the beginning of another name.
    """

    whole: str
    starts: tuple[str, ...]


def fold_name(name: str) -> str:
    """`name` as it is searched: folded words with a single space between; '' when it has neither letter nor digit."""
    return " ".join(_fold_word(word) for word in _words(name))


def readings(typed: str) -> tuple[tuple[Sought, ...], ...]:
    """What to search for after `typed`: its words as they are, then with one space left out (NUR AINI is NURAINI too).

    For every name and its beginning from the second letter of a word on, some beginning in `starts` begins the folded
    word. Empty when nothing can be searched for.
    """
    words = _words(typed[:_LONGEST])[:MOST_WORDS]
    joined = [[*words[:place], words[place] + words[place + 1], *words[place + 2 :]] for place in range(len(words) - 1)]
    return tuple(tuple(Sought(_fold_word(word), _starts(word)) for word in one) for one in [words, *joined] if one)


def _words(text: str) -> list[str]:
    plain = text
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text)
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _SEPARATORS.sub(" ", _DROPPED.sub("", plain.casefold())).split()


@lru_cache(maxsize=50_000)
def _fold_word(word: str) -> str:
    folded = _spelled(word)
    return _CANONICAL.get(folded, folded)


def _spelled(word: str) -> str:
    for old, new in _SPELLINGS:
        word = word.replace(old, new)
    return _DOUBLES.sub(r"\1", word)


def _starts(word: str) -> tuple[str, ...]:
    """The beginnings that names typed as far as `word` may have, none of them a beginning of another."""
    found = [_fold_word(word), _spelled(word)]
    if len(word) > 1:
        digraphs = [(old, new) for old, new in _SPELLINGS if len(old) > 1 and old[0] == word[-1]]
        found += [_DOUBLES.sub(r"\1", _spelled(word[:-1]) + new) for _, new in digraphs]
        found += [name for short, name in _CANONICAL.items() if any(short.startswith(start) for start in found[1:])]
    unique = dict.fromkeys(found)
    return tuple(one for one in unique if not any(one != other and one.startswith(other) for other in unique))
