"""A run that chance has chosen can be made again: whatever ends it says with which seed it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def named(harness: str, seed: int) -> Iterator[None]:
    """What is raised inside carries the seed as a note."""
    try:
        yield
    except BaseException as problem:
        problem.add_note(f"{harness}: seed {seed}")
        raise
