"""What a relay with a link offers: a door on the local network, announced to neighbours. Knows no packets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from station.domain.errors import StationError
from station.domain.ports import Clock
from station.log import get_logger
from station.relay.certificate import serving_context
from station.relay.counter import Counter
from station.relay.door import Door
from station.relay.rate import Rate
from station.relay.room import Room
from station.relay.routes import make_app
from station.store.depot import Depot

log = get_logger(__name__)

CERTIFICATE = "relay.pem"


class Service:
    """One open door. `taken` is called whenever a neighbour's packet has come."""

    def __init__(
        self, depot: Depot, clock: Clock, addresses: Sequence[str], port: int, room: Room, taken: Callable[[], None]
    ) -> None:
        """OSError when the port is taken; StoreError when the disk takes no certificate."""
        self.addresses = tuple(addresses)
        _, key = depot.enrolled()
        certificate: Path = depot.folder.root / CERTIFICATE
        app = make_app(Counter(depot, clock, room), Rate(clock.monotonic), taken)
        self._door = Door(app, serving_context(certificate, key), self.addresses, port)
        try:
            opened = self._door.open()
        except BaseException:
            self._door.close()
            raise
        if not opened:
            self._door.close()
            raise StationError("relay.door")

    @property
    def port(self) -> int:
        """Where neighbours hand over."""
        return self._door.port

    def close(self) -> None:
        self._door.close()
