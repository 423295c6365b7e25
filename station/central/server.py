"""A central on a socket: in a thread for tests and the training mode, or for ever for the command line."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from station.central import disk
from station.central.app import create_app
from station.central.central import Central
from station.central.options import CentralOptions
from station.domain.errors import SetupError
from station.domain.ports import Clock

STOP_S = 10.0
_GRACE_S = 2
_KEEP_ALIVE_S = 75


@dataclass(frozen=True)
class Certificate:
    """PEM files for TLS."""

    chain: Path
    key: Path


class CentralServer:
    """`start`, then `port`, `url` and `central`; after `stop` or `kill`, `start` again uses the same port."""

    def __init__(
        self,
        data_dir: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        options: CentralOptions | None = None,
        clock: Clock | None = None,
        free_bytes: Callable[[Path], int] = disk.free_bytes,
        certificate: Certificate | None = None,
    ) -> None:
        self.data_dir = data_dir
        self.host = host
        self.port = port
        self._options = options
        self._clock = clock
        self._free_bytes = free_bytes
        self._certificate = certificate
        self._central: Central | None = None
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        scheme = "http" if self._certificate is None else "https"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"

    @property
    def central(self) -> Central:
        """The running central; a new one after every start."""
        assert self._central is not None, "the server was not started"
        return self._central

    def start(self) -> None:
        """Heal what the last stop left, then serve. OSError when the port is taken."""
        server, listener = self._prepare()
        self._thread = threading.Thread(target=server.run, args=([listener],), name="central", daemon=True)
        self._thread.start()
        if not server.up.wait(STOP_S):
            self.kill()
            raise TimeoutError("central did not start")

    def stop(self) -> None:
        """Answer what is being asked, then go: seconds at most. Nothing happens when it is not running."""
        if self._server is not None:
            self._server.should_exit = True
        self._end()

    def kill(self) -> None:
        """Go at once: every connection is reset in the middle of whatever it carries."""
        if self._server is not None:
            self._server.drop_everything()
        self._end()

    def run_forever(self, announce: Callable[[Central], None]) -> None:
        """Serve on this thread until a signal; `announce` is called when everybody can connect."""
        server, listener = self._prepare()
        try:
            announce(self.central)
            server.run([listener])
        finally:
            listener.close()
            self._end()

    def _prepare(self) -> tuple[_Server, socket.socket]:
        assert self._server is None, "the server is running"
        if self._certificate is None and not _is_loopback(self.host):
            raise SetupError("central.plain_http", host=self.host)
        listener = _listen(self.host, self.port)
        try:
            self._central = Central(self.data_dir, self._options, clock=self._clock, free_bytes=self._free_bytes)
        except BaseException:
            listener.close()
            raise
        self.port = listener.getsockname()[1]
        self._server = _Server(self._config(self._central), self._central)
        return self._server, listener

    def _config(self, central: Central) -> uvicorn.Config:
        return uvicorn.Config(
            create_app(central),
            log_config=None,
            # uvicorn would log an unforeseen error with its message, which may quote data. app.py logs it without.
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            date_header=False,  # the gate writes it, from central's own clock
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=_GRACE_S,
            ssl_certfile=self._certificate.chain if self._certificate else None,
            ssl_keyfile=self._certificate.key if self._certificate else None,
        )

    def _end(self) -> None:
        if self._thread is not None:
            self._thread.join(STOP_S)
            assert not self._thread.is_alive(), "central did not stop"
        if self._central is not None:
            self._central.close()
        self._server = self._thread = None


class _Server(uvicorn.Server):
    """uvicorn that says when it is up, lets long polls go when it stops, and can break off."""

    def __init__(self, config: uvicorn.Config, central: Central) -> None:
        super().__init__(config)
        self.up = threading.Event()
        self._central = central
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._central.bell.silence()
        await super().shutdown(sockets)

    def drop_everything(self) -> None:
        self.force_exit = self.should_exit = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._reset_connections)

    def _reset_connections(self) -> None:
        for connection in list(self.server_state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio sends without delay only where it is: 40 ms per answer otherwise.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # On Windows this option would let a second program share the port; there, a port is free again at once anyway.
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def run_forever(
    data_dir: Path,
    port: int,
    announce: Callable[[str, str], None],
    *,
    options: CentralOptions | None = None,
    host: str = "127.0.0.1",
    certificate: Certificate | None = None,
) -> None:
    """What `station central` does: serve until a signal; `announce` gets the address and a fresh code.

    SetupError `central.plain_http` for a host that is not this computer, without a certificate.
    """
    server = CentralServer(data_dir, host, port, options=options, certificate=certificate)
    server.run_forever(lambda central: announce(server.url, central.new_code()))
