"""The SBI service on loopback: the first free port of the range, and another program that may take it.

It must not know what is asked or answered.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterable
from threading import Lock, Thread

from station.capture.sbi.names import HOST, PORTS
from station.domain.errors import SetupError
from station.training.simulator.booth import Booth
from station.training.simulator.handler import Handler, ServiceServer
from station.training.simulator.stranger import Stranger


class Service:
    """`start` takes the first free port. `close` ends the booth as well."""

    def __init__(self, booth: Booth, ports: Iterable[int] = PORTS) -> None:
        self.booth = booth
        self._ports = tuple(ports)
        self._lock = Lock()
        self._server: _Server | None = None
        self._stranger: Stranger | None = None

    @property
    def port(self) -> int:
        assert self._server is not None, "the service was not started"
        return int(self._server.server_address[1])

    def start(self) -> None:
        """SetupError `simulator.no_port` when every port is taken."""
        for port in self._ports:
            try:
                self._server = _Server(port, self)
            except OSError:
                continue
            Thread(target=self._server.serve_forever, args=(0.05,), name="sbi", daemon=True).start()
            return
        raise SetupError("simulator.no_port", first=self._ports[0], last=self._ports[-1])

    def give_up_port(self) -> None:
        """Another program takes the port; the service comes up on the next free one."""
        with self._lock:
            if self._stranger is None and self._server is not None:
                self._server.shutdown()
                self._stranger = Stranger(self._server.socket)
                self.start()

    def take_port_back(self) -> None:
        """The other program goes. Its port is free; the service stays where it is."""
        with self._lock:
            if self._stranger is not None:
                self._stranger.close()
                self._stranger = None

    def close(self) -> None:
        self.booth.close()
        self.take_port_back()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


class _Server(ServiceServer):
    daemon_threads = True
    block_on_close = False
    # On Windows the option would let a second service share the port.
    allow_reuse_address = os.name != "nt"
    allow_reuse_port = False

    def __init__(self, port: int, service: Service) -> None:
        super().__init__((HOST, port), Handler)
        self.service = service

    def server_bind(self) -> None:
        # Not HTTPServer's: it asks the resolver for a name of this computer.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(self.allow_reuse_address))
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is nothing to tell; anything else is a bug, and loud."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as socketserver has it
