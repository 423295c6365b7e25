"""How one list becomes another with as few removals and insertions as matter. Knows no row and no model."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence


def to_remove(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[int]:
    """Places in `old` of what is gone, or stands in another order now: what is left is in the order of `new`."""
    place = {key: at for at, key in enumerate(new)}
    kept = [(at, place[key]) for at, key in enumerate(old) if key in place]
    staying = _longest_rise([wanted for _at, wanted in kept])
    stay = {kept[number][0] for number in staying}
    return [at for at in range(len(old)) if at not in stay]


def runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """Rising places as (first, last) of each unbroken run."""
    found: list[tuple[int, int]] = []
    for at in places:
        if found and at == found[-1][1] + 1:
            found[-1] = (found[-1][0], at)
        else:
            found.append((at, at))
    return found


def _longest_rise(numbers: Sequence[int]) -> list[int]:
    """Places of the longest rising selection of different `numbers`."""
    ends: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for at, number in enumerate(numbers):
        length = bisect_left(tops, number)
        before.append(ends[length - 1] if length else -1)
        if length == len(ends):
            ends.append(at)
            tops.append(number)
        else:
            ends[length], tops[length] = at, number
    rise: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        rise.append(at)
        at = before[at]
    return rise[::-1]
