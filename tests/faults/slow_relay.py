"""A TCP relay on loopback that carries bytes as a bad radio does: a few at a time, with pauses, or not at all any more.

What it does not take is not acknowledged: its buffers are as small as the system makes them.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass
class SlowRelay:
    """`with SlowRelay(port) as relay:` listens on `relay.port`. It takes `most` bytes toward `target` at a time, and
    waits `every_s` before the next; after `dead_at` bytes it takes no more, and says nothing.
    """

    target: int
    most: int = 1 << 20
    every_s: float = 0.0
    dead_at: int | None = None
    pauses: dict[int, float] = field(default_factory=dict)
    """After so many bytes it takes nothing for so many seconds."""
    carried: int = 0

    def __enter__(self) -> SlowRelay:
        self._over = threading.Event()
        self._open: list[socket.socket] = []
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for item in (self._listener, *self._open):
            with suppress(OSError):
                item.shutdown(socket.SHUT_RDWR)
            item.close()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive(), "the relay did not end"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                self._open += [near, far]
                for work in (self._up, self._down):
                    self._threads.append(threading.Thread(target=work, args=(near, far), daemon=True))
                    self._threads[-1].start()

    def _up(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while self.dead_at is None or self.carried < self.dead_at:
                data = near.recv(self.most)
                if not data:
                    far.shutdown(socket.SHUT_RDWR)
                    return
                far.sendall(data)
                before, self.carried = self.carried, self.carried + len(data)
                paused = sum(seconds for at, seconds in self.pauses.items() if before < at <= self.carried)
                if self._over.wait(self.every_s + paused):
                    return

    def _down(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while data := far.recv(65536):
                near.sendall(data)
            near.shutdown(socket.SHUT_RDWR)
