"""Everything that a disk may refuse while somebody is sealed, one after the other."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from tests.soak.broken_disk import Fault

ERRORS = ("EIO", "ENOSPC")
SHORT_PLACES = ("seal.planned", "packet.folder_made")
SHORT_WRITES = 40
SPARE_CALLS = 3
"""A sealing makes a few calls more or less than the one that was counted: the sweep goes on until none is hit."""


@dataclass(frozen=True)
class Short:
    """Files end after `room` bytes, from a place of the sealing on: the last write to one is done in part."""

    at: str
    room: int

    def __str__(self) -> str:
        return f"files end after {self.room} bytes, from {self.at} on"


def faults(counts: Counter[str]) -> Iterator[list[Fault]]:
    """A list for each call that was counted: all numbers of it, each with every error, once and for long."""
    for call, number in counts.items():
        yield [
            Fault(call, place, error, stays)
            for place in range(1, number + SPARE_CALLS + 1)
            for stays in (False, True)
            for error in ERRORS
        ]


def in_turn(lists: Iterator[list[Fault]]) -> Iterator[Fault]:
    """The first of each, then the second of each: a short run meets every kind."""
    for row in zip_longest(*lists):
        yield from (fault for fault in row if fault is not None)


def short_writes() -> Iterator[Short]:
    """Lengths at which no disk and no page begins."""
    chance = random.Random(20261122)
    for number in range(SHORT_WRITES):
        yield Short(SHORT_PLACES[number % len(SHORT_PLACES)], chance.randrange(1, 20_000))
