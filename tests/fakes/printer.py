"""A printer that keeps what it is given, lays the pages out as the real one does, and suffers what a test tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event

from station.domain.errors import DeviceError
from station.domain.paper import Paper


@dataclass
class FakePrinter:
    """`fault` is the code of the next refusals, '' when all is well; while `slow` is cleared it hangs."""

    known: tuple[str, ...] = ("Loket 1", "Ruang arsip")
    fault: str = ""
    printed: list[tuple[str, Paper]] = field(default_factory=list)
    slow: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.slow.set()

    def names(self) -> tuple[str, ...]:
        return self.known

    def describe(self, name: str) -> tuple[str, str]:
        self.slow.wait(30)
        return "Pabrik P-1", self.fault

    def print(self, paper: Paper, name: str) -> None:
        self.slow.wait(30)
        if self.fault:
            raise DeviceError(self.fault, name=name)
        self.printed.append((name, paper))
