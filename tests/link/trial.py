"""One trial: these packets, one way of sending, one line. What the line counted, and what was delivered."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.certificates import certificate
from tests.link.hosts import FAR, ROOT, Counters, Hosts, Quality, hosts, line

PORT = 8440
FAST = Quality(kbps=1_000_000, rtt_s=0.0)
WAYS = ("station", "curl", "tuspy", "oneshot")


class LinkBenchFailed(Exception):
    """A figure that cannot be obtained."""


@dataclass(frozen=True)
class Load:
    """What is sent: a station with sealed packets and the central that waits for them, both to be copied."""

    root: Path
    packets: tuple[Path, ...]

    @property
    def size(self) -> int:
        return sum(path.stat().st_size for path in self.packets)

    @property
    def chain(self) -> Path:
        return self.root / "chain.pem"


@dataclass(frozen=True)
class Result:
    """`seconds` until the last byte was acknowledged, or until patience ended; `delivered` bytes of whole packets."""

    way: str
    quality: Quality
    size: int
    seconds: float
    delivered: int
    counters: Counters

    @property
    def goodput(self) -> float:
        """Delivered bytes a second."""
        return self.delivered / self.seconds

    @property
    def sent_per_byte(self) -> float:
        """Bytes of IP packets that the sender put on the line, lost ones too, for each byte that was delivered."""
        return self.counters.up / self.delivered


def prepare(root: Path, number: int) -> Load:
    """Seal `number` records of real size at a station that is enrolled at a central, over a fast line."""
    root.mkdir(parents=True)
    certificate(root, FAR)
    with hosts() as between, line(between, FAST, 0), _central(between, root, root) as (url, code):
        _run(between.near(_python("tests.link.prepare", root / "station", url, code, root / "chain.pem", number)))
    found = sorted((root / "station" / "packets").glob("??/*.packet"))
    if len(found) != number:
        raise LinkBenchFailed(f"{len(found)} of {number} packets were sealed")
    return Load(root, tuple(found))


def try_way(load: Load, way: str, quality: Quality, scratch: Path, patience_s: float, seed: int = 7) -> Result:
    """Send the load once. What is not delivered after `patience_s` is not delivered."""
    scratch.mkdir(parents=True)
    with hosts() as between:
        if way == "station":
            shutil.copytree(load.root, scratch / "pair")
            place = scratch / "pair"
            with line(between, quality, seed) as wire, _central(between, place, load.root):
                command = _python("tests.link.send", place / "station", load.chain)
                seconds, said = _time(between.near(command), patience_s)
                counters = wire.hang_up()
            return Result(way, quality, load.size, seconds, int(said.get("delivered", 0)), counters)
        sink = between.far(_python("tests.link.sink", FAR, PORT, load.chain, load.root / "key.pem"))
        url = f"https://{FAR}:{PORT}"
        with line(between, quality, seed) as wire, _serving(sink, 1):
            if way == "curl":
                whole = scratch / "whole"
                whole.write_bytes(b"".join(path.read_bytes() for path in load.packets))
                checked = ("--fail", "--cacert", str(load.chain), "-H", "Expect:")
                command = ["curl", "-sS", *checked, "-T", str(whole), f"{url}/sink"]
            else:
                command = _python("tests.link.peers", way, url, load.chain, *load.packets)
            seconds, said = _time(between.near(command), patience_s)
            # Asked at the far host itself: its own address goes over no line.
            told = _run(between.far(["curl", "-sk", f"{url}/delivered"])).stdout
            counters = wire.hang_up()
    return Result(way, quality, load.size, seconds, int(json.loads(told)), counters)


def _python(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", module, *map(str, arguments)]


def _environment() -> dict[str, str]:
    cleared = {name: value for name, value in os.environ.items() if not name.startswith(("STATION_", "PIP_"))}
    return {**cleared, "PYTHONUNBUFFERED": "1", "QT_QPA_PLATFORM": "offscreen"}


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise LinkBenchFailed(f"{' '.join(command[4:8])}: {done.stderr.strip()[-1500:]}")
    return done


def _time(command: Sequence[str], patience_s: float) -> tuple[float, dict[str, float]]:
    """Seconds, and what the program printed at its end; nothing when it had to be stopped or gave up."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=_environment(), capture_output=True, text=True, timeout=patience_s, check=False
        )
    except subprocess.TimeoutExpired:
        return time.monotonic() - began, {}
    seconds = time.monotonic() - began
    try:
        said = dict(json.loads(done.stdout.strip().splitlines()[-1]))
    except (IndexError, ValueError):
        return seconds, {}
    return float(said.get("seconds", seconds)), said


@contextmanager
def _serving(command: Sequence[str], lines: int) -> Iterator[list[str]]:
    process = subprocess.Popen(
        command, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(lines)]
        if not all(said):
            raise LinkBenchFailed(f"{' '.join(command[4:8])} did not start")
        yield said
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def _central(between: Hosts, root: Path, keys: Path) -> Iterator[tuple[str, str]]:
    """`station central` at the far host, in `root`; its address and a code."""
    tls = ("--host", FAR, "--certificate", keys / "chain.pem", "--key", keys / "key.pem")
    command = _python("station", "central", "--data", root, "--training", "--port", PORT, *tls)
    with _serving(between.far(command), 2) as said:
        yield said[0].split()[-1], said[1].split()[-1]
