"""HTTP to central: who is asked, what counts as an answer, and that nothing read is without bounds."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from time import monotonic

import httpx
import pytest

from station.config import CentralSettings
from station.domain.errors import SetupError
from station.seal.jws import SigningKey
from station.sync import client as client_module
from station.sync import pipe as pipe_module
from station.sync.address import check_address
from station.sync.classify import FAILURES
from station.sync.client import FRESH_S, CentralClient, central_now, http_date, retry_after_s
from station.wire import JSON_LIMIT_BYTES, Problem
from tests.fakes import central_faults as faults
from tests.faults.cut_relay import CutRelay
from tests.sending import Sender, sending
from tests.support import TODAY, HandClock

DAY = timedelta(days=1)


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


@pytest.fixture
def client(sender: Sender) -> Iterator[CentralClient]:
    found = sender.shared().client
    yield found
    found.close()


@pytest.mark.parametrize(
    "address",
    ["https://central.example", "http://127.0.0.1:8000/", "http://localhost:1", "http://[::1]:9", " https://a "],
)
def test_https_and_loopback_may_be_used(address: str) -> None:
    assert check_address(address) == address.strip().rstrip("/")


@pytest.mark.parametrize("address", ["http://10.0.0.1", "http://central.example", "http://localhost.example.org"])
def test_plain_http_to_another_machine_is_refused(address: str) -> None:
    with pytest.raises(SetupError, match="insecure_address"):
        check_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "central",
        "ftp://a",
        "https://",
        "https://a:x",
        "https://a?b",
        "https://a#b",
        "https://u:p@a",
        "https://[::1",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(SetupError, match=r"central\.address"):
        CentralClient(address, settings=CentralSettings(), clock=HandClock())


def test_nothing_is_signed_before_the_station_has_an_identity(sender: Sender) -> None:
    client = CentralClient(sender.central.url, settings=CentralSettings(), clock=sender.clock)
    with pytest.raises(SetupError, match="not_enrolled"):
        client.get("/v1/changes")
    assert client.get("/v1/hello", signed=False).status == 200
    client.close()


def test_every_request_has_an_id_of_its_own_and_a_fresh_token(sender: Sender, client: CentralClient) -> None:
    for _ in range(3):
        client.get("/v1/changes")
    asked = sender.central.asked_for("changes")
    assert len({item.headers["request-id"] for item in asked}) == 3
    assert len({item.headers["authorization"] for item in asked}) == 3


def test_an_answer_is_only_echoed_with_the_very_id_of_its_request(sender: Sender, client: CentralClient) -> None:
    sender.central.queue("hello", faults.no_echo(), faults.Fault(process=True, echo=False, headers={"Request-Id": "1"}))
    assert [client.get("/v1/hello", signed=False).echoed for _ in range(3)] == [False, False, True]


def test_redirects_are_never_followed(sender: Sender, client: CentralClient) -> None:
    sender.central.queue("changes", faults.redirect(sender.central.url + "/v1/hello"))
    answer = client.get("/v1/changes")
    assert answer.status == 302
    assert not sender.central.asked_for("hello")


def test_the_environment_never_chooses_a_proxy(
    sender: Sender, client: CentralClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    fresh = sender.shared().client
    assert fresh.get("/v1/hello", signed=False).status == 200
    fresh.close()


def test_a_huge_body_is_read_up_to_the_limit_only(sender: Sender, client: CentralClient) -> None:
    sender.central.queue("changes", faults.answer(200, b"[" * (3 * JSON_LIMIT_BYTES)))
    assert len(client.get("/v1/changes").body) == JSON_LIMIT_BYTES


def test_a_body_in_an_encoding_that_was_not_asked_for_is_not_read(sender: Sender, client: CentralClient) -> None:
    packed = gzip.compress(b"[" * (30 * JSON_LIMIT_BYTES))
    sender.central.queue("changes", faults.answer(200, packed, Content_Encoding="gzip"))
    assert client.get("/v1/changes").body == b""


def test_a_slow_answer_is_a_timeout(sender: Sender, client: CentralClient) -> None:
    never = threading.Event()
    sender.central.queue("hello", faults.slow(never))
    with pytest.raises(httpx.ReadTimeout):
        client.get("/v1/hello", signed=False, read_timeout_s=0.02)


@pytest.mark.parametrize("lost", [1, 2])
def test_a_stale_connection_is_tried_again_at_once(sender: Sender, client: CentralClient, lost: int) -> None:
    sender.central.queue("changes", *[faults.lost_request()] * lost)
    assert client.get("/v1/changes").status == 200
    assert len(sender.central.asked_for("changes")) == lost + 1


def test_three_broken_connections_are_trouble(sender: Sender, client: CentralClient) -> None:
    sender.central.queue("changes", *[faults.lost_request()] * 3)
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/v1/changes")


def test_a_patch_is_never_repeated_blindly(sender: Sender, client: CentralClient) -> None:
    sender.central.queue("patch", faults.lost_request())
    with pytest.raises(FAILURES):
        client.begin_patch("/v1/uploads/x", lambda: iter([b"x"]), {"Content-Length": "1"})(5)
    assert len(sender.central.asked_for("patch")) == 1


@pytest.mark.parametrize("ahead", [-DAY, DAY, -3650 * DAY, timedelta(minutes=-5)])
@pytest.mark.parametrize("method", ["get", "post", "patch"])
def test_a_clock_that_is_off_is_learnt_from_central_and_the_request_tried_once_more(
    sender: Sender, client: CentralClient, ahead: timedelta, method: str
) -> None:
    learnt: list[timedelta] = []
    client.on_clock_offset = learnt.append
    sender.central.clock_ahead = ahead
    if method == "get":
        answer = client.get("/v1/changes")
    elif method == "post":
        answer = client.post_json("/v1/manifests", {"items": []})
    else:
        headers = {"Tus-Resumable": "1.0.0", "Content-Length": "1"}
        answer = client.begin_patch("/v1/uploads/x", lambda: iter([b"x"]), headers)(5)
    assert answer.status in (200, 404)
    assert learnt == [ahead]
    assert client.clock_offset == ahead
    assert len(sender.central.asked) == 2
    client.get("/v1/changes")
    assert len(sender.central.asked) == 3, "once learnt it is right at the first try"


def test_a_clock_that_is_never_right_is_not_tried_for_ever(sender: Sender, client: CentralClient) -> None:
    sender.central.queue("changes", *[faults.problem(Problem.CLOCK_SKEW, 401)] * 5)
    assert client.get("/v1/changes").status == 401
    assert len(sender.central.asked) == 2


@pytest.mark.parametrize("date", ["", "yesterday", "²", "Sat, 21 Nov 2026 03:00:00 +99999999999999"])
def test_without_a_date_nothing_is_learnt_and_nothing_tried_again(date: str) -> None:
    assert http_date(date) is None


def test_a_portal_cannot_set_our_clock(sender: Sender, client: CentralClient) -> None:
    fault = faults.problem(Problem.CLOCK_SKEW, 401)
    sender.central.clock_ahead = DAY
    sender.central.queue("changes", faults.Fault(status=401, headers=fault.headers, body=fault.body, echo=False))
    client.get("/v1/changes")
    assert client.clock_offset == timedelta(0)


@pytest.mark.parametrize("cut_after_date", [True, False])
def test_an_answer_without_a_date_teaches_no_clock(sender: Sender, cut_after_date: bool) -> None:
    client = sender.shared().client
    answer = client.get("/v1/hello", signed=False)
    headers = httpx.Headers({"content-type": "application/problem+json"})
    if cut_after_date:
        headers["date"] = format_datetime(TODAY + DAY, usegmt=True)
    without = type(answer)(401, headers, b"{}", answer.request_id, True)
    assert client._learn_clock(without) is cut_after_date
    assert client.clock_offset == (DAY if cut_after_date else timedelta(0))
    client.close()


def test_a_date_without_a_zone_is_utc() -> None:
    assert http_date("Sat, 21 Nov 2026 03:00:00 -0000") == datetime(2026, 11, 21, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("", 0),
        ("0", 0),
        ("17", 17),
        (" 17 ", 17),
        ("9999999999999", 999_999_999),
        ("-5", 0),
        ("1.5", 0),
        ("²", 0),
        ("soon", 0),
        (format_datetime(TODAY + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(TODAY - timedelta(seconds=90), usegmt=True), 0),
        ("Sat, 21 Nov 2026 03:00:40 -0000", 40),
        ("Sat, 21 Nov 2026 03:00:00 +99999999999999", 0),
    ],
)
def test_retry_after_is_read_or_is_nothing(value: str, seconds: float) -> None:
    headers = httpx.Headers([(b"retry-after", value.encode("latin-1"))])
    assert retry_after_s(headers, TODAY) == seconds


def test_dates_of_central_belong_to_the_clock_of_central() -> None:
    there = TODAY + 400 * DAY
    headers = httpx.Headers({"date": format_datetime(there, usegmt=True)})
    assert central_now(headers, TODAY) == there
    assert central_now(httpx.Headers(), TODAY) == TODAY


def test_only_a_problem_document_is_a_problem(sender: Sender, client: CentralClient) -> None:
    found = faults.problem(Problem.BUSY, 503)
    sender.central.queue(
        "changes",
        found,
        faults.Fault(status=503, body=found.body, headers={"Content-Type": "application/json"}),
        faults.Fault(status=503, body=found.body[:20], headers=found.headers),
    )
    problems = [client.get("/v1/changes").problem for _ in range(3)]
    assert [item.problem if item else None for item in problems] == [Problem.BUSY, None, None]


def test_the_program_names_itself_and_its_version(sender: Sender, client: CentralClient) -> None:
    from station import __version__

    client.get("/v1/hello", signed=False)
    headers = sender.central.asked[0].headers
    assert headers["user-agent"] == f"stasiun-ktpel/{__version__}"
    assert headers["app-version"] == __version__


def test_the_length_of_a_chunk_is_said_before_it_comes(sender: Sender) -> None:
    """Without a length central cannot refuse what is too large before it has read it."""
    with CutRelay(sender.central.port) as relay:
        client = CentralClient(f"http://127.0.0.1:{relay.port}", settings=CentralSettings(), clock=sender.clock)
        client.identify(SigningKey.generate("s"), "c")
        client.begin_patch("/v1/uploads/x", lambda: iter([b"ab", b"c"]), {"Content-Length": "3"})(5)
        client.close()
        (sent,) = relay.requests("PATCH")
    assert sent.body == b"abc"
    assert "transfer-encoding" not in sent.headers


@pytest.mark.parametrize("packets", [False, True])
def test_a_connection_that_stood_still_is_used_again_only_while_packets_go_the_same_way(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, packets: bool
) -> None:
    """Otherwise it may be dead without a word, and the first question after an outage would wait for it."""
    later = monotonic() + FRESH_S + 1
    with CutRelay(sender.central.port) as relay:
        client = CentralClient(f"http://127.0.0.1:{relay.port}", settings=CentralSettings(), clock=sender.clock)
        client.identify(sender.key, sender.enrolment.central_id)
        client.get("/v1/hello", signed=False)
        monkeypatch.setattr(client_module, "monotonic", lambda: later)
        monkeypatch.setattr(pipe_module, "monotonic", lambda: later)
        if packets:
            client.begin_patch("/v1/uploads/x", lambda: iter([b"x"]), {"Content-Length": "1"})(5)
        client.get("/v1/hello", signed=False)
        client.close()
        connections = [stream for stream in relay._up if b"/v1/hello" in stream]
    assert len(connections) == (1 if packets else 2)
