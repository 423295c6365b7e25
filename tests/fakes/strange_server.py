"""Whatever may answer in central's place, on a real socket: says given bytes, shows a given certificate, or nothing.

Knows no rule of the contract.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path


class StrangeServer:
    """`with StrangeServer(answer) as server:` answers each connection by what `answer(request)` returns, then closes.

    None holds the connection open in silence until the server is closed.
    """

    def __init__(
        self, answer: Callable[[bytes], bytes | None] = lambda _asked: b"", *, chain: tuple[Path, Path] | None = None
    ) -> None:
        self._answer = answer
        self._tls: ssl.SSLContext | None = None
        if chain is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(*chain)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.asked: list[bytes] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> StrangeServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), plain:
            connection: socket.socket = plain
            if self._tls is not None:
                connection = self._tls.wrap_socket(plain, server_side=True)
            with connection:
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        asked = b""
        while b"\r\n\r\n" not in asked:
            piece = connection.recv(65536)
            if not piece:
                return
            asked += piece
        self.asked.append(asked)
        said = self._answer(asked)
        if said is None:
            self._over.wait()
            return
        connection.sendall(said)


def header_of(asked: bytes, name: str) -> str:
    """A header of a request; '' when it has none."""
    for line in asked.decode("latin-1").split("\r\n")[1:]:
        if line.lower().startswith(name.lower() + ":"):
            return line.split(":", 1)[1].strip()
    return ""


def http(status: int, body: bytes = b"", *, length: int | None = None, **headers: str) -> bytes:
    """An answer of HTTP; `Content_Type="text/html"` becomes `Content-Type`. `length` may lie."""
    lines = [f"HTTP/1.1 {status} -", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
