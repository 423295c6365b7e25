"""The socket layer under the HTTP client: buffer sizes, a hand on every open socket, and a cable that can be pulled.

Pulling the cable is what training mode's switch does: open connections break, new ones find no route.
"""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Lock
from typing import Any
from weakref import WeakSet

import httpcore

SEND_BUFFER_BYTES = 512 * 1024
"""What may be under way unacknowledged. 64 KiB leave half of 512 kbit/s unused when an answer takes over a second."""
UNSENT_BYTES = 32 * 1024
"""What the kernel takes that is not on its way yet. If it took all, nothing would measure progress and time-outs would
lie. Where it cannot be told so, the whole buffer is this small.
"""
_NOT_SENT_LOW_WATER = getattr(socket, "TCP_NOTSENT_LOWAT", None)


class Network(httpcore.SyncBackend):
    """Opens connections; `hang_up` breaks them all, `cut` also refuses new ones until `mend`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._is_cut = False
        self.on_change: list[Callable[[], None]] = []
        """Called when the cable is plugged in or out, as an operating system tells of its network."""

    @property
    def is_cut(self) -> bool:
        return self._is_cut

    def cut(self) -> None:
        """Pull the cable."""
        self._is_cut = True
        self.hang_up()
        self._tell()

    def mend(self) -> None:
        """Plug it in again."""
        self._is_cut = False
        self._tell()

    def hang_up(self) -> None:
        """Break every open connection: whoever waits on one gets an error at once."""
        with self._lock:
            sockets = list(self._sockets)
        for item in sockets:
            with suppress(OSError):
                socket.socket.shutdown(item, socket.SHUT_RDWR)  # not TLS's own, which would wait for the other side

    def _tell(self) -> None:
        for listener in tuple(self.on_change):
            listener()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        if self._is_cut:
            raise httpcore.ConnectError(os.strerror(errno.ENETUNREACH)) from OSError(errno.ENETUNREACH, "cable out")
        stream = super().connect_tcp(host, port, timeout, local_address, _OPTIONS)
        self._hold(stream)
        return _Wire(stream, self._hold)

    def _hold(self, stream: httpcore.NetworkStream) -> None:
        found = stream.get_extra_info("socket")
        if isinstance(found, socket.socket):
            with self._lock:
                self._sockets.add(found)
            if self._is_cut:  # pulled while connecting
                self.hang_up()


class _Wire(httpcore.NetworkStream):
    """A connection whose socket stays in hand when TLS puts another one in its place."""

    def __init__(self, stream: httpcore.NetworkStream, hold: Callable[[httpcore.NetworkStream], None]) -> None:
        self._stream = stream
        self._hold = hold

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, timeout)
        self._hold(secure)
        return secure

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _options() -> list[tuple[int, int, int]]:
    options = [
        (socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES if _NOT_SENT_LOW_WATER else 2 * UNSENT_BYTES),
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    ]
    if _NOT_SENT_LOW_WATER is not None:
        options.append((socket.IPPROTO_TCP, _NOT_SENT_LOW_WATER, UNSENT_BYTES))
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux: give up on a peer that acknowledges nothing for a minute
        options.append((socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 60_000))
    return options


_OPTIONS = _options()
