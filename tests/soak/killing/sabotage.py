"""Ways to break the program on purpose, in the process that dies: the judge has to notice each of them.

Only here, and never in the program: each takes one promise away and leaves all others as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from station.domain.delivery import OutboxItem
from station.domain.outcome import Accepted
from station.store.packets import PacketFolder
from station.sync.uploads import UploadLane

SETTLE_FIRST = "settle before receipt"
WRITE_LATER = "acknowledge before the packet is written"


def _settle_first() -> None:
    """A packet counts as delivered when it is about to be sent: nobody waits for central's word."""
    advance: Callable[..., Any] = UploadLane._advance

    def careless(lane: UploadLane, item: OutboxItem) -> Any:
        shared = lane._shared
        shared.depot.outbox.settle(item.key, Accepted("", "", shared.clock.now()), at=shared.clock.now())
        return advance(lane, item)

    UploadLane._advance = careless  # type: ignore[method-assign, assignment]


def _write_later() -> None:
    """The packet is kept in memory when sealing comes back, and written when the next one comes or it is asked for."""
    write, read = PacketFolder.write, PacketFolder.read
    waiting: list[Callable[[], None]] = []

    def flush() -> None:
        while waiting:
            waiting.pop()()

    def careless(folder: PacketFolder, *packet: Any) -> None:
        flush()
        waiting.append(lambda: write(folder, *packet))

    def reading(folder: PacketFolder, *packet: Any) -> bytes:
        flush()
        return read(folder, *packet)

    PacketFolder.write, PacketFolder.read = careless, reading  # type: ignore[method-assign, assignment]


SABOTAGES: Mapping[str, Callable[[], None]] = {SETTLE_FIRST: _settle_first, WRITE_LATER: _write_later}
SHOWN_AT: Mapping[str, tuple[str, ...]] = {
    SETTLE_FIRST: ("settle.committed", "settle.before_commit"),
    WRITE_LATER: ("seal.queued", "seal.recorded"),
}
"""The points at which a death shows each."""
