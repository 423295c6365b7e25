"""Where benchmarks put their files, and how they say what they are doing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from tests.bench.queued import queue
from tests.bench.sealed_station import Pair, seal_more, seal_station
from tests.bench.workplace import offline_workplace


@dataclass
class Site:
    """One folder on a real disk, emptied before and after; `say` prints progress with the time since the start."""

    root: Path
    started: float = field(default_factory=monotonic)
    _queued: dict[int, Path] = field(default_factory=dict)
    _sealed: Pair | None = None
    _sealed_count: int = 0
    _copies: int = 0

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
        """A station with so many packets of real size, and its central that has none of them: a copy to be used up."""
        if self._sealed is None or self._sealed_count < packets:
            self.say(f"sealing {packets - self._sealed_count} records to be delivered")
        if self._sealed is None:
            self._sealed = seal_station(self.root / "sealed" / "pair", packets)
        elif self._sealed_count < packets:
            seal_more(self._sealed, range(self._sealed_count + 1, packets + 1))
        self._sealed_count = max(packets, self._sealed_count)
        self._copies += 1
        copy = self._sealed.copy_to(self.folder(f"sealed-{self._copies}") / "pair")
        copy.keep(packets)
        return copy

    def queued(self, packets: int) -> Path:
        """The folder of a station without central, so many small packets waiting: made once for all who ask."""
        if packets not in self._queued:
            self.say(f"queueing {packets} small packets")
            with offline_workplace(self.folder(f"queued-{packets}")) as place:
                queue(place.depot, packets)
                self._queued[packets] = place.root
        return self._queued[packets]
