"""The socket layer: a pulled cable and a hang-up reach every connection, TLS or not."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpcore
import httpx
import pytest

from station.config import CentralSettings
from station.domain.outcome import Trouble
from station.seal.jws import SigningKey
from station.sync import network as network_module
from station.sync.classify import FAILURES, judge_failure
from station.sync.client import CentralClient
from station.sync.network import SEND_BUFFER_BYTES, Network, unacknowledged
from tests.certificates import certificate
from tests.faults.cut_relay import CutRelay
from tests.support import HandClock

PATIENCE_S = 20.0


@contextmanager
def mute_server(context: ssl.SSLContext | None = None) -> Iterator[tuple[int, threading.Event]]:
    """Accepts connections, reads, and never answers; the event tells that a request has begun to arrive."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard = threading.Event()
    taken: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
                connection = context.wrap_socket(plain, server_side=True) if context else plain
                taken.append(connection)
                connection.recv(1)
                heard.set()
            except OSError:
                if listener.fileno() == -1:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], heard
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(PATIENCE_S)
        for connection in taken:
            connection.close()


def ask(client: CentralClient, failures: list[Exception]) -> None:
    try:
        client.begin_patch("/v1/uploads/x", lambda: iter([b"x"]), {"Content-Length": "1"})(PATIENCE_S)
    except FAILURES as problem:
        failures.append(problem)


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("how", ["hang_up", "cut"])
def test_whoever_waits_on_a_connection_gets_an_error_at_once(tmp_path: Path, secure: bool, how: str) -> None:
    context, settings = None, CentralSettings()
    if secure:
        chain, key = certificate(tmp_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
        settings = CentralSettings(ca_file=chain)
    with mute_server(context) as (port, heard):
        address = f"http{'s' if secure else ''}://127.0.0.1:{port}"
        client = unsigned(address, settings)
        failures: list[Exception] = []
        thread = threading.Thread(target=ask, args=(client, failures))
        thread.start()
        assert heard.wait(PATIENCE_S)
        getattr(client.network, how)()
        thread.join(PATIENCE_S)
        client.close()
    assert len(failures) == 1
    assert isinstance(failures[0], httpx.ReadError | httpx.WriteError | httpx.RemoteProtocolError)


def unsigned(address: str, settings: CentralSettings) -> CentralClient:
    client = CentralClient(address, settings=settings, clock=HandClock())
    client.identify(SigningKey.generate("s"), "c")
    return client


def test_a_pulled_cable_finds_no_route_until_it_is_mended() -> None:
    with mute_server() as (port, _):
        network = Network()
        network.cut()
        assert network.is_cut
        with pytest.raises(httpcore.ConnectError) as problem:
            network.connect_tcp("127.0.0.1", port)
        assert isinstance(problem.value.__cause__, OSError)
        network.mend()
        assert not network.is_cut
        network.connect_tcp("127.0.0.1", port).close()


def test_a_cable_pulled_while_connecting_is_noticed() -> None:
    with mute_server() as (port, _):
        network = PulledWhileConnecting()
        stream = network.connect_tcp("127.0.0.1", port)
        assert stream.read(1, timeout=PATIENCE_S) == b""
        stream.close()


class PulledWhileConnecting(Network):
    def _hold(self, stream: httpcore.NetworkStream) -> None:
        self.cut()
        super()._hold(stream)


def test_a_hang_up_without_connections_is_harmless() -> None:
    network = Network()
    network.hang_up()
    with mute_server() as (port, _):
        stream = network.connect_tcp("127.0.0.1", port)
        stream.close()
        network.hang_up()


def test_the_kernel_may_not_swallow_a_whole_packet() -> None:
    with mute_server() as (port, _):
        stream = Network().connect_tcp("127.0.0.1", port)
        found = stream.get_extra_info("socket")
        assert isinstance(found, socket.socket)
        assert found.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * SEND_BUFFER_BYTES
        assert found.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert found.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        stream.close()


def test_the_client_really_uses_our_socket_layer() -> None:
    """httpx offers no parameter for it; a new version of httpx may move what the client sets."""
    with mute_server() as (port, _):
        network = Network()
        network.cut()
        client = CentralClient(
            f"http://127.0.0.1:{port}", settings=CentralSettings(), clock=HandClock(), network=network
        )
        with pytest.raises(httpx.ConnectError):
            client.get("/v1/hello", signed=False)
        client.close()


@pytest.mark.parametrize("at", [0, 1, 100, 700])
def test_tls_that_breaks_off_is_a_broken_line_and_not_a_bad_certificate(tmp_path: Path, at: int) -> None:
    chain, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    with mute_server(context) as (port, _), CutRelay(port) as relay:
        relay.cut_answer_at(at)
        client = unsigned(f"https://127.0.0.1:{relay.port}", CentralSettings(ca_file=chain))
        with pytest.raises(FAILURES) as problem:
            ask_loud(client)
        client.close()
    assert judge_failure(problem.value).note.trouble is Trouble.RESET


@pytest.mark.parametrize("trusted", [False, True])
def test_a_certificate_we_do_not_trust_and_a_server_without_tls_are_told_apart_from_a_broken_line(
    tmp_path: Path, trusted: bool
) -> None:
    chain, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    other, _ = certificate(tmp_path)
    with mute_server(context) as (port, _):
        settings = CentralSettings(ca_file=other if trusted else None)
        client = unsigned(f"https://127.0.0.1:{port}", settings)
        with pytest.raises(FAILURES) as problem:
            ask_loud(client)
        client.close()
    assert judge_failure(problem.value).note.trouble is Trouble.CERTIFICATE


def ask_loud(client: CentralClient) -> None:
    client.begin_patch("/v1/uploads/x", lambda: iter([b"x"]), {"Content-Length": "1"})(PATIENCE_S)


def test_the_system_gives_up_a_dead_line_within_half_a_minute() -> None:
    if not hasattr(socket, "TCP_USER_TIMEOUT"):
        pytest.skip("this system cannot be told")
    with mute_server() as (port, _):
        stream = Network().connect_tcp("127.0.0.1", port)
        found = stream.get_extra_info("socket")
        assert isinstance(found, socket.socket)
        assert 20_000 <= found.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) <= 25_000
        stream.close()


def test_what_the_other_side_has_not_acknowledged_is_known_on_linux_and_nothing_is_invented_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with mute_server() as (port, _):
        stream = Network().connect_tcp("127.0.0.1", port)
        found = stream.get_extra_info("socket")
        assert isinstance(found, socket.socket)
        assert unacknowledged(found) == (0 if sys.platform == "linux" else None)
        stream.close()
        assert unacknowledged(found) is None
        monkeypatch.setattr(network_module, "_LINUX", False)
        assert unacknowledged(found) is None


@pytest.mark.parametrize("said", [b"H", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"], ids=["head", "body"])
def test_an_answer_that_drips_is_a_timeout_though_every_byte_is_in_time(said: bytes) -> None:
    with dripping_server(said) as port:
        client = CentralClient(f"http://127.0.0.1:{port}", settings=CentralSettings(), clock=HandClock())
        with pytest.raises(httpx.ReadTimeout):
            client.get("/v1/hello", signed=False, read_timeout_s=0.15)
        client.close()


@pytest.mark.parametrize("said", [b"H", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"], ids=["head", "body"])
def test_an_answer_to_a_chunk_that_drips_is_a_timeout_too(said: bytes) -> None:
    with dripping_server(said) as port:
        client = unsigned(f"http://127.0.0.1:{port}", CentralSettings())
        with pytest.raises(httpx.ReadTimeout):
            client.begin_patch("/v1/uploads/x", lambda: iter([b"x"]), {"Content-Length": "1"})(0.15)
        client.close()


@contextmanager
def dripping_server(said: bytes) -> Iterator[int]:
    """Says `said`, and then a byte now and then, for ever."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(said)
            while not over.wait(0.02):
                connection.sendall(b"x")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        thread.join(PATIENCE_S)
        listener.close()
