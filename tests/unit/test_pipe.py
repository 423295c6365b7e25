"""The line of packets: a request follows before the answer to the one before is here, and nothing gets mixed up."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event

import httpx
import pytest

from station.sync.network import Network
from station.sync.pipe import LostBehind, Pipe, Received, Request

PATIENCE_S = 20.0
Serve = Callable[[socket.socket], None]


@contextmanager
def serving(*scripts: Serve) -> Iterator[Pipe]:
    """A pipe to a server whose connections follow the scripts, one each."""
    listener = socket.create_server(("127.0.0.1", 0))
    taken: list[socket.socket] = []

    def run() -> None:
        for script in scripts:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            taken.append(connection)
            with suppress(OSError):
                script(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    pipe = Pipe(f"http://127.0.0.1:{listener.getsockname()[1]}/base", ssl.create_default_context(), Network())
    try:
        yield pipe
    finally:
        pipe.close()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(PATIENCE_S)
        for connection in taken:
            connection.close()


def put(pipe: Pipe, name: str, body: bytes = b"bytes") -> Request:
    headers = {"Host": pipe.host, "Content-Length": str(len(body))}
    return pipe.send("PATCH", f"/{name}", headers, [body[:2], body[2:]])


def take(pipe: Pipe, request: Request, most: int = 1000) -> Received:
    return pipe.receive(request, PATIENCE_S, most)


def said(text: str, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(text)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + text).encode()


def read(connection: socket.socket, *ends: bytes) -> bytes:
    """Read until each of `ends` has been seen."""
    got = b""
    while any(end not in got for end in ends):
        more = connection.recv(65536)
        if not more:
            raise OSError("the other side went away")
        got += more
    return got


def test_two_requests_are_on_the_line_before_the_first_is_answered() -> None:
    def both(connection: socket.socket) -> None:
        got = read(connection, b"first!", b"second!")
        assert got.index(b"PATCH /base/one HTTP/1.1") < got.index(b"first!") < got.index(b"PATCH /base/two HTTP/1.1")
        connection.sendall(said("1") + said("2"))

    with serving(both) as pipe:
        one, two = put(pipe, "one", b"first!"), put(pipe, "two", b"second!")
        assert [take(pipe, one).body, take(pipe, two).body] == [b"1", b"2"]


@pytest.mark.parametrize("cut", [1, 30, len(said("1")), len(said("1")) + 1])
def test_where_one_answer_ends_and_the_next_begins_does_not_hang_on_how_they_arrive(cut: int) -> None:
    def in_parts(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        read(connection, b"/one", b"/two", b"second!")
        both = said("1") + said("2")
        connection.sendall(both[:cut])
        connection.sendall(both[cut:])

    with serving(in_parts) as pipe:
        one, two = put(pipe, "one"), put(pipe, "two", b"second!")
        assert [take(pipe, one).body, take(pipe, two).body] == [b"1", b"2"]


def test_a_connection_is_used_again_and_a_closed_one_replaced() -> None:
    closed = Event()

    def once(connection: socket.socket) -> None:
        for name in (b"/one", b"/two"):
            read(connection, name, b"bytes")
            connection.sendall(said("ok"))
        connection.shutdown(socket.SHUT_RDWR)
        closed.set()

    def again(connection: socket.socket) -> None:
        read(connection, b"/three", b"bytes")
        connection.sendall(said("new"))

    with serving(once, again) as pipe:
        assert take(pipe, put(pipe, "one")).body == b"ok"
        assert take(pipe, put(pipe, "two")).body == b"ok"
        assert closed.wait(60)
        assert take(pipe, put(pipe, "three")).body == b"new"


def test_when_central_closes_after_an_answer_the_request_behind_is_lost_and_says_so() -> None:
    def closing(connection: socket.socket) -> None:
        read(connection, b"/one", b"/two")
        connection.sendall(said("1", "Connection: close"))

    def fresh(connection: socket.socket) -> None:
        read(connection, b"/three", b"bytes")
        connection.sendall(said("3"))

    with serving(closing, fresh) as pipe:
        one, two = put(pipe, "one"), put(pipe, "two")
        assert take(pipe, one).body == b"1"
        with pytest.raises(LostBehind):
            take(pipe, two)
        assert take(pipe, put(pipe, "three")).body == b"3"


def test_when_the_first_is_never_answered_the_one_behind_is_lost_and_not_to_blame() -> None:
    def broken(connection: socket.socket) -> None:
        read(connection, b"/one", b"/two")
        connection.shutdown(socket.SHUT_RDWR)

    with serving(broken) as pipe:
        one, two = put(pipe, "one"), put(pipe, "two")
        with pytest.raises(httpx.RemoteProtocolError):
            take(pipe, one)
        with pytest.raises(LostBehind):
            take(pipe, two)


def test_a_line_that_took_only_a_part_is_known_to_be_broken_before_the_answers_are_read() -> None:
    def once(connection: socket.socket) -> None:
        read(connection, b"/one", b"bytes", b"/two")
        connection.sendall(said("1"))
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    with serving(once) as pipe:
        one = put(pipe, "one")
        assert not pipe.broke
        two = put(pipe, "two", b"x" * 8_000_000)
        assert pipe.broke
        with suppress(httpx.HTTPError):
            take(pipe, one)
        with pytest.raises(httpx.HTTPError):
            take(pipe, two)
        assert not pipe.broke, "the next connection is another one"


def test_an_answer_that_comes_before_the_last_byte_was_taken_is_an_answer() -> None:
    """Central says 413 or 503 as soon as it has seen the head, and takes no more."""

    def early(connection: socket.socket) -> None:
        read(connection, b"\r\n\r\n")
        connection.sendall(b"HTTP/1.1 503 -\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy")
        connection.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            while connection.recv(65536):
                pass

    with serving(early) as pipe:
        request = put(pipe, "one", b"x" * 100_000)
        found = take(pipe, request)
        assert (found.status, found.body) == (503, b"busy")


def test_a_word_in_between_is_no_answer() -> None:
    def hesitating(connection: socket.socket) -> None:
        read(connection, b"bytes")
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" + said("done"))

    with serving(hesitating) as pipe:
        assert take(pipe, put(pipe, "one")).body == b"done"


def test_a_body_without_end_is_read_up_to_the_limit_only() -> None:
    def endless(connection: socket.socket) -> None:
        read(connection, b"bytes")
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000)

    with serving(endless) as pipe:
        assert take(pipe, put(pipe, "one"), most=1000).body == b"x" * 1000


@pytest.mark.parametrize("nonsense", [b"what?\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", b""])
def test_what_is_no_http_is_a_failure_and_no_bug(nonsense: bytes) -> None:
    def strange(connection: socket.socket) -> None:
        read(connection, b"bytes")
        connection.sendall(nonsense)
        connection.shutdown(socket.SHUT_RDWR)

    with serving(strange) as pipe, pytest.raises(httpx.HTTPError):
        take(pipe, put(pipe, "one"))


def test_more_than_was_asked_for_ends_the_connection() -> None:
    """An answer to nothing must never be taken for the answer to the next question."""

    def talkative(connection: socket.socket) -> None:
        read(connection, b"bytes")
        connection.sendall(said("1") + said("nobody asked"))
        with suppress(OSError):
            connection.recv(1)

    def honest(connection: socket.socket) -> None:
        read(connection, b"bytes")
        connection.sendall(said("2"))

    with serving(talkative, honest) as pipe:
        assert take(pipe, put(pipe, "one")).body == b"1"
        assert take(pipe, put(pipe, "two")).body == b"2"


def test_whoever_waits_is_set_free_when_it_is_broken_off() -> None:
    heard = threading.Event()

    def mute(connection: socket.socket) -> None:
        read(connection, b"bytes")
        heard.set()

    with serving(mute) as pipe:
        request = put(pipe, "one")
        assert heard.wait(PATIENCE_S)
        pipe.break_off()
        with pytest.raises(httpx.HTTPError):
            take(pipe, request)


def test_nobody_there_is_a_failure_to_connect() -> None:
    pipe = Pipe("http://127.0.0.1:9", ssl.create_default_context(), Network())
    pipe.break_off()
    with pytest.raises(httpx.ConnectError):
        put(pipe, "one")
    assert pipe.unacknowledged() is None
