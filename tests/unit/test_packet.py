"""The sealed packet: whole, of this station, and of this record, or it is not believed."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain.errors import TrustError
from station.seal.jws import SigningKey
from station.seal.packet import MAX_PACKET_BYTES, Packet, _container, make_packet, read_packet, sha256_of, verify_packet
from tests.support import a_manifest, a_zip

KEY = SigningKey.generate("station-1")
BODY = bytes(range(256)) * 8
MANIFEST = a_manifest(BODY, KEY)
PACKET = make_packet(MANIFEST, BODY, KEY)
TOKEN = read_packet(PACKET).manifest_jws.encode()


def refused(data: bytes, *keys: SigningKey) -> str:
    with pytest.raises(TrustError) as problem:
        verify_packet(data, [key.public for key in keys or (KEY,)])
    return problem.value.code


def test_a_packet_of_this_station_is_taken_apart() -> None:
    packet = verify_packet(PACKET, [SigningKey.generate("station-1").public, KEY.public])
    assert (packet.manifest, packet.body) == (MANIFEST, BODY)
    assert packet.manifest.body_sha256 == sha256_of(BODY)


def test_a_packet_is_a_zip_of_two_members_that_any_tool_opens() -> None:
    with zipfile.ZipFile(io.BytesIO(PACKET)) as archive:
        assert archive.testzip() is None
        assert [info.filename for info in archive.infolist()] == ["manifest.jws", "body.age"]
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_the_same_manifest_and_body_make_the_same_file() -> None:
    assert make_packet(MANIFEST, BODY, KEY) == PACKET


def test_another_stations_key_did_not_sign_it() -> None:
    assert refused(PACKET, SigningKey.generate("station-1")) == "signature.invalid"
    assert refused(PACKET, SigningKey.generate("station-2")) == "signature.invalid"


def test_a_station_cannot_speak_for_another() -> None:
    pretending = make_packet(a_manifest(BODY, KEY, station_id="station-2"), BODY, KEY)
    assert refused(pretending) == "signature.invalid"


def test_a_manifest_without_a_signer_is_not_believed() -> None:
    nameless = SigningKey.from_pem(KEY.pem(), "")
    assert refused(make_packet(a_manifest(BODY, KEY), BODY, nameless)) == "signature.invalid"


REGIONS = {
    "the manifest's header": PACKET.index(TOKEN) + 3,
    "the manifest's payload": PACKET.index(TOKEN) + TOKEN.index(b".") + 40,
    "the signature": PACKET.index(TOKEN) + len(TOKEN) - 20,
    "the first byte of the body": PACKET.index(BODY),
    "the middle of the body": PACKET.index(BODY) + 1000,
    "the last byte of the body": PACKET.index(BODY) + len(BODY) - 1,
    "the name of a member": PACKET.index(b"manifest.jws"),
    "the name in the directory": PACKET.rindex(b"body.age"),
    "the first member's signature": 0,
    "the directory's signature": PACKET.index(b"PK\x01\x02"),
    "the end's signature": PACKET.rindex(b"PK\x05\x06"),
    "the checksum of a member": PACKET.index(b"PK\x01\x02") + 16,
    "the size of a member": PACKET.index(b"PK\x01\x02") + 24,
    "the compression of a member": PACKET.index(b"PK\x01\x02") + 10,
}


@pytest.mark.parametrize("place", REGIONS.values(), ids=REGIONS.keys())
def test_a_byte_flipped_in_any_region_is_noticed(place: int) -> None:
    changed = bytearray(PACKET)
    changed[place] ^= 0x55
    assert refused(bytes(changed)) in ("packet.damaged", "signature.invalid", "signature.unreadable")


@settings(max_examples=400)
@given(st.integers(0, len(PACKET) - 1), st.integers(1, 255))
def test_a_byte_changed_anywhere_is_noticed(place: int, change: int) -> None:
    changed = bytearray(PACKET)
    changed[place] ^= change
    assert refused(bytes(changed)) in ("packet.damaged", "signature.invalid", "signature.unreadable")


def written(*members: tuple[str, bytes], comment: bytes = b"", **how: object) -> bytes:
    """The members in a ZIP whose entries have other properties than ours."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            for attribute, value in how.items():
                setattr(info, attribute, value)
            archive.writestr(info, data)
        archive.comment = comment
    return buffer.getvalue()


def other_last_letter(token: bytes) -> bytes:
    """The same signature in other letters: four bits of the last one mean nothing."""
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + bytes([letters[letters.index(token[-1]) ^ 1]])


PARTS = (("manifest.jws", TOKEN), ("body.age", BODY))
REPACKED = {
    "the members in another order": written(*reversed(PARTS)),
    "another time": written(*PARTS, date_time=(2026, 11, 22, 10, 0, 0)),
    "another system": written(*PARTS, create_system=0),
    "other rights": written(*PARTS, external_attr=0o644 << 16),
    "an extra field": written(*PARTS, extra=b"\xfe\xca\x00\x00"),
    "a comment": written(*PARTS, comment=b"x"),
    "bytes in front": b"MZ" + PACKET,
    "a byte behind": PACKET + b"\0",
    "the signature in other letters": written(("manifest.jws", other_last_letter(TOKEN)), ("body.age", BODY)),
    "a signature with padding": written(("manifest.jws", TOKEN + b"=="), ("body.age", BODY)),
    "a line end behind the manifest": written(("manifest.jws", TOKEN + b"\n"), ("body.age", BODY)),
}


def test_the_same_parts_written_alike_are_the_packet() -> None:
    assert written(*PARTS) == PACKET


@pytest.mark.parametrize("data", REPACKED.values(), ids=REPACKED.keys())
def test_the_true_parts_in_another_file_are_not_the_packet(data: bytes) -> None:
    assert data != PACKET
    assert refused(data) in ("packet.damaged", "signature.unreadable")


def test_the_file_is_the_same_on_every_system_and_with_every_version() -> None:
    """Kept since the first release: a packet that was sealed then must be whole for ever."""
    assert sha256_of(_container("a.b.c", b"body")) == "d68f289abe658ca14378954ec018bcb1f91e190e392333ccc5c170fbcde9d6d6"


@pytest.mark.parametrize("length", [*range(0, 100, 9), *range(100, len(PACKET), 211), len(PACKET) - 1])
def test_a_cut_packet_is_damaged(length: int) -> None:
    assert refused(PACKET[:length]) == "packet.damaged"


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_random_bytes_are_damaged_and_nothing_worse(data: bytes) -> None:
    assert refused(data) == "packet.damaged"
    assert refused(b"PK\x05\x06" + data) == "packet.damaged"


@settings(max_examples=300)
@given(st.binary(min_size=18, max_size=18))
def test_the_end_of_a_zip_may_lie_as_it_likes(end: bytes) -> None:
    assert refused(PACKET[: PACKET.rindex(b"PK\x05\x06") + 4] + end) == "packet.damaged"


OTHER_BODY = b"another body"
BROKEN = {
    "no members": a_zip(),
    "no body": a_zip(("manifest.jws", TOKEN)),
    "no manifest": a_zip(("body.age", BODY)),
    "an extra member": a_zip(("manifest.jws", TOKEN), ("body.age", BODY), ("readme.txt", b"")),
    "an extra folder": a_zip(("manifest.jws", TOKEN), ("body.age", BODY), ("../", b"")),
    "a second body": a_zip(("manifest.jws", TOKEN), ("body.age", OTHER_BODY), ("body.age", BODY)),
    "a second manifest": a_zip(("manifest.jws", b"x"), ("manifest.jws", TOKEN), ("body.age", BODY)),
    "members swapped": a_zip(("manifest.jws", BODY), ("body.age", TOKEN)),
    "another body": a_zip(("manifest.jws", TOKEN), ("body.age", OTHER_BODY)),
    "a longer body": a_zip(("manifest.jws", TOKEN), ("body.age", BODY + b"x")),
    "an empty body": a_zip(("manifest.jws", TOKEN), ("body.age", b"")),
    "a compressed body": a_zip(("manifest.jws", TOKEN), ("body.age", BODY), method=zipfile.ZIP_DEFLATED),
    "a huge manifest": a_zip(("manifest.jws", b"A" * (64 * 1024 + 1)), ("body.age", BODY)),
    "a manifest not in ASCII": a_zip(("manifest.jws", "é.é.é".encode()), ("body.age", BODY)),
    "an upper-case name": a_zip(("MANIFEST.JWS", TOKEN), ("body.age", BODY)),
    "too many bytes": PACKET + b"\0" * (MAX_PACKET_BYTES - len(PACKET) + 1),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_a_container_that_is_not_exactly_ours_is_damaged(data: bytes) -> None:
    assert refused(data) == "packet.damaged"


def test_a_zip_bomb_is_refused_before_it_unfolds() -> None:
    bomb = a_zip(("manifest.jws", TOKEN), ("body.age", b"\0" * 50_000_000), method=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    assert refused(bomb) == "packet.damaged"


@pytest.mark.parametrize("size", [len(BODY) + 1, 2**31, 2**32 - 2])
def test_a_body_that_claims_to_be_huge_is_damaged(size: int) -> None:
    at = PACKET.rindex(b"PK\x01\x02") + 20  # the two sizes of the body in the directory
    assert refused(PACKET[:at] + size.to_bytes(4, "little") * 2 + PACKET[at + 8 :]) == "packet.damaged"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"format": 2},
        {**MANIFEST.model_dump(mode="json"), "revision": 0},
        {**MANIFEST.model_dump(mode="json"), "record_id": "../../x"},
        {**MANIFEST.model_dump(mode="json"), "sequence": "first"},
    ],
)
def test_a_signed_manifest_that_says_something_impossible_is_damaged(payload: dict[str, Any]) -> None:
    assert refused(a_zip(("manifest.jws", KEY.sign(payload).encode()), ("body.age", BODY))) == "packet.damaged"


@pytest.mark.parametrize("token", [b"", b"a.b.c", b"<html>", b"." * 300])
def test_a_manifest_that_is_no_token_is_refused(token: bytes) -> None:
    code = refused(a_zip(("manifest.jws", token), ("body.age", BODY)))
    assert code in ("packet.damaged", "signature.unreadable")


def test_reading_without_keys_checks_the_body_but_not_the_signer() -> None:
    assert read_packet(PACKET) == Packet(TOKEN.decode(), MANIFEST, BODY)
    foreign = make_packet(a_manifest(BODY, KEY), BODY, SigningKey.generate("station-1"))
    assert read_packet(foreign).manifest == MANIFEST
