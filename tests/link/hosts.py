"""Two hosts with nothing but one slow line between them: network namespaces of this machine. Root only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NUMBERS = count(1)


@dataclass(frozen=True)
class Quality:
    """`kbps` both ways, `rtt_s` there and back, `loss` a probability, `drop_every_s` 0 for a line that holds."""

    kbps: int
    rtt_s: float = 0.6
    loss: float = 0.0
    drop_every_s: float = 0.0

    def __str__(self) -> str:
        drops = f", drop every {self.drop_every_s:.0f} s" if self.drop_every_s else ""
        return f"{self.kbps} kbit/s, {self.rtt_s * 1000:.0f} ms, loss {self.loss:.0%}{drops}"


@dataclass(frozen=True)
class Counters:
    """Bytes of IP packets as the line saw them, lost ones included."""

    up: int
    down: int
    lost: int
    drops: int


SUBNET = "10.98.0"
FAR = f"{SUBNET}.2"
"""The address of the far host: the same between every two hosts, so that a station finds the same central again."""


class Hosts:
    """`near` and `far` make a command run at that host."""

    def __init__(self, number: int) -> None:
        self.names = (f"near{os.getpid()}x{number}", f"far{os.getpid()}x{number}")

    def near(self, command: Sequence[str | Path]) -> list[str]:
        return ["ip", "netns", "exec", self.names[0], *map(str, command)]

    def far(self, command: Sequence[str | Path]) -> list[str]:
        return ["ip", "netns", "exec", self.names[1], *map(str, command)]


@contextmanager
def hosts() -> Iterator[Hosts]:
    """Two namespaces, gone afterwards with everything that runs in them."""
    made = Hosts(next(_NUMBERS))
    for name in made.names:
        subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        yield made
    finally:
        for name in made.names:
            pids = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True, check=False).stdout
            for pid in pids.split():
                subprocess.run(["kill", "-9", pid], check=False, stderr=subprocess.DEVNULL)
            subprocess.run(["ip", "netns", "delete", name], check=False)


class RunningLine:
    """The line while it is up; `hang_up` takes it away and tells what went over it."""

    def __init__(self, between: Hosts, quality: Quality, seed: int) -> None:
        figures = (quality.kbps * 125, quality.rtt_s / 2, quality.loss, quality.drop_every_s, seed)
        command = [sys.executable, "-m", "tests.link.emulator", *between.names, SUBNET, *map(str, figures)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        if self._process.stdout.readline().strip() != "up":
            raise RuntimeError("the line did not come up")

    def hang_up(self) -> Counters:
        said, _ = self._process.communicate(timeout=10)
        return Counters(**json.loads(said))

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def line(between: Hosts, quality: Quality, seed: int) -> Iterator[RunningLine]:
    """A line of this quality between the hosts."""
    made = RunningLine(between, quality, seed)
    try:
        yield made
    finally:
        made.kill()
