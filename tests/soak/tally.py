"""What a harness counted. Knows neither the harness nor the program."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Tally:
    """`cuts`: how often something was cut, killed, refused or made to fail. The last three must be 0."""

    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    changed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Tally)))

    @property
    def clean(self) -> bool:
        """Nothing was lost, nothing is there twice, nothing was changed."""
        return not (self.lost or self.doubled or self.changed)
