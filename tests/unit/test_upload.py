"""One upload: from the byte central has, a chunk at a time, and no lie of central's is followed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from station.domain.outcome import Halted, Later, Outcome, Parked, Trouble
from station.sync.client import Answer, CentralClient
from station.sync.upload import (
    AIM_S,
    FIRST_CHUNK,
    LARGEST_CHUNK,
    SMALLEST_CHUNK,
    Acknowledged,
    ChunkSize,
    Flight,
    _acknowledged,
    ask_offset,
)
from station.sync.watchdog import Patience, Watchdog
from station.wire import Problem
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.sending import Sender, sending

LIMIT = 1024 * 1024


class Bench:
    """One packet that central wants, and the two questions of an upload."""

    def __init__(self, sender: Sender, client: CentralClient, filler: int = 0) -> None:
        self.sender, self.client = sender, client
        self.key = sender.packet(filler=filler)
        self.bytes = sender.data(self.key)
        row = sender.row(self.key)
        item = {
            "record_id": row.key.record_id,
            "revision": 1,
            "origin": row.origin,
            "sha256": row.sha256,
            "size": row.size,
            "sealed_at": row.sealed_at.isoformat(),
        }
        answer = client.post_json("/v1/manifests", {"items": [item]})
        assert answer.status == 200
        (self.name,) = sender.central.uploads
        self.path = f"/v1/uploads/{self.name}"
        self.chunk = ChunkSize()
        self.patience = Patience()

    def ask(self) -> Acknowledged | Outcome:
        return ask_offset(self.client, self.path, len(self.bytes), self.sender.clock)

    def send(self, offset: int, limit: int = LIMIT) -> Acknowledged | Outcome:
        end = min(offset + min(self.chunk.bytes, limit), len(self.bytes))
        with Watchdog(self.client.line, self.patience) as watchdog:
            flight = Flight(
                self.client, self.path, len(self.bytes), (offset, end),
                lambda: iter([self.bytes[offset:end]]), self.sender.clock,
            )  # fmt: skip
            watchdog.handed_over()
            found = flight.arrive(watchdog, self.chunk)
        assert found is not None
        return found


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with sending(tmp_path) as sender:
        client = sender.shared().client
        yield Bench(sender, client)
        client.close()


def later(outcome: Acknowledged | Outcome) -> Later:
    assert isinstance(outcome, Later)
    return outcome


def test_central_tells_what_it_has(bench: Bench) -> None:
    found = bench.ask()
    assert isinstance(found, Acknowledged)
    assert (found.offset, found.receipt) == (0, None)


def test_the_whole_packet_goes_in_chunks_and_the_last_brings_the_receipt(bench: Bench) -> None:
    offset, found = 0, bench.ask()
    while offset < len(bench.bytes):
        found = bench.send(offset, limit=600)
        assert isinstance(found, Acknowledged)
        assert found.offset == min(offset + 600, len(bench.bytes))
        offset = found.offset
    assert isinstance(found, Acknowledged)
    assert found.receipt == bench.sender.central.receipts[bench.key]
    assert bench.sender.central.received[bench.key] == bench.bytes


@pytest.mark.parametrize("taken", [0, 1, 500])
def test_after_a_cut_central_says_where_to_go_on(bench: Bench, taken: int) -> None:
    bench.sender.central.queue("patch", faults.cut_upload(taken))
    assert later(bench.send(0)).link
    found = bench.ask()
    assert isinstance(found, Acknowledged)
    assert found.offset == taken


def test_an_offset_that_central_corrects_is_taken_over(bench: Bench) -> None:
    bench.send(0, limit=600)
    found = bench.send(0, limit=600)
    assert isinstance(found, Acknowledged)
    assert (found.offset, found.corrected) == (600, True)


def test_a_correction_to_the_very_offset_we_sent_is_unreadable_and_not_repeated_for_ever(bench: Bench) -> None:
    bench.sender.central.queue("patch", faults.problem(Problem.OFFSET_MISMATCH, 409, offset=0))
    found = later(bench.send(0))
    assert (found.note.trouble, found.burns) == (Trouble.UNREADABLE, True)


def test_a_correction_without_an_offset_waits(bench: Bench) -> None:
    bench.sender.central.queue("patch", faults.problem(Problem.OFFSET_MISMATCH, 409))
    assert later(bench.send(0)).note.trouble is Trouble.OFFSET


def test_a_correction_beyond_the_packet_is_an_upload_of_somebody_else(bench: Bench) -> None:
    bench.sender.central.queue("patch", faults.problem(Problem.OFFSET_MISMATCH, 409, offset=10**9))
    assert later(bench.send(0)).note.trouble is Trouble.UPLOAD_GONE


@pytest.mark.parametrize("route", ["head", "patch"])
def test_an_offset_beyond_the_packet_is_an_upload_of_somebody_else(bench: Bench, route: str) -> None:
    bench.sender.central.queue(route, faults.answer(200, Upload_Offset="99999999999999999999"))
    found = bench.ask() if route == "head" else bench.send(0)
    assert later(found).note.trouble is Trouble.UPLOAD_GONE


@pytest.mark.parametrize("value", ["", "-1", "many", "1e3", "0x10"])
@pytest.mark.parametrize("route", ["head", "patch"])
def test_an_offset_that_is_no_number_is_unreadable(bench: Bench, route: str, value: str) -> None:
    bench.sender.central.queue(route, faults.answer(204 if route == "patch" else 200, Upload_Offset=value))
    found = bench.ask() if route == "head" else bench.send(0)
    assert later(found).note.trouble is Trouble.UNREADABLE


@pytest.mark.parametrize("value", ["²", "٣"])
def test_an_offset_in_strange_digits_is_unreadable(bench: Bench, value: str) -> None:
    headers = httpx.Headers([(b"upload-offset", value.encode())])
    assert later(_acknowledged(Answer(200, headers, b"", "r", True), 10)).note.trouble is Trouble.UNREADABLE


@pytest.mark.parametrize("claimed", [0, 100, 599])
def test_a_success_that_moves_nothing_counts_against_the_item(bench: Bench, claimed: int) -> None:
    bench.send(0, limit=600)
    bench.sender.central.queue("patch", faults.answer(204, Upload_Offset=str(claimed)))
    found = later(bench.send(600, limit=100))
    assert (found.note.trouble, found.burns) == (Trouble.UNREADABLE, True)


@pytest.mark.parametrize("status", [404, 410])
def test_an_upload_that_is_gone_is_gone(bench: Bench, status: int) -> None:
    bench.sender.central.queue("head", faults.answer(status))
    bench.sender.central.queue("patch", faults.problem(Problem.UPLOAD_GONE, status))
    for found in (bench.ask(), bench.send(0)):
        assert later(found).note.trouble is Trouble.UPLOAD_GONE


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Problem.STATION_BLOCKED, 403),
        (Problem.CLIENT_TOO_OLD, 426),
        (Problem.UNKNOWN_STATION, 401),
        (Problem.CLOCK_SKEW, 401),
    ],
)
def test_a_head_has_no_body_so_it_never_parks_what_is_the_trouble_of_the_station(
    bench: Bench, kind: Problem, status: int
) -> None:
    bench.sender.central.queue("head", faults.problem(kind, status))
    found = later(bench.ask())
    assert (found.note.trouble, found.note.http_status) == (Trouble.UPLOAD_GONE, status), "ask by the manifest instead"


def test_a_patch_has_a_body_and_says_why(bench: Bench) -> None:
    bench.sender.central.queue(
        "patch", faults.problem(Problem.STATION_BLOCKED, 403), faults.problem(Problem.TOO_LARGE, 413)
    )
    assert isinstance(bench.send(0), Halted)
    assert isinstance(bench.send(0), Parked)


@pytest.mark.parametrize("fault", [faults.lost_answer(), faults.lost_request(), faults.cut_upload(10)])
def test_a_chunk_whose_fate_is_unknown_is_trouble_of_the_link(bench: Bench, fault: Fault) -> None:
    bench.sender.central.queue("patch", fault)
    assert later(bench.send(0)).link
    assert bench.chunk.bytes == FIRST_CHUNK // 2, "and the next one is smaller"


def test_a_head_without_central_is_trouble_of_the_link(bench: Bench) -> None:
    bench.sender.central.stop()
    assert later(bench.ask()).note.trouble is Trouble.REFUSED


def test_a_central_that_takes_everything_and_never_answers_is_hung_up_on(bench: Bench) -> None:
    bench.patience = Patience(answer_s=0.05, look_s=0.01)
    bench.sender.central.queue("patch", faults.slow(threading.Event()))
    found = later(bench.send(0))
    assert found.note.trouble is Trouble.STALLED
    assert found.link


def test_chunks_start_small_and_aim_at_a_time() -> None:
    chunk = ChunkSize()
    assert chunk.bytes == FIRST_CHUNK
    for _ in range(40):
        chunk.took(chunk.bytes, chunk.bytes / 8000)  # a line of 8 kB/s
    assert chunk.bytes == pytest.approx(8000 * AIM_S, rel=0.01)


@pytest.mark.parametrize(("rate", "size"), [(1, SMALLEST_CHUNK), (10**9, LARGEST_CHUNK)])
def test_chunks_stay_between_thirty_two_kilobytes_and_a_megabyte(rate: float, size: int) -> None:
    chunk = ChunkSize()
    for _ in range(40):
        chunk.took(chunk.bytes, chunk.bytes / rate)
    assert chunk.bytes == size
    for _ in range(10):
        chunk.failed()
    assert chunk.bytes == SMALLEST_CHUNK


def test_a_chunk_that_broke_off_makes_the_next_smaller_unless_central_kept_what_came_of_it() -> None:
    chunk = ChunkSize()
    chunk.took(FIRST_CHUNK, 5)
    whole = chunk.bytes
    chunk.failed()
    chunk.failed()
    assert chunk.bytes == whole // 4
    chunk.kept()
    assert chunk.bytes == whole


def test_a_chunk_is_never_larger_than_central_takes(bench: Bench) -> None:
    bench.send(0, limit=100)
    assert len(bench.sender.central.asked_for("patch")[-1].body) == 100
