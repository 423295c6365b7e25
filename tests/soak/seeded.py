"""A run that chance has chosen can be made again: it says with which seed it was, and so does whatever ends it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from random import SystemRandom


def seed_of(given: int | None = None) -> int:
    """`given`, or what SOAK_SEED says, or another one every time. SystemExit where SOAK_SEED is no number."""
    if given is not None:
        return given
    wanted = os.environ.get("SOAK_SEED", "")
    if not wanted:
        return SystemRandom().randrange(10**6)
    try:
        return int(wanted)
    except ValueError:
        raise SystemExit(f"SOAK_SEED must be a whole number, such as a run prints; {wanted!r} is not one.") from None


@contextmanager
def named(harness: str, seed: int, sabotage: str = "") -> Iterator[None]:
    """It is told with which seed a run begins, and what is raised inside carries it as a note."""
    print(f"{harness}: seed {seed}{f', {sabotage}' if sabotage else ''} (again: SOAK_SEED={seed})", flush=True)
    try:
        yield
    except BaseException as problem:
        problem.add_note(f"{harness}: seed {seed}")
        raise
