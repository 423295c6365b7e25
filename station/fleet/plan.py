"""What is simulated: how many stations, for how long central was away, what it admits then. Knows no station."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DAY_S = 86_400.0
GOODPUT = 0.88
"""What is left of a line's rate for packets: between the 0.83 at 512 and the 0.89 at 64 kbit/s that were measured."""
ROUND_TRIP_S = 0.6
MIX = ((64, 0.10), (128, 0.15), (256, 0.20), (512, 0.20), (1024, 0.15), (2048, 0.12), (4096, 0.08))
"""Lines of districts in kbit/s, and how many of the stations have such a one: an assumption, said in the report."""


class Policy(StrEnum):
    """How stations come back, and whether central says when."""

    OURS = "ours"
    NO_PACING = "no-pacing"  # the same stations; central says nothing and takes what comes
    PEER = "peer"  # two tries a second apart, then again at the next fixed hour


@dataclass(frozen=True)
class Plan:
    """`size` in bytes; `admit_per_s` packets a second; all else as it says."""

    stations: int = 7285
    days: float = 10.0
    per_day: float = 150.0
    size: int = 350_000
    admit_per_s: float = 60.0
    seed: int = 1
    horizon_days: float = 30.0
    """Whoever is not through so long after central's return is said to be not through."""

    @property
    def away_s(self) -> float:
        return self.days * DAY_S

    @property
    def live_per_s(self) -> float:
        """Records that one station makes in a second, evenly over day and night."""
        return self.per_day / DAY_S

    @property
    def backlog(self) -> float:
        """Packets that wait at each station when central is back."""
        return self.days * self.per_day

    def lines(self) -> list[int]:
        """The line of each station in kbit/s, the slowest first."""
        found: list[int] = []
        share = 0.0
        for kbps, part in MIX:
            share += part
            found += [kbps] * (round(share * self.stations) - len(found))
        return found

    def packet_s(self, kbps: float) -> float:
        """How long one packet takes on a line of its own."""
        return self.size * 8 / (kbps * 1000 * GOODPUT)
