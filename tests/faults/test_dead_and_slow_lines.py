"""A dead line is noticed by what central's side has acknowledged; a slow one that lives is left in peace."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.domain.outcome import Later, Outcome, Trouble
from station.sync import network as network_module
from station.sync.client import CentralClient
from station.sync.upload import Acknowledged, ChunkSize, Flight
from station.sync.watchdog import Patience, Watchdog
from tests.fakes import central_faults as faults
from tests.faults.slow_relay import SlowRelay
from tests.sending import Sender, sending

SIZE = 120_000
IMPATIENT = Patience(stall_s=0.3, blind_s=0.3, answer_s=0.3, look_s=0.02)
PIECE = 16 * 1024
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what was acknowledged")


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


def send_over(sender: Sender, relay: SlowRelay, patience: Patience = IMPATIENT) -> Acknowledged | Outcome | None:
    """One chunk of SIZE bytes, in pieces, over `relay`."""
    client = CentralClient(f"http://127.0.0.1:{relay.port}", settings=sender.settings.central, clock=sender.clock)
    client.identify(sender.key, sender.enrolment.central_id)
    sender.central.queue("patch", faults.answer(204, Upload_Offset=str(SIZE)))
    with Watchdog(client.line, patience) as watchdog:

        def pieces() -> Iterator[bytes]:
            for start in range(0, SIZE, PIECE):
                watchdog.piece_taken()
                yield b"x" * min(PIECE, SIZE - start)

        flight = Flight(client, "/v1/uploads/x", SIZE, (0, SIZE), pieces, sender.clock)
        watchdog.handed_over()
        found = flight.arrive(watchdog, ChunkSize())
    client.close()
    return found


def stalled(found: Acknowledged | Outcome | None) -> bool:
    return isinstance(found, Later) and found.note.trouble is Trouble.STALLED and found.link


@linux_only
@pytest.mark.parametrize("dead_at", [1, 5000, 60_000, SIZE - 10_000])
def test_a_line_that_dies_in_silence_is_hung_up(sender: Sender, dead_at: int) -> None:
    with SlowRelay(sender.central.port, most=4000, dead_at=dead_at) as relay:
        assert stalled(send_over(sender, relay))


@linux_only
def test_a_slow_line_that_lives_is_left_in_peace_however_long_it_takes(sender: Sender) -> None:
    """Three times the patience for all of it; the pieces alone would look dead, for several wait in the kernel."""
    with SlowRelay(sender.central.port, most=2500, every_s=0.02) as relay:
        found = send_over(sender, relay)
    assert isinstance(found, Acknowledged)


@linux_only
def test_a_pause_of_the_radio_is_no_death(sender: Sender) -> None:
    with SlowRelay(sender.central.port, most=4000, pauses={40_000: 0.2, 80_000: 0.2}) as relay:
        found = send_over(sender, relay)
    assert isinstance(found, Acknowledged)


@linux_only
def test_the_real_patience_outlasts_a_radio_that_pauses_and_notices_a_death_within_half_a_minute() -> None:
    longest_pause_s, longest_round_trip_s = 15, 5
    assert longest_pause_s + longest_round_trip_s < Patience().stall_s + Patience().look_s <= 25


def test_where_the_system_does_not_tell_pieces_taken_are_the_sign_of_life(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_module, "_LINUX", False)
    with SlowRelay(sender.central.port, most=4000, dead_at=5000) as relay:
        assert stalled(send_over(sender, relay))
    with SlowRelay(sender.central.port) as relay:
        assert isinstance(send_over(sender, relay), Acknowledged)


def test_a_line_that_was_given_nothing_on_purpose_is_not_dead(sender: Sender) -> None:
    """Under a cap of a few bytes a second whole seconds pass between two pieces."""
    client = sender.shared().client
    client.open_line()
    looks = CountingLine(client, 60)
    with Watchdog(looks, Patience(stall_s=0.02, blind_s=0.02, answer_s=9, look_s=0.002)) as watchdog:
        assert looks.enough.wait(20)
    assert not watchdog.barked
    client.close()


class CountingLine:
    """The true line, and how often it was looked at."""

    def __init__(self, client: CentralClient, most: int) -> None:
        self._line = client.line
        self._left = most
        self.enough = threading.Event()

    @property
    def written(self) -> int:
        return self._line.written

    def unacknowledged(self) -> int | None:
        self._left -= 1
        if self._left <= 0:
            self.enough.set()
        return 0 if sys.platform == "linux" else self._line.unacknowledged()

    def break_off(self) -> None:
        self._line.break_off()
