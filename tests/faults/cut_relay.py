"""A small TCP relay on loopback that breaks off where a test says, and remembers every request that passed.

Knows nothing of the contract. A fault is armed once and strikes once.
"""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field

_PIECE = 16 * 1024


@dataclass(frozen=True)
class Passed:
    """One request as far as it reached the other side: `body` may be shorter than `length`."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    length: int


@dataclass
class _Armed:
    """What shall happen: after so many more bytes toward central or back, or to the next answer as a whole."""

    request_at: int | None = None
    answer_at: int | None = None
    swallow: bool = False


@dataclass
class CutRelay:
    """`with CutRelay(port) as relay:` listens on `relay.port` and passes everything to `port` and back."""

    target: int
    port: int = 0
    reset: bool = False
    """Break off with RST instead of FIN."""
    struck: int = 0
    """How many faults have struck."""
    _up: list[bytearray] = field(default_factory=list)
    _open: set[socket.socket] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _armed: _Armed = field(default_factory=_Armed)

    # ------------------------------------------------------------------------------------------------ what tests do

    def cut_request_at(self, count: int) -> None:
        """Break off after `count` more bytes toward central."""
        with self._lock:
            self._armed = _Armed(request_at=count)

    def cut_answer_at(self, count: int) -> None:
        """Break off after `count` more bytes from central."""
        with self._lock:
            self._armed = _Armed(answer_at=count)

    def lose_answer(self) -> None:
        """Let the next request through and swallow its answer: the lost acknowledgement."""
        with self._lock:
            self._armed = _Armed(swallow=True)

    def behave(self) -> None:
        with self._lock:
            self._armed = _Armed()

    def forget(self) -> None:
        """Of the requests that passed so far, remember none."""
        with self._lock:
            for stream in self._up:
                stream.clear()

    @property
    def armed(self) -> bool:
        with self._lock:
            return self._armed != _Armed()

    def requests(self, method: str = "") -> list[Passed]:
        """Every request that passed, in the order of their connections."""
        with self._lock:
            streams = [bytes(stream) for stream in self._up]
        return [item for stream in streams for item in _requests(stream) if method in ("", item.method)]

    # ---------------------------------------------------------------------------------------------------- running

    def __enter__(self) -> CutRelay:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, name="relay", daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            left = list(self._open)
        for item in left:
            _break(item, reset=False)
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive(), "the relay did not end"

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target), timeout=10)
            except OSError:
                _break(client, reset=True)  # nobody there: as if refused
                client.close()
                continue
            server.settimeout(None)
            stream = bytearray()
            with self._lock:
                self._up.append(stream)
                self._open |= {client, server}
            pair = _Pair(client, server, stream)
            for work in (self._upward, self._downward):
                thread = threading.Thread(target=work, args=(pair,), name="relay", daemon=True)
                self._threads.append(thread)
                thread.start()

    def _upward(self, pair: _Pair) -> None:
        while data := _receive(pair.client):
            with self._lock:
                at = self._armed.request_at
                cut = at is not None and len(data) >= at
                if at is not None:
                    data = data[:at]
                    self._armed.request_at = at - len(data)
                if cut:
                    self._strike()
                pair.stream += data
            sent = _send(pair.server, data)
            if cut:
                self._break_pair(pair)
            if cut or not sent:
                break
        self._end(pair)

    def _downward(self, pair: _Pair) -> None:
        while data := _receive(pair.server):
            with self._lock:
                at, swallow = self._armed.answer_at, self._armed.swallow
                cut = swallow or (at is not None and len(data) >= at)
                if swallow:
                    data = b""
                elif at is not None:
                    data = data[:at]
                    self._armed.answer_at = at - len(data)
                if cut:
                    self._strike()
            sent = _send(pair.client, data)
            if cut:
                self._break_pair(pair)
            if cut or not sent:
                break
        self._end(pair)

    def _strike(self) -> None:
        self._armed = _Armed()
        self.struck += 1

    def _break_pair(self, pair: _Pair) -> None:
        _break(pair.server, reset=self.reset)
        _break(pair.client, reset=self.reset)

    def _end(self, pair: _Pair) -> None:
        """Both directions end together; the second to come here closes."""
        _break(pair.client, reset=False)
        _break(pair.server, reset=False)
        with self._lock:
            pair.ended += 1
            if pair.ended < 2:
                return
            self._open -= {pair.client, pair.server}
        pair.client.close()
        pair.server.close()


@dataclass
class _Pair:
    client: socket.socket
    server: socket.socket
    stream: bytearray
    ended: int = 0


def _receive(item: socket.socket) -> bytes:
    try:
        return item.recv(_PIECE)
    except OSError:
        return b""


def _send(item: socket.socket, data: bytes) -> bool:
    try:
        item.sendall(data)
    except OSError:
        return False
    return True


def _break(item: socket.socket, *, reset: bool) -> None:
    with suppress(OSError):
        if reset:
            item.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        item.shutdown(socket.SHUT_RDWR)


def _requests(stream: bytes) -> list[Passed]:
    """The HTTP requests in what went up one connection; a head that is not whole is no request."""
    found = []
    while b"\r\n\r\n" in stream:
        head, _, stream = stream.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        found.append(Passed(method, path, headers, stream[:length], length))
        stream = stream[length:]
    return found
