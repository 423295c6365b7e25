"""Each class of trouble by each of its signals: what the station does, whom it counts against, and who ends it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import tenacity

from station.config import Settings, SyncSettings
from station.domain.delivery import LinkState, OutboxItem, Stage
from station.domain.errors import StoreError
from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import Trouble
from station.domain.record import RecordKey
from station.store.outbox import Outbox
from station.sync import backoff
from station.wire import Problem
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.sending import Sender, sending
from tests.support import TODAY

ROUTES = ("manifests", "head", "patch", "receipts")
MOSTLY = ("manifests", "patch")
"""That an answer means the same wherever it comes is shown by one signal of each class."""
LINK = {Trouble.PORTAL: LinkState.PORTAL, Trouble.PROXY: LinkState.PROXY, Trouble.RESET: LinkState.CENTRAL_DOWN}
PAGE = b"<html>Silakan masuk</html>"


@dataclass(frozen=True)
class Signal:
    """What somebody says, as which trouble it is shown, and what the lane (or only the packet) does then."""

    fault: Fault
    trouble: Trouble
    lane: Condition | None = Condition.RESTING
    burns: bool = False
    floor_s: float = 0.0
    routes: tuple[str, ...] = MOSTLY
    once: bool = False


def shut(status: int, *, echo: bool, **headers: str) -> Fault:
    """A gate on the way: it refuses, and not by a problem of the contract."""
    return replace(faults.answer(status, PAGE, Content_Type="text/html", **headers), echo=echo)


def reduced() -> Fault:
    """The problem type of the RateLimit draft."""
    body = b'{"type": "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity"}'
    return faults.answer(429, body, Content_Type="application/problem+json", Retry_After="40")


LATE = format_datetime(TODAY + timedelta(seconds=90), usegmt=True)
OFFLINE = {"dropped": Signal(faults.lost_request(), Trouble.RESET, routes=ROUTES)}
CAPTIVE = {
    "html-200": Signal(faults.portal(), Trouble.PORTAL, routes=ROUTES),
    "302": Signal(faults.redirect(), Trouble.PORTAL),
    "511": Signal(shut(511, echo=False), Trouble.PORTAL),
    "not-signed": Signal(faults.no_echo(), Trouble.PORTAL),
    "403-of-a-stranger": Signal(shut(403, echo=False), Trouble.PROXY),
    "403-without-our-type": Signal(shut(403, echo=True), Trouble.PROXY),
    "401-without-our-type": Signal(shut(401, echo=True), Trouble.PROXY),
    "407": Signal(shut(407, echo=False, Proxy_Authenticate="Basic"), Trouble.PROXY, routes=ROUTES),
    "502-of-a-stranger": Signal(shut(502, echo=False), Trouble.PROXY),
}
BUSY = {
    "429-in-seconds": Signal(faults.answer(429, Retry_After="30"), Trouble.BUSY, floor_s=30, routes=ROUTES),
    "503-in-seconds": Signal(faults.problem(Problem.BUSY, 503, retry_after="30"), Trouble.BUSY, floor_s=30),
    "503-as-a-date": Signal(faults.answer(503, Retry_After=LATE), Trouble.BUSY, floor_s=80, routes=ROUTES[:1]),
    "reduced-capacity": Signal(reduced(), Trouble.BUSY, floor_s=40),
    "maintenance": Signal(faults.problem(Problem.MAINTENANCE, 503, retry_after="50"), Trouble.MAINTENANCE, floor_s=50),
    "no-space": Signal(faults.problem(Problem.NO_SPACE, 507, retry_after="20"), Trouble.NO_SPACE, floor_s=20),
}
SERVER = {
    str(status): Signal(faults.answer(status), Trouble.SERVER_ERROR, lane=None, burns=True, routes=routes)
    for status, routes in ((500, ROUTES), (502, MOSTLY), (504, MOSTLY), (507, MOSTLY))
}
UNREADABLE = {
    name: Signal(fault, Trouble.UNREADABLE, lane=None, burns=True, routes=("manifests", "receipts"))
    for name, fault in {
        "half-a-json": faults.answer(200, b'{"items": [{"rec'),
        "html-of-a-proxy-that-echoes": faults.html_with_echo(),
    }.items()
}
GONE = {
    "404": Signal(
        faults.problem(Problem.UPLOAD_GONE, 404), Trouble.UPLOAD_GONE, lane=None, routes=ROUTES[1:], once=True
    ),
    "410": Signal(faults.answer(410), Trouble.UPLOAD_GONE, lane=None, routes=ROUTES[1:], once=True),
}
HALTS = {
    Problem.UNKNOWN_STATION: (401, Trouble.UNKNOWN_STATION),
    Problem.BAD_SIGNATURE: (401, Trouble.BAD_SIGNATURE),
    Problem.STATION_BLOCKED: (403, Trouble.BLOCKED),
    Problem.CLIENT_TOO_OLD: (426, Trouble.TOO_OLD),
    Problem.CLOCK_SKEW: (401, Trouble.CLOCK),
}
AUTH = {
    kind.value: Signal(faults.problem(kind, status), trouble, lane=Condition.HALTED)
    for kind, (status, trouble) in HALTS.items()
}
CLASSES = {
    "OFFLINE": OFFLINE, "CAPTIVE": CAPTIVE, "BUSY": BUSY, "SERVER": SERVER, "UNREADABLE": UNREADABLE, "GONE": GONE,
    "AUTH": AUTH,
}  # fmt: skip
TABLE = {f"{name}-{signal}": each for name, row in CLASSES.items() for signal, each in row.items()}


@pytest.fixture(autouse=True)
def _little_talk_beside_and_tries_within_an_attempt_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.sending.SETTINGS", Settings(sync=SyncSettings(changes_every_s=300)))
    monkeypatch.setattr(backoff, "wait_random_exponential", lambda **_: tenacity.wait_none())


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


def ready(sender: Sender, route: str, serial: int) -> RecordKey:
    """A packet whose next question to central goes to `route`."""
    key = sender.packet(serial)
    if route == "receipts":
        sender.central.verifying = True
        sender.until(lambda: sender.trouble(key) is Trouble.VERIFYING)
        sender.central.verify_waiting()
        sender.clock.pass_time(2)
    elif route != "manifests":
        while sender.stage(key) is Stage.QUEUED:
            sender.clock.pass_time(sender.engine.step())
        if route == "head":
            sender.restart()
    return key


def lane_of(sender: Sender, route: str) -> LaneState:
    return sender.lane(LaneName.MANIFESTS if route == "manifests" else LaneName.UPLOADS)


def meet(sender: Sender, route: str, signal: Signal) -> None:
    """Let every question to `route` end so, until the station wants to wait."""
    asked = len(sender.central.asked_for(route))
    if signal.once:
        sender.central.queue(route, signal.fault)
    else:
        sender.central.script(lambda item: signal.fault if item.route == route else None)
    sender.settle_down()
    assert len(sender.central.asked_for(route)) > asked, f"{route} was not asked"


@pytest.mark.parametrize("name", TABLE)
def test_each_signal_rests_whom_it_concerns_and_delivery_goes_on_by_itself(sender: Sender, name: str) -> None:
    signal, keys = TABLE[name], []
    for serial, route in enumerate(signal.routes, start=1):
        key = ready(sender, route, serial)
        before = sender.row(key).attempts
        meet(sender, route, signal)
        notes = [line.note.trouble for line in sender.depot.technical_log.lines(20)]
        assert signal.trouble in notes, f"{route}: {notes}"
        assert sender.row(key).attempts - before == signal.burns, route
        assert sender.link in (LinkState.GOOD, LinkState.BUSY, LinkState.MAINTENANCE, LinkState.BLOCKED), route
        if signal.lane is not None:
            assert_it_rests(sender, route, signal)
        sender.central.script(None)
        keys.append(key)
        sender.until(partial(sender.delivered, key), hours=1, nap_s=60)
    sender.assert_once(*keys)


def assert_it_rests(sender: Sender, route: str, signal: Signal) -> None:
    """The lane shows why and until when, and asks nothing before."""
    lane = lane_of(sender, route)
    assert lane.condition is signal.lane, route
    assert lane.note is not None and lane.note.trouble is signal.trouble, route
    assert lane.next_at is not None
    left_s = (lane.next_at - sender.clock.now()).total_seconds()
    assert left_s >= max(signal.floor_s, 1.0), route
    asked = len(sender.central.asked_for(route))
    sender.live(min(left_s - 0.5, 60))
    assert len(sender.central.asked_for(route)) == asked, f"{route} was asked too early"


@pytest.mark.parametrize("name", [f"OFFLINE-{name}" for name in OFFLINE] + [f"CAPTIVE-{name}" for name in CAPTIVE])
def test_where_even_the_hello_ends_so_nothing_is_sent_until_central_itself_answers(sender: Sender, name: str) -> None:
    signal, key = TABLE[name], sender.packet()
    sender.central.script(lambda _asked: signal.fault)
    sender.live(600)
    assert sender.link is LINK[signal.trouble]
    assert {asked.route for asked in sender.central.asked} == {"hello"}, "no token and no packet went to a stranger"
    hellos = len(sender.central.asked_for("hello"))
    assert 4 <= hellos <= (100 if signal.trouble is not Trouble.PORTAL else 28), "a portal about each half a minute"
    assert (sender.stage(key), sender.row(key).attempts) == (Stage.QUEUED, 0)
    sender.central.script(None)
    sender.deliver(key)
    sender.assert_once(key)


# ----------------------------------------------------------------------------------------------------------- OFFLINE


@contextmanager
def away(sender: Sender, how: str, patch: pytest.MonkeyPatch) -> Iterator[None]:
    with patch.context() as inner:
        if how == "cable":
            sender.network.cut()
        elif how == "port":
            sender.central.stop()
        elif how == "name":
            inner.setattr(socket, "getaddrinfo", _unknown)
        yield
    sender.network.mend()
    if how == "port":
        sender.central.start()


def _unknown(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


@pytest.mark.parametrize(
    ("how", "state"), [("cable", LinkState.OFFLINE), ("name", LinkState.NAME), ("port", LinkState.PORT)]
)
def test_offline_for_ten_days_burns_nothing_and_ends_by_itself(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, how: str, state: LinkState
) -> None:
    key = sender.packet()
    with away(sender, how, monkeypatch):
        sender.live(60)
        sender.clock.pass_time(10 * 86_400)
        sender.live(600)
        assert (sender.link, sender.row(key).attempts, sender.stage(key)) == (state, 0, Stage.QUEUED)
    sender.deliver(key)
    sender.assert_once(key)


# ----------------------------------------------------------------------------------------- OFFSET, GONE, REJECT, LOCAL


@pytest.mark.parametrize("told", [{}, {"offset": 0}], ids=["without-the-offset", "contradicting-itself"])
def test_offset_is_asked_for_again_and_not_a_byte_is_repeated(sender: Sender, told: dict[str, Any]) -> None:
    key = ready(sender, "patch", 1)
    sender.central.queue("patch", faults.problem(Problem.OFFSET_MISMATCH, 409, **told))
    sender.deliver(key)
    sender.assert_once(key)
    assert len(sender.central.asked_for("head")) == 1
    assert sender.row(key).attempts == (1 if told else 0), "only who contradicts himself could do so for ever"


def test_gone_again_and_again_is_begun_anew_three_times_and_then_waits_longer_and_longer(sender: Sender) -> None:
    key = ready(sender, "patch", 1)
    gone = faults.problem(Problem.UPLOAD_GONE, 404)
    sender.central.script(lambda asked: gone if asked.route == "patch" else None)
    sender.settle_down()
    assert (len(sender.central.asked_for("manifests")), sender.row(key).attempts) == (4, 1)
    assert sender.row(key).next_attempt_at is not None
    sender.central.script(None)
    sender.deliver(key)
    sender.assert_once(key)


@pytest.mark.parametrize("route", ["patch", "receipts"])
def test_reject_is_the_end_of_this_revision_whatever_a_person_presses(sender: Sender, route: str) -> None:
    bad = sender.packet(1, nik="9901016104880000")
    sender.central.verifying = route == "receipts"
    if sender.central.verifying:
        sender.until(lambda: sender.trouble(bad) is Trouble.VERIFYING)
        sender.central.verify_waiting()
    sender.until(lambda: sender.stage(bad) is Stage.REJECTED, hours=1)
    good = sender.packet(2)
    asked = len(sender.central.asked_for("manifests"))
    sender.engine.send_now()
    sender.until(lambda: sender.delivered(good), hours=1)
    sender.live(60)
    assert (sender.stage(bad), sender.row(bad).reasons[0].field) == (Stage.REJECTED, "nik")
    assert len(sender.central.asked_for("manifests")) == asked + 1, "that of the good one"
    assert sender.data(bad), "kept, for the person who corrects it"
    sender.assert_once(good)


@pytest.mark.parametrize("stage", [Stage.QUEUED, Stage.SENDING], ids=["before-the-manifest", "after-the-manifest"])
@pytest.mark.parametrize(
    ("data", "trouble"),
    [(None, Trouble.FILE_MISSING), (b"x" * 500, Trouble.FILE_CHANGED), (b"", Trouble.FILE_CHANGED)],
    ids=["missing", "other-hash", "empty"],
)
def test_local_damage_waits_for_a_person_and_the_copy_that_was_put_back_arrives(
    sender: Sender, data: bytes | None, trouble: Trouble, stage: Stage
) -> None:
    bad = ready(sender, "manifests" if stage is Stage.QUEUED else "patch", 1)
    good, path = sender.packet(2), sender.depot.packets.path(bad)
    backup = path.read_bytes()
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    sender.until(lambda: sender.delivered(good), hours=1)
    sender.live(60)
    assert (sender.stage(bad), sender.trouble(bad)) == (Stage.PARKED, trouble)
    sender.assert_once(good)
    path.write_bytes(backup)
    sender.depot.outbox.retry(bad)
    sender.until(lambda: sender.delivered(bad), hours=1)
    sender.assert_once(good, bad)


def test_local_disk_that_is_full_blames_no_packet_and_goes_on_when_there_is_room(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    key = ready(sender, "patch", 1)

    def full(_outbox: Outbox, *_: object, **__: object) -> OutboxItem:
        raise StoreError("store.disk_full")

    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "settle", full)
        sender.live(120)
        assert sender.central.accepted == [key], "central has it; here nobody could write that down"
        assert (sender.stage(key) in (Stage.SENDING, Stage.QUEUED), sender.row(key).attempts) == (True, 0)
        notes = [state.note for state in sender.engine.lanes if state.condition is Condition.RESTING]
        assert Trouble.STORE in [note.trouble for note in notes if note is not None]
    sender.deliver(key)
    sender.assert_once(key)
    assert len(sender.central.asked_for("patch")) == 1, "not a byte of it was sent again"
    assert any("in trouble" in line for line in said)
