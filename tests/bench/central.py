"""A real central in a process of its own, started with `station central` as anybody would."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.child import command, serving
from tests.bench.failed import BenchFailed


@dataclass(frozen=True)
class RunningCentral:
    """Its address, and a code with which one station can enrol."""

    url: str
    code: str


@contextmanager
def central(root: Path, port: int) -> Iterator[RunningCentral]:
    """Central on loopback that knows province 99 and keeps everything in `root`/central."""
    arguments = command("station", "central", "--data", root, "--training", "--port", port)
    with serving(arguments, lines=2) as said:
        address = re.search(r"http://\S+", said[0])
        if address is None:
            raise BenchFailed(f"station central did not say its address: {said}")
        yield RunningCentral(address[0], said[1].split()[-1])


def free_port() -> int:
    """A port nobody uses now. The same central comes up there again and again: a station is enrolled at an address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
