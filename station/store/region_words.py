"""Which lines have a word: the words of all names, sorted, and for each the lines it stands in.

Beside its single words a name is also kept in one piece, so that `suka maju` finds SUKAMAJU and the other way round.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate, count
from operator import methodcaller

import numpy as np
from numpy.typing import NDArray

Lines = NDArray[np.int32]

_NEXT_LINE = "\x00"
"""Stands between the words of two lines; no name has it."""
_AFTER_LETTERS = "\x7f"
_BREAKS = str.maketrans("-/().,:;", " " * 8, "'\u2019`")
_line_breaks = methodcaller("count", "\n")


def words_of(name: str) -> list[str]:
    """The words of an upper-case name, as they are looked up: no apostrophes, cut at hyphens and stops."""
    return name.translate(_BREAKS).split()


class RegionWords:
    """Line numbers are those of the table; a line may come more than once in an answer."""

    def __init__(self, names: Sequence[str]) -> None:
        """`names` line by line, upper case; an empty one is never found."""
        text = "\n".join(names).translate(_BREAKS)
        lines = text.split("\n")
        apart = [line for line, name in enumerate(lines) if " " in name]
        # One split and no loop over single words: this is most of what a first search waits for.
        found = text.replace("\n", f" {_NEXT_LINE} ").split()
        singles = len(found)
        found += [lines[line].replace(" ", "") for line in apart]
        number: dict[str, int] = defaultdict(count().__next__)
        numbers = np.fromiter(map(number.__getitem__, found), np.int32, len(found))
        of_singles = np.cumsum(numbers[:singles] == number[_NEXT_LINE], dtype=np.int32)
        self._words = sorted(number)
        place = np.empty(len(number), np.int32)
        place[np.fromiter(map(number.__getitem__, self._words), np.int32, len(number))] = np.arange(len(number))
        places = place[numbers]
        order = np.argsort(places, kind="stable")
        self._lines: Lines = np.concatenate([of_singles, np.array(apart, np.int32)])[order]
        self._ends = np.cumsum(np.bincount(places, minlength=len(number))).astype(np.int32)
        self._joined = "\n".join(self._words)

    def beginning(self, start: str) -> Lines:
        """The lines with a word that begins so."""
        first, last = bisect_left(self._words, start), bisect_left(self._words, start + _AFTER_LETTERS)
        return self._lines[self._start(first) : self._start(last)]

    def within(self, part: str) -> Lines:
        """The lines with a word that has `part` anywhere in it."""
        hits = accumulate(map(_line_breaks, self._joined.split(part)[:-1]))
        slices = (self._lines[self._start(word) : self._start(word + 1)] for word in dict.fromkeys(hits))
        return np.concatenate([self._lines[:0], *slices])

    def _start(self, word: int) -> int:
        return int(self._ends[word - 1]) if word else 0
