"""What an answer or a failure means: the whole table, and that nothing unreadable is ever success or refusal."""

from __future__ import annotations

import errno
import json
import socket
import ssl
from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.outcome import LINK_TROUBLES, Halted, Later, Outcome, Parked, Reason, Rejected, Trouble
from station.sync.classify import bad_receipt, judge, judge_failure, judge_problem, unreadable
from station.sync.client import Answer
from station.wire import PROBLEM_PREFIX, Problem, ProblemBody
from tests.support import TODAY

PROBLEM = {"content-type": "application/problem+json"}


def answer(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None, *, echoed: bool = True) -> Answer:
    return Answer(status, httpx.Headers(dict(headers or {})), body, "req-1", echoed)


def problem(name: str, status: int, headers: Mapping[str, str] | None = None, **members: Any) -> Answer:
    body = json.dumps({"type": PROBLEM_PREFIX + name, "status": status, **members}).encode()
    return answer(status, body, {**PROBLEM, **(headers or {})})


def judged(found: Answer) -> Outcome:
    outcome = judge(found, TODAY)
    assert outcome is not None
    return outcome


MEANING: dict[Problem, tuple[type, int, Trouble | None]] = {
    Problem.BUSY: (Later, 503, Trouble.BUSY),
    Problem.MAINTENANCE: (Later, 503, Trouble.MAINTENANCE),
    Problem.NO_SPACE: (Later, 507, Trouble.NO_SPACE),
    Problem.OFFSET_MISMATCH: (Later, 409, Trouble.OFFSET),
    Problem.UPLOAD_GONE: (Later, 404, Trouble.UPLOAD_GONE),
    Problem.DIGEST_MISMATCH: (Later, 422, Trouble.DIGEST),
    Problem.CLOCK_SKEW: (Halted, 401, Trouble.CLOCK),
    Problem.UNKNOWN_STATION: (Halted, 401, Trouble.UNKNOWN_STATION),
    Problem.BAD_SIGNATURE: (Halted, 401, Trouble.BAD_SIGNATURE),
    Problem.STATION_BLOCKED: (Halted, 403, Trouble.BLOCKED),
    Problem.CLIENT_TOO_OLD: (Halted, 426, Trouble.TOO_OLD),
    Problem.MALFORMED: (Parked, 400, Trouble.MALFORMED),
    Problem.KEY_CONFLICT: (Parked, 409, Trouble.KEY_CONFLICT),
    Problem.TOO_LARGE: (Parked, 413, Trouble.TOO_LARGE),
    Problem.ENROLMENT_REFUSED: (Parked, 403, Trouble.MALFORMED),
    Problem.BUNDLE_GONE: (Parked, 404, Trouble.BUNDLE_GONE),
    Problem.NOT_ALLOWED: (Parked, 403, Trouble.BUNDLE_NOT_ALLOWED),
    Problem.PACKET_REFUSED: (Rejected, 422, None),
}


def test_every_problem_of_the_contract_has_a_meaning() -> None:
    assert set(MEANING) == set(Problem)


@pytest.mark.parametrize("kind", list(Problem))
def test_a_problem_means_what_the_contract_says(kind: Problem) -> None:
    wanted, status, trouble = MEANING[kind]
    outcome = judged(problem(kind.value, status))
    assert type(outcome) is wanted
    if isinstance(outcome, Later | Parked | Halted):
        assert outcome.note.trouble is trouble
        assert (outcome.note.request_id, outcome.note.http_status) == ("req-1", status)


@pytest.mark.parametrize("kind", list(Problem))
def test_machines_branch_on_the_type_and_not_on_the_status(kind: Problem) -> None:
    assert type(judged(problem(kind.value, 500))) is MEANING[kind][0]


def test_only_a_problem_of_a_type_refuses_a_record_and_its_reasons_are_kept() -> None:
    outcome = judged(
        problem("packet-refused", 422, reasons=[{"code": "nik.date", "field": "nik", "detail": "x"}, {"code": "b"}])
    )
    assert outcome == Rejected((Reason("nik.date", "nik", "x"), Reason("b", "", "")))


def test_a_block_brings_its_end_and_its_reason() -> None:
    until = TODAY + timedelta(hours=2)
    outcome = judged(problem("station-blocked", 403, until=until.isoformat(), reason="audit"))
    assert isinstance(outcome, Halted)
    assert (outcome.until, outcome.message, outcome.floor_s) == (until, "audit", 7200)


def test_how_long_a_block_lasts_is_read_by_the_clock_of_central_and_an_end_that_has_passed_is_none() -> None:
    there = TODAY + timedelta(days=400)
    dated = {"Date": format_datetime(there, usegmt=True)}
    until = there.replace(microsecond=0) + timedelta(hours=2)
    outcome = judged(problem("station-blocked", 403, dated, until=until.isoformat()))
    assert isinstance(outcome, Halted)
    assert 7199 <= outcome.floor_s <= 7201
    late = judged(problem("station-blocked", 403, until=(TODAY - timedelta(hours=1)).isoformat()))
    assert isinstance(late, Halted)
    assert late.floor_s == 0


def test_a_halt_without_a_reason_shows_the_message() -> None:
    outcome = judged(problem("client-too-old", 426, message="update"))
    assert isinstance(outcome, Halted)
    assert outcome.message == "update"


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", ["90", format_datetime(TODAY + timedelta(seconds=90), usegmt=True)])
def test_retry_after_is_a_floor_in_both_forms(status: int, value: str) -> None:
    for found in (problem("busy", status, {"Retry-After": value}), answer(status, b"", {"Retry-After": value})):
        outcome = judged(found)
        assert isinstance(outcome, Later)
        assert outcome.floor_s == 90
        assert not outcome.burns


@pytest.mark.parametrize("offset", [timedelta(days=-1), timedelta(0), timedelta(days=1), timedelta(days=4000)])
def test_dates_of_central_are_read_by_the_clock_of_central(offset: timedelta) -> None:
    there = TODAY + offset
    headers = {
        "Date": format_datetime(there, usegmt=True),
        "Retry-After": format_datetime(there + timedelta(seconds=60), usegmt=True),
    }
    outcome = judged(answer(503, b"", headers))
    assert isinstance(outcome, Later)
    assert outcome.floor_s == 60
    until = there + timedelta(minutes=30)
    outcome = judged(problem("maintenance", 503, {"Date": headers["Date"]}, until=until.isoformat(), message="disk"))
    assert isinstance(outcome, Later)
    assert outcome.floor_s == 1800
    assert outcome.note.detail == "disk"


def test_the_later_of_retry_after_and_until_counts() -> None:
    until = (TODAY + timedelta(seconds=30)).isoformat()
    outcome = judged(problem("maintenance", 503, {"Retry-After": "100"}, until=until))
    assert isinstance(outcome, Later)
    assert outcome.floor_s == 100


@pytest.mark.parametrize("status", [200, 204, 302, 401, 404, 422, 500, 503])
def test_without_the_echo_it_is_not_central_whatever_it_says(status: int) -> None:
    found = Answer(status, httpx.Headers(PROBLEM), problem("packet-refused", status).body, "req-1", echoed=False)
    outcome = judged(found)
    assert isinstance(outcome, Later)
    assert outcome.note.trouble is (Trouble.PROXY if status >= 500 else Trouble.PORTAL)
    assert outcome.link
    assert not outcome.burns


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (200, Trouble.PORTAL),
        (302, Trouble.PORTAL),
        (401, Trouble.PORTAL),
        (403, Trouble.PROXY),
        (404, Trouble.PORTAL),
        (407, Trouble.PROXY),
        (500, Trouble.PROXY),
        (502, Trouble.PROXY),
        (504, Trouble.PROXY),
        (511, Trouble.PORTAL),
    ],
)
def test_a_machine_on_the_way_that_refuses_is_told_from_one_that_wants_a_sign_in(status: int, trouble: Trouble) -> None:
    outcome = judged(answer(status, b"<html>", echoed=False))
    assert isinstance(outcome, Later)
    assert (outcome.note.trouble, outcome.link, outcome.burns) == (trouble, True, False)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_success_may_be_read(status: int) -> None:
    assert judge(answer(status, b"<html>"), TODAY) is None


@pytest.mark.parametrize(
    ("status", "wanted", "trouble", "burns"),
    [
        (408, Later, Trouble.BUSY, False),
        (425, Later, Trouble.BUSY, False),
        (429, Later, Trouble.BUSY, False),
        (503, Later, Trouble.BUSY, False),
        (500, Later, Trouble.SERVER_ERROR, True),
        (502, Later, Trouble.SERVER_ERROR, True),
        (599, Later, Trouble.SERVER_ERROR, True),
        (404, Later, Trouble.UPLOAD_GONE, False),
        (410, Later, Trouble.UPLOAD_GONE, False),
        (400, Parked, Trouble.MALFORMED, False),
        (401, Later, Trouble.PROXY, False),
        (403, Later, Trouble.PROXY, False),
        (407, Later, Trouble.PROXY, False),
        (418, Parked, Trouble.MALFORMED, False),
        (302, Later, Trouble.UNREADABLE, True),
        (101, Later, Trouble.UNREADABLE, True),
    ],
)
@pytest.mark.parametrize(
    "found",
    [
        answer(0),
        problem("of-the-future", 0),
        answer(0, b'{"type": "urn:ktpel:prob', PROBLEM),
        answer(0, b"<html>", {"content-type": "text/html"}),
        answer(0, b'{"type": "about:blank"}', PROBLEM),
    ],
    ids=["empty", "unknown type", "cut", "html", "blank"],
)
def test_without_a_known_problem_the_status_decides_and_never_refuses(
    found: Answer, status: int, wanted: type, trouble: Trouble, burns: bool
) -> None:
    outcome = judged(Answer(status, found.headers, found.body, "req-1", True))
    assert type(outcome) is wanted
    assert isinstance(outcome, Later | Parked)
    assert outcome.note.trouble is trouble
    assert isinstance(outcome, Parked) or outcome.burns is burns


@given(
    status=st.integers(100, 599), body=st.binary(max_size=200), kind=st.sampled_from(["application/problem+json", "x"])
)
def test_random_bytes_are_never_a_refusal_or_a_halt(status: int, body: bytes, kind: str) -> None:
    outcome = judge(answer(status, body, {"content-type": kind}), TODAY)
    assert not isinstance(outcome, Rejected | Halted)
    assert (outcome is None) == (200 <= status < 300)


def test_a_problem_of_an_unknown_type_inside_a_verdict_parks() -> None:
    outcome = judge_problem(ProblemBody(type="urn:ktpel:problem:new"), answer(200), TODAY)
    assert isinstance(outcome, Parked)


def test_a_long_detail_is_bounded() -> None:
    outcome = judged(problem("maintenance", 503, message="x" * 3000))
    assert isinstance(outcome, Later)
    assert len(outcome.note.detail) == 200


def test_what_cannot_be_read_and_receipts_that_do_not_verify_count_against_the_item() -> None:
    for outcome in (unreadable(answer(200)), bad_receipt(answer(200), "receipt.other_hash")):
        assert outcome.burns
        assert not outcome.link
    assert bad_receipt(answer(200), "receipt.other_hash").note.detail == "receipt.other_hash"


def caused(outer: Exception, *causes: Exception) -> Exception:
    found = outer
    for cause in causes:
        found.__cause__ = cause
        found = cause
    return outer


@pytest.mark.parametrize(
    ("failure", "trouble"),
    [
        (caused(httpx.ConnectError("x"), ConnectionRefusedError(errno.ECONNREFUSED, "x")), Trouble.REFUSED),
        (caused(httpx.ConnectError("x"), OSError(errno.ENETUNREACH, "x")), Trouble.OFFLINE),
        (caused(httpx.ConnectError("x"), OSError(errno.EHOSTUNREACH, "x")), Trouble.OFFLINE),
        (caused(httpx.ConnectError("x"), socket.gaierror(socket.EAI_NONAME, "x")), Trouble.NAME),
        (caused(httpx.ConnectError("x"), ssl.SSLCertVerificationError(1, "x")), Trouble.CERTIFICATE),
        (caused(httpx.ConnectError("x"), ssl.SSLError(1, "wrong version")), Trouble.CERTIFICATE),
        (caused(httpx.ConnectError("x"), ssl.SSLEOFError(8, "eof")), Trouble.RESET),
        (caused(httpx.ReadError("x"), ssl.SSLZeroReturnError(6, "closed")), Trouble.RESET),
        (httpx.ReadTimeout("x"), Trouble.TIMEOUT),
        (httpx.ConnectTimeout("x"), Trouble.TIMEOUT),
        (caused(httpx.ConnectError("x"), TimeoutError()), Trouble.TIMEOUT),
        (httpx.RemoteProtocolError("gone"), Trouble.RESET),
        (caused(httpx.ReadError("x"), ConnectionResetError(errno.ECONNRESET, "x")), Trouble.RESET),
        (httpx.ProxyError("407 Proxy Authentication Required"), Trouble.PROXY),
        (caused(httpx.ReadError("x"), OSError(errno.ENETUNREACH, "x")), Trouble.OFFLINE),
        (httpx.DecodingError("gzip"), Trouble.UNREADABLE),
        (OSError("odd"), Trouble.OFFLINE),
    ],
)
def test_a_failed_request_is_always_later_and_trouble_of_the_way_never_counts(
    failure: Exception, trouble: Trouble
) -> None:
    outcome = judge_failure(failure)
    assert outcome.note.trouble is trouble
    assert outcome.note.detail == type(failure).__name__
    assert outcome.link is (trouble in LINK_TROUBLES)
    assert outcome.burns is (trouble is Trouble.UNREADABLE)


def test_a_failure_that_is_its_own_cause_ends() -> None:
    first, second = httpx.ReadError("a"), OSError("b")
    first.__cause__, second.__cause__ = second, first
    assert judge_failure(first).note.trouble is Trouble.RESET
