"""A slow, lossy line between two network namespaces, in user space: two TUN devices and a queue for each direction.

Run by root as a process of its own: `python -m tests.link.emulator NS_A NS_B SUBNET RATE DELAY LOSS EVERY SEED`. It
says `up` when packets can pass, and prints its counters as one line of JSON when its standard input is closed.
"""

from __future__ import annotations

import fcntl
import heapq
import json
import os
import random
import select
import struct
import subprocess
import sys
import time
from dataclasses import dataclass, field

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
MTU = 1400
QUEUE_S = 1.0
"""What the line buffers in a direction, in seconds of its rate; more is thrown away, as by a modem."""
DROP_S = 8.0
"""How long the line is away at every drop. Whoever was connected finds nobody behind the old address afterwards."""


@dataclass
class Line:
    """`rate` in bytes a second, `delay` one way in seconds, `loss` a probability, `every` seconds between drops."""

    rate: float
    delay: float
    loss: float
    every: float
    seed: int
    up_bytes: int = 0
    down_bytes: int = 0
    lost: int = 0
    drops: int = 0
    _dead: set[tuple[int, int]] = field(default_factory=set)
    _seen: set[tuple[int, int]] = field(default_factory=set)

    def passes(self, packet: bytes, up: bool, now: float, dice: random.Random) -> bool:
        """True when a packet that was put on the line at `now` (seconds since the first one) reaches the other side.

        What the station sends has used the line, whatever becomes of it.
        """
        if up:
            self.up_bytes += len(packet)
        else:
            self.down_bytes += len(packet)
        flow = _flow(packet)
        if self._away(now) or flow in self._dead or dice.random() < self.loss:
            self.lost += 1
            return False
        if flow is not None:
            self._seen.add(flow)
        return True

    def _away(self, now: float) -> bool:
        if not self.every:
            return False
        number = int(now // self.every)
        if number > self.drops:
            self.drops = number
            self._dead |= self._seen
            self._seen.clear()
        return number > 0 and now % self.every < DROP_S


def _flow(packet: bytes) -> tuple[int, int] | None:
    """The ports of a TCP packet, the same for both directions."""
    if len(packet) < 24 or packet[0] >> 4 != 4 or packet[9] != 6:
        return None
    head = (packet[0] & 15) * 4
    low, high = sorted(struct.unpack_from(">HH", packet, head))
    return low, high


def _device(namespace: str, name: str, address: str, peer: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    for command in (
        ["ip", "link", "set", name, "netns", namespace],
        ["ip", "-n", namespace, "addr", "add", address, "peer", peer, "dev", name],
        ["ip", "-n", namespace, "link", "set", name, "mtu", str(MTU), "up"],
        ["ip", "-n", namespace, "link", "set", "lo", "up"],
    ):
        subprocess.run(command, check=True)
    return device


def run(here: str, there: str, subnet: str, line: Line) -> None:
    """Carry packets until standard input is closed."""
    dice = random.Random(line.seed)
    near = _device(here, f"a{os.getpid()}", f"{subnet}.1", f"{subnet}.2")
    far = _device(there, f"b{os.getpid()}", f"{subnet}.2", f"{subnet}.1")
    waiting: list[tuple[float, int, int, bytes]] = []
    free = {near: 0.0, far: 0.0}
    number = 0
    began: float | None = None  # with the first packet: how long the programs take to start is none of the line's
    print("up", flush=True)
    while True:
        patience = max(0.0, min(0.05, waiting[0][0] - time.monotonic())) if waiting else 0.05
        ready, _, _ = select.select([near, far, sys.stdin], [], [], patience)
        if sys.stdin in ready and not sys.stdin.read(1):
            break
        for device in (near, far):
            if device not in ready:
                continue
            packet = os.read(device, 4096)
            now, other = time.monotonic(), far if device is near else near
            began = now if began is None and _flow(packet) is not None else began
            if free[other] - now > QUEUE_S:
                line.lost += 1
                continue  # never put on the line: the queue before it is full
            free[other] = max(free[other], now) + len(packet) / line.rate
            if line.passes(packet, device is near, now - (began or now), dice):
                number += 1
                heapq.heappush(waiting, (free[other] + line.delay, number, other, packet))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, device, packet = heapq.heappop(waiting)
            try:
                os.write(device, packet)
            except OSError:
                line.lost += 1
    said = {"up": line.up_bytes, "down": line.down_bytes, "lost": line.lost, "drops": line.drops}
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    here, there, subnet, rate, delay, loss, every, seed = sys.argv[1:]
    run(here, there, subnet, Line(float(rate), float(delay), float(loss), float(every), int(seed)))
