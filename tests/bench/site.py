"""Where benchmarks put their files, and how they say what they are doing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from tests.bench.sealed_station import Pair, seal_station


@dataclass
class Site:
    """One folder on a real disk, emptied before and after; `say` prints progress with the time since the start."""

    root: Path
    started: float = field(default_factory=monotonic)

    @property
    def seconds(self) -> float:
        return monotonic() - self.started

    def say(self, what: str) -> None:
        print(f"[{self.seconds:6.1f} s] {what}", flush=True)

    def folder(self, name: str) -> Path:
        """A new folder."""
        path = self.root / name
        path.mkdir(parents=True)
        return path

    def sealed(self, packets: int) -> Pair:
        """A station with so many packets of real size, and its central that has none of them."""
        self.say(f"sealing {packets} records to be delivered")
        return seal_station(self.folder(f"sealed-{packets}"), packets)
