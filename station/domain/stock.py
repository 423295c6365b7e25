"""Blank cards that central has allotted to this station, as it told them last. Knows nothing of printing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Batch:
    """One delivery of blanks and how many of it are left."""

    name: str
    blanks: int


@dataclass(frozen=True)
class Stock:
    """What central told at `at`."""

    batches: tuple[Batch, ...]
    at: datetime

    @property
    def blanks(self) -> int:
        """Blanks left, of all batches."""
        return sum(batch.blanks for batch in self.batches)
