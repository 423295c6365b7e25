"""What the reference central does beyond the contract: switches, limits, faults of its own, start and stop."""

from __future__ import annotations

import logging
import socket
import stat
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from station.central.central import Central
from station.central.feed import Feed, Page
from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.domain.errors import SetupError
from station.domain.ports import SystemClock
from station.seal.hello import first_hello
from station.seal.jws import SigningKey
from station.wire import Limits, Pacing
from tests.contracts.central_contract import PATIENCE_S, ask_until, await_offset, open_patch
from tests.contracts.central_station import GOOD, TUS, Station, enrol, enrolment, problem_of

SECRET = "SITI AMINAH CONTOH"


class ShiftedClock(SystemClock):
    """Central's clock, some time ahead of the computer's."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


class Disk:
    """Room on central's disk."""

    free = 1 << 40

    def __call__(self, _folder: Path) -> int:
        return self.free


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def server(tmp_path: Path, clock: ShiftedClock, disk: Disk) -> Iterator[CentralServer]:
    options = CentralOptions(training=True, min_client="1.2", limits=Limits(chunk_bytes=16 * 1024))
    server = CentralServer(tmp_path / "central", options=options, clock=clock, free_bytes=disk)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def http(server: CentralServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=PATIENCE_S, trust_env=False) as http:
        yield http


@pytest.fixture
def station(server: CentralServer, http: httpx.Client) -> Station:
    return enrol(http, server.central.new_code())


# ------------------------------------------------------------------------------------------------- who is let in


def test_a_blocked_station_is_told_until_when_and_why_and_let_in_again_then(
    server: CentralServer, station: Station, clock: ShiftedClock
) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    server.central.block(station.id, "Laptop hilang", until)
    answer = station.ask("GET", "/v1/changes")
    assert (answer.status_code, problem_of(answer)) == (403, "station-blocked")
    assert (answer.json()["reason"], datetime.fromisoformat(answer.json()["until"])) == ("Laptop hilang", until)
    clock.ahead = station.ahead = timedelta(hours=2)
    assert station.ask("GET", "/v1/changes").status_code == 200


def test_an_unblocked_station_is_let_in(server: CentralServer, station: Station) -> None:
    server.central.block(station.id)
    assert station.ask("GET", "/v1/changes").status_code == 403
    server.central.unblock(station.id)
    assert station.ask("GET", "/v1/changes").status_code == 200


@pytest.mark.parametrize(
    ("agent", "status"),
    [
        ("stasiun-ktpel/1.1.9", 426),
        ("stasiun-ktpel/1.2", 200),
        ("stasiun-ktpel/1.2.0", 200),
        ("stasiun-ktpel/1.10.0 python-httpx/0.28", 200),
        ("curl/8.0", 200),
    ],
)
def test_a_client_that_names_itself_must_be_new_enough(station: Station, agent: str, status: int) -> None:
    answer = station.ask("GET", "/v1/changes", headers={"User-Agent": agent})
    assert answer.status_code == status
    if status == 426:
        assert (problem_of(answer), answer.json()["min_client"]) == ("client-too-old", "1.2")


def test_an_old_program_cannot_enrol(server: CentralServer, http: httpx.Client) -> None:
    body = enrolment(server.central.new_code(), SigningKey.generate("s").public, app_version="1.1")
    answer = http.post("/v1/stations", json=body, headers={"Request-Id": str(uuid.uuid4())})
    assert (answer.status_code, problem_of(answer)) == (426, "client-too-old")


def test_stations_of_one_office_are_numbered_and_a_code_may_be_for_one_office(
    server: CentralServer, http: httpx.Client
) -> None:
    def ask(code: str, office: str) -> httpx.Response:
        body = enrolment(code, SigningKey.generate("s").public, office=office)
        return http.post("/v1/stations", json=body, headers={"Request-Id": str(uuid.uuid4())})

    numbers = [
        ask(server.central.new_code(), office).json()["policy"]["station_number"]
        for office in ("99.01.01", "99.01.01", "99.01.02")
    ]
    assert numbers == [1, 2, 1]
    bound = server.central.new_code("99.01.01")
    assert ask(bound, "99.01.02").status_code == 403
    assert ask(bound.lower().replace("-", " "), "99.01.01").json()["policy"]["station_number"] == 3


def test_an_enrolment_code_grows_old(server: CentralServer, http: httpx.Client, clock: ShiftedClock) -> None:
    code = server.central.new_code()
    clock.ahead = timedelta(days=8)
    body = enrolment(code, SigningKey.generate("s").public)
    answer = http.post("/v1/stations", json=body, headers={"Request-Id": str(uuid.uuid4())})
    assert (answer.status_code, problem_of(answer)) == (403, "enrolment-refused")


# ------------------------------------------------------------------------------------------------------ switches


def test_in_maintenance_only_hello_is_answered_and_says_so(server: CentralServer, station: Station) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    server.central.start_maintenance("Pindah server", until)
    answer = station.ask("GET", "/v1/changes")
    assert (answer.status_code, problem_of(answer)) == (503, "maintenance")
    assert answer.json()["message"] == "Pindah server"
    assert datetime.fromisoformat(answer.json()["until"]) == until
    assert 3000 < int(answer.headers["retry-after"]) <= 3600
    assert first_hello(station.ask("GET", "/v1/hello").text).status.receiving == "maintenance"
    server.central.end_maintenance()
    assert station.ask("GET", "/v1/changes").status_code == 200


def test_a_busy_central_says_when_to_come_again(server: CentralServer, station: Station) -> None:
    server.central.set_busy(7)
    answer = station.ask("POST", "/v1/manifests", json={"items": []})
    assert (answer.status_code, problem_of(answer), answer.headers["retry-after"]) == (503, "busy", "7")
    server.central.set_busy(None)
    assert station.ask("POST", "/v1/manifests", json={"items": []}).status_code == 200


def test_more_requests_than_central_can_take_are_busy_but_the_probe_is_answered(tmp_path: Path) -> None:
    server = CentralServer(tmp_path, options=CentralOptions(max_in_flight=1))
    server.start()
    with httpx.Client(base_url=server.url, timeout=PATIENCE_S, trust_env=False) as http:
        station = enrol(http, server.central.new_code())
        packet = station.seal()
        upload = station.promise(packet)
        with open_patch(server.url, station, upload, packet) as connection:
            connection.sendall(packet.data[:10])
            answer = _ask_until(station, 503)
            assert station.ask("GET", "/v1/hello").status_code == 200
        assert problem_of(answer) == "busy"
        assert answer.headers["retry-after"] == "5"
        assert _ask_until(station, 200).json() == {"items": []}
    server.stop()


def _ask_until(station: Station, status: int) -> httpx.Response:
    answers: list[httpx.Response] = []

    def arrived() -> bool:
        answers.append(station.ask("POST", "/v1/manifests", json={"items": []}))
        return answers[-1].status_code == status

    ask_until(arrived)
    return answers[-1]


def test_pacing_is_told_in_hello_and_changes(server: CentralServer, station: Station) -> None:
    server.central.set_pacing(Pacing(spread_s=5, max_kbps=64))
    assert station.changes()["pacing"]["spread_s"] == 5
    assert first_hello(station.ask("GET", "/v1/hello").text).pacing.max_kbps == 64


def test_a_full_disk_refuses_bytes_only_until_there_is_room(station: Station, disk: Disk) -> None:
    disk.free = 0
    packet = station.seal()
    upload = station.promise(packet)
    answer = station.patch(upload, packet.data, 0)
    assert (answer.status_code, problem_of(answer)) == (507, "no-space")
    disk.free = 1 << 40
    station.check(station.deliver(packet), packet)


# -------------------------------------------------------------------------------------------- requests and bugs


def test_a_request_without_an_id_is_malformed(http: httpx.Client) -> None:
    for headers in ({}, {"Request-Id": "7"}):
        answer = http.get("/v1/hello", headers=headers)
        assert (answer.status_code, problem_of(answer)) == (400, "malformed")
        assert answer.headers.get("request-id") == headers.get("Request-Id")


def test_json_larger_than_the_protocol_allows_is_not_read(station: Station) -> None:
    large = b" " * (1 << 20) + b"{}"
    answers = [
        station.ask("POST", "/v1/manifests", content=large),
        station.ask("POST", "/v1/manifests", content=iter([large])),
        station.ask("POST", "/v1/stations", content=large),
    ]
    assert [(answer.status_code, answer.json()["max"]) for answer in answers] == [(413, 1 << 20)] * 3


def test_a_compressed_body_is_refused_because_hello_does_not_offer_it(station: Station) -> None:
    answer = station.ask("POST", "/v1/manifests", content=b"x", headers={"Content-Encoding": "zstd"})
    assert (answer.status_code, problem_of(answer)) == (415, "malformed")
    assert station.hello.encodings == ()


@pytest.mark.parametrize("query", ["since=x", "limit=-1", "wait=long", "wait=nan", "since=99999999999999999999"])
def test_a_question_for_news_that_is_none_is_malformed(station: Station, query: str) -> None:
    answer = station.ask("GET", f"/v1/changes?{query}")
    assert (answer.status_code, problem_of(answer)) == (400, "malformed")


def test_more_bytes_than_announced_are_malformed(station: Station) -> None:
    packet = station.seal()
    upload = station.promise(packet)
    answer = station.patch(upload, packet.data + b"x", 0)
    assert (answer.status_code, problem_of(answer)) == (400, "malformed")


def test_a_refusal_reaches_a_station_that_is_still_sending(server: CentralServer, station: Station) -> None:
    body = b"x" * (1 << 20)
    head = f"PATCH /v1/uploads/x HTTP/1.1\r\nHost: central\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((server.host, server.port), timeout=PATIENCE_S) as connection:
        connection.sendall(head.encode())
        connection.sendall(body)
        assert connection.recv(64).startswith(b"HTTP/1.1 400")


class Stumbling(Feed):
    """A feed with a bug whose message quotes a person."""

    def page(self, station_id: str, since: int, limit: int) -> Page:
        raise KeyError(SECRET)


def test_a_bug_of_central_is_echoed_and_logged_without_anybodys_data(
    server: CentralServer, station: Station, said: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    server.central.feed = Stumbling(server.central.database)
    with caplog.at_level(logging.DEBUG):
        answer = station.ask("GET", "/v1/changes")
    assert answer.status_code == 500
    assert (answer.headers["content-type"], answer.json()["status"]) == ("application/problem+json", 500)
    (line,) = said
    assert line.startswith("CRITICAL station.central.app: GET /v1/changes: KeyError")
    assert SECRET not in line + caplog.text + answer.text


def test_a_method_an_address_does_not_know_is_a_problem_with_echo(station: Station) -> None:
    answer = station.ask("PUT", "/v1/manifests")
    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")


# --------------------------------------------------------------------------------------- uploads and verification


def test_an_upload_nobody_speaks_of_for_a_week_is_gone(station: Station, clock: ShiftedClock) -> None:
    packet, kept = station.seal(), station.seal()
    upload, other = station.promise(packet), station.promise(kept)
    station.patch(upload, packet.data[:10], 0)
    station.patch(other, kept.data[:10], 0)
    clock.ahead = station.ahead = timedelta(days=6)
    station.promise(kept)  # spoken of again
    clock.ahead = station.ahead = timedelta(days=8)
    assert station.ask("HEAD", upload, headers=TUS).status_code == 410
    assert station.offset(other) == 10
    (verdict,) = station.announce(packet.item())
    assert (verdict["verdict"], verdict["offset"]) == ("want", 0)


def test_while_verification_is_held_the_receipt_comes_later(server: CentralServer, station: Station) -> None:
    server.central.hold_verification()
    packet = station.seal()
    answer = station.upload(packet)
    assert (answer.status_code, "receipt" in answer.headers) == (204, False)
    waiting = station.receipt(packet)
    assert (waiting.status_code, waiting.headers["retry-after"]) == (202, "1")
    assert station.changes()["events"] == []
    assert server.central.upload_count() == 1
    server.central.resume_verification()
    station.check(station.receipt(packet).json()["receipt"], packet)
    assert server.central.upload_count() == 0


def test_what_was_complete_but_not_verified_is_verified_at_start(server: CentralServer, station: Station) -> None:
    server.central.hold_verification()
    packet = station.seal()
    station.upload(packet)
    server.stop()
    server.start()
    station.check(station.receipt(packet).json()["receipt"], packet)


def test_a_packet_sent_again_leaves_no_bytes_behind(server: CentralServer, station: Station) -> None:
    packet = station.seal()
    upload = station.promise(packet)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: station.patch(upload, packet.data, 0), range(6)))
    station.check(station.patch(upload, packet.data, 0).headers["receipt"], packet)
    assert list((server.data_dir / "uploads").iterdir()) == []


def test_a_newer_connection_takes_over_from_one_that_died_unnoticed(server: CentralServer, station: Station) -> None:
    packet = station.seal()
    upload = station.promise(packet)
    with open_patch(server.url, station, upload, packet) as dead:
        dead.sendall(packet.data[:100])
        await_offset(station, upload, 100)
        assert station.patch(upload, packet.data[100:150], 100).status_code == 204
        dead.sendall(packet.data[100:])  # its last words, far too late
        answer = dead.recv(4096)
    assert answer.startswith(b"HTTP/1.1 409")
    assert station.offset(upload) == 150
    station.check(station.patch(upload, packet.data[150:], 150).headers["receipt"], packet)


# -------------------------------------------------------------------------------------------------- start and stop


def test_a_long_poll_is_woken_by_the_acceptance_of_a_record(server: CentralServer, station: Station) -> None:
    with ThreadPoolExecutor(1) as pool:
        poll = pool.submit(station.changes, wait=PATIENCE_S)
        _await_listeners(server, station, 1)
        station.deliver(station.seal())
        assert poll.result(PATIENCE_S / 3)["events"][0]["code"] == "RECEIVED_AT_CENTRAL"


def test_stop_ends_a_long_poll_at_once(server: CentralServer, station: Station) -> None:
    with ThreadPoolExecutor(1) as pool:
        poll = pool.submit(station.changes, wait=PATIENCE_S)
        _await_listeners(server, station, 1)
        server.stop()
        assert poll.result(PATIENCE_S / 3)["events"] == []


def test_a_station_that_left_is_not_waited_for(server: CentralServer, station: Station) -> None:
    with httpx.Client(base_url=server.url, timeout=0.05, trust_env=False) as impatient:
        leaving = Station(impatient, station.key, station.hello)
        with pytest.raises(httpx.ReadTimeout):
            leaving.changes(wait=PATIENCE_S)
    _await_listeners(server, station, 0)


def _await_listeners(server: CentralServer, station: Station, count: int) -> None:
    def there() -> bool:
        return station.ask("GET", "/v1/hello").status_code == 200 and server.central.bell.listeners == count

    ask_until(there)


def test_stop_may_be_called_twice_and_start_uses_the_same_port(server: CentralServer, station: Station) -> None:
    port = server.port
    server.stop()
    server.stop()
    server.start()
    assert server.port == port
    assert station.ask("GET", "/v1/changes").status_code == 200


def test_killed_in_the_middle_of_an_upload_central_keeps_what_it_said_it_has(
    server: CentralServer, station: Station
) -> None:
    packet = station.seal(filler=5000)
    upload = station.promise(packet)
    with open_patch(server.url, station, upload, packet) as connection:
        connection.sendall(packet.data[:3000])
        await_offset(station, upload, 3000)
        server.kill()
    server.start()
    (verdict,) = station.announce(packet.item())
    assert (verdict["upload"], verdict["offset"]) == (upload, 3000)
    station.check(station.patch(upload, packet.data[3000:], 3000).headers["receipt"], packet)


def test_a_plain_socket_beyond_this_computer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"central\.plain_http"):
        CentralServer(tmp_path, host="0.0.0.0").start()


def test_the_keys_are_readable_by_their_owner_only_and_belong_to_one_central(server: CentralServer) -> None:
    assert stat.S_IMODE((server.data_dir / "keys.json").stat().st_mode) == 0o600
    server.stop()
    with pytest.raises(SetupError, match=r"central\.other_central"):
        Central(server.data_dir, CentralOptions(central_id="central-0001"))


def test_nothing_of_a_person_is_on_central_disk_in_clear(
    server: CentralServer, station: Station, tmp_path: Path
) -> None:
    station.deliver(station.seal(nik="9901016104887777"))
    station.upload(station.seal(nik="9901016104887778", rt="1A"))
    server.stop()
    needles = [b"9901016104887777", b"9901016104887778", GOOD["name"].encode(), GOOD["address"].encode()]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 3
    found = [(path.name, needle) for path in files for needle in needles if needle in path.read_bytes()]
    assert found == []
