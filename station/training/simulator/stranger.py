"""Another program on a port of the range: it answers whatever comes with a web page, and knows nothing of SBI."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Thread

_PAGE = b"<html><body>CONTOH</body></html>"
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(_PAGE)
_PATIENCE_S = 2.0
_LOOK_EVERY_S = 0.1


class Stranger:
    """Takes over a listening socket, until `close`."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._listener.settimeout(_LOOK_EVERY_S)
        self._closed = False
        self._thread = Thread(target=self._answer, name="stranger", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closed = True
        self._thread.join()
        self._listener.close()

    def _answer(self) -> None:
        while not self._closed:
            with suppress(OSError):  # nobody came, or who came did not wait
                visitor, _ = self._listener.accept()
                with visitor:
                    visitor.settimeout(_PATIENCE_S)
                    visitor.recv(4096)
                    visitor.sendall(_ANSWER + _PAGE)
