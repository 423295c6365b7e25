"""Whatever stands before central on loopback: TLS with any certificate, a proxy that opens or not, a line that drips.

Knows no rule of the contract: it passes bytes.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

Greeting = Callable[[socket.socket, threading.Event], socket.socket | None]
"""What comes first on a connection: the connection to go on with, or None when central shall hear nothing of it."""

_PIECE = 16 * 1024


class Gateway:
    """`with Gateway(port, greeting) as gateway:` listens on `gateway.port` and passes to `port` whatever was greeted.

    `greeting` and `target` may be changed at any time; `break_off` ends the connections that are there.
    """

    def __init__(self, target: int, greeting: Greeting) -> None:
        self.greeting = greeting
        self.target = target
        self._over = threading.Event()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Gateway:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._work(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.break_off()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive(), "the gateway did not end"

    def break_off(self) -> None:
        """Every connection that is there ends now."""
        while self._open:
            _end(self._open.pop())

    def _work(self, target: Callable[..., None], *arguments: object) -> None:
        self._threads.append(threading.Thread(target=target, args=arguments, name="gateway", daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self._open.append(near)
                self._work(self._serve, near)

    def _serve(self, plain: socket.socket) -> None:
        with suppress(OSError), plain:
            near = self.greeting(plain, self._over)
            if near is None:
                return
            with near, socket.create_connection(("127.0.0.1", self.target)) as far:
                self._open += [near, far]
                self._work(_pass_on, far, near)
                _pass_on(near, far)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_PIECE):
            target.sendall(data)
    _end(source)
    _end(target)


def _end(item: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(item, socket.SHUT_RDWR)


def _head(connection: socket.socket) -> None:
    found = b""
    while b"\r\n\r\n" not in found:
        piece = connection.recv(_PIECE)
        if not piece:
            raise OSError("nobody asks")
        found += piece


# --------------------------------------------------------------------------------------------------------- greetings


def tls(chain: tuple[Path, Path]) -> Greeting:
    """Speaks TLS with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*chain)
    return lambda plain, _over: context.wrap_socket(plain, server_side=True)


def opening(plain: socket.socket, _over: threading.Event) -> socket.socket:
    """A proxy that opens the way it is asked for."""
    _head(plain)
    plain.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    return plain


def saying(answer: bytes) -> Greeting:
    """Answers the first request in central's place, and hangs up."""

    def greet(plain: socket.socket, _over: threading.Event) -> None:
        _head(plain)
        plain.sendall(answer)

    return greet


def dripping(said: bytes) -> Greeting:
    """Says `said`, and then a byte now and then, for ever."""

    def greet(plain: socket.socket, over: threading.Event) -> None:
        _head(plain)
        plain.sendall(said)
        while not over.wait(0.01):
            plain.sendall(b"x")

    return greet


def breaking_off(plain: socket.socket, _over: threading.Event) -> None:
    """Hears the first bytes of TLS, and is gone."""
    plain.recv(_PIECE)


def passing(plain: socket.socket, _over: threading.Event) -> socket.socket:
    """Nothing comes first."""
    return plain
