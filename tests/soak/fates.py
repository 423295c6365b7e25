"""The ways in which a disk may forget, each with a name for the findings. Knows no file and no program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from random import Random

from tests.soak.forgetful_disk import SECTOR, Fate


def _none(_count: int) -> Iterable[int]:
    return ()


def _all(count: int) -> Iterable[int]:
    return range(count)


def _oldest(_touched: list[int], _last: int) -> int:
    return 0


def _newest(_touched: list[int], last: int) -> int:
    return last


def _any_names(chance: Random) -> Callable[[int], Iterable[int]]:
    return lambda count: [number for number in range(count) if chance.random() < 0.5]


def _any_moment(chance: Random) -> Callable[[list[int], int], int]:
    return lambda touched, _last: chance.choice([0, touched[-1], chance.choice(touched)])


def _lost(_chance: Random) -> Fate:
    """Everything that was not synced is gone."""
    return Fate(_none, _oldest, lambda _last: 0)


def _kept(_chance: Random) -> Fate:
    """Nothing is: as if only the program had died."""
    return Fate(_all, _newest, lambda last: last)


def _names_only(_chance: Random) -> Fate:
    """The names are there, what is in the files is not."""
    return Fate(_all, _oldest, lambda _last: 0)


def _empty_sizes(_chance: Random) -> Fate:
    """Names and sizes are there, the data are zeros."""
    return Fate(_all, _oldest, lambda last: last)


def _data_only(_chance: Random) -> Fate:
    """The data are there, under the names from before."""
    return Fate(_none, _newest, lambda last: last)


def _in_order(chance: Random) -> Fate:
    """Names up to a moment, as a journal keeps them; any pages."""
    return Fate(lambda count: range(chance.randint(0, count)), _any_moment(chance), lambda last: last)


def _scattered(chance: Random) -> Fate:
    """Any names, any pages, any size."""
    return Fate(_any_names(chance), _any_moment(chance), lambda last: chance.randint(0, last))


def _reordered(chance: Random) -> Fate:
    """The last ones have reached the disk, those before have not."""
    edge = chance.random()
    return Fate(
        lambda count: range(int(count * edge), count),
        lambda touched, last: last if touched[-1] > last * edge else 0,
        lambda last: last,
    )


def _torn(chance: Random) -> Fate:
    """Pages are torn into sectors, of which any are there."""
    return Fate(_any_names(chance), _any_moment(chance), lambda last: chance.choice([0, last]), SECTOR)


KEPT = "kept"
FATES: Mapping[str, Callable[[Random], Fate]] = {
    "lost": _lost,
    KEPT: _kept,
    "names only": _names_only,
    "empty sizes": _empty_sizes,
    "data only": _data_only,
    "in order": _in_order,
    "scattered": _scattered,
    "reordered": _reordered,
    "torn": _torn,
}
