"""HTTP to a service on this computer: bounded in time and size, and cut from any thread.

It must not know what is said. Whatever answers on a port may be broken or hostile: it can cost the time and the bytes
it was allowed, and nothing else.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock, Timer
from typing import Any

import httpx

from station.capture.sbi import plain_json
from station.capture.sbi.names import HOST, Call
from station.domain.errors import DeviceError

CONNECT_S = 1.0
_CHUNK = 64 * 1024
_HEADERS = {"EXT": "Stasiun KTP-el", "Accept-Encoding": "identity", "Connection": "close"}


@dataclass(frozen=True)
class Limit:
    """How long a whole answer may take, and how large it may be."""

    seconds: float
    size: int


class Line:
    """Calls of one device. Every call is a connection of its own: services in the field do not keep them."""

    def __init__(self) -> None:
        self._client = httpx.Client(
            trust_env=False,  # an office proxy must never see 127.0.0.1
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # no TLS here, so nobody is trusted and nothing is loaded
            headers=_HEADERS,
            follow_redirects=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._cut = Event()
        self._lock = Lock()
        self._sockets: set[socket.socket] = set()

    @property
    def is_cut(self) -> bool:
        return self._cut.is_set()

    def wait(self, seconds: float) -> None:
        """Do nothing for a while; DeviceError `device.cancelled` when cut."""
        if self._cut.wait(seconds):
            raise DeviceError("device.cancelled")

    def mend(self) -> None:
        """Calls are possible again after a cut."""
        self._cut.clear()

    def cut(self) -> None:
        """End every call that runs, at once; later ones fail too until `mend`."""
        self._cut.set()
        with self._lock:
            for found in self._sockets:
                _shut(found)

    def close(self) -> None:
        self.cut()
        self._client.close()

    def ask(self, port: int, call: Call, body: Mapping[str, Any] | None, limit: Limit) -> Any:
        """The JSON of an answer. DeviceError:

        sbi.no_service   nobody listens            sbi.not_sbi           what answers does not speak HTTP or JSON
        sbi.no_answer    not within the limit      sbi.answer_too_large  more bytes than allowed
        device.unplugged it hung up in the middle  device.cancelled      cut
        """
        with self._call(port, call, body, limit.seconds) as (response, _):
            data = bytearray()
            for chunk in response.iter_raw(_CHUNK):
                data += chunk
                if len(data) > limit.size:
                    raise DeviceError("sbi.answer_too_large", port=port)
        return parsed(bytes(data), port)

    @contextmanager
    def listen(self, port: int, call: Call, body: Mapping[str, Any], silence_s: float) -> Iterator[httpx.Response]:
        """An answer without end, read by `iter_raw`; the line is cut after `silence_s` without a byte."""
        with self._call(port, call, body, silence_s) as (response, late):
            late.cancel()  # the answer has begun; from here silence is what counts
            yield response

    @contextmanager
    def _call(
        self, port: int, call: Call, body: Mapping[str, Any] | None, seconds: float
    ) -> Iterator[tuple[httpx.Response, Timer]]:
        mine: list[socket.socket] = []
        late = _Late(seconds, mine)
        if self.is_cut:
            raise DeviceError("device.cancelled")
        request = self._client.build_request(
            call.verb,
            f"http://{HOST}:{port}{call.path}",
            json=body,
            timeout=httpx.Timeout(seconds, connect=min(CONNECT_S, seconds)),
            extensions={"trace": lambda name, info: self._connected(name, info, mine)},
        )
        late.start()
        try:
            response = self._client.send(request, stream=True)
            try:
                yield response, late
            finally:
                response.close()
        except (httpx.HTTPError, httpx.StreamError) as broken:
            raise self._named(broken, late, port) from None
        finally:
            late.cancel()
            with self._lock:
                self._sockets.difference_update(mine)

    def _connected(self, name: str, info: Mapping[str, Any], mine: list[socket.socket]) -> None:
        if name != "connection.connect_tcp.complete":
            return
        found = info["return_value"].get_extra_info("socket")
        mine.append(found)
        with self._lock:
            self._sockets.add(found)
            if self.is_cut:
                _shut(found)

    def _named(self, broken: Exception, late: _Late, port: int) -> DeviceError:
        if self.is_cut:
            return DeviceError("device.cancelled")
        if late.came or isinstance(broken, (httpx.ReadTimeout, httpx.WriteTimeout)):
            return DeviceError("sbi.no_answer", port=port)
        if isinstance(broken, (httpx.ConnectError, httpx.ConnectTimeout)):
            return DeviceError("sbi.no_service", port=port)
        if isinstance(broken, httpx.RemoteProtocolError) and "closed" not in str(broken) and "disc" not in str(broken):
            return DeviceError("sbi.not_sbi", port=port)
        return DeviceError("device.unplugged", port=port)


class _Late(Timer):
    """Shuts the sockets of one call when its time is over, also when a byte comes now and then."""

    def __init__(self, seconds: float, sockets: list[socket.socket]) -> None:
        super().__init__(seconds, self._over)
        self.daemon = True
        self.came = False
        self._of_call = sockets

    def _over(self) -> None:
        self.came = True
        for found in self._of_call:
            _shut(found)


def parsed(data: bytes, port: int) -> Any:
    """JSON, or DeviceError `sbi.not_sbi`; so for a bomb. What is refused is never quoted: it may be a finger."""
    try:
        return plain_json.loads(data)
    except ValueError:
        raise DeviceError("sbi.not_sbi", port=port) from None


def _shut(found: socket.socket) -> None:
    try:
        found.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it was closed already
