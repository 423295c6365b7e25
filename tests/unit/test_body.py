"""The inside of a packet: opened by central or by this record's own identity, believed only when it is whole."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrage import x25519

from station.domain.biometrics import Part
from station.domain.errors import TrustError
from station.seal.body import MAX_MEMBER_BYTES, MAX_MEMBERS, close_body, new_identity, open_body, recipient_of
from tests.support import a_body, a_zip

CENTRAL = new_identity()
OWN = new_identity()
BODY = a_body()
SEALED = close_body(BODY, [recipient_of(CENTRAL), recipient_of(OWN)])


def sealed_zip(data: bytes) -> bytes:
    """An age file for central around anything."""
    closed: bytes = pyrage.encrypt(data, [x25519.Recipient.from_str(recipient_of(CENTRAL))])
    return closed


def members_of(sealed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(sealed, [x25519.Identity.from_str(CENTRAL)]))) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def with_parts(members: dict[str, bytes]) -> bytes:
    """A ZIP with a matching `parts.json`: what a hostile station could sign."""
    parts = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    return sealed_zip(a_zip(*members.items(), ("parts.json", json.dumps(parts).encode())))


def refused(sealed: bytes, identity: str = CENTRAL) -> str:
    with pytest.raises(TrustError) as problem:
        open_body(sealed, identity)
    return problem.value.code


@pytest.mark.parametrize("identity", [CENTRAL, OWN], ids=["central", "own"])
def test_central_and_the_records_own_identity_open_the_whole_body(identity: str) -> None:
    opened = open_body(SEALED, identity)
    assert opened == replace(BODY, record=dict(BODY.record), approval=dict(BODY.approval))


def test_nobody_else_opens_it() -> None:
    assert refused(SEALED, new_identity()) == "packet.locked"


@pytest.mark.parametrize("identity", ["", "AGE-SECRET-KEY-1", "not a key"])
def test_an_identity_that_is_none_opens_nothing(identity: str) -> None:
    assert refused(SEALED, identity) == "packet.locked"


def test_the_members_are_those_of_the_packet_format() -> None:
    members = members_of(SEALED)
    fingers = {f"fingers/{number:02d}.wsq" for number in range(1, 11)}
    names = {"record.json", "face.jpg", "iris/right.jp2", "signature.png", "signature.json"}
    tables = {f"{name}.json" for name in ("exceptions", "captures", "attachments", "verification", "approval", "parts")}
    attached = {"documents/01-kk.pdf", "exceptions/02.jpg"}
    assert set(members) == names | fingers | tables | attached
    assert json.loads(members["record.json"])["answers"]["name"] == "SITI AMINAH CONTOH"
    face = next(capture for capture in BODY.captures if capture.part is Part.FACE)
    assert members["face.jpg"] == face.image
    parts = json.loads(members["parts.json"])
    assert parts == {n: hashlib.sha256(d).hexdigest() for n, d in members.items() if n != "parts.json"}


def test_the_age_command_of_the_distribution_opens_it_with_centrals_identity(tmp_path: Path) -> None:
    command = shutil.which("age")
    if command is None:
        pytest.skip("the command `age` is not installed: apt-get install age")
    (tmp_path / "body.age").write_bytes(SEALED)
    (tmp_path / "identity").write_text(CENTRAL + "\n")
    call = [command, "--decrypt", "-i", str(tmp_path / "identity"), str(tmp_path / "body.age")]
    opened = subprocess.run(call, check=True, capture_output=True, timeout=60).stdout
    with zipfile.ZipFile(io.BytesIO(opened)) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("record.json")) == BODY.record
        assert archive.read("fingers/03.wsq") == next(
            capture.image for capture in BODY.captures if capture.part is Part.FINGER_03
        )


def test_two_closings_of_the_same_body_never_look_the_same() -> None:
    assert close_body(BODY, [recipient_of(CENTRAL)]) != close_body(BODY, [recipient_of(CENTRAL)])


def test_the_sealed_body_shows_nothing_of_the_person() -> None:
    assert b"AMINAH" not in SEALED
    assert b"9901016104880001" not in SEALED


@pytest.mark.parametrize("recipient", ["", "age1qqqq", "ssh-ed25519 AAAA"])
def test_a_recipient_that_is_none_stops_the_sealing(recipient: str) -> None:
    with pytest.raises(TrustError) as problem:
        close_body(BODY, [recipient_of(CENTRAL), recipient])
    assert problem.value.code == "packet.recipient"


@pytest.mark.parametrize("place", [*range(0, 400, 13), *range(400, 13_000, 997), -1])
def test_one_bit_changed_anywhere_and_it_does_not_open(place: int) -> None:
    changed = bytearray(SEALED)
    changed[place] ^= 1
    assert refused(bytes(changed)) in ("packet.locked", "packet.damaged")


@pytest.mark.parametrize("length", [0, 1, 20, 200, len(SEALED) // 2, len(SEALED) - 1], ids=range(6))
def test_a_cut_file_does_not_open(length: int) -> None:
    assert refused(SEALED[:length]) in ("packet.locked", "packet.damaged")


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_random_bytes_raise_nothing_but_mistrust(data: bytes) -> None:
    assert refused(data) in ("packet.locked", "packet.damaged")
    assert refused(sealed_zip(data)) == "packet.damaged"


ZIP = a_zip(*members_of(SEALED).items())


@settings(max_examples=300)
@given(st.integers(0, len(ZIP) - 1), st.integers(1, 255))
def test_a_zip_changed_anywhere_inside_raises_nothing_but_mistrust(place: int, change: int) -> None:
    changed = bytearray(ZIP)
    changed[place] ^= change
    try:
        opened = open_body(sealed_zip(bytes(changed)), CENTRAL)
    except TrustError as problem:
        assert problem.code == "packet.damaged"
    else:  # the byte was one without meaning, such as the time of a member
        assert opened == open_body(SEALED, CENTRAL)


@pytest.mark.parametrize("offset", range(-22, 0))
@pytest.mark.parametrize("value", [0, 127, 255])
def test_the_end_of_a_zip_may_lie_as_it_likes(offset: int, value: int) -> None:
    changed = bytearray(ZIP)
    changed[offset] = value
    try:
        assert open_body(sealed_zip(bytes(changed)), CENTRAL) == open_body(SEALED, CENTRAL)
    except TrustError as problem:
        assert problem.code == "packet.damaged"


def changed_members(**changed: Any) -> dict[str, bytes]:
    members = {name: data for name, data in members_of(SEALED).items() if name != "parts.json"}
    for name, value in changed.items():
        members[name.replace("_json", ".json")] = value if isinstance(value, bytes) else json.dumps(value).encode()
    return members


CAPTURE = json.loads(members_of(SEALED)["captures.json"])[0]
EXCEPTION = json.loads(members_of(SEALED)["exceptions.json"])[0]
ATTACHMENT = json.loads(members_of(SEALED)["attachments.json"])[0]


@pytest.mark.parametrize(
    "members",
    [
        {"record_json": b"not json"},
        {"record_json": b"\xff\xfe"},
        {"record_json": b"[" * 100_000},
        {"record_json": 7},
        {"record_json": ["a"]},
        {"approval_json": None},
        {"captures_json": {}, "exceptions_json": 7},
        {"captures_json": [{}]},
        {"captures_json": ["face"]},
        {"captures_json": [{**CAPTURE, "part": "toe"}]},
        {"captures_json": [{**CAPTURE, "part": "iris-left"}]},
        {"captures_json": [{**CAPTURE, "width": "wide"}]},
        {"captures_json": json.dumps([{**CAPTURE, "width": 0}]).replace('"width": 0', '"width": 1e999').encode()},
        {"captures_json": [{**CAPTURE, "taken_at": "yesterday"}]},
        {"captures_json": [{**CAPTURE, "taken_at": None}]},
        {"captures_json": [{**CAPTURE, "device": []}]},
        {"exceptions_json": [{"part": "iris-left"}]},
        {"exceptions_json": ["x"]},
        {"exceptions_json": [{**EXCEPTION, "evidence": "two"}]},
        {"exceptions_json": [{**EXCEPTION, "reason": ["a"]}]},
        {"exceptions_json": [{**EXCEPTION, "code": "AUS"}]},
        {"attachments_json": 5},
        {"attachments_json": [{}]},
        {"attachments_json": [{**ATTACHMENT, "number": 3}]},
        {"attachments_json": [{**ATTACHMENT, "number": -1}]},
        {"attachments_json": [{**ATTACHMENT, "kind": "../kk"}]},
        {"attachments_json": [{**ATTACHMENT, "kind": 5}]},
        {"attachments_json": [{**ATTACHMENT, "role": "poster"}]},
        {"attachments_json": [{**ATTACHMENT, "pages": "many"}]},
        {"attachments_json": [{**ATTACHMENT, "added_at": "yesterday"}]},
        {"attachments_json": [ATTACHMENT, ATTACHMENT]},
        {"verification_json": [{"part": "finger-02"}]},
        {"verification_json": 3},
        {"signature_json": 5},
        {"signature_json": [[1]]},
        {"signature_json": [[["a", "b", "c", "d"]]]},
        {"signature_json": b"[[[0,0,1e999,0]]]"},
    ],
)
def test_members_that_say_something_impossible_are_damage_and_nothing_worse(members: dict[str, Any]) -> None:
    assert refused(with_parts(changed_members(**members))) == "packet.damaged"


@pytest.mark.parametrize("name", ["record.json", "captures.json", "exceptions.json", "approval.json", "face.jpg"])
def test_a_missing_member_is_damage(name: str) -> None:
    members = changed_members()
    del members[name]
    assert refused(with_parts(members)) == "packet.damaged"


def test_a_member_that_parts_json_does_not_vouch_for_is_damage() -> None:
    members = members_of(SEALED)
    for changed in (
        {**members, "extra.txt": b"x"},
        {**members, "face.jpg": b"another face"},
        {name: data for name, data in members.items() if name != "fingers/01.wsq"},
        {name: data for name, data in members.items() if name != "parts.json"},
        {**members, "parts.json": b"[]"},
        {**members, "parts.json": b"7"},
        {**members, "parts.json": b"[" * 100_000},
    ):
        assert refused(sealed_zip(a_zip(*changed.items()))) == "packet.damaged"


def test_the_same_member_twice_is_damage_whichever_of_them_is_vouched_for() -> None:
    members = members_of(SEALED)
    assert refused(sealed_zip(a_zip(("face.jpg", b"hidden"), *members.items()))) == "packet.damaged"


def test_a_zip_bomb_is_refused_before_it_unfolds() -> None:
    compressed = a_zip(("face.jpg", b"\0" * (MAX_MEMBER_BYTES - 1)), method=zipfile.ZIP_DEFLATED)
    assert len(compressed) < 10_000
    assert refused(sealed_zip(compressed)) == "packet.damaged"
    assert refused(sealed_zip(a_zip(("face.jpg", b"\0" * (MAX_MEMBER_BYTES + 1))))) == "packet.damaged"
    assert refused(sealed_zip(a_zip(*((f"{n}", b"") for n in range(MAX_MEMBERS + 1))))) == "packet.damaged"


def test_a_member_that_claims_more_bytes_than_there_are_is_damage() -> None:
    small = a_zip(("face.jpg", b"few"))
    at = small.index(b"PK\x01\x02") + 20  # the sizes in the central directory
    lying = small[:at] + (3_000_000).to_bytes(4, "little") * 2 + small[at + 8 :]
    assert refused(sealed_zip(lying)) == "packet.damaged"


def test_a_member_with_a_password_is_damage() -> None:
    locked = bytearray(a_zip(("face.jpg", b"few")))
    for signature, flag_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(signature) + flag_at] |= 1
    assert refused(sealed_zip(bytes(locked))) == "packet.damaged"


def test_a_packet_from_before_attachments_and_verification_opens_without_them() -> None:
    """As the first stations sealed: no such members, and exceptions without anybody's name, hour or photo."""
    members = changed_members(
        exceptions_json=[
            {key: EXCEPTION[key] for key in ("part", "modality", "code", "reason", "approved_by")}
            | {"invite_again": None}
        ],
        captures_json=[{key: value for key, value in CAPTURE.items() if key != "remarks"}],
    )
    for name in ("attachments.json", "verification.json", "documents/01-kk.pdf", "exceptions/02.jpg"):
        del members[name]
    opened = open_body(with_parts(members), CENTRAL)
    assert (opened.attachments, opened.verification) == ((), ())
    assert opened.exceptions[0].evidence is None
    assert opened.captures[0].remarks == ()


def test_the_row_of_an_attachment_cannot_point_at_another_member() -> None:
    members = changed_members(attachments_json=[{**ATTACHMENT, "member": "record.json"}])
    assert open_body(with_parts(members), CENTRAL).attachments[0].data == members["documents/01-kk.pdf"]
