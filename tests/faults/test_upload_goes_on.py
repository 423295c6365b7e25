"""An upload goes on from the byte that central has, whatever came between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpcore
import pytest

from station.domain.delivery import Stage
from station.domain.record import RecordKey
from station.sync.network import Network
from station.wire import Limits
from tests.fakes import central_faults as faults
from tests.sending import Sender, sending

CHUNK = 1024
SIZE_ABOUT = 4 * CHUNK


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path, Limits(chunk_bytes=CHUNK)) as sender:
        yield sender


def step_until(sender: Sender, done: Callable[[], bool]) -> None:
    for _ in range(60):
        if done():
            return
        sender.engine.step()
    raise AssertionError("it never came to that")


def half_sent(sender: Sender) -> tuple[RecordKey, str]:
    """A packet of which two chunks are at central; its upload."""
    key = sender.packet(filler=2600)
    step_until(sender, lambda: sender.row(key).offset == 2 * CHUNK)
    (name,) = sender.central.uploads
    return key, name


def sent(sender: Sender) -> int:
    return sum(len(asked.body) for asked in sender.central.asked_for("patch"))


COUNTS: dict[str, Callable[[int], int]] = {
    "0": lambda _size: 0,
    "1": lambda _size: 1,
    "a chunk less one": lambda _size: CHUNK - 1,
    "a chunk": lambda _size: CHUNK,
    "a chunk and one": lambda _size: CHUNK + 1,
    "all but one": lambda size: size - 1,
    "all": lambda size: size,
}


@pytest.mark.parametrize("restart", [False, True], ids=["goes on", "starts again"])
@pytest.mark.parametrize("name", list(COUNTS))
def test_after_a_cut_at_any_byte_not_one_is_sent_twice(sender: Sender, name: str, restart: bool) -> None:
    key = sender.packet(filler=2600)
    size = sender.row(key).size
    whole, rest = divmod(COUNTS[name](size), CHUNK)
    sender.central.queue("patch", *[None] * whole, faults.cut_upload(rest))
    step_until(sender, lambda: len(sender.central.asked_for("patch")) == whole + 1)
    if restart:
        sender.restart()
    sender.deliver(key)
    sender.assert_once(key)
    assert sent(sender) == size
    assert sender.row(key).attempts == 0


def test_a_last_answer_that_is_lost_costs_a_question_and_no_byte(sender: Sender) -> None:
    key = sender.packet(filler=2600)
    size = sender.row(key).size
    sender.central.queue("patch", *[None] * (size // CHUNK), faults.lost_answer())
    sender.deliver(key)
    sender.assert_once(key)
    assert sent(sender) == size


def test_it_goes_on_after_the_computer_was_started_again(sender: Sender) -> None:
    key, _ = half_sent(sender)
    sender.close()
    sender.clock.seconds = 3.0  # the monotonic clock begins anew
    sender.restart()
    sender.deliver(key)
    sender.assert_once(key)
    assert sent(sender) == sender.row(key).size


class Roaming(Network):
    """Goes out by another address of this computer."""

    def connect(
        self, host: str, port: int, timeout_s: float | None = None, local_address: str | None = None
    ) -> httpcore.NetworkStream:
        return super().connect(host, port, timeout_s, "127.0.0.2")


def test_it_goes_on_from_another_address(sender: Sender) -> None:
    key, _ = half_sent(sender)
    sender.close()
    sender.network = Roaming()
    sender.__post_init__()
    sender.deliver(key)
    sender.assert_once(key)
    assert sent(sender) == sender.row(key).size
    assert len(sender.depot.memory.chunk_sizes) == 1, "what served there is remembered for there"


def test_it_goes_on_after_central_was_started_again(sender: Sender) -> None:
    key, _ = half_sent(sender)
    sender.central.stop()
    sender.engine.step()
    sender.central.start()
    sender.deliver(key)
    sender.assert_once(key)
    assert sent(sender) == sender.row(key).size


def test_an_upload_that_expired_is_asked_for_again_by_the_manifest(sender: Sender) -> None:
    key, name = half_sent(sender)
    del sender.central.uploads[name]
    sender.deliver(key)
    sender.assert_once(key)
    assert len(sender.central.asked_for("manifests")) == 2
    assert sender.row(key).attempts == 0


def test_what_central_got_by_another_way_is_not_sent_again(sender: Sender) -> None:
    key, name = half_sent(sender)
    more = sender.data(key)[2 * CHUNK : 3 * CHUNK + 7]
    sender.central.uploads[name].data += more
    before = sent(sender)
    sender.deliver(key)
    sender.assert_once(key)
    refused = CHUNK  # the chunk that was on its way when central said where to go on
    assert sent(sender) - before == sender.row(key).size - 2 * CHUNK - len(more) + refused


def test_what_central_has_lost_is_sent_again(sender: Sender) -> None:
    key, name = half_sent(sender)
    del sender.central.uploads[name].data[100:]
    sender.deliver(key)
    sender.assert_once(key)
    assert sender.row(key).attempts == 0


def test_a_packet_that_came_whole_by_another_way_meanwhile_only_gets_its_receipt(sender: Sender) -> None:
    key, name = half_sent(sender)
    upload = sender.central.uploads[name]
    upload.data[:] = sender.data(key)
    sender.central._accept(name, upload, key)
    before = sent(sender)
    sender.deliver(key)
    sender.assert_once(key)
    assert sent(sender) - before <= CHUNK
    assert sender.stage(key) is Stage.RECEIPTED
