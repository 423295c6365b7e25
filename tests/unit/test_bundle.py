"""The bundle of a target list: what is signed, what is sealed, and that nothing else is believed."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
import zstandard
from pyrage import x25519

from station.domain.errors import RuleError, StoreError, TrustError
from station.domain.target import Target
from station.seal.body import new_identity, recipient_of
from station.seal.bundle import (
    MAX_BODY_BYTES,
    BundleHead,
    check_body,
    check_head,
    read_lines,
    sign_head,
    station_recipient,
    write_bundle,
)
from station.seal.bundle_file import file_name, open_file, open_parts, pack_file
from station.seal.jws import SigningKey
from station.seal.packet import sha256_of
from station.seal.person_line import MAX_LINE_BYTES, Gone, line_of, read_line, target_of
from tests.bundles import AREA, ListMaker, somebody
from tests.support import TODAY, a_zip

IDENTITY = new_identity()


@pytest.fixture
def maker(tmp_path: Path) -> ListMaker:
    return ListMaker(tmp_path, "station-uji", recipient_of(IDENTITY))


def code_of(call: Callable[[], object], kind: type[TrustError] | type[StoreError] = TrustError) -> str:
    with pytest.raises(kind) as problem:
        call()
    return problem.value.code


def read(body: bytes, head: BundleHead, *identities: Any) -> list[str]:
    return [person.nik for person in read_lines(io.BytesIO(body), head, identities or (IDENTITY,))]


def sealed(maker: ListMaker, plain: bytes, **changed: Any) -> tuple[bytes, BundleHead]:
    """A body with any content, and a head that fits it."""
    body = pyrage.encrypt(plain, [x25519.Recipient.from_str(maker.recipient)])
    return body, maker.head(1, len(body), sha256_of(body), **changed)


def lines(*rows: object) -> bytes:
    return zstandard.compress(b"".join(json.dumps(row).encode() + b"\n" for row in rows))


FIRST = {"bundle": f"roster:{AREA}", "version": 1, "base": None}
PERSON = {"nik": "9901016104880001", "answers": {"name": "SITI"}, "recorded": False, "central": None}


def test_people_come_out_as_they_went_in(maker: ListMaker) -> None:
    people = [
        somebody(1, "NUR'AINI CONTOH", phone="0800000017"),
        somebody(2, "JOSÉ CONTOH", recorded=True, central_code="PRINT_READY_RECORD", central_at=TODAY),
        somebody(3, "BARU CONTOH", central_code="FOO_BAR"),
    ]
    token, body = maker.parts(people)
    head = check_head(token, [maker.key.public], station_id="station-uji", central_id="central-uji", now=TODAY)
    with body.open("rb") as file:
        check_body(file, head)
        file.seek(0)
        assert [target_of(person.line) for person in read_lines(file, head, [IDENTITY])] == people


def test_an_empty_list_is_a_list(maker: ListMaker) -> None:
    token, body = maker.parts([])
    head = check_head(token, [maker.key.public], station_id="station-uji", central_id="central-uji", now=TODAY)
    assert read(body.read_bytes(), head) == []


def test_a_list_sealed_for_the_signing_key_of_a_station_opens_with_it(maker: ListMaker) -> None:
    key = SigningKey.generate("station-uji")
    maker.recipient = station_recipient(key.public)
    _, body = maker.parts([somebody(1)])
    data = body.read_bytes()
    head = maker.head(1, len(data), sha256_of(data))
    assert read(data, head, new_identity(), key) == [somebody(1).nik]
    assert code_of(lambda: read(data, head, new_identity(), SigningKey.generate("other"))) == "roster.locked"


def test_nothing_of_a_person_can_be_read_in_a_bundle_file(maker: ListMaker) -> None:
    data = maker.file([somebody(1, "SITI AMINAH CONTOH")]).read_bytes()
    head, _ = maker.parts([somebody(1, "SITI AMINAH CONTOH")])
    for secret in (b"AMINAH", b"9901016104880001", b"1988-04-21"):
        assert secret not in data
    assert "AMINAH" not in json.dumps(json.loads(zipfile_payload(head)))


def zipfile_payload(token: str) -> str:
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(token.split(".")[1] + "==").decode()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"station_id": "station-lain"}, "roster.other_station"),
        ({"central_id": "pusat-lain"}, "roster.other_central"),
        ({"expires_at": TODAY}, "roster.expired"),
        ({"expires_at": TODAY - timedelta(days=1)}, "roster.expired"),
    ],
)
def test_a_head_for_somebody_else_or_of_the_past_is_refused(
    maker: ListMaker, changed: dict[str, Any], code: str
) -> None:
    token = sign_head(maker.key, maker.head(1, 10, "0" * 64, **changed))
    check = {"station_id": "station-uji", "central_id": "central-uji", "now": TODAY}
    assert code_of(lambda: check_head(token, [maker.key.public], **check)) == code  # type: ignore[arg-type]


def test_a_head_is_believed_only_from_a_key_of_central(maker: ListMaker) -> None:
    head = maker.head(1, 10, "0" * 64)
    good = sign_head(maker.key, head)
    stranger = sign_head(SigningKey.generate(maker.key.kid), head)
    edited = good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB")
    for token in (stranger, edited, "", "no.jws.atall"):
        assert (
            code_of(
                lambda token=token: check_head(  # type: ignore[misc]
                    token, [maker.key.public], station_id="station-uji", central_id="central-uji", now=TODAY
                )
            )
            == "roster.signature"
        )


@pytest.mark.parametrize(
    "changed",
    [
        {"bundle": "regions"},
        {"bundle": "roster:99.1"},
        {"version": 0},
        {"base": 0},
        {"people": -1},
        {"size": 3 * 1024**3},
        {"sha256": "x"},
        {"expires_at": "soon"},
        {"area_name": "x" * 201},
    ],
)
def test_a_head_with_strange_members_is_refused_although_it_is_signed(
    maker: ListMaker, changed: dict[str, Any]
) -> None:
    payload = {**maker.head(1, 10, "0" * 64).model_dump(mode="json"), **changed}
    token = maker.key.sign(payload, typ="bundle+jwt")
    check = {"station_id": "station-uji", "central_id": "central-uji", "now": TODAY}
    assert code_of(lambda: check_head(token, [maker.key.public], **check)) == "roster.unreadable"  # type: ignore[arg-type]


def test_a_list_of_another_area_than_the_one_asked_for_is_refused(maker: ListMaker) -> None:
    token = sign_head(maker.key, maker.head(1, 10, "0" * 64))
    keys, check = [maker.key.public], {"station_id": "station-uji", "central_id": "central-uji", "now": TODAY}
    assert check_head(token, keys, bundle=f"roster:{AREA}", **check).area == AREA  # type: ignore[arg-type]
    assert code_of(lambda: check_head(token, keys, bundle="roster:99.02", **check)) == "roster.other_area"  # type: ignore[arg-type]


def test_a_body_that_is_shorter_longer_or_changed_is_told_apart(maker: ListMaker) -> None:
    data = b"body of a list"
    head = maker.head(1, len(data), sha256_of(data))
    check_body(io.BytesIO(data), head)
    assert code_of(lambda: check_body(io.BytesIO(data[:-1]), head)) == "roster.cut"
    assert code_of(lambda: check_body(io.BytesIO(data + b"!"), head)) == "roster.edited"
    assert code_of(lambda: check_body(io.BytesIO(b"B" + data[1:]), head)) == "roster.edited"


def test_a_body_that_is_exchanged_after_it_was_checked_is_noticed_at_the_end(maker: ListMaker) -> None:
    _, body = maker.parts([somebody(1)])
    head = maker.head(1, 10, "0" * 64)
    assert code_of(lambda: read(body.read_bytes(), head)) == "roster.edited"


NONSENSE = {
    "no lines": lines(),
    "head only": lines(FIRST),
    "another version": lines({**FIRST, "version": 2}, PERSON, {"end": 1}),
    "another area": lines({**FIRST, "bundle": "roster:99.02"}, PERSON, {"end": 1}),
    "another base": lines({**FIRST, "base": 7}, PERSON, {"end": 1}),
    "no end": lines(FIRST, PERSON),
    "a wrong end": lines(FIRST, PERSON, {"end": 2}),
    "an end in the middle": lines(FIRST, PERSON, {"end": 1}, PERSON),
    "somebody gone in a whole list": lines(FIRST, {"nik": "9901016104880001", "gone": True}, {"end": 1}),
    "a short NIK": lines(FIRST, {**PERSON, "nik": "99010161"}, {"end": 1}),
    "a NIK as number": lines(FIRST, {**PERSON, "nik": 9901016104880001}, {"end": 1}),
    "no name": lines(FIRST, {**PERSON, "answers": {"name": ""}}, {"end": 1}),
    "an answer as number": lines(FIRST, {**PERSON, "answers": {"name": "SITI", "rt": 1}}, {"end": 1}),
    "answers as list": lines(FIRST, {**PERSON, "answers": ["SITI"]}, {"end": 1}),
    "recorded as text": lines(FIRST, {**PERSON, "recorded": "yes"}, {"end": 1}),
    "central as text": lines(FIRST, {**PERSON, "central": "PRINT_READY_RECORD"}, {"end": 1}),
    "central at no time": lines(FIRST, {**PERSON, "central": {"code": "X", "at": "yesterday"}}, {"end": 1}),
    "a list as line": lines(FIRST, ["a list"], {"end": 1}),
    "a line too long": lines(FIRST, {**PERSON, "answers": {"name": "S" * MAX_LINE_BYTES}}, {"end": 1}),
    "no line end": zstandard.compress(b'{"end": 0}'),
    "deep nesting": zstandard.compress(b"[" * 15000 + b"\n"),
    "cut": lines(FIRST, PERSON, {"end": 1})[:-3],
    "no zstd": b"no zstd at all",
    "nothing": b"",
}


@pytest.mark.parametrize("plain", NONSENSE.values(), ids=NONSENSE)
def test_signed_nonsense_is_refused_and_no_crash(maker: ListMaker, plain: bytes) -> None:
    body, head = sealed(maker, plain)
    assert code_of(lambda: read(body, head)) == "roster.unreadable"


def test_a_body_that_unpacks_to_a_thousand_times_its_size_is_stopped_early(maker: ListMaker) -> None:
    row = json.dumps(PERSON).encode() + b"\n"
    body, head = sealed(maker, zstandard.compress(json.dumps(FIRST).encode() + b"\n" + row * 400_000))
    assert code_of(lambda: read(body, head)) == "roster.too_large"


def test_a_body_cut_inside_its_age_file_is_refused(maker: ListMaker) -> None:
    body, _ = sealed(maker, lines(FIRST, PERSON, {"end": 1}))
    cut = body[:-5]
    assert code_of(lambda: read(cut, maker.head(1, len(cut), sha256_of(cut)))) == "roster.unreadable"
    noise = b"age-encryption.org/v1\n" + b"x" * 500
    assert code_of(lambda: read(noise, maker.head(1, len(noise), sha256_of(noise)))) == "roster.unreadable"


def test_a_stick_that_is_pulled_out_is_not_taken_for_a_bad_list(maker: ListMaker) -> None:
    _, path = maker.parts([somebody(number) for number in range(1, 300)])
    data = path.read_bytes()

    class Pulled(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 300:
                raise OSError(5, "Input/output error")
            return super().read(100)

    head = maker.head(299, len(data), sha256_of(data))
    assert code_of(lambda: list(read_lines(Pulled(data), head, [IDENTITY])), StoreError) == "roster.source"


def test_reading_can_be_given_up_half_way(maker: ListMaker) -> None:
    _, path = maker.parts([somebody(number) for number in range(1, 5000)])
    data = path.read_bytes()
    found = read_lines(io.BytesIO(data), maker.head(4999, len(data), sha256_of(data)), [IDENTITY])
    assert isinstance(found, Iterator)
    assert next(found).nik == somebody(1).nik
    found.close()


def test_a_recipient_that_is_none_is_named(tmp_path: Path) -> None:
    for wrong in ("age1nonsense", "ssh-ed25519 AAAA", ""):
        assert (
            code_of(
                lambda wrong=wrong: write_bundle(  # type: ignore[misc]
                    tmp_path / "x", [], area=AREA, version=1, base=None, recipients=[wrong]
                )
            )
            == "packet.recipient"
        )


def test_a_line_holds_only_answers_that_are_there() -> None:
    assert json.loads(line_of(Target("9901016104880001", {"name": "SITI", "rt": ""})))["answers"] == {"name": "SITI"}
    assert read_line(line_of(Gone("9901016104880001"))).answers is None


# ------------------------------------------------------------------------------------------------------- as one file


def test_head_and_body_travel_in_one_file(maker: ListMaker) -> None:
    token, body = maker.parts([somebody(1)])
    head = BundleHead.model_validate(json.loads(zipfile_payload(token)))
    path = maker.folder / file_name(head)
    assert path.name == "99.01.01-v1.roster"
    pack_file(path, token, body)
    with open_file(path) as parts:
        assert parts.head == token
        assert parts.body.read() == body.read_bytes()
        parts.body.seek(0)
        assert read(parts.body.read(), head) == [somebody(1).nik]
    with open_parts(token, body) as parts:
        assert (parts.head, parts.body.read()) == (token, body.read_bytes())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zip",
        a_zip(("bundle.jws", b"a.b.c")),
        a_zip(("bundle.age", b"x")),
        a_zip(("bundle.jws", b"a.b.c"), ("bundle.age", b"x"), ("more", b"x")),
        a_zip(("bundle.jws", b"a.b.c"), ("bundle.age", b"x"), ("bundle.age", b"y")),
        a_zip(("bundle.jws", b"a.b.c"), ("bundle.age", b"x" * 500), method=zipfile.ZIP_DEFLATED),
        a_zip(("bundle.jws", b"x" * 70_000), ("bundle.age", b"x")),
        a_zip(("bundle.jws", "ä".encode()), ("bundle.age", b"x")),
    ],
)
def test_another_file_is_no_list(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.roster"
    path.write_bytes(data)

    def look() -> None:
        with open_file(path):
            pass

    assert code_of(look) == "roster.not_a_list"


def test_every_cut_of_a_bundle_file_is_refused(maker: ListMaker) -> None:
    data = maker.file([somebody(1)]).read_bytes()
    path = maker.folder / "cut.roster"

    def look() -> None:
        with open_file(path):
            pass

    for length in range(0, len(data), 7):
        path.write_bytes(data[:length])
        assert code_of(look) == "roster.not_a_list"


def test_a_file_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    def look(missing: Path) -> None:
        with open_file(missing):
            pass

    assert code_of(lambda: look(tmp_path / "none.roster"), StoreError) == "roster.source"
    assert code_of(lambda: look(tmp_path), StoreError) == "roster.source"


def peak_of(path: Path) -> int:
    """The memory that looking at a file that is no list takes at most."""

    def look() -> None:
        with open_file(path):
            pass

    tracemalloc.start()
    try:
        assert code_of(look) == "roster.not_a_list"
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_file_of_very_many_parts_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path, many = tmp_path / "many.roster", 20_000
    data = a_zip(*((f"{number}", b"") for number in range(many)))
    path.write_bytes(data)
    assert peak_of(path) < 500_000
    size, at = struct.unpack("<LL", data[-10:-2])
    larger = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, many, many, size, at)
    place = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(data) - 22, 1)
    lying = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, 100, at, 0)
    path.write_bytes(data[:-22] + larger + place + lying)
    with zipfile.ZipFile(path) as archive:
        assert len(archive.infolist()) == many
    assert peak_of(path) < 500_000
    path.write_bytes(data[:-14] + struct.pack("<HHLLH", 2, 2, size, at, 0))
    assert peak_of(path) < 500_000


def test_a_file_larger_than_any_list_is_refused(maker: ListMaker) -> None:
    path = maker.file([somebody(1)])
    data = path.read_bytes()
    with path.open("wb") as file:
        file.seek(MAX_BODY_BYTES + 1024 * 1024)  # a hole, which takes no room; a ZIP may begin anywhere
        file.write(data)
    assert peak_of(path) < 500_000


def test_checking_a_body_can_be_given_up(maker: ListMaker) -> None:
    data = bytes(3 * 1024 * 1024)
    head, steps = maker.head(1, len(data), sha256_of(data)), []

    def step() -> None:
        steps.append(1)
        if len(steps) == 2:
            raise RuleError("roster.stopped")

    with pytest.raises(RuleError):
        check_body(io.BytesIO(data), head, step)
    assert len(steps) == 2
