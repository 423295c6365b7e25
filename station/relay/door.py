"""The door of a relay: one port on the local network, open only while it carries. Knows connections, not packets."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import ssl
from collections.abc import Callable, Sequence
from functools import partial
from threading import Event, Thread
from typing import Any
from weakref import WeakKeyDictionary

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from station.log import get_logger
from station.relay.bounds import CONNECTIONS, CONNECTIONS_EACH, HANDSHAKE_S, LIFE_S, SILENT_S, STOP_S
from station.relay.circle import is_local

log = get_logger(__name__)

_GRACE_S = 1
_HEAD_BYTES = 16 * 1024


class Door:
    """`open` on a thread of its own, `close` within seconds."""

    def __init__(self, app: Starlette, context: ssl.SSLContext, addresses: Sequence[str], port: int) -> None:
        """On the same port of these addresses and no other. OSError when it is taken."""
        self._listeners = _listen(addresses, port)
        self.port: int = self._listeners[0].getsockname()[1]
        self._server = _Server(_config(app, context))
        self._thread = Thread(target=self._server.run, args=(self._listeners,), name="relay-door", daemon=True)

    def open(self) -> bool:
        """Answer from now on; False when it could not be opened."""
        self._thread.start()
        return self._server.up.wait(STOP_S)

    def close(self) -> None:
        """Answer nobody any more. What is being written is finished, for its disk cannot be hurried."""
        self._server.should_exit = self._server.force_exit = True
        if self._thread.is_alive():
            self._thread.join(STOP_S)
        if self._thread.is_alive():
            log.error("the relay's door did not close within %s s", STOP_S)
        for listener in self._listeners:
            listener.close()


class BoundedListener(socket.socket):
    """Takes a few connections in all and of each address, counted before TLS begins: each costs the window a file.

    Only of local networks; of this computer itself when it listens on loopback.
    """

    def __init__(self, taken: WeakKeyDictionary[socket.socket, str], *, loopback: bool) -> None:
        """`taken`: whose connections those are that were taken, shared by all listeners of a door."""
        super().__init__(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._taken = taken
        self._loopback = loopback

    def accept(self) -> tuple[socket.socket, Any]:
        found, address = super().accept()
        host = str(address[0])
        alive = [whose for connection, whose in self._taken.items() if connection.fileno() >= 0]
        full = len(alive) >= CONNECTIONS or alive.count(host) >= CONNECTIONS_EACH
        if full or not is_local(host, loopback=self._loopback):
            found.close()
            raise ConnectionAbortedError
        self._taken[found] = host
        return found, address


class BoundedConnection(H11Protocol):
    """One connection: never idle for long."""

    _silence: Any = None
    _life: Any = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._life = self.loop.call_later(LIFE_S, transport.abort)
        self._heard()

    def data_received(self, data: bytes) -> None:
        self._heard()
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._silence, self._life):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def _heard(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
        self._silence = self.loop.call_later(SILENT_S, self.transport.abort)


class _Server(uvicorn.Server):
    """uvicorn that says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()  # the server has no word for it, and the usual wait is a minute
        loop.create_server = partial(loop.create_server, ssl_handshake_timeout=HANDSHAKE_S)  # type: ignore[method-assign]
        await super().startup(sockets)
        self.up.set()


def _config(app: Starlette, context: ssl.SSLContext) -> uvicorn.Config:
    def own_context(_config: uvicorn.Config, _usual: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        return context

    return uvicorn.Config(
        app,
        http=BoundedConnection,
        loop="asyncio:SelectorEventLoop",  # on every system: the other one of Windows takes connections past `accept`
        ssl_context_factory=own_context,
        log_config=None,
        log_level="critical",  # its messages may quote what a stranger sent
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        timeout_keep_alive=int(SILENT_S),
        timeout_graceful_shutdown=_GRACE_S,
    )


def _listen(addresses: Sequence[str], port: int) -> list[socket.socket]:
    taken: WeakKeyDictionary[socket.socket, str] = WeakKeyDictionary()
    listeners: list[socket.socket] = []
    try:
        for host in addresses:
            listener = BoundedListener(taken, loopback=ipaddress.IPv4Address(host).is_loopback)
            listeners.append(listener)
            if os.name != "nt":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen(CONNECTIONS)
            port = listener.getsockname()[1]
    except OSError:
        for opened in listeners:
            opened.close()
        raise
    return listeners
