"""The way to central's door: its name, its port, and the proxy before them. Says nothing of who opens."""

from __future__ import annotations

import base64
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from station.sync.address import check_address
from station.sync.network import Network

BROKEN = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpx.HTTPError, OSError)
"""What opening a way may raise; everything else is a bug of ours."""
_HEAD_BYTES = 16 * 1024
_MOST_ADDRESSES = 4


@dataclass(frozen=True)
class Door:
    """A machine and its port. `secure`: it speaks TLS from the first byte."""

    host: str
    port: int
    secure: bool

    @property
    def name_needed(self) -> bool:
        """False for an address of numbers."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return True
        return False

    @property
    def here(self) -> bool:
        """It is on this very computer."""
        return self.host == "localhost" or (not self.name_needed and ipaddress.ip_address(self.host).is_loopback)


@dataclass(frozen=True)
class Way:
    """Where central is, and the proxy on the way there."""

    central: Door
    proxy: Door | None = None
    pass_word: str = ""
    """What the proxy wants to hear in its header; never shown."""


class ProxyRefused(httpx.ProxyError):
    """The proxy answered and did not open the way. `status` is 0 when its answer was none of HTTP."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status}")
        self.status = status


def way_to(url: str, proxy: str | None) -> Way:
    """SetupError `central.address` or `central.insecure_address`; ValueError for a proxy that cannot be used."""
    central = _door(check_address(url))
    if not proxy:
        return Way(central)
    parts = urlsplit(proxy)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("a proxy is http://host:port")
    spoken = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode()
    return Way(central, _door(proxy), base64.b64encode(spoken).decode() if parts.username else "")


def addresses_of(door: Door) -> list[str]:
    """The numbers of a name, the first few. OSError (`socket.gaierror`) when there are none."""
    found = socket.getaddrinfo(door.host, door.port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))[:_MOST_ADDRESSES]


def knock(network: Network, door: Door, timeout_s: float) -> httpcore.NetworkStream:
    """An open connection to a door. httpcore's errors, as a request would raise them."""
    return network.connect_tcp(door.host, door.port, timeout=timeout_s)


def pass_through(network: Network, way: Way, timeout_s: float) -> httpcore.NetworkStream:
    """An open connection to central's port, through the proxy when there is one. ProxyRefused when it says no."""
    if way.proxy is None:
        return knock(network, way.central, timeout_s)
    stream = knock(network, way.proxy, timeout_s)
    try:
        if way.proxy.secure:
            stream = stream.start_tls(httpcore.default_ssl_context(), way.proxy.host, timeout_s)
        if way.central.secure:  # without TLS the proxy is asked anew with each request
            _ask_for_tunnel(stream, way, timeout_s)
    except BaseException:
        stream.close()
        raise
    return stream


def _ask_for_tunnel(stream: httpcore.NetworkStream, way: Way, timeout_s: float) -> None:
    host = f"[{way.central.host}]" if ":" in way.central.host else way.central.host
    lines = [f"CONNECT {host}:{way.central.port} HTTP/1.1", f"Host: {host}:{way.central.port}"]
    if way.pass_word:
        lines.append(f"Proxy-Authorization: Basic {way.pass_word}")
    stream.write("\r\n".join([*lines, "", ""]).encode("ascii"), timeout_s)
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _HEAD_BYTES:
        piece = stream.read(4096, timeout_s)
        if not piece:
            break
        head += piece
    status = _status(head)
    if not 200 <= status < 300:
        raise ProxyRefused(status)


def _status(head: bytes) -> int:
    words = head.split(b"\r\n", 1)[0].split(b" ", 2)
    good = len(words) >= 2 and words[0].startswith(b"HTTP/1.") and words[1].isdigit() and len(words[1]) == 3
    return int(words[1]) if good else 0


def _door(url: str) -> Door:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    return Door(parts.hostname or "", parts.port or (443 if secure else 80), secure)
