"""Long runs of things in handfuls, so that a database is asked once for many of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

BATCH = 2000
_Item = TypeVar("_Item")


def batches(found: Iterable[_Item]) -> Iterator[list[_Item]]:
    """Lists of at most `BATCH` things, in their order."""
    source = iter(found)
    while batch := list(islice(source, BATCH)):
        yield batch
