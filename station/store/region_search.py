"""Finding villages by what was typed: the words of names in any order, parents too, or a code.

Three lists come one after the other, each only while there is room:

1. every word begins a word of the village's own name;
2. every word begins a word of the village or of a parent, or is the beginning of the code;
3. the same with words of three letters and more that stand inside a word.

In each of them the office's own district comes first, then its regency, then its province.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from station.domain.regions import Village, can_be_searched, is_village_code
from station.store.region_table import VILLAGE_LENGTH, RegionTable
from station.store.region_words import Lines, RegionWords, words_of

Mask = NDArray[np.bool_]
Look = Callable[[str], Lines]

_MOST_WORDS = 8
_CODE = re.compile(r"[0-9]{2}[0-9.]*")
_OFFICE_PARTS = (8, 5, 2)
# People write the level before the name. In a name these words count; beside other words they exclude nothing.
_LEVELS = frozenset("DESA DS KELURAHAN KEL KECAMATAN KEC DISTRIK KABUPATEN KAB PROVINSI PROV".split())


class _Token(NamedTuple):
    """A piece of what was typed. Digits may be the beginning of a code or a word of a name (15 ULU), or both."""

    word: str
    code: str


class RegionSearch:
    """Searches one table. Made once, in a fifth of a second."""

    def __init__(self, table: RegionTable) -> None:
        self._table = table
        rows = table.columns()
        self._words = RegionWords(
            [name if not ended else "" for name, ended in zip(rows.name, rows.ended, strict=True)]
        )
        lengths = np.fromiter(map(len, rows.code), np.uint8, len(table))
        lengths[np.fromiter(map(bool, rows.ended), np.bool_, len(table))] = 0
        self._villages: Mask = lengths == VILLAGE_LENGTH
        # Where an area of each level ends: at the next code that is not below it. Ended codes begin nothing.
        self._area_starts = {
            int(length): np.append(np.flatnonzero((lengths > 0) & (lengths <= length)), len(table)).astype(np.int32)
            for length in np.unique(lengths[lengths > 0])
        }
        self._lengths = lengths

    def find(self, typed: str, limit: int, near: str = "") -> tuple[Village, ...]:
        """At most `limit` villages in use, the best first; an ended one only for its whole code. `near` is a code."""
        if not can_be_searched(typed):
            return ()
        tokens = _tokens(typed)
        if len(tokens) == 1 and is_village_code(tokens[0].code):
            village = self._table.village(tokens[0].code)
            return () if village is None else (village,)
        return tuple(map(self._table.village_at, islice(self._ranked(tokens, self._windows(near)), limit)))

    def _ranked(self, tokens: list[_Token], windows: list[range]) -> Iterator[int]:
        phrase = "".join(token.word for token in tokens) if all(token.word for token in tokens) else ""
        own = self._own(tokens, phrase)
        yield from self._by_name(own, phrase, windows)
        wide = self._wide(tokens, self._words.beginning)
        yield from _by_code(wide & ~own, windows)
        yield from _by_code(self._wide(tokens, self._inside) & ~wide & ~own, windows)

    def _own(self, tokens: list[_Token], phrase: str) -> Mask:
        """Villages whose own name has every word, or is the same when written in one piece."""
        if not phrase:
            return np.zeros_like(self._villages)
        mask = self._at(self._words.beginning(tokens[0].word))
        for token in tokens[1:]:
            mask &= self._at(self._words.beginning(token.word))
        return (mask | self._at(self._words.beginning(phrase))) & self._villages

    def _wide(self, tokens: list[_Token], look: Look) -> Mask:
        """Villages that have every word in their name or in that of a parent, and every code."""
        mask = self._villages.copy()
        for token in [token for token in tokens if token.word not in _LEVELS] or tokens:
            inside = self._below(look(token.word)) if token.word else np.zeros_like(mask)
            lines = self._table.lines_of(token.code) if token.code else range(0)
            inside[lines.start : lines.stop] = True
            mask &= inside
        return mask

    def _inside(self, word: str) -> Lines:
        """Fewer letters are inside of nearly everything: they only count where a word begins."""
        return self._words.within(word) if can_be_searched(word) else self._words.beginning(word)

    def _at(self, lines: Lines) -> Mask:
        mask = np.zeros_like(self._villages)
        mask[lines] = True
        return mask

    def _below(self, lines: Lines) -> Mask:
        """The lines themselves and everything that belongs to the areas among them."""
        edges = np.zeros(len(self._villages) + 1, np.int32)
        lengths = self._lengths[lines]
        for length, starts in self._area_starts.items():
            level = lines[lengths == length]
            np.add.at(edges, level, 1)
            np.add.at(edges, starts[np.searchsorted(starts, level, side="right")], -1)
        below: Mask = np.cumsum(edges[:-1]) > 0
        return below

    def _by_name(self, mask: Mask, phrase: str, windows: list[range]) -> Iterator[int]:
        """Near ones first; then the same name, names that begin so, and others by name."""

        def key(line: int) -> tuple[int, int, str, int]:
            name = self._table.row(line).name
            whole = "".join(words_of(name))
            fit = 0 if whole == phrase else 1 if whole.startswith(phrase) else 2
            return (_distance(line, windows), fit, name, line)

        yield from sorted(np.flatnonzero(mask).tolist(), key=key)

    def _windows(self, near: str) -> list[range]:
        """The lines of the office's district, regency and province, as far as its code says them."""
        return [self._table.lines_of(near[:length]) for length in _OFFICE_PARTS if len(near) >= length]


def _by_code(mask: Mask, windows: list[range]) -> Iterator[int]:
    """The lines of `mask` by code, near ones first. They may be most of the country, so nothing is sorted."""
    for window in (*windows, range(len(mask))):
        inside = mask[window.start : window.stop]
        yield from (np.flatnonzero(inside) + window.start).tolist()
        inside[:] = False


def _distance(line: int, windows: list[range]) -> int:
    return next((place for place, window in enumerate(windows) if line in window), len(windows))


def _tokens(typed: str) -> list[_Token]:
    tokens: list[_Token] = []
    for piece in typed.upper().split()[:_MOST_WORDS]:
        if not _CODE.fullmatch(piece):
            tokens += (_Token(word, "") for word in words_of(piece))
        else:
            tokens.append(_Token("" if "." in piece else piece, _dotted(piece)))
    return tokens


def _dotted(typed: str) -> str:
    """`332507` and `33.25.07` are `33.25.07`; what is longer than a code stays longer, and is no code."""
    digits = typed.replace(".", "")
    return ".".join(part for part in (digits[:2], digits[2:4], digits[4:6], digits[6:]) if part)
