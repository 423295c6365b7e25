"""Whatever central or the way to it does once, the packet arrives exactly once, and nobody else waits for it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from functools import partialmethod
from itertools import pairwise
from pathlib import Path

import pytest

from station.domain.delivery import LinkState, Stage
from station.domain.lane import LaneName
from station.domain.outcome import Trouble
from station.domain.record import RecordKey
from station.sync import client as client_module
from station.wire import JSON_LIMIT_BYTES, Limits, Problem
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.fakes.central_socket import Asked
from tests.faults.cut_relay import CutRelay, Passed
from tests.sending import PunctualCentral, Sender, sending
from tests.support import TODAY, HandClock
from tests.thinned import SOAKING

CHUNK = 1024
ROUTES = ("hello", "manifests", "head", "patch", "receipts", "changes")
ONCE = {
    "500": faults.answer(500),
    "502 of a proxy": Fault(status=502, echo=False),
    "503 in seconds": faults.problem(Problem.BUSY, 503, retry_after="30"),
    "503 as a date": faults.answer(503, Retry_After=format_datetime(TODAY + timedelta(seconds=90), usegmt=True)),
    "429": faults.answer(429, Retry_After="5"),
    "no space": faults.problem(Problem.NO_SPACE, 507),
    "maintenance": faults.problem(Problem.MAINTENANCE, 503, message="x"),
    "portal": faults.portal(),
    "html with echo": faults.html_with_echo(),
    "redirect": faults.redirect(),
    "redirect with echo": faults.answer(307, Location="http://127.0.0.1:9/"),
    "no echo": faults.no_echo(),
    "another echo": Fault(process=True, echo=False, headers={"Request-Id": "0" * 36}),
    "cut json": faults.answer(200, b'{"items": [{"rec'),
    "cut answer": faults.cut_answer(0),
    "lost answer": faults.lost_answer(),
    "lost request": faults.lost_request(),
    "huge": faults.answer(200, b" " * (2 * JSON_LIMIT_BYTES)),
    "not gzip": faults.answer(200, b"x", Content_Encoding="gzip"),
    "upload gone": faults.problem(Problem.UPLOAD_GONE, 410),
    "clock": faults.problem(Problem.CLOCK_SKEW, 401),
    "blocked": faults.problem(Problem.STATION_BLOCKED, 403, until=TODAY.isoformat(), reason="x"),
    "unknown station": faults.problem(Problem.UNKNOWN_STATION, 401),
    "bad signature": faults.problem(Problem.BAD_SIGNATURE, 401),
    "too old": faults.problem(Problem.CLIENT_TOO_OLD, 426),
    "digest": faults.problem(Problem.DIGEST_MISMATCH, 422),
    "offset": faults.problem(Problem.OFFSET_MISMATCH, 409),
}
"""What may happen once anywhere and must pass without a person."""
DROPPED = faults.lost_request()


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path, Limits(chunk_bytes=CHUNK)) as sender:
        yield sender


@pytest.mark.parametrize("name", list(ONCE))
def test_whatever_happens_once_on_every_route_every_packet_arrives_once(sender: Sender, name: str) -> None:
    keys = [sender.packet(1), sender.packet(2)]
    for route in ROUTES if name != "digest" else ("patch",):  # said twice of one packet, digest-mismatch parks it
        sender.central.queue(route, ONCE[name])
    sender.deliver(*keys, nap_s=60)
    sender.assert_once(*keys)
    assert all(asked.path.startswith("/v1/") for asked in sender.central.asked)


@pytest.mark.parametrize(
    "fault",
    [faults.portal(), faults.redirect(), Fault(status=502, echo=False), DROPPED, faults.no_echo()],
    ids=["portal", "redirect", "proxy", "lost", "no echo"],
)
def test_trouble_of_the_way_never_burns_an_attempt_however_long_it_lasts(sender: Sender, fault: Fault) -> None:
    key = sender.packet()
    sender.central.script(lambda asked: fault if asked.route != "hello" else None)
    for _ in range(9 if fault is not DROPPED else 3):
        sender.clock.pass_time(sender.settle_down())
    assert (sender.row(key).attempts, sender.stage(key)) == (0, Stage.QUEUED)
    sender.central.script(None)
    sender.deliver(key)
    sender.assert_once(key)


def test_central_that_is_down_and_a_cable_that_is_out_are_told_apart(sender: Sender) -> None:
    key = sender.packet()
    sender.central.stop()
    sender.settle_down()
    assert (sender.link, sender.engine.link.reason) == (LinkState.PORT, Trouble.REFUSED)
    sender.network.cut()
    sender.clock.pass_time(301)
    sender.settle_down()
    assert (sender.link, sender.engine.link.reason) == (LinkState.OFFLINE, Trouble.OFFLINE)
    sender.network.mend()
    sender.central.start()
    sender.deliver(key)
    sender.assert_once(key)


@pytest.mark.parametrize(
    ("addresses", "found"),
    [
        (("192.0.2.7",), (LinkState.NAME, Trouble.NAME)),
        ((), (LinkState.OFFLINE, Trouble.OFFLINE)),
    ],
    ids=["network", "no network"],
)
def test_a_name_that_does_not_resolve_is_trouble_of_the_name_only_where_there_is_a_network(
    sender: Sender,
    monkeypatch: pytest.MonkeyPatch,
    addresses: tuple[str, ...],
    found: tuple[LinkState, Trouble],
) -> None:
    sender.addresses = addresses

    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with monkeypatch.context() as patch:  # asking a real resolver would depend on the network of whoever runs this
        patch.setattr(socket, "getaddrinfo", nowhere)
        sender.settle_down()
    assert (sender.link, sender.engine.link.reason) == found


def test_a_central_that_answers_too_slowly_is_a_timeout_and_the_work_it_did_is_not_done_twice(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = sender.packet()
    sender.engine.step()
    much_later = threading.Event()
    true_post = client_module.CentralClient.post_json
    with monkeypatch.context() as patch:
        patch.setattr(client_module.CentralClient, "post_json", partialmethod(true_post, read_timeout_s=0.05))
        sender.central.queue("manifests", faults.slow(much_later))
        sender.settle_down()
        note = sender.lane(LaneName.MANIFESTS).note
        assert note is not None
        assert (note.trouble, sender.link) == (Trouble.TIMEOUT, LinkState.GOOD)
    much_later.set()
    sender.deliver(key)
    sender.assert_once(key)
    assert len(sender.central.uploads) == 1


@pytest.mark.parametrize(
    ("kind", "status", "trouble"),
    [
        (Problem.MALFORMED, 400, Trouble.MALFORMED),
        (Problem.KEY_CONFLICT, 409, Trouble.KEY_CONFLICT),
        (Problem.TOO_LARGE, 413, Trouble.TOO_LARGE),
    ],
)
@pytest.mark.parametrize("route", ["manifests", "patch"])
def test_what_only_a_person_can_solve_is_parked_and_never_sent_again(
    sender: Sender, kind: Problem, status: int, trouble: Trouble, route: str
) -> None:
    bad = sender.packet(1)
    sender.central.queue(route, faults.problem(kind, status))
    sender.until(lambda: sender.stage(bad) is Stage.PARKED)
    good = sender.packet(2)
    sender.deliver(good)
    sender.live(60)
    assert (sender.stage(bad), sender.trouble(bad)) == (Stage.PARKED, trouble)
    assert sender.data(bad), "kept, never deleted"
    sender.assert_once(good)


@pytest.mark.parametrize("status", [400, 418, 500, 503])
def test_a_problem_of_an_unknown_type_never_refuses_a_record(sender: Sender, status: int) -> None:
    key = sender.packet()
    body = b'{"type": "urn:ktpel:problem:of-the-future", "reasons": [{"code": "x"}]}'
    unknown = Fault(status=status, body=body, headers={"Content-Type": "application/problem+json"})
    sender.central.queue("manifests", unknown)
    sender.settle_down()
    assert sender.stage(key) is not Stage.REJECTED
    if sender.stage(key) is Stage.PARKED:
        sender.depot.outbox.retry(key)
    sender.deliver(key)


def test_eight_failures_park_one_packet_and_no_other_waits_for_it(sender: Sender) -> None:
    bad = sender.packet(1)
    name: list[str] = []

    def script(asked: Asked) -> Fault | None:
        if asked.route == "manifests" or not sender.central.uploads:
            return None
        name[:] = name or [next(iter(sender.central.uploads))]
        return faults.answer(500) if asked.path.endswith(name[0]) else None

    sender.central.script(script)
    sender.until(lambda: sender.row(bad).attempts >= 2)
    good = sender.packet(2)
    sender.until(lambda: sender.delivered(good), hours=0.1)
    more: list[RecordKey] = []
    while sender.stage(bad) is not Stage.PARKED:
        more.append(sender.packet(3 + len(more)))  # central works: others keep arriving
        sender.engine.send_now()  # ends the waits; attempts stay burnt
        sender.settle_down()
    assert sender.row(bad).attempts == 8
    sender.depot.outbox.retry(bad)
    sender.central.script(None)
    sender.deliver(bad)
    sender.assert_once(bad, good, *more)


# ------------------------------------------------------------------------------------------------- ambiguous endings


def ranges(requests: list[Passed]) -> list[tuple[int, int]]:
    return [(int(item.headers["upload-offset"]), len(item.body)) for item in requests]


def assert_no_byte_twice_beyond_the_last_chunk(requests: list[Passed], size: int, cuts: int = 1) -> None:
    """Each PATCH begins where the one before began, or later; only what a cut left open goes again."""
    sent = ranges(requests)
    assert all(after[0] >= before[0] for before, after in pairwise(sent)), sent
    assert sum(length for _, length in sent) <= size + cuts * CHUNK


class Line:
    """A station whose central is behind a relay."""

    def __init__(self, root: Path) -> None:
        self.clock = HandClock()
        self.central = PunctualCentral(self.clock, Limits(chunk_bytes=CHUNK))
        self.central.start()
        self.relay = CutRelay(self.central.port).__enter__()
        self.sender = Sender(root, self.central, self.clock, url=f"http://127.0.0.1:{self.relay.port}")

    def close(self) -> None:
        self.sender.close()
        self.relay.__exit__()
        self.central.stop()


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """One line for all cuts: each sends a packet of its own over it."""
    line = Line(tmp_path_factory.mktemp("line") / "station")
    yield line
    line.close()


@pytest.fixture
def quiet(line: Line) -> Line:
    line.relay.behave()
    line.relay.forget()
    line.sender.engine.send_now()
    line.sender.settle_down()
    line.central.accepted.clear()
    return line


SPREAD = [0, 1, 120, 420, 700, 1024, 1500, 2000]


@pytest.mark.parametrize("steps", range(6))
@pytest.mark.parametrize("reset", [False, True], ids=["fin", "rst"])
def test_an_answer_that_is_lost_after_any_step_costs_nothing_but_time(quiet: Line, steps: int, reset: bool) -> None:
    """Manifest, offset, each chunk, the last chunk, the receipt, the news."""
    line, sender = quiet, quiet.sender
    line.relay.reset = reset
    key = sender.packet(steps + 1, filler=1500)
    for _ in range(steps):
        sender.engine.step()
    line.relay.lose_answer()
    sender.deliver(key)
    assert line.central.accepted == [key]
    assert line.central.received[key] == sender.data(key)
    assert sender.row(key).receipt == line.central.receipts[key]
    assert sender.row(key).attempts == 0
    assert_no_byte_twice_beyond_the_last_chunk(line.relay.requests("PATCH"), sender.row(key).size)


CUTS = [
    (direction, steps, count)
    for direction in ("request", "answer")
    for steps in range(5)
    for count in (SPREAD if SOAKING else SPREAD[steps % 2 :: 2])
]
"""At every step in both directions; every second place of SPREAD by turns, every one with STATION_SOAK=1."""


@pytest.mark.parametrize(("direction", "steps", "count"), CUTS)
def test_a_line_that_is_cut_after_any_byte_costs_at_most_a_chunk(
    quiet: Line, direction: str, steps: int, count: int
) -> None:
    line, sender = quiet, quiet.sender
    line.relay.reset = False
    key = sender.packet(1, filler=1500)
    for _ in range(steps):
        sender.engine.step()
    (line.relay.cut_request_at if direction == "request" else line.relay.cut_answer_at)(count)
    sender.deliver(key)
    assert line.central.accepted == [key]
    assert line.central.received[key] == sender.data(key)
    assert sender.row(key).receipt == line.central.receipts[key]
    assert sender.row(key).attempts == 0
    assert_no_byte_twice_beyond_the_last_chunk(line.relay.requests("PATCH"), sender.row(key).size)


@pytest.mark.parametrize("kept", [0, 1, 100, 1023, 1024])
def test_what_central_kept_of_a_broken_chunk_is_not_sent_again(sender: Sender, kept: int) -> None:
    key = sender.packet(filler=1500)
    sender.central.queue("patch", None, faults.cut_upload(kept))
    sender.deliver(key)
    sent = [(int(asked.headers["upload-offset"]), len(asked.body)) for asked in sender.central.asked_for("patch")]
    assert sent[2][0] == CHUNK + kept
    assert sum(length for _, length in sent) == sender.row(key).size
    sender.assert_once(key)


def test_a_restart_between_any_two_steps_sends_nothing_twice(sender: Sender) -> None:
    key = sender.packet(filler=1500)
    restarts = 0
    while not sender.delivered(key):
        for _step in range(3):  # it begins with a hello, and asks how far the packet has come
            sender.engine.step()
        sender.restart()
        restarts += 1
        assert restarts < 30, "it comes no further"
    assert restarts > 2
    sender.assert_once(key)
    assert sum(len(asked.body) for asked in sender.central.asked_for("patch")) == sender.row(key).size
