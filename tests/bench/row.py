"""One measured figure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.bench.failed import BenchFailed


@dataclass(frozen=True)
class Row:
    """`value` is the median of `n`, in `unit`; `beside` is the same for what ran in the same minute.

    `ratio` is value ÷ beside: it stays comparable when the machine is another one, or busy. A `signed` value is a
    difference, and may be 0 or less.
    """

    name: str
    value: float
    unit: str
    beside: float
    beside_what: str
    n: int
    signed: bool = False

    def __post_init__(self) -> None:
        for figure in (self.value, self.beside):
            difference = self.signed and figure == self.value
            if not math.isfinite(figure) or (figure <= 0 and not difference):
                raise BenchFailed(f"{self.name}: {figure} is no measurement")

    def as_json(self) -> dict[str, str | float | int]:
        """As it stands in build/bench.json."""
        return {
            "name": self.name,
            "value": _short(self.value),
            "unit": self.unit,
            "beside": _short(self.beside),
            "ratio": round(self.value / self.beside, 3),
            "n": self.n,
            "beside_what": self.beside_what,
        }


def _short(figure: float) -> float | int:
    """Four digits: more would be noise. Whole numbers stay whole."""
    return round(figure) if figure >= 1000 else float(f"{figure:.4g}")
