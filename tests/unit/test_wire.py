"""The messages between station and central: bounded, tolerant of newer members, and strict about the rest."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from station import wire
from station.wire import (
    ChangesResponse,
    Event,
    Hello,
    Limits,
    ManifestItem,
    ManifestRequest,
    ManifestResponse,
    Message,
    Pacing,
    PacketManifest,
    Policy,
    Problem,
    ProblemBody,
    PublicKey,
    Receipt,
    Verdict,
    rfc3339,
)

RECORD = "01a1fc0b-e380-71fd-afd0-1bb720aff3dd"
SHA = "ab" * 32
ITEM: dict[str, Any] = {
    "record_id": RECORD,
    "revision": 1,
    "origin": "station-1",
    "sha256": SHA,
    "size": 241664,
    "sealed_at": "2026-11-21T03:00:00Z",
    "kind": "rekam_baru",
    "priority": 0,
}
KEY = {"kty": "OKP", "crv": "Ed25519", "kid": "c1", "x": "A" * 43}
HELLO: dict[str, Any] = {
    "central_id": "central-3325",
    "name": "Disdukcapil Kab. Contoh",
    "time": "2026-11-21T03:00:00Z",
    "protocol": [1],
    "signing_keys": [KEY],
    "sealing_recipients": ["age1" + "q" * 58],
}
RECEIPT: dict[str, Any] = {
    "record_id": RECORD,
    "revision": 1,
    "origin": "station-1",
    "sha256": SHA,
    "size": 1,
    "received_at": "2026-11-21T03:00:00Z",
    "receipt_no": "1",
    "central_id": "central-3325",
}
MANIFEST: dict[str, Any] = {
    "record_id": RECORD,
    "revision": 1,
    "station_id": "s",
    "office": "99.01.01",
    "operator_id": "op",
    "kind": "rekam_baru",
    "sealed_at": "2026-11-21T10:00:00+07:00",
    "sequence": 1,
    "body_sha256": SHA,
    "body_size": 1,
}


@pytest.mark.parametrize(
    ("model", "members"),
    [(ManifestItem, ITEM), (Hello, HELLO), (Receipt, RECEIPT), (PacketManifest, MANIFEST), (PublicKey, KEY)],
)
def test_a_message_survives_its_own_json_and_members_of_a_newer_protocol(
    model: type[Message], members: dict[str, Any]
) -> None:
    message = model.model_validate({**members, "of_tomorrow": {"a": 1}})
    assert model.model_validate_json(message.model_dump_json()) == message
    assert "of_tomorrow" not in message.model_dump()


@pytest.mark.parametrize(
    ("model", "members", "wrong"),
    [
        (ManifestItem, ITEM, {"record_id": "../../etc/passwd"}),
        (ManifestItem, ITEM, {"record_id": RECORD.upper()}),
        (ManifestItem, ITEM, {"record_id": RECORD + "\n"}),
        (ManifestItem, ITEM, {"revision": 0}),
        (ManifestItem, ITEM, {"revision": 10_000}),
        (ManifestItem, ITEM, {"sha256": SHA.upper()}),
        (ManifestItem, ITEM, {"sha256": SHA[:-1]}),
        (ManifestItem, ITEM, {"size": 0}),
        (ManifestItem, ITEM, {"sealed_at": "2026-11-21T03:00:00"}),
        (ManifestItem, ITEM, {"origin": "x" * 201}),
        (Receipt, RECEIPT, {"size": 0}),
        (Receipt, RECEIPT, {"received_at": "yesterday"}),
        (PacketManifest, MANIFEST, {"format": 2}),
        (PacketManifest, MANIFEST, {"sequence": 0}),
        (PacketManifest, MANIFEST, {"body_size": 0}),
        (PacketManifest, MANIFEST, {"previous_sha256": "00"}),
        (PublicKey, KEY, {"crv": "X25519"}),
        (PublicKey, KEY, {"x": "A" * 42}),
        (PublicKey, KEY, {"x": "A" * 42 + "="}),
        (Hello, HELLO, {"signing_keys": []}),
        (Hello, HELLO, {"signing_keys": [KEY] * 21}),
        (Hello, HELLO, {"sealing_recipients": []}),
        (Hello, HELLO, {"sealing_recipients": ["ssh-ed25519 AAAA"]}),
        (Hello, HELLO, {"limits": {"manifest_batch": 0}}),
        (Hello, HELLO, {"pacing": {"spread_s": -1}}),
        (Hello, HELLO, {"pacing": {"spread_s": "NaN"}}),
        (Hello, HELLO, {"pacing": {"max_kbps": 0}}),
        (ManifestRequest, {}, {"items": [ITEM] * 1001}),
        (ManifestResponse, {}, {"items": [{"record_id": RECORD, "revision": 1, "verdict": "perhaps"}]}),
        (ManifestResponse, {}, {"items": [{"record_id": RECORD, "revision": 1, "verdict": "want", "offset": -1}]}),
        (
            ManifestResponse,
            {},
            {"items": [{"record_id": RECORD, "revision": 1, "verdict": "have", "receipt": "a.b"}]},
        ),
        (ChangesResponse, {"cursor": "1"}, {"events": [{"kind": "notice"}] * 1001}),
        (ChangesResponse, {"cursor": "1"}, {"cursor": "x" * 501}),
        (Policy, {}, {"station_number": 100}),
        (ProblemBody, {"type": "x"}, {"offset": -1}),
        (ProblemBody, {"type": "x"}, {"reasons": [{"code": "a"}] * 101}),
    ],
)
def test_a_member_out_of_bounds_spoils_the_message(
    model: type[BaseModel], members: dict[str, Any], wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        model.model_validate_json(json.dumps({**members, **wrong}))


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_whatever_arrives_is_read_or_refused_and_nothing_else(text: str) -> None:
    for model in (Hello, ManifestResponse, ChangesResponse, ProblemBody, Receipt):
        with pytest.raises(ValidationError):
            model.model_validate_json(text)


def test_messages_cannot_be_changed_after_they_were_read() -> None:
    with pytest.raises(ValidationError):
        Receipt.model_validate(RECEIPT).size = 2  # type: ignore[misc]


def test_times_are_written_in_utc_with_a_z() -> None:
    jakarta = datetime(2026, 11, 21, 10, 0, tzinfo=timezone(timedelta(hours=7)))
    assert rfc3339(jakarta) == "2026-11-21T03:00:00Z"
    item = ManifestItem.model_validate({**ITEM, "sealed_at": jakarta})
    assert json.loads(item.model_dump_json())["sealed_at"] == "2026-11-21T03:00:00Z"


def test_a_packet_keeps_the_utc_offset_of_its_station() -> None:
    manifest = PacketManifest.model_validate(MANIFEST)
    assert json.loads(manifest.model_dump_json())["sealed_at"] == "2026-11-21T10:00:00+07:00"


@pytest.mark.parametrize("problem", list(Problem))
def test_a_problem_is_known_by_the_last_word_of_its_type(problem: Problem) -> None:
    assert problem.urn == f"urn:ktpel:problem:{problem.value}"
    assert ProblemBody(type=problem.urn).problem is problem


@pytest.mark.parametrize("kind", ["", "about:blank", "urn:ktpel:problem:", "urn:ktpel:problem:of-tomorrow"])
def test_an_unknown_problem_is_no_problem_of_ours(kind: str) -> None:
    assert ProblemBody(type=kind).problem is None


def test_an_event_of_tomorrow_keeps_all_its_members() -> None:
    event = Event.model_validate({"kind": "ceremony", "colour": "red", "at": "2026-11-21T03:00:00Z"})
    assert event.members() == {"kind": "ceremony", "colour": "red", "at": "2026-11-21T03:00:00Z"}
    assert json.loads(json.dumps(event.members())) == event.members()


def test_a_policy_of_tomorrow_keeps_what_this_program_does_not_know() -> None:
    policy = Policy.model_validate({"station_number": 3, "retention_days": 30})
    assert policy.model_dump() == {"station_number": 3, "retention_days": 30}


def test_defaults_are_the_numbers_of_the_contract() -> None:
    limits, pacing = Limits(), Pacing()
    assert (limits.manifest_batch, limits.packet_bytes, limits.chunk_bytes) == (20, 16 * 2**20, 2**20)
    assert (pacing.not_before, pacing.spread_s, pacing.manifest_spread_s, pacing.max_kbps) == (None, 900, 120, None)
    assert set(Verdict) == {"want", "have", "refuse"}


TEXTS = [
    (model, name)
    for model in vars(wire).values()
    if isinstance(model, type) and issubclass(model, Message)
    for name, shape in model.model_json_schema(by_alias=False).get("properties", {}).items()
    if "string" in {shape.get("type"), *(one.get("type") for one in shape.get("anyOf", []))}
]


@pytest.mark.parametrize(("model", "name"), TEXTS, ids=[f"{model.__name__}.{name}" for model, name in TEXTS])
def test_no_text_of_a_message_grows_without_bound(model: type[Message], name: str) -> None:
    member = model.model_fields[name]
    annotation: Any = Annotated[(member.annotation, *member.metadata)] if member.metadata else member.annotation
    try:
        kept = TypeAdapter(annotation).validate_python("a" * 1_000_000)
    except ValidationError:
        return
    assert len(kept) <= 20_000


def test_an_event_that_cannot_be_read_is_kept_and_holds_up_nothing_behind_it() -> None:
    broken = {"kind": "record.status", "record_id": "../../x", "revision": 1}
    good = {"kind": "record.status", "record_id": RECORD, "revision": 1, "code": "PROCESSING"}
    for wrong in (broken, 7, None, "text", ["list"]):
        found = ChangesResponse.model_validate_json(json.dumps({"cursor": "2", "events": [wrong, good]})).events
        assert [event.kind for event in found] == ["unreadable", "record.status"]
        assert found[0].record_id is None
        assert wrong in (found[0].original, (found[0].original or {}).get("value"))
        assert found[1].code == "PROCESSING"


def test_utc_times_are_aware_when_they_have_been_read() -> None:
    assert Receipt.model_validate(RECEIPT).received_at == datetime(2026, 11, 21, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "edge", ["0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-07:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
)
def test_a_time_at_the_edge_of_the_calendar_can_be_kept_shown_and_reckoned_with(edge: str) -> None:
    at = Event.model_validate({"kind": "notice", "at": edge}).at
    assert at is not None
    assert at.astimezone(timezone(timedelta(hours=14))) - timedelta(days=400) < at < at + timedelta(days=400)
    assert Pacing.model_validate_json(Pacing(not_before=at).model_dump_json()).not_before == at
