"""One connection to central for the bytes of packets: a request may follow before the answer to the one before is here.

Over a satellite each answer takes most of a second, in which the line would stand still. It knows HTTP/1.1 and nothing
of the contract; what it raises is what the HTTP client raises. Used by one thread; `break_off` may come from another.
"""

from __future__ import annotations

import socket
import ssl
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic

import h11
import httpcore
import httpx

from station.sync.network import Network, abandon, flow, lives, unacknowledged
from station.sync.under_way import Flow

CONNECT_S, WRITE_S = 30.0, 60.0
_READ = 64 * 1024
_RAISED: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.WriteError: httpx.WriteError,
    h11.RemoteProtocolError: httpx.RemoteProtocolError,
}


class LostBehind(httpx.ReadError):
    """The connection ended with the request before this one: nobody knows what became of it."""


class Request:
    """One request that was put on the line, and what is known of its answer."""

    def __init__(self) -> None:
        self.http = h11.Connection(h11.CLIENT)
        self.broken: Exception | None = None
        """Why its bytes could not all be handed over."""
        self.lost = False
        """The connection ended before its turn came to be answered."""


@dataclass(frozen=True)
class Received:
    status: int
    headers: httpx.Headers
    body: bytes


class Pipe:
    """Connects when it is needed. Any trouble ends the connection, and with it whatever waits for an answer on it."""

    def __init__(self, base_url: str, context: ssl.SSLContext, network: Network) -> None:
        self._url = httpx.URL(base_url)
        self._context = context
        self._network = network
        self._stream: httpcore.NetworkStream | None = None
        self._waiting: deque[Request] = deque()
        self.written = 0
        """Bytes of HTTP that were handed over since the start."""
        self.answered_at = 0.0
        """When central last answered here, in monotonic seconds."""

    @property
    def host(self) -> str:
        """What the Host header says."""
        return self._url.netloc.decode("ascii")

    def open(self) -> str:
        """Connect, unless a connection is open. Our own address on it."""
        if self._stream is not None and not self._waiting and self._stream.get_extra_info("is_readable"):
            self.close()  # nothing was asked: what can be read is the end
        if self._stream is None:
            with _translated():
                self._stream = self._connect()
        return str(self._stream.get_extra_info("client_addr")[0])

    def send(self, method: str, path: str, headers: dict[str, str], pieces: Iterable[bytes]) -> Request:
        """Put a request on the line, a piece at a time. Whether that went well is told by `receive`."""
        self.open()
        request = Request()
        self._waiting.append(request)
        target = self._url.path.rstrip("/") + path
        head = request.http.send(h11.Request(method=method, target=target, headers=list(headers.items()))) or b""
        try:
            for piece in pieces:
                self._write(head + (request.http.send(h11.Data(piece)) or b""))
                head = b""
            self._write(head + (request.http.send(h11.EndOfMessage()) or b""))
        except (httpcore.NetworkError, httpcore.TimeoutException) as trouble:
            request.broken = trouble  # central may have answered before it broke off
        return request

    def receive(self, request: Request, timeout_s: float, most: int) -> Received:
        """The answer to the oldest request that waits, whole within `timeout_s`; of its body only `most` bytes."""
        if request.lost:
            raise LostBehind("the connection ended before this request was answered")
        try:
            with _translated():
                assert self._waiting[0] is request, "answers come in the order of the requests"
                return self._take(request, monotonic() + timeout_s, most)
        except BaseException:
            self.close()
            raise

    def unacknowledged(self) -> int | None:
        """Bytes on the line that central's side has not acknowledged; None when the system does not tell."""
        found = self._socket()
        return None if found is None else unacknowledged(found)

    def flow(self) -> Flow | None:
        """What is under way; None without a connection, or when the system does not tell."""
        found = self._socket()
        return None if found is None else flow(found)

    def lives(self, seconds: float) -> bool:
        """Wait so long; False, and at once, when there is no connection or it was hung up."""
        found = self._socket()
        return found is not None and lives(found, seconds)

    @property
    def broke(self) -> bool:
        """True when a request that waits for its answer could not be handed over whole: nothing more goes here."""
        return any(request.broken is not None for request in self._waiting)

    def break_off(self) -> None:
        """Whoever waits on this connection gets an error at once."""
        found = self._socket()
        if found is not None:
            with suppress(OSError):
                abandon(found)
                socket.socket.shutdown(found, socket.SHUT_RDWR)  # not TLS's own, which would wait for the other side

    def close(self) -> None:
        for request in self._waiting:
            request.lost = True
        self._waiting.clear()
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()
        self._stream = None

    def _connect(self) -> httpcore.NetworkStream:
        port = self._url.port or (443 if self._url.scheme == "https" else 80)
        stream = self._network.connect(self._url.host, port, CONNECT_S)
        if self._url.scheme != "https":
            return stream
        return self._network.secure(stream, self._context, self._url.host, CONNECT_S)

    def _socket(self) -> socket.socket | None:
        stream = self._stream
        found = stream.get_extra_info("socket") if stream is not None else None
        return found if isinstance(found, socket.socket) else None

    def _write(self, data: bytes) -> None:
        if self._stream is None:
            raise httpcore.WriteError("the connection has ended")
        self._stream.write(data, WRITE_S)
        self.written += len(data)

    def _take(self, request: Request, until: float, most: int) -> Received:
        status, headers, body = 0, httpx.Headers(), b""
        while True:
            event = request.http.next_event()
            if event is h11.NEED_DATA:
                request.http.receive_data(self._read(request, until))
            elif isinstance(event, h11.Response):
                status, headers = event.status_code, httpx.Headers([(bytes(k), bytes(v)) for k, v in event.headers])
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
                if len(body) > most:
                    self.close()
                    return Received(status, headers, body[:most])
            elif isinstance(event, h11.EndOfMessage):
                self._next(request)
                return Received(status, headers, body)
            elif isinstance(event, h11.ConnectionClosed):
                raise h11.RemoteProtocolError("the connection ended without an answer")

    def _read(self, request: Request, until: float) -> bytes:
        left = until - monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the answer came too slowly")
        if self._stream is None:
            raise httpcore.ReadError("the connection has ended")
        try:
            return self._stream.read(_READ, left)
        except httpcore.NetworkError:
            if request.broken is not None:
                raise request.broken from None  # it tells more: what broke first
            raise

    def _next(self, request: Request) -> None:
        """After a whole answer: what was read beyond it belongs to the next request, if the connection goes on."""
        self._waiting.popleft()
        self.answered_at = monotonic()
        more, _ = request.http.trailing_data
        goes_on = request.http.our_state is h11.DONE and request.http.their_state is h11.DONE
        if not goes_on or (more and not self._waiting):
            self.close()
        elif more:
            self._waiting[0].http.receive_data(more)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except tuple(_RAISED) as trouble:
        raise _RAISED[type(trouble)](str(trouble)) from trouble
