"""What systemd wants to hear of a service: ready, alive, what it does, about to stop. Silent without systemd.

The protocol is one datagram of lines to the socket named in NOTIFY_SOCKET. Knows nothing of delivery.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress


class Notifier:
    """Where nobody listens, nothing is said. What cannot be said is lost: the service goes on."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address

    @property
    def listening(self) -> bool:
        """Somebody hears."""
        return bool(self._address)

    def ready(self) -> None:
        self._tell("READY=1")

    def alive(self) -> None:
        self._tell("WATCHDOG=1")

    def status(self, sentence: str) -> None:
        """One sentence for `systemctl status`."""
        self._tell("STATUS=" + " ".join(sentence.split()))

    def stopping(self) -> None:
        self._tell("STOPPING=1")

    def _tell(self, line: str) -> None:
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
            to.sendto(line.encode(), self._address)
