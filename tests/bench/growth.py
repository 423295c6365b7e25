"""What ten times as much data costs: a row that says `×10 data → × what`. Knows rows, not how they are measured."""

from __future__ import annotations

from tests.bench.failed import BenchFailed
from tests.bench.row import Row

SUFFIX = ".growth"


def growth(small: Row, large: Row, of: str, *, times: float = 10.0) -> Row:
    """How many times the figure of `small` that of `large` is, where it had `times` as much data.

    Beside it stands `times` itself, which is what grows evenly with the data: a ratio of 1 is even, less is better. A
    rate (`…/s`) is turned round, so that more always means slower. BenchFailed when the two cannot be compared.
    """
    if small.unit != large.unit:
        raise BenchFailed(f"{large.name}: {small.unit} cannot be compared with {large.unit}")
    if large.unit.endswith("/s"):
        found = times * small.value / large.value
        what = f"time for ×{times:g} {of}; evenly would be ×{times:g}"
    else:
        found = large.value / small.value
        what = f"×{times:g} {of}; evenly would be ×{times:g}"
    if large.n < small.n:
        what += f" (n = {large.n}, as of the larger)"
    return Row(large.name + SUFFIX, found, "×", times, what, min(small.n, large.n))
