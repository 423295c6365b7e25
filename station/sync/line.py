"""The line as this computer alone sees it: by which address of its own it would go out. Nothing is sent.

A change is a reason to look for central at once, never a proof of anything; no change proves nothing either.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing

LOOK_S = 2.5
"""So often the line is looked at while delivery waits."""
_ANYWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses of documentation: nobody has them, so the answer is what would carry traffic to the world."""


def own_addresses() -> tuple[str, ...]:
    """The addresses by which traffic would leave this computer, '' for a kind of network that is not there.

    Connecting a datagram socket only asks the routing table: no packet leaves, no name is looked up.
    """
    return tuple(_own_address(family, there) for family, there in _ANYWHERE)


def _own_address(family: socket.AddressFamily, there: str) -> str:
    try:
        with closing(socket.socket(family, socket.SOCK_DGRAM)) as probe:
            probe.connect((there, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return ""


class Line:
    """Remembers how the line looked. `look` is `own_addresses`, or what a test says."""

    def __init__(self, look: Callable[[], tuple[str, ...]] = own_addresses) -> None:
        self._look = look
        self._seen = look()

    def changed(self) -> bool:
        """True when it is another one than at the last look: an address came, went or changed."""
        before, self._seen = self._seen, self._look()
        return self._seen != before

    @property
    def present(self) -> bool:
        """True when there is any way out of this computer at all."""
        return any(self._look())
