"""The local network around this computer, loaded only when something is announced or looked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from station.relay.circle import Sighting
from station.store.enrolment import Enrolment


class Ears(Protocol):
    """Announcing and finding on some addresses, until `close`."""

    addresses: tuple[str, ...]

    def announce(self, port: int) -> None: ...

    def look(self) -> None: ...

    def keep(self, proven: Collection[Sighting]) -> None: ...

    def sightings(self) -> tuple[Sighting, ...]: ...

    def close(self) -> None: ...


class Surroundings:
    """Every local network that this computer is in."""

    loopback = False
    """Whether this computer itself counts as a local network."""

    def addresses(self) -> tuple[str, ...]:
        """Where neighbours could reach this computer; empty when it is in no network."""
        from station.relay.local_network import local_addresses

        return local_addresses()

    def listen(self, enrolment: Enrolment, addresses: tuple[str, ...]) -> Ears:
        """Begin to hear; OSError when multicast is not possible."""
        from station.relay.local_network import LocalNetwork

        return LocalNetwork(enrolment, addresses, loopback=self.loopback)
