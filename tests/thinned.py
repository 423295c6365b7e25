"""How much of a long sweep is done: a part of it at every run of the suite, all of it when STATION_SOAK=1 is set.

A sweep kills or cuts at many places that are much alike. The suite keeps some of them, spread over all; whatever has a
name of its own, such as a failpoint, is never left out. Must not know what is swept.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

SOAKING = os.environ.get("STATION_SOAK") == "1"


def thinned(items: Iterable[T], keep: int) -> list[T]:
    """`keep` of `items` in their order, the first and the last among them; every one when soaking."""
    every = list(items)
    if SOAKING or len(every) <= keep:
        return every
    if keep == 1:
        return every[:1]
    return [every[round(number * (len(every) - 1) / (keep - 1))] for number in range(keep)]
