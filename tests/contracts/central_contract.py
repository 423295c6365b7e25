"""What any central must do (wire contract, sections 0-6), at the level of HTTP on a real socket.

A subclass gives the fixture `subject`; nothing here knows which server answers. One server may serve all tests: each
enrols stations of its own.
"""

from __future__ import annotations

import socket
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import reduce
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from station.domain.record import RecordKey
from station.seal.body import new_identity, recipient_of
from station.seal.hello import check_hello, first_hello
from station.seal.jws import SigningKey
from tests.contracts.central_station import TUS, Sealed, Station, Subject, enrol, enrolment, problem_of

PATIENCE_S = 30.0
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
HEARTBEAT_DEVICE = {"kind": "finger", "serial": "FP-1", "state": "reported", "last_good": None, "ticket_age_d": 12}
HEARTBEAT: dict[str, Any] = {
    "version": "1.0.0",
    "backlog": {"count": 3, "bytes": 700_000, "oldest": "2026-11-21T03:00:00Z"},
    "disk": {"free_bytes": 10**11, "total_bytes": 10**12},
    "battery": None,
    "devices": [HEARTBEAT_DEVICE],
    "audit": {"number": 7, "hash": "ab" * 32},
    "clock_offset_s": -2.5,
}


class CentralContract:
    """Tests every central passes."""

    @pytest.fixture
    def http(self, subject: Subject) -> Iterator[httpx.Client]:
        with httpx.Client(base_url=subject.url, timeout=PATIENCE_S, trust_env=False) as http:
            yield http

    @pytest.fixture
    def station(self, subject: Subject, http: httpx.Client) -> Station:
        return enrol(http, subject.new_code())

    # ---------------------------------------------------------------------------------------- hello and enrolment

    def test_hello_is_signed_and_needs_no_authentication(self, http: httpx.Client) -> None:
        request_id = str(uuid.uuid4())
        answer = http.get("/v1/hello", headers={"Request-Id": request_id})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/jose"
        assert answer.headers["request-id"] == request_id
        hello = first_hello(answer.text)
        assert abs(hello.time - datetime.now(UTC)) < timedelta(minutes=1)

    def test_hello_is_signed_with_a_key_pinned_at_enrolment(self, station: Station) -> None:
        answer = station.ask("GET", "/v1/hello")
        assert check_hello(answer.text, station.hello.signing_keys).central_id == station.hello.central_id

    def test_an_unknown_address_is_echoed_too(self, station: Station) -> None:
        assert station.ask("GET", "/v1/nothing").status_code == 404  # `ask` checks the echo

    def test_a_wrong_code_enrols_nobody(self, http: httpx.Client) -> None:
        body = enrolment("0000-0000-00", SigningKey.generate("s").public)
        answer = http.post("/v1/stations", json=body, headers={"Request-Id": str(uuid.uuid4())})
        assert (answer.status_code, problem_of(answer)) == (403, "enrolment-refused")

    def test_a_code_enrols_one_key_only_but_the_same_key_again_after_a_lost_answer(
        self, subject: Subject, http: httpx.Client
    ) -> None:
        code, key = subject.new_code(), SigningKey.generate("s")
        headers = {"Request-Id": str(uuid.uuid4())}
        first = http.post("/v1/stations", json=enrolment(code, key.public), headers=headers)
        again = http.post("/v1/stations", json=enrolment(code, key.public), headers=headers)
        thief = http.post("/v1/stations", json=enrolment(code, SigningKey.generate("t").public), headers=headers)
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json()["station_id"] == again.json()["station_id"]
        assert (thief.status_code, problem_of(thief)) == (403, "enrolment-refused")

    # --------------------------------------------------------------------------------------------- authentication

    def test_a_request_without_a_signature_is_refused(self, station: Station) -> None:
        answer = station.ask("GET", "/v1/changes", token="")
        assert (answer.status_code, problem_of(answer)) == (401, "bad-signature")

    def test_a_station_nobody_enrolled_is_unknown(self, station: Station) -> None:
        stranger = Station(station.http, SigningKey.generate(str(uuid.uuid4())), station.hello)
        answer = stranger.ask("GET", "/v1/changes")
        assert (answer.status_code, problem_of(answer)) == (401, "unknown-station")

    def test_a_station_cannot_sign_for_another(self, station: Station) -> None:
        thief = Station(station.http, SigningKey.generate(station.id), station.hello)
        answer = thief.ask("GET", "/v1/changes")
        assert (answer.status_code, problem_of(answer)) == (401, "bad-signature")

    def test_a_token_for_another_central_is_refused(self, station: Station) -> None:
        answer = station.ask("GET", "/v1/changes", token=station.token(central_id="central-0000"))
        assert (answer.status_code, problem_of(answer)) == (401, "bad-signature")

    @pytest.mark.parametrize("off", [timedelta(hours=2), timedelta(days=-400)])
    def test_a_clock_that_is_off_learns_the_right_time(self, station: Station, off: timedelta) -> None:
        answer = station.ask("GET", "/v1/changes", token=station.token(now=datetime.now(UTC) + off))
        assert (answer.status_code, problem_of(answer)) == (401, "clock-skew")
        assert abs(parsedate_to_datetime(answer.headers["date"]) - datetime.now(UTC)) < timedelta(minutes=1)

    # ------------------------------------------------------------------------------------------------- manifests

    def test_a_new_packet_is_wanted_from_the_first_byte(self, station: Station) -> None:
        (verdict,) = station.announce(station.seal().item())
        assert (verdict["verdict"], verdict["offset"]) == ("want", 0)

    def test_a_repeated_manifest_returns_the_same_upload_with_its_present_offset(self, station: Station) -> None:
        packet = station.seal()
        (first,) = station.announce(packet.item())
        assert station.patch(first["upload"], packet.data[:100], 0).status_code == 204
        (again,) = station.announce(packet.item())
        assert (again["upload"], again["offset"]) == (first["upload"], 100)

    def test_one_bad_item_never_spoils_the_others(self, station: Station) -> None:
        good, bad, huge, last = (station.seal() for _ in range(4))
        verdicts = station.announce(good.item(), bad.item(sha256="nonsense"), huge.item(size=1 << 40), last.item())
        assert [verdict["verdict"] for verdict in verdicts] == ["want", "refuse", "refuse", "want"]
        assert [verdict["record_id"] for verdict in verdicts] == [
            packet.key.record_id for packet in (good, bad, huge, last)
        ]
        assert verdicts[1]["problem"]["type"] == "urn:ktpel:problem:malformed"
        assert verdicts[2]["problem"]["type"] == "urn:ktpel:problem:too-large"
        assert verdicts[2]["problem"]["max"] == station.hello.limits.packet_bytes

    def test_a_batch_over_the_limit_is_refused(self, station: Station) -> None:
        item = station.seal().item()
        answer = station.ask(
            "POST", "/v1/manifests", json={"items": [item] * (station.hello.limits.manifest_batch + 1)}
        )
        assert (answer.status_code, problem_of(answer)) == (413, "too-large")
        assert answer.json()["max"] == station.hello.limits.manifest_batch

    @pytest.mark.parametrize("body", [b"{", b"[]", b'{"items": 3}', b'{"items": [{}]}', b"\xff\xfe"])
    def test_a_manifest_that_is_none_is_malformed(self, station: Station, body: bytes) -> None:
        answer = station.ask("POST", "/v1/manifests", content=body)
        assert (answer.status_code, problem_of(answer)) == (400, "malformed")

    def test_the_same_key_with_another_hash_is_a_conflict(self, station: Station) -> None:
        packet = station.seal()
        other = station.seal(key=packet.key)
        station.promise(packet)
        (pending,) = station.announce(other.item())
        station.deliver(packet)
        (accepted,) = station.announce(other.item())
        for verdict in (pending, accepted):
            assert verdict["verdict"] == "refuse"
            assert verdict["problem"]["type"] == "urn:ktpel:problem:key-conflict"

    # --------------------------------------------------------------------------------------------------- uploads

    def test_a_whole_packet_gets_a_receipt_that_verifies(self, station: Station) -> None:
        packet = station.seal()
        receipt = station.check(station.deliver(packet), packet)
        assert (receipt.origin, receipt.size) == (station.id, len(packet.data))

    def test_a_packet_may_come_in_pieces(self, station: Station) -> None:
        packet = station.seal()
        upload, third = station.promise(packet), len(packet.data) // 3
        for start, end in ((0, third), (third, 2 * third)):
            answer = station.patch(upload, packet.data[start:end], start)
            assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(end))
            head = station.ask("HEAD", upload, headers=TUS)
            assert (head.headers["upload-offset"], head.headers["upload-length"]) == (str(end), str(len(packet.data)))
        last = station.patch(upload, packet.data[2 * third :], 2 * third)
        station.check(last.headers["receipt"], packet)

    def test_a_wrong_offset_is_answered_with_the_right_one(self, station: Station) -> None:
        packet = station.seal()
        upload = station.promise(packet)
        station.patch(upload, packet.data[:50], 0)
        for wrong in (0, 49, 51, 100):
            answer = station.patch(upload, packet.data[wrong : wrong + 10], wrong)
            assert (answer.status_code, problem_of(answer)) == (409, "offset-mismatch")
            assert answer.json()["offset"] == 50
        assert station.offset(upload) == 50

    def test_a_broken_patch_keeps_the_bytes_that_came(self, station: Station, subject: Subject) -> None:
        packet = station.seal()
        upload = station.promise(packet)
        send_half(subject.url, station, upload, packet, 300)
        await_offset(station, upload, 300)
        answer = station.patch(upload, packet.data[300:], 300)
        station.check(answer.headers["receipt"], packet)

    def test_two_patches_at_once_never_mix(self, station: Station) -> None:
        packet = station.seal(filler=3000)
        upload = station.promise(packet)
        half = len(packet.data) // 2
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: station.patch(upload, packet.data[:half], 0), range(4)))
        statuses = sorted(answer.status_code for answer in answers)
        assert set(statuses) <= {204, 409}
        assert 204 in statuses
        assert station.offset(upload) == half
        station.check(station.patch(upload, packet.data[half:], half).headers["receipt"], packet)

    def test_every_request_on_an_upload_names_the_tus_version(self, station: Station) -> None:
        upload = station.promise(station.seal())
        for method in ("HEAD", "PATCH", "DELETE"):
            assert station.ask(method, upload, headers={"Tus-Resumable": "0.2.2"}).status_code == 412
            assert station.ask(method, upload).status_code == 412

    def test_a_patch_of_another_content_type_is_refused(self, station: Station) -> None:
        upload = station.promise(station.seal())
        answer = station.patch(upload, b"abc", 0, **{"Content-Type": "application/json"})
        assert (answer.status_code, station.offset(upload)) == (415, 0)

    def test_a_patch_without_an_offset_is_malformed(self, station: Station) -> None:
        upload = station.promise(station.seal())
        answer = station.patch(upload, b"abc", 0, **{"Upload-Offset": "first"})
        assert (answer.status_code, problem_of(answer)) == (400, "malformed")

    def test_a_patch_over_the_chunk_limit_is_too_large_and_says_the_limit(self, station: Station) -> None:
        limit = station.hello.limits.chunk_bytes
        packet = station.seal(filler=limit)
        upload = station.promise(packet)
        answer = station.patch(upload, packet.data[: limit + 1], 0)
        assert (answer.status_code, problem_of(answer), answer.json()["max"]) == (413, "too-large", limit)
        assert station.offset(upload) == 0

    def test_an_upload_nobody_promised_is_gone(self, station: Station) -> None:
        answer = station.patch(f"/v1/uploads/{uuid.uuid4()}", b"abc", 0)
        assert (answer.status_code, problem_of(answer)) == (404, "upload-gone")
        assert station.ask("HEAD", f"/v1/uploads/{uuid.uuid4()}", headers=TUS).status_code == 404

    def test_an_abandoned_upload_is_gone_and_may_be_promised_again(self, station: Station) -> None:
        packet = station.seal()
        upload = station.promise(packet)
        station.patch(upload, packet.data[:10], 0)
        assert station.ask("DELETE", upload, headers=TUS).status_code == 204
        assert problem_of(station.patch(upload, packet.data[10:], 10)) == "upload-gone"
        (verdict,) = station.announce(packet.item())
        assert (verdict["verdict"], verdict["offset"]) == ("want", 0)
        station.check(station.deliver(packet), packet)

    # ------------------------------------------------------------------------------------------------ acceptance

    def test_after_a_lost_answer_every_way_of_asking_gives_the_same_receipt(self, station: Station) -> None:
        packet = station.seal()
        upload = station.promise(packet)
        receipt = station.patch(upload, packet.data, 0).headers["receipt"]
        assert station.patch(upload, packet.data, 0).headers["receipt"] == receipt
        assert station.receipt(packet).json()["receipt"] == receipt
        (verdict,) = station.announce(packet.item())
        assert (verdict["verdict"], verdict["receipt"]) == ("have", receipt)

    def test_ten_identical_deliveries_are_one_acceptance(self, station: Station) -> None:
        packet = station.seal()
        upload = station.promise(packet)
        with ThreadPoolExecutor(5) as pool:
            answers = list(pool.map(lambda _: station.patch(upload, packet.data, 0), range(10)))
        assert {answer.status_code for answer in answers} <= {204, 409}
        assert len({answer.headers["receipt"] for answer in answers if answer.status_code == 204}) == 1
        received = [event for event in station.changes()["events"] if event["code"] == "RECEIVED_AT_CENTRAL"]
        assert len(received) == 1

    def test_bytes_that_are_not_those_announced_are_refused_and_may_be_sent_again(self, station: Station) -> None:
        packet = station.seal()
        upload = station.promise(packet)
        damaged = bytes([packet.data[0] ^ 1]) + packet.data[1:]
        answer = station.patch(upload, damaged, 0)
        assert (answer.status_code, problem_of(answer)) == (422, "digest-mismatch")
        assert "receipt" not in answer.headers
        (verdict,) = station.announce(packet.item())
        assert (verdict["verdict"], verdict["offset"]) == ("want", 0)
        station.check(station.deliver(packet), packet)

    def test_a_record_that_breaks_a_rule_is_refused_with_reasons_and_a_later_revision_accepted(
        self, station: Station
    ) -> None:
        packet = station.seal(nik="9901016104880000", name="BUDI2")
        answer = station.upload(packet)
        assert (answer.status_code, problem_of(answer)) == (422, "packet-refused")
        assert "receipt" not in answer.headers
        reasons = {(reason["code"], reason["field"]) for reason in answer.json()["reasons"]}
        assert reasons == {("nik.serial", "nik"), ("name.digit", "name")}
        asked = station.receipt(packet)
        assert (asked.status_code, problem_of(asked)) == (422, "packet-refused")
        (verdict,) = station.announce(packet.item())
        assert (verdict["verdict"], verdict["problem"]["type"]) == ("refuse", "urn:ktpel:problem:packet-refused")
        assert {reason["code"] for reason in verdict["problem"]["reasons"]} == {"nik.serial", "name.digit"}
        corrected = station.seal(key=RecordKey(packet.key.record_id, 2))
        station.check(station.deliver(corrected), corrected)

    def test_a_packet_its_origin_did_not_sign_is_refused(self, station: Station, subject: Subject) -> None:
        other = enrol(station.http, subject.new_code())
        packet = station.seal()
        forged = Sealed(packet.key, other.id, packet.data)
        answer = station.upload(forged)
        assert (answer.status_code, problem_of(answer)) == (422, "packet-refused")

    def test_a_packet_not_sealed_for_this_central_is_refused(self, station: Station) -> None:
        packet = station.seal(recipients=(recipient_of(new_identity()),))
        answer = station.upload(packet)
        assert (answer.status_code, problem_of(answer)) == (422, "packet-refused")
        assert [reason["code"] for reason in answer.json()["reasons"]] == ["packet.locked"]

    def test_a_packet_carried_by_another_station_belongs_to_its_origin(
        self, station: Station, subject: Subject
    ) -> None:
        carrier = enrol(station.http, subject.new_code())
        packet = station.seal()
        receipt = carrier.check(carrier.deliver(packet), packet)
        assert receipt.origin == station.id
        assert station.receipt(packet).status_code == 200
        assert [event["record_id"] for event in station.changes()["events"]][:1] == [packet.key.record_id]
        assert carrier.changes()["events"] == []

    def test_a_receipt_of_a_packet_nobody_announced_is_not_found(self, station: Station) -> None:
        packet = station.seal()
        answer = station.receipt(packet)
        assert (answer.status_code, problem_of(answer)) == (404, "upload-gone")
        upload = station.promise(packet)
        station.patch(upload, packet.data[:10], 0)
        assert station.receipt(packet).status_code == 404

    # --------------------------------------------------------------------------------------------------- changes

    def test_the_station_is_told_what_became_of_its_record(self, station: Station) -> None:
        packet = station.seal()
        station.deliver(packet)
        page = station.changes()
        assert [event["code"] for event in page["events"]] == ["RECEIVED_AT_CENTRAL", "PRINT_READY_RECORD"]
        assert {event["kind"] for event in page["events"]} == {"record.status"}
        assert {event["record_id"] for event in page["events"]} == {packet.key.record_id}
        later = station.changes(page["cursor"])
        assert (later["events"], later["cursor"]) == ([], page["cursor"])

    def test_changes_come_in_order_and_in_pages(self, station: Station, subject: Subject) -> None:
        for number in range(5):
            subject.tell(station.id, "notice", id=str(number))
        cursor, seen, sizes = "", [], []
        while True:
            page = station.changes(cursor, limit=2)
            cursor = page["cursor"]
            seen += [event["id"] for event in page["events"]]
            sizes.append(len(page["events"]))
            if not page["more"]:
                break
        assert (seen, sizes) == (["0", "1", "2", "3", "4"], [2, 2, 1])

    def test_a_kind_nobody_knows_arrives_with_all_its_members(self, station: Station, subject: Subject) -> None:
        subject.tell(station.id, "weather", clouds=[1, {"high": True}])
        assert station.changes()["events"] == [{"kind": "weather", "clouds": [1, {"high": True}]}]

    def test_a_long_poll_ends_with_the_news(self, station: Station, subject: Subject) -> None:
        cursor = station.changes()["cursor"]
        with ThreadPoolExecutor(1) as pool:
            poll = pool.submit(station.changes, cursor, wait=PATIENCE_S - 1)
            subject.tell(station.id, "notice", id="now")
            page = poll.result(PATIENCE_S / 2)  # sooner than the poll would end by itself
        assert [event["id"] for event in page["events"]] == ["now"]

    def test_news_of_one_station_is_not_told_to_another(self, station: Station, subject: Subject) -> None:
        other = enrol(station.http, subject.new_code())
        subject.tell(other.id, "notice", id="1")
        assert station.changes()["events"] == []

    # ------------------------------------------------------------------------------------------------- heartbeats

    def test_a_heartbeat_is_taken_and_kept(self, station: Station, subject: Subject) -> None:
        beat = HEARTBEAT | {"battery": {"percent": 40, "plugged": False}, "of_tomorrow": 1}
        assert station.ask("POST", "/v1/heartbeats", json=beat).status_code == 204
        kept = subject.last_heartbeat(station.id)
        assert kept is not None
        assert (kept.backlog.count, kept.battery.percent if kept.battery else None) == (3, 40)
        assert [(item.kind, item.ticket_age_d) for item in kept.devices] == [("finger", 12)]

    def test_more_than_one_heartbeat_in_five_minutes_is_busy_but_a_repeated_one_is_not(
        self, station: Station, subject: Subject
    ) -> None:
        assert station.ask("POST", "/v1/heartbeats", json=HEARTBEAT).status_code == 204
        assert station.ask("POST", "/v1/heartbeats", json=HEARTBEAT).status_code == 204
        answer = station.ask("POST", "/v1/heartbeats", json=HEARTBEAT | {"version": "1.0.1"})
        assert (answer.status_code, problem_of(answer)) == (429, "busy")
        assert 200 < int(answer.headers["retry-after"]) <= 300
        kept = subject.last_heartbeat(station.id)
        assert kept is not None
        assert kept.version == "1.0.0"

    def test_a_heartbeat_of_nobody_is_refused(self, station: Station) -> None:
        answer = station.ask("POST", "/v1/heartbeats", json=HEARTBEAT, token="")
        assert (answer.status_code, problem_of(answer)) == (401, "bad-signature")

    @pytest.mark.parametrize(
        "wrong", [{"backlog": None}, {"devices": [HEARTBEAT_DEVICE] * 21}, {"audit": {"number": 1, "hash": "x"}}]
    )
    def test_a_heartbeat_that_is_none_is_malformed(self, station: Station, wrong: dict[str, Any]) -> None:
        answer = station.ask("POST", "/v1/heartbeats", json=HEARTBEAT | wrong)
        assert (answer.status_code, problem_of(answer)) == (400, "malformed")

    # ------------------------------------------------------------------------------------------------- reconcile

    def test_days_are_equal_when_both_sides_have_the_same(self, station: Station) -> None:
        packets = [station.seal(sealed_at=at) for at in (MIDNIGHT - timedelta(seconds=1), MIDNIGHT, MIDNIGHT)]
        for packet in packets:
            station.deliver(packet)
        other_zone = station.seal(sealed_at=(MIDNIGHT + timedelta(hours=1)).astimezone(timezone(timedelta(hours=9))))
        station.deliver(other_zone)
        days = [day_of("2026-11-19", packets[0]), day_of("2026-11-20", *packets[1:], other_zone)]
        assert station.reconcile(days) == []
        assert station.reconcile(days[1:]) == ["2026-11-19"]  # a day this station does not know of
        assert station.reconcile(days[1:], since="2026-11-20") == []
        assert station.reconcile([*days, {"day": "2026-11-21", "count": 0, "xor": "0" * 64}]) == []
        assert station.reconcile([day_of("2026-11-19", packets[1]), days[1]]) == ["2026-11-19"]

    def test_only_the_packets_of_the_asking_station_count(self, station: Station, subject: Subject) -> None:
        other = enrol(station.http, subject.new_code())
        packet = station.seal(sealed_at=MIDNIGHT)
        other.deliver(packet)  # carried
        assert station.reconcile([day_of("2026-11-20", packet)]) == []
        assert other.reconcile([]) == []

    def test_the_keys_of_a_day_say_what_is_missing_where(self, station: Station) -> None:
        here, only_here, other = (station.seal(sealed_at=MIDNIGHT) for _ in range(3))
        for packet in (here, only_here, other):
            station.deliver(packet)
        lost = station.seal(sealed_at=MIDNIGHT)
        names = [name_of(here), name_of(lost), [other.key.record_id, 1, "ab" * 32]]
        found = station.ask("POST", "/v1/reconcile/ids", json={"day": "2026-11-20", "keys": names}).json()
        assert found["missing"] == [[lost.key.record_id, 1]]
        assert found["unknown_here"] == [name_of(only_here)]
        assert found["other_hash"] == [name_of(other)]
        assert not found["more"]

    def test_a_part_of_a_day_is_compared_by_itself(self, station: Station) -> None:
        packets = sorted((station.seal(sealed_at=MIDNIGHT) for _ in range(4)), key=lambda packet: packet.key.record_id)
        for packet in packets:
            station.deliver(packet)
        first, _, third, _ = ([packet.key.record_id, 1] for packet in packets)
        asked = {"day": "2026-11-20", "keys": [name_of(packets[1])], "after": first, "upto": third}
        found = station.ask("POST", "/v1/reconcile/ids", json=asked).json()
        assert (found["missing"], found["unknown_here"]) == ([], [name_of(packets[2])])

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/v1/reconcile", {}),
            ("/v1/reconcile", {"days": [{"day": "yesterday", "count": 1, "xor": "ab" * 32}]}),
            ("/v1/reconcile", {"days": [{"day": "2026-11-20", "count": -1, "xor": "ab" * 32}]}),
            ("/v1/reconcile/ids", {"day": "2026-11-20", "keys": [["x", 1, "ab" * 32]]}),
            ("/v1/reconcile/ids", {"day": "2026-11-20", "keys": [[str(uuid.UUID(int=1)), 1, "ab" * 32]] * 501}),
            ("/v1/reconcile/ids", {"day": "2026-11-20", "keys": [], "gone": [[str(uuid.UUID(int=1)), 1]] * 501}),
        ],
    )
    def test_a_comparison_that_is_none_is_malformed(self, station: Station, path: str, body: dict[str, Any]) -> None:
        answer = station.ask("POST", path, json=body)
        assert (answer.status_code, problem_of(answer)) == (400, "malformed")

    def test_a_comparison_of_nobody_is_refused(self, station: Station) -> None:
        for path in ("/v1/reconcile", "/v1/reconcile/ids"):
            answer = station.ask("POST", path, json={}, token="")
            assert (answer.status_code, problem_of(answer)) == (401, "bad-signature")

    # --------------------------------------------------------------------------------------------------- restart

    def test_nothing_is_forgotten_over_a_restart(self, station: Station, subject: Subject) -> None:
        done, begun = station.seal(), station.seal()
        receipt = station.deliver(done)
        cursor = station.changes()["cursor"]
        upload = station.promise(begun)
        station.patch(upload, begun.data[:200], 0)
        subject.restart()
        (have, want) = station.announce(done.item(), begun.item())
        assert (have["verdict"], have["receipt"]) == ("have", receipt)
        assert (want["verdict"], want["upload"], want["offset"]) == ("want", upload, 200)
        assert station.changes(cursor)["events"] == []
        station.check(station.patch(upload, begun.data[200:], 200).headers["receipt"], begun)
        assert len(station.changes(cursor)["events"]) == 2


def day_of(day: str, *packets: Sealed) -> dict[str, Any]:
    """The sum of a day, written down once more than in the program."""
    xor = reduce(lambda total, packet: total ^ int(packet.sha256, 16), packets, 0)
    return {"day": day, "count": len(packets), "xor": f"{xor:064x}"}


def name_of(packet: Sealed) -> list[Any]:
    return [packet.key.record_id, packet.key.revision, packet.sha256]


def send_half(url: str, station: Station, upload: str, packet: Sealed, count: int) -> None:
    """A PATCH that announces the rest of the packet and breaks after `count` bytes."""
    with open_patch(url, station, upload, packet) as connection:
        connection.sendall(packet.data[:count])


def open_patch(url: str, station: Station, upload: str, packet: Sealed) -> socket.socket:
    """A connection on which a PATCH of the whole packet has begun: only its head was sent."""
    address = urlsplit(url)
    assert address.hostname is not None
    assert address.port is not None
    connection = socket.create_connection((address.hostname, address.port), timeout=PATIENCE_S)
    headers = {
        "Host": address.netloc,
        "Request-Id": str(uuid.uuid4()),
        "Authorization": f"Bearer {station.token()}",
        "Tus-Resumable": "1.0.0",
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": "0",
        "Content-Length": str(len(packet.data)),
    }
    head = f"PATCH {upload} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection.sendall(head.encode() + b"\r\n")
    return connection


def await_offset(station: Station, upload: str, offset: int) -> None:
    """Ask until central has so many bytes."""
    ask_until(lambda: station.offset(upload) == offset)


def ask_until(true: Callable[[], bool]) -> None:
    """Each question is a round trip, so nothing sleeps; it ends when a slow disk has had its time."""
    deadline = monotonic() + PATIENCE_S
    while not true():
        assert monotonic() < deadline, "it never came true"
