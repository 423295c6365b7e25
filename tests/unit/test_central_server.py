"""What the reference central does beyond the contract: switches, limits, faults of its own, start and stop."""

from __future__ import annotations

import json
import logging
import socket
import stat
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from station import i18n
from station.central.bundle_shelf import Sealed
from station.central.central import Central
from station.central.feed import Feed, Page
from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.cli import main
from station.domain.errors import SetupError
from station.domain.ports import SystemClock
from station.seal.hello import first_hello
from station.seal.jws import SigningKey
from station.seal.squeeze import squeeze
from station.wire import Limits, Pacing
from tests.contracts.central_contract import HEARTBEAT, PATIENCE_S, ask_until, await_offset, open_patch
from tests.contracts.central_station import GOOD, TUS, Station, enrol, enrolment, problem_of
from tests.registers import a_file, row

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
    server.central.switches.start_maintenance("Pindah server", until)
    answer = station.ask("GET", "/v1/changes")
    assert (answer.status_code, problem_of(answer)) == (503, "maintenance")
    assert answer.json()["message"] == "Pindah server"
    assert datetime.fromisoformat(answer.json()["until"]) == until
    assert 3000 < int(answer.headers["retry-after"]) <= 3600
    assert first_hello(station.ask("GET", "/v1/hello").text).status.receiving == "maintenance"
    server.central.switches.end_maintenance()
    assert station.ask("GET", "/v1/changes").status_code == 200


def test_a_busy_central_says_when_to_come_again(server: CentralServer, station: Station) -> None:
    server.central.switches.set(busy_retry_after_s=7)
    answer = station.ask("POST", "/v1/manifests", json={"items": []})
    assert (answer.status_code, problem_of(answer), answer.headers["retry-after"]) == (503, "busy", "7")
    server.central.switches.set(busy_retry_after_s=None)
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
    server.central.switches.set(pacing=Pacing(spread_s=5, max_kbps=64))
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


def test_what_central_reads_compressed_is_said_in_hello_and_read(station: Station) -> None:
    packet = station.seal()
    body = squeeze(json.dumps({"items": [packet.item()]}).encode())
    answer = station.ask("POST", "/v1/manifests", content=body, headers={"Content-Encoding": "zstd"})
    assert answer.json()["items"][0]["verdict"] == "want"
    assert station.hello.encodings == ("zstd",)


@pytest.mark.parametrize("encoding", ["gzip", "zstd, zstd", "br"])
def test_another_encoding_is_refused_and_told_which_is_read(station: Station, encoding: str) -> None:
    answer = station.ask("POST", "/v1/manifests", content=b"x", headers={"Content-Encoding": encoding})
    assert (answer.status_code, problem_of(answer)) == (415, "malformed")
    assert answer.headers["accept-encoding"] == "zstd"


def test_bytes_of_packets_are_never_encoded(station: Station) -> None:
    packet = station.seal()
    upload = station.promise(packet)
    answer = station.patch(upload, squeeze(packet.data), 0, **{"Content-Encoding": "zstd"})
    assert (answer.status_code, station.offset(upload)) == (415, 0)


def test_a_small_body_that_holds_a_huge_one_is_too_large(station: Station) -> None:
    bomb = squeeze(b" " * (1 << 28))
    assert len(bomb) < 64 * 1024
    answer = station.ask("POST", "/v1/manifests", content=bomb, headers={"Content-Encoding": "zstd"})
    assert (answer.status_code, problem_of(answer), answer.json()["max"]) == (413, "too-large", 1 << 20)


@pytest.mark.parametrize("body", [b"{}", b"", squeeze(b"{}" * 99)[:-5], squeeze(b"{}") + b"tail"])
def test_a_body_that_is_not_zstd_is_malformed(station: Station, body: bytes) -> None:
    answer = station.ask("POST", "/v1/manifests", content=body, headers={"Content-Encoding": "zstd"})
    assert (answer.status_code, problem_of(answer)) == (400, "malformed")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("zstd", "zstd"), ("gzip, zstd;q=0.5", "zstd"), ("gzip", None), ("zstd;q=0", None), ("", None)],
)
def test_a_long_answer_is_zstd_for_who_reads_it(
    server: CentralServer, station: Station, accepted: str, encoding: str | None
) -> None:
    server.central.tell(station.id, "notice", id="1", body="Harap tunggu. " * 500)
    answer = station.ask("GET", "/v1/changes", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("content-encoding") == encoding
    assert answer.json()["events"][-1]["body"].startswith("Harap")  # the client of this test undoes it
    assert (int(answer.headers["content-length"]) < 1000) == (encoding == "zstd")
    assert "Accept-Encoding" in answer.headers.get("vary", "Accept-Encoding")


def test_a_short_answer_goes_as_it_is(station: Station) -> None:
    answer = station.ask("GET", "/v1/nothing", headers={"Accept-Encoding": "zstd"})
    assert "content-encoding" not in answer.headers


def test_no_answer_is_a_redirect(station: Station) -> None:
    for path in ("/v1/hello/", "/v1/changes/", "//v1/hello", "/v1/uploads/x/"):
        assert station.ask("GET", path).status_code == 404


def test_a_signature_that_lasts_too_long_is_refused(station: Station) -> None:
    now = int(datetime.now(UTC).timestamp())
    claims = {"iss": station.id, "aud": station.hello.central_id, "iat": now, "exp": now + 301, "jti": "1"}
    answer = station.ask("GET", "/v1/changes", token=station.key.sign(claims))
    assert (answer.status_code, problem_of(answer)) == (401, "bad-signature")
    assert station.ask("GET", "/v1/changes", token=station.key.sign(claims | {"exp": now + 300})).status_code == 200


@pytest.mark.parametrize(("off_s", "status"), [(-230, 200), (110, 200), (-260, 401), (140, 401)])
def test_a_clock_may_be_off_by_two_minutes(station: Station, off_s: int, status: int) -> None:
    token = station.token(now=datetime.now(UTC) + timedelta(seconds=off_s))
    assert station.ask("GET", "/v1/changes", token=token).status_code == status


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

    def page(self, station_id: str, cursor: str, limit: int) -> Page:
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


# ------------------------------------------------------------------------------------- what is left of the contract


def test_an_upload_says_what_of_tus_is_spoken(station: Station) -> None:
    upload = station.promise(station.seal())
    answer = station.ask("OPTIONS", upload, token="")
    assert (answer.status_code, answer.headers["tus-version"]) == (204, "1.0.0")
    assert set(answer.headers["tus-extension"].split(",")) == {"expiration", "termination"}
    assert int(answer.headers["tus-max-size"]) == station.hello.limits.packet_bytes
    assert station.ask("HEAD", upload, headers={"Tus-Resumable": "2.0"}).headers["tus-version"] == "1.0.0"


def test_an_upload_says_when_it_expires_a_week_from_the_last_manifest(station: Station, clock: ShiftedClock) -> None:
    packet = station.seal()
    upload = station.promise(packet)
    for answer in (station.ask("HEAD", upload, headers=TUS), station.patch(upload, packet.data[:10], 0)):
        left = parsedate_to_datetime(answer.headers["upload-expires"]) - clock.now()
        assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
        assert answer.headers["cache-control"] == "no-store"


def test_a_carried_packet_of_a_blocked_or_unknown_station_is_refused_alone(
    server: CentralServer, station: Station, http: httpx.Client
) -> None:
    blocked = enrol(http, server.central.new_code())
    stranger = Station(http, SigningKey.generate(str(uuid.uuid4())), station.hello)
    own, carried, strange = station.seal(), blocked.seal(), stranger.seal()
    server.central.block(blocked.id)
    verdicts = station.announce(own.item(), carried.item(), strange.item())
    assert [verdict["verdict"] for verdict in verdicts] == ["want", "refuse", "refuse"]
    codes = [verdict["problem"]["reasons"][0]["code"] for verdict in verdicts[1:]]
    assert codes == ["origin.blocked", "origin.unknown"]


def test_what_is_urgent_is_verified_first(server: CentralServer, station: Station) -> None:
    server.central.hold_verification()
    packets = [station.seal() for _ in range(3)]
    for packet, priority in zip(packets, (0, 10**9, -5), strict=True):
        (verdict,) = station.announce(packet.item(priority=priority))
        station.patch(verdict["upload"], packet.data, 0)
    server.central.resume_verification()
    assert [packet.key for packet in server.central.packets()] == [packets[1].key, packets[0].key, packets[2].key]


def test_what_has_all_its_bytes_is_finished_by_the_next_question(server: CentralServer, station: Station) -> None:
    packet, other = station.seal(), station.seal()
    for item in (packet, other):
        station.deliver(item)
        with server.central.database.write() as rows:  # a backup of the database was put back, the files stayed
            rows.exec_driver_sql("DELETE FROM packets")
    (verdict,) = station.announce(packet.item())
    station.check(verdict["receipt"], packet)
    station.check(station.receipt(other).json()["receipt"], other)


def test_a_heartbeat_every_five_minutes_is_taken(server: CentralServer, station: Station, clock: ShiftedClock) -> None:
    for minutes in range(0, 15, 5):
        clock.ahead = station.ahead = timedelta(minutes=minutes)
        assert station.ask("POST", "/v1/heartbeats", json=HEARTBEAT | {"version": f"1.{minutes}"}).status_code == 204
    (beat,) = server.central.heartbeats.all()
    assert beat.heartbeat.version == "1.10"


def test_lists_that_are_being_sealed_leave_the_other_requests_their_threads(
    server: CentralServer, station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosters = server.central.rosters
    asked: list[Any] = []
    rosters.import_csv(a_file(tmp_path / "list.csv", row(1), row(2)), "99.01", "Uji", 30, lambda _problem: None)
    (sealed,) = (server.data_dir / "bundles" / station.id).glob("*.roster")
    sealed.unlink()
    find = rosters.sealing.found

    def counted(*what: Any) -> Sealed | None:
        asked.append(what)
        return find(*what)

    monkeypatch.setattr(rosters.sealing, "found", counted)
    with ThreadPoolExecutor(50) as pool, rosters.sealing._one_at_a_time:  # a long list is being sealed
        lists = [pool.submit(station.ask, "GET", "/v1/bundles/roster:99.01/1") for _ in range(50)]
        ask_until(lambda: len(asked) == 50 and station.changes()["events"] != [])
        assert not any(answer.done() for answer in lists)
    assert [answer.result().status_code for answer in lists] == [200] * 50


def test_a_long_poll_without_news_ends_empty_and_brings_the_pacing(station: Station) -> None:
    page = station.changes(wait=0.05)
    assert (page["events"], page["more"]) == ([], False)
    assert set(page["pacing"]) == {"not_before", "spread_s", "max_kbps", "manifest_spread_s"}


# ----------------------------------------------------------------------------------------------- the command line


def command(server: CentralServer, *arguments: str) -> int:
    try:
        return main(["central", *arguments, "--data", str(server.data_dir.parent)])
    finally:
        i18n.use("en")


def test_pacing_is_set_on_the_command_line_while_central_runs_and_stays(
    server: CentralServer, station: Station, capsys: pytest.CaptureFixture[str]
) -> None:
    begin = "2026-12-01T08:00:00+07:00"
    assert command(server, "pacing", "--max-kbps", "64", "--spread-s", "1800", "--not-before", begin) == 0
    told = station.changes()["pacing"]
    assert told == {
        "max_kbps": 64.0, "spread_s": 1800.0, "manifest_spread_s": 120.0, "not_before": "2026-12-01T01:00:00Z"
    }  # fmt: skip
    server.stop()
    server.start()
    assert first_hello(station.ask("GET", "/v1/hello").text).pacing.max_kbps == 64
    assert command(server, "pacing", "--standard") == 0
    assert station.changes()["pacing"]["max_kbps"] is None
    assert "64" in capsys.readouterr().out


def test_a_spoilt_file_of_switches_changes_nothing(server: CentralServer, station: Station, said: list[str]) -> None:
    server.central.switches.set(pacing=Pacing(max_kbps=64))
    assert station.changes()["pacing"]["max_kbps"] == 64
    (server.data_dir / "switches.json").write_text('{"pacing": {"max_kbps": "fast"')
    assert station.changes()["pacing"]["max_kbps"] == 64
    assert len(said) == 1
    said.clear()


def test_maintenance_is_begun_and_ended_on_the_command_line(server: CentralServer, station: Station) -> None:
    until = datetime.now(UTC) + timedelta(hours=2)
    assert command(server, "maintenance", "--until", until.isoformat(), "--message", "Pindah server") == 0
    answer = station.ask("GET", "/v1/changes")
    assert (problem_of(answer), answer.json()["message"]) == ("maintenance", "Pindah server")
    assert datetime.fromisoformat(answer.json()["until"]) == until
    assert command(server, "maintenance", "--end") == 0
    assert station.ask("GET", "/v1/changes").status_code == 200


def test_a_station_is_blocked_and_taken_again_on_the_command_line(
    server: CentralServer, station: Station, capsys: pytest.CaptureFixture[str]
) -> None:
    until = datetime.now(UTC) + timedelta(hours=2)
    assert command(server, "block", station.id, "--until", until.isoformat(), "--reason", "Audit") == 0
    answer = station.ask("GET", "/v1/changes")
    assert (problem_of(answer), answer.json()["reason"]) == ("station-blocked", "Audit")
    assert command(server, "unblock", station.id) == 0
    assert station.ask("GET", "/v1/changes").status_code == 200
    capsys.readouterr()
    assert command(server, "block", "nobody") == 1
    assert "tidak" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--max-kbps", "-1"], ["--spread-s", "1e9"], ["--not-before", "besok"]])
def test_pacing_that_cannot_be_is_not_set(server: CentralServer, station: Station, wrong: list[str]) -> None:
    before = station.changes()["pacing"]
    assert command(server, "pacing", *wrong) == 1
    assert station.changes()["pacing"] == before
