"""The fake central suffers what it is told to suffer, and nothing else."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import format_datetime

import httpx
import pytest

from station.domain.errors import TrustError
from station.seal.jws import SigningKey
from station.seal.receipts import issue_receipt
from station.wire import Problem
from tests.contracts.central_contract import PATIENCE_S
from tests.contracts.central_station import STREAM, TUS, Sealed, Station, enrol
from tests.fakes import central_faults as faults
from tests.fakes.central import FakeCentral
from tests.fakes.central_socket import Asked


@pytest.fixture
def central() -> Iterator[FakeCentral]:
    with FakeCentral() as central:
        yield central


@pytest.fixture
def station(central: FakeCentral) -> Iterator[Station]:
    with httpx.Client(base_url=central.url, timeout=PATIENCE_S, trust_env=False) as http:
        yield enrol(http, central.new_code())


def raw(station: Station, path: str = "/v1/changes") -> httpx.Response:
    """A request whose echo is not checked."""
    headers = {"Request-Id": str(uuid.uuid4()), "Authorization": f"Bearer {station.token()}"}
    return station.http.get(path, headers=headers)


def send(station: Station, packet: Sealed, upload: str) -> httpx.Response:
    return station.http.patch(
        upload,
        content=packet.data,
        headers=TUS | STREAM | {"Upload-Offset": "0", "Request-Id": "x", "Authorization": f"Bearer {station.token()}"},
    )


def test_queued_faults_come_once_each_and_in_order(central: FakeCentral, station: Station) -> None:
    central.queue("changes", faults.answer(500), None, faults.problem(Problem.BUSY, 503, retry_after="7"))
    answers = [raw(station) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [500, 200, 503, 200]
    assert (answers[2].headers["retry-after"], answers[2].json()["type"]) == ("7", "urn:ktpel:problem:busy")
    assert len(central.asked_for("changes")) == 4


def test_a_script_sees_every_request_and_decides(central: FakeCentral, station: Station) -> None:
    central.script(lambda asked: faults.answer(418) if asked.query.get("since") == "3" else None)
    assert [raw(station, f"/v1/changes?since={n}").status_code for n in (0, 3, 0)] == [200, 418, 200]


def test_retry_after_may_be_a_date(central: FakeCentral, station: Station) -> None:
    date = format_datetime(central.now(), usegmt=True)
    central.queue("changes", faults.problem(Problem.MAINTENANCE, 503, retry_after=date, message="Libur"))
    answer = raw(station)
    assert (answer.headers["retry-after"], answer.json()["message"]) == (date, "Libur")


def test_a_portal_and_a_redirect_do_not_echo(central: FakeCentral, station: Station) -> None:
    central.queue("hello", faults.portal(), faults.redirect(), faults.no_echo(), faults.html_with_echo())
    answers = [raw(station, "/v1/hello") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 302, 200, 200]
    assert ["request-id" in answer.headers for answer in answers] == [False, False, False, True]
    assert answers[2].headers["content-type"] == "application/jose"


def test_a_lost_answer_was_processed_and_a_lost_request_was_not(central: FakeCentral, station: Station) -> None:
    packet = station.seal()
    upload = station.promise(packet)
    central.queue("patch", faults.lost_request(), faults.lost_answer())
    for kept in (False, True):
        with pytest.raises(httpx.TransportError):
            send(station, packet, upload)
        assert (packet.key in central.received) == kept
    assert central.accepted == [packet.key]


def test_an_answer_may_be_cut(central: FakeCentral, station: Station) -> None:
    central.queue("manifests", faults.cut_answer(20))
    with pytest.raises(httpx.RemoteProtocolError):
        station.announce(station.seal().item())


def test_an_upload_may_be_cut_and_its_bytes_are_kept(central: FakeCentral, station: Station) -> None:
    packet = station.seal()
    upload = station.promise(packet)
    central.queue("patch", faults.cut_upload(70))
    with pytest.raises(httpx.TransportError):
        send(station, packet, upload)
    assert station.offset(upload) == 70


def test_receipts_may_be_forged_or_of_another_packet(central: FakeCentral, station: Station) -> None:
    packet = station.seal()
    station.deliver(packet)
    thief = SigningKey.generate("f1")
    other_hash = "0" * 64
    central.queue(
        "receipts",
        faults.other_receipt(lambda receipt: issue_receipt(thief, receipt)),
        faults.other_receipt(
            lambda receipt: issue_receipt(central.key, receipt.model_copy(update={"sha256": other_hash}))
        ),
    )
    for code in ("signature.invalid", "receipt.other_hash"):
        with pytest.raises(TrustError, match=code):
            station.check(station.receipt(packet).json()["receipt"], packet)
    station.check(station.receipt(packet).json()["receipt"], packet)


def test_a_slow_answer_waits_for_the_test_and_not_for_a_stop(central: FakeCentral, station: Station) -> None:
    arrived, go = threading.Event(), threading.Event()

    def never(_asked: Asked) -> faults.Fault:
        arrived.set()
        return faults.slow(threading.Event())

    central.queue("changes", faults.slow(go))
    central.script(never)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(raw, station)
        go.set()
        assert slow.result(PATIENCE_S).status_code == 200
        stuck = pool.submit(raw, station)
        assert arrived.wait(PATIENCE_S)
        central.stop()
        assert isinstance(stuck.exception(PATIENCE_S), httpx.TransportError)


def test_verification_may_take_its_time(central: FakeCentral, station: Station) -> None:
    central.verifying = True
    packet = station.seal()
    assert "receipt" not in station.upload(packet).headers
    assert station.receipt(packet).status_code == 202
    central.verify_waiting()
    station.check(station.receipt(packet).json()["receipt"], packet)


def test_after_stop_nobody_answers_and_after_start_the_same_port_does(central: FakeCentral, station: Station) -> None:
    port = central.port
    central.stop()
    with pytest.raises(httpx.ConnectError):
        raw(station)
    central.start()
    assert central.port == port
    assert raw(station).status_code == 200
