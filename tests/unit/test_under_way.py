"""What is under way on a slow line: enough that it never stands still, and little that is lost when it dies."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from station.sync import network as network_module
from station.sync.network import flow, lives
from station.sync.under_way import LEAST_BYTES, RECORD_BYTES, Flow, UnderWay, enough
from tests.support import HandClock

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is under way")
SEGMENT, PIECE = 1348, 8192


@dataclass
class CountedLine:
    """A line that carries `rate_bps` while its hand-moved clock passes; what is handed over at once is under way."""

    clock: HandClock
    rate_bps: float
    round_trip_s: float = 0.6
    written: int = 0
    tells: bool = True
    looks: int = 1_000_000
    """After so many it is hung up."""
    _arrived: float = 0.0
    _at: float | None = None
    most: int = 0
    """The most that was ever under way."""

    def take(self, count: int) -> None:
        self._carry()
        self.written += count
        self.most = max(self.most, self.written - int(self._arrived))

    def unacknowledged(self) -> int | None:
        self._carry()
        return self.written - int(self._arrived) if self.tells else None

    def flow(self) -> Flow | None:
        waiting = self.unacknowledged()
        return None if waiting is None else Flow(waiting, self.round_trip_s, SEGMENT)

    def lives(self, seconds: float) -> bool:
        self.looks -= 1
        if self.looks <= 0:
            return False
        self.clock.pass_time(seconds)
        return True

    def _carry(self) -> None:
        now = self.clock.monotonic()
        passed, self._at = now - (now if self._at is None else self._at), now
        self._arrived = min(float(self.written), self._arrived + passed * self.rate_bps)


@dataclass
class Sending:
    """Chunks of many pieces over one line."""

    rate_bps: float
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.line = CountedLine(self.clock, self.rate_bps)
        self.under_way = UnderWay(self.line, self.clock)

    def chunk(self, size: int) -> float:
        """Hand over a chunk; how many seconds that took. Where nobody waits the system takes 32 KiB beforehand."""
        began = self.clock.monotonic()
        self.under_way.begin()
        for _ in range(size // PIECE):
            self.under_way.wait(PIECE)
            while (self.line.unacknowledged() or 0) > 32 * 1024:
                self.clock.pass_time(0.05)
            self.line.take(PIECE)
            if not self.line.tells:
                self.clock.pass_time(PIECE / self.rate_bps)
        self.under_way.end()
        return self.clock.monotonic() - began

    def learnt(self) -> None:
        """One chunk has shown how fast the line is, and all of it has arrived."""
        self.chunk(200_000)
        self.clock.pass_time(60)
        self.line.most = 0


@pytest.mark.parametrize("round_trip", [0.05, 0.6, 2.0])
@pytest.mark.parametrize("rate_bps", [500, 4000, 8000, 11_000])
def test_a_slow_line_always_has_something_to_carry_and_packets_to_notice_a_loss_by(
    rate_bps: float, round_trip: float
) -> None:
    most = enough(rate_bps, round_trip)
    assert most is not None
    assert most >= max(rate_bps * (round_trip + 0.5), 4 * SEGMENT)


@pytest.mark.parametrize(("rate_bps", "round_trip"), [(0, 0.6), (64_000, 0.6), (1_000_000, 0.04), (8000, 5.0)])
def test_a_fast_a_very_far_and_an_unknown_line_are_not_held_back(rate_bps: float, round_trip: float) -> None:
    assert enough(rate_bps, round_trip) is None


def test_on_a_slow_line_no_more_is_under_way_than_keeps_it_busy() -> None:
    sending = Sending(8000)
    sending.learnt()
    seconds = sending.chunk(200_000)
    assert sending.line.most <= 8000 * (0.6 + 0.75) + PIECE + 500
    assert seconds <= 200_000 / 8000, "and it is never idle for that"


def test_nothing_is_held_back_before_the_line_is_known_nor_when_it_is_another_one() -> None:
    sending = Sending(8000)
    sending.chunk(200_000)
    first = sending.line.most
    assert first > 30_000
    sending.clock.pass_time(60)
    sending.line.most = 0
    sending.under_way.forget()
    sending.chunk(200_000)
    assert sending.line.most == first


def test_onto_a_line_that_carries_nothing_any_more_nothing_is_put_until_somebody_hangs_up() -> None:
    sending = Sending(8000)
    sending.learnt()
    sending.line.take(20_000)
    sending.line.rate_bps, sending.line.looks = 0, 500
    sending.under_way.wait(PIECE)
    assert sending.line.looks == 0, "a radio may pause as long as the watchdog lets it"


def test_a_line_that_got_faster_is_let_go_faster_at_once() -> None:
    sending = Sending(8000)
    sending.learnt()
    sending.line.rate_bps = 80_000
    sending.chunk(400_000)
    seconds = sending.chunk(400_000)
    assert seconds <= 400_000 / 80_000
    assert sending.line.most > 30_000


def test_what_makes_round_trips_longer_never_makes_the_line_slower_than_it_was() -> None:
    """Somebody else fills the line: what is under way takes long to arrive, and may not become less and less for it."""
    sending = Sending(8000)
    sending.learnt()
    sending.line.round_trip_s = 0.0  # the shortest of late says nothing of what it is now
    sending.line.take(30_000)
    began = sending.clock.monotonic()
    for _ in range(10):
        sending.under_way.wait(PIECE)
        sending.line.take(PIECE)
    assert sending.clock.monotonic() - began <= 10 * (PIECE / 8000 + 0.1)


def test_where_the_system_does_not_tell_nothing_is_ever_held_back() -> None:
    sending = Sending(8000)
    sending.line.tells = False
    sending.chunk(200_000)
    seconds = sending.chunk(200_000)
    assert seconds <= 200_000 / 8000


def test_on_a_slow_line_a_piece_fills_whole_packets_and_elsewhere_it_is_as_large_as_it_may_be() -> None:
    sending = Sending(8000)
    assert sending.under_way.piece_bytes(PIECE) == PIECE
    sending.learnt()
    assert sending.under_way.piece_bytes(PIECE) + RECORD_BYTES == 6 * SEGMENT
    assert sending.under_way.piece_bytes(1300) == 1300, "under a cap a piece may be less than a packet"


def test_one_bad_chunk_does_not_make_a_line_slow() -> None:
    sending = Sending(12_000)
    sending.learnt()
    sending.line.rate_bps = 1000
    sending.chunk(PIECE * 20)
    sending.clock.pass_time(60)
    sending.line.rate_bps = 12_000
    sending.line.most = 0
    sending.chunk(200_000)
    assert sending.line.most > LEAST_BYTES + PIECE


# --------------------------------------------------------------------------------------------------- the real system


@contextmanager
def mute_pair() -> Iterator[socket.socket]:
    """A connection whose other end takes next to nothing, and reads none of it."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with socket.create_connection(listener.getsockname()) as near, listener.accept()[0]:
            near.setblocking(False)
            yield near


@linux_only
def test_the_system_tells_what_waits_and_flies_and_how_long_a_round_trip_takes() -> None:
    with mute_pair() as item:
        empty, sent = flow(item), 0
        with suppress(BlockingIOError):
            while True:
                sent += item.send(bytes(PIECE))
        full = flow(item)
    assert empty is not None
    assert full is not None
    assert (empty.under_way, 0 < full.round_trip_s < 1) == (0, True)
    assert sent / 2 <= full.under_way <= sent
    assert full.segment >= 500
    assert flow(item) is None


def test_where_the_system_does_not_tell_nothing_is_invented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_module, "_LINUX", False)
    with mute_pair() as item:
        assert flow(item) is None


@linux_only
def test_a_connection_that_is_hung_up_lives_no_longer_and_says_so_at_once() -> None:
    with mute_pair() as item:
        assert lives(item, 0.001)
        item.shutdown(socket.SHUT_RDWR)
        assert not lives(item, 3600)
    assert not lives(item, 3600)
