"""What is counted while time passes, by the second since central's return. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Seconds:
    """A number for each second from the return on."""

    counts: list[float] = field(default_factory=list)

    def add(self, at_s: float, count: float = 1.0) -> None:
        second = max(0, int(at_s))
        if second >= len(self.counts):
            self.counts += [0.0] * (second + 1 - len(self.counts))
        self.counts[second] += count

    def add_evenly(self, from_s: float, seconds: float, count: float) -> None:
        """`count`, spread over so many seconds."""
        while count > 1e-9:
            room_s = min(int(from_s) + 1 - from_s, seconds)
            part = count if room_s >= seconds else count * room_s / seconds
            self.add(from_s, part)
            from_s, seconds, count = from_s + room_s, seconds - room_s, count - part

    def at(self, second: int) -> float:
        return self.counts[second] if 0 <= second < len(self.counts) else 0.0

    def peak(self, over_s: int = 1) -> float:
        """The most in any `over_s` seconds that follow each other, per second."""
        best = total = sum(self.counts[:over_s])
        for second in range(over_s, len(self.counts)):
            total += self.counts[second] - self.counts[second - over_s]
            best = max(best, total)
        return best / over_s

    def means(self, over_s: int) -> list[float]:
        """Averages of `over_s` seconds each."""
        return [sum(self.counts[at : at + over_s]) / over_s for at in range(0, len(self.counts), over_s)]


@dataclass
class Ledger:
    """`contacts`: first contacts of stations. `arrived`: packets that came whole. `accepted`: that were accepted."""

    contacts: Seconds = field(default_factory=Seconds)
    arrived: Seconds = field(default_factory=Seconds)
    accepted: Seconds = field(default_factory=Seconds)
    asked: int = 0
    refused: int = 0
    put_off: int = 0
    longest_hold_s: float = 0.0
    drained: dict[int, float] = field(default_factory=dict)
    """Station → seconds after the return when central had all that it had."""
