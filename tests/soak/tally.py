"""What a harness counted. Knows neither the harness nor the program."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Tally:
    """`cuts`: how often something was cut, killed, refused or made to fail.

    `acknowledged`: what the operator had been told, and was judged: words where the power is cut (each picture that was
    kept is one), records elsewhere. The next three must be 0. `findings` says which records and why, for whoever looks
    at what was kept; record ids are random.
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

    @property
    def caught(self) -> bool:
        """The judge has found something of what was promised. A program that only crashes promises nothing."""
        return self.acknowledged > 0 and not self.clean
