"""Bodies that go smaller over a slow line: what the station sends and believes, and what it never swallows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.seal.squeeze import NotSqueezed, TooLong, expand, squeeze
from station.sync.client import CentralClient
from station.sync.probe import say_hello
from station.wire import JSON_LIMIT_BYTES, Hello, Limits
from tests.fakes.central_faults import Fault
from tests.reconciling import pair
from tests.sending import STATION, Sender, sending

LONG = {"items": ["Harap tunggu sebentar."] * 200}


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path, Limits(manifest_batch=20)) as made:
        yield made


@pytest.fixture
def client(sender: Sender) -> Iterator[CentralClient]:
    made = sender.shared().client
    yield made
    made.close()


@pytest.mark.parametrize("data", [b"", b"x", b"{}" * 1000, bytes(range(256)) * 4096])
def test_what_was_squeezed_comes_back(data: bytes) -> None:
    assert expand(squeeze(data), len(data)) == data


def test_more_than_the_limit_is_never_taken() -> None:
    with pytest.raises(TooLong):
        expand(squeeze(bytes(1 << 26)), 1000)


@pytest.mark.parametrize("data", [b"{}", squeeze(b"{}") + b"more"])
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(NotSqueezed):
        expand(data, 1000)


def test_an_unfinished_frame_comes_out_short_and_then_is_no_json() -> None:
    whole = json.dumps(LONG).encode()
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(expand(squeeze(whole)[:-6], len(whole)))


def test_a_station_squeezes_only_what_hello_offers_and_what_is_long(sender: Sender, client: CentralClient) -> None:
    for encodings, body in (((), LONG), (("zstd",), {"items": []}), (("zstd",), LONG)):
        client.encodings = encodings
        client.post_json("/v1/manifests", body)
    asked = sender.central.asked_for("manifests")
    assert [item.headers.get("content-encoding") for item in asked] == [None, None, "zstd"]
    assert json.loads(expand(asked[-1].body, JSON_LIMIT_BYTES)) == LONG
    assert len(asked[-1].body) < len(asked[0].body) / 10


def test_a_central_that_no_longer_reads_it_gets_it_plain_at_once(sender: Sender, client: CentralClient) -> None:
    client.encodings = ("zstd",)
    sender.central.queue("manifests", Fault(status=415), Fault(status=503))
    answer = client.post_json("/v1/manifests", LONG)
    asked = sender.central.asked_for("manifests")
    assert [item.headers.get("content-encoding") for item in asked] == ["zstd", None]
    assert answer.status == 503
    client.post_json("/v1/manifests", LONG)  # until the next hello
    assert "content-encoding" not in sender.central.asked_for("manifests")[-1].headers


@pytest.mark.parametrize(
    ("encoding", "body", "read"),
    [
        ("zstd", squeeze(b'{"a": 1}'), b'{"a": 1}'),
        ("identity", b"{}", b"{}"),
        ("zstd", squeeze(b" " * (1 << 26)), b""),
        ("zstd", b"not a frame", b""),
        ("gzip", b"\x1f\x8b", b""),
    ],
)
def test_an_encoded_answer_is_read_within_the_limit_or_not_at_all(
    sender: Sender, client: CentralClient, encoding: str, body: bytes, read: bytes
) -> None:
    sender.central.queue("changes", Fault(process=True, body=body, headers={"Content-Encoding": encoding}))
    assert client.get("/v1/changes").body == read
    assert sender.central.asked_for("changes")[0].headers["accept-encoding"] == "zstd"


def test_the_reference_central_reads_it_and_answers_in_it(tmp_path: Path) -> None:
    with pair(tmp_path) as both:
        both.central.central.tell(STATION, "notice", id="1", body="Harap tunggu. " * 200)
        shared = both.sender.shared()
        assert isinstance(say_hello(shared), Hello)
        answer = shared.client.get("/v1/changes")
        assert answer.headers["content-encoding"] == "zstd"
        assert json.loads(answer.body)["events"][-1]["id"] == "1"
        days = [{"day": f"2026-10-{day:02}", "count": 1, "xor": "ab" * 32} for day in range(1, 31)]
        found = shared.client.post_json("/v1/reconcile", {"days": days})
        assert json.loads(found.body)["differ"] == [item["day"] for item in days]
        assert shared.client.encodings == ("zstd",)  # it was not refused
        shared.client.close()
