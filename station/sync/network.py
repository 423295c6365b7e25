"""The socket layer under the HTTP client: buffer sizes, a hand on every open socket, and a cable that can be pulled.

Pulling the cable is what training mode's switch does: open connections break, new ones find no route.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import ssl
import struct
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Lock
from time import monotonic
from typing import Any
from weakref import WeakSet

import httpcore

from station.sync.under_way import Flow

SEND_BUFFER_BYTES = 512 * 1024
"""What may be under way unacknowledged. 64 KiB leave half of 512 kbit/s unused when an answer takes over a second."""
UNSENT_BYTES = 32 * 1024
"""What the kernel takes that is not on its way yet. If it took all, nothing would measure progress and time-outs would
lie. Where it cannot be told so, the whole buffer is this small.
"""
SILENCE_S = 25.0
"""The system gives up a connection that acknowledges nothing for so long (where it can be told so)."""
LONGEST_REPEAT_S = 5.0
"""How seldom the system repeats what was not acknowledged. Left alone it doubles its waits: a line that was away for a
quarter of a minute would stay silent for another one.
"""
_NOT_SENT_LOW_WATER = getattr(socket, "TCP_NOTSENT_LOWAT", None)
_LINUX = sys.platform == "linux"
_RTO_MAX_MS = 44  # TCP_RTO_MAX_MS of Linux 6.15; Python has no name for it yet
_UNACKNOWLEDGED = 0x5411  # SIOCOUTQ
_FLOW = struct.Struct("=16xI4x4I104xII")
"""Of Linux's struct tcp_info: snd_mss, unacked, sacked, lost, retrans, notsent_bytes, min_rtt (microseconds)."""
_AT_ONCE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_END_OF_HEAD = b"\r\n\r\n"


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
                abandon(item)
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
        return _Wire(self.connect(host, port, timeout, local_address), self._hold)

    def connect(
        self, host: str, port: int, timeout_s: float | None = None, local_address: str | None = None
    ) -> httpcore.NetworkStream:
        """A connection in hand, for whoever has time-outs of his own."""
        if self._is_cut:
            raise httpcore.ConnectError(os.strerror(errno.ENETUNREACH)) from OSError(errno.ENETUNREACH, "cable out")
        stream = super().connect_tcp(host, port, timeout_s, local_address, _OPTIONS)
        _repeat_often(stream)
        self._hold(stream)
        return stream

    def secure(
        self, stream: httpcore.NetworkStream, context: ssl.SSLContext, host: str, timeout_s: float
    ) -> httpcore.NetworkStream:
        """TLS over a connection in hand."""
        secured = stream.start_tls(context, host, timeout_s)
        self._hold(secured)
        return secured

    def _hold(self, stream: httpcore.NetworkStream) -> None:
        found = stream.get_extra_info("socket")
        if isinstance(found, socket.socket):
            with self._lock:
                self._sockets.add(found)
            if self._is_cut:  # pulled while connecting
                self.hang_up()


class _Wire(httpcore.NetworkStream):
    """A connection whose socket stays in hand when TLS puts another one in its place.

    The head of an answer has to be here within the time-out as a whole, not byte by byte.
    """

    def __init__(self, stream: httpcore.NetworkStream, hold: Callable[[httpcore.NetworkStream], None]) -> None:
        self._stream = stream
        self._hold = hold
        self._asked_at: float | None = None
        self._tail = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if timeout is not None and self._asked_at is not None:
            timeout = self._asked_at + timeout - monotonic()
            if timeout <= 0:
                raise httpcore.ReadTimeout("the head of the answer came too slowly")
        data = self._stream.read(max_bytes, timeout)
        self._tail = self._tail[-3:] + data
        if _END_OF_HEAD in self._tail:
            self._asked_at = None
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)
        self._asked_at, self._tail = monotonic(), b""

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, timeout)
        self._hold(secure)
        return _Wire(secure, self._hold)

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
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        options.append((socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(SILENCE_S * 1000)))
    return options


def _repeat_often(stream: httpcore.NetworkStream) -> None:
    """Ask for what only new systems can."""
    found = stream.get_extra_info("socket")
    if _LINUX and isinstance(found, socket.socket):
        with suppress(OSError):
            found.setsockopt(socket.IPPROTO_TCP, _RTO_MAX_MS, int(LONGEST_REPEAT_S * 1000))


def abandon(item: socket.socket) -> None:
    """What this connection still has to send is thrown away when it is closed, and not repeated to nobody."""
    item.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)


def unacknowledged(item: socket.socket) -> int | None:
    """Bytes that were written and the other side has not acknowledged; None where the system does not tell."""
    if not _LINUX:
        return None
    from fcntl import ioctl  # not there on other systems

    try:
        return int(struct.unpack("i", ioctl(item.fileno(), _UNACKNOWLEDGED, bytes(4)))[0])
    except (OSError, ValueError):
        return None


def flow(item: socket.socket) -> Flow | None:
    """What is under way on this connection; None where the system does not tell."""
    if not _LINUX:
        return None
    try:
        told = item.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _FLOW.size)
        size, unacked, sacked, lost, repeated, unsent, round_trip_us = _FLOW.unpack(told)
    except (OSError, struct.error):
        return None
    return Flow(max(0, unacked - sacked - lost + repeated) * size + unsent, round_trip_us / 1e6, size)


def lives(item: socket.socket, seconds: float) -> bool:
    """Wait so long; False, and at once, when this connection was hung up or has failed."""
    if not hasattr(select, "poll"):
        return False
    look = select.poll()
    try:
        look.register(item, 0)  # hang-up and failure are always told
    except (OSError, ValueError):
        return False
    return not look.poll(seconds * 1000)


_OPTIONS = _options()
