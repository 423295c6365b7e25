"""What a harness counted. Knows neither the harness nor the program."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Tally:
    """`cuts`: how often something was cut, killed, refused or made to fail. The next three after `acknowledged` must
    be 0. `findings` says which records and why, for whoever looks at what was kept; record ids are random.
    """

    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    changed: int = 0
    findings: tuple[str, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Tally)))

    @property
    def clean(self) -> bool:
        """Nothing was lost, nothing is there twice, nothing was changed."""
        return not (self.lost or self.doubled or self.changed)
