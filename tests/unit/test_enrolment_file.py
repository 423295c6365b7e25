"""The file that enrols a station without a network: what it proves, and that nothing hostile gets past it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain.errors import AccessError, StationError, TrustError
from station.seal import enrolment_file
from station.seal.body import new_identity, recipient_of
from station.seal.enrolment_file import (
    MAX_BYTES,
    EnrolmentPapers,
    keys_of,
    new_code,
    new_salt,
    open_papers,
    read_file,
    write_papers,
)
from station.seal.jws import SigningKey
from station.wire import Policy
from tests.support import CHEAP

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
CENTRAL = SigningKey.generate("c1")
CODE = "7KQ2-M0XD-3RT9"
RECIPIENT = recipient_of(new_identity())


@pytest.fixture(autouse=True, scope="module")
def _cheap() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(enrolment_file, "CODE_COST", CHEAP)
        yield


def papers(**changed: Any) -> EnrolmentPapers:
    members: dict[str, Any] = {
        "station_id": "0190-ab",
        "station_name": "Kec. Contoh",
        "office": "99.01.01",
        "central_url": "https://pusat.example",
        "central_id": "central-3325",
        "central_name": "Dinas Contoh",
        "signing_keys": (CENTRAL.public,),
        "sealing_recipients": (RECIPIENT,),
        "policy": Policy(station_number=7),
        "issued_at": NOW,
        "expires_at": NOW + timedelta(days=14),
        "claim_until": NOW + timedelta(days=134),
    }
    return EnrolmentPapers(**{**members, **changed})


def a_file(code: str = CODE, key: SigningKey = CENTRAL, **changed: Any) -> bytes:
    salt = new_salt()
    return write_papers(papers(**changed), key, keys_of(code, salt), salt)


def refused(data: bytes, code: str = CODE, now: datetime = NOW) -> str:
    with pytest.raises(StationError) as problem:
        open_papers(read_file(data), code, now)
    return problem.value.code


def test_the_code_opens_the_file_however_it_was_typed() -> None:
    data = a_file()
    found, _claiming = open_papers(read_file(data), CODE, NOW)
    assert (found.station_id, found.policy.station_number, found.office) == ("0190-ab", 7, "99.01.01")
    assert open_papers(read_file(data), " 7kq2 moxd-3rt9 ", NOW)[0] == found


def test_the_code_and_what_comes_of_it_are_not_in_the_file() -> None:
    data = a_file()
    keys = keys_of(CODE, read_file(data).salt)
    secrets = (CODE, CODE.replace("-", ""), keys.proof.hex(), keys.seed.hex())
    assert all(secret not in data.decode() for secret in secrets)


def test_another_code_opens_nothing() -> None:
    assert refused(a_file(), "7KQ2-M0XD-3RT8") == "enrolment_file.code"
    assert refused(a_file(), "") == "enrolment_file.code"


def test_a_changed_file_is_refused_whoever_changed_it() -> None:
    stored = json.loads(a_file())
    other = json.loads(a_file(central_url="https://lain.example"))
    assert refused(json.dumps({**stored, "token": other["token"]}).encode()) == "enrolment_file.code"
    assert refused(json.dumps({**stored, "salt": "0" * 32}).encode()) == "enrolment_file.code"


def test_who_has_the_code_but_not_centrals_key_makes_no_station() -> None:
    data = a_file(key=SigningKey.generate("c1"))
    assert refused(data) == "enrolment_file.signature"


def test_a_file_is_good_until_its_last_moment() -> None:
    data, last = a_file(), NOW + timedelta(days=14)
    open_papers(read_file(data), CODE, last - timedelta(seconds=1))
    assert refused(data, now=last) == "enrolment_file.expired"


def test_the_same_code_claims_with_the_same_key_and_another_with_another() -> None:
    data = a_file()
    salt = read_file(data).salt
    first, again = (open_papers(read_file(data), CODE, NOW)[1].public.x for _ in range(2))
    assert first == again == keys_of(CODE, salt).claiming("x").public.x
    assert first != keys_of("0000-0000-0000", salt).claiming("x").public.x


def test_a_code_has_twelve_symbols_that_are_told_apart_over_the_telephone() -> None:
    assert {len(new_code()) for _ in range(20)} == {14}
    assert not set("".join(new_code() for _ in range(50))) & set("OILU")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"\xff" * 100,
        b"x" * (MAX_BYTES + 1),
        b"[" * 5000,
        json.dumps({"salt": "00" * 16, "token": "a.b.c", "mac": "0" * 63}).encode(),
    ],
)
def test_what_is_no_such_file_is_unreadable(data: bytes) -> None:
    with pytest.raises(TrustError) as problem:
        read_file(data)
    assert problem.value.code == "enrolment_file.unreadable"


@settings(max_examples=60)
@given(st.data())
def test_no_byte_of_a_file_can_be_changed_unnoticed(drawn: st.DataObject) -> None:
    data = bytearray(a_file())
    place = drawn.draw(st.integers(0, len(data) - 1))
    data[place] ^= drawn.draw(st.integers(1, 255))
    try:
        found, _ = open_papers(read_file(bytes(data)), CODE, NOW)
    except (TrustError, AccessError):
        return
    assert found == papers(), "only what means nothing may differ, such as a space"


def test_papers_that_say_nonsense_are_no_papers_even_when_they_are_signed() -> None:
    salt = new_salt()
    token = CENTRAL.sign({"enrolment": 1, "station_id": "../../etc", "signing_keys": [CENTRAL.public.model_dump()]})
    keys = keys_of(CODE, salt)
    mac = enrolment_file._mac(keys.proof, salt, token)
    data = json.dumps({"ktpel": "enrolment", "version": 1, "salt": salt, "token": token, "mac": mac}).encode()
    assert refused(data) == "enrolment_file.unreadable"


def test_a_file_cannot_say_how_long_it_is_worked_on() -> None:
    assert set(enrolment_file.EnrolmentFile.model_fields) == {"ktpel", "version", "salt", "token", "mac"}
