"""Measuring two things beside each other."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

Measure = Callable[[int], float]
"""Takes the number of the turn, gives one figure."""


def beside(turns: int, value: Measure, other: Measure) -> tuple[float, float]:
    """Medians of `value` and `other`, measured in turn: what the machine does meanwhile happens to both."""
    pairs = [(value(turn), other(turn)) for turn in range(turns)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def milliseconds(work: Callable[[], object]) -> float:
    """How long `work` takes, in milliseconds."""
    started = perf_counter()
    work()
    return (perf_counter() - started) * 1000
