"""Receipts: central's signed word about exactly this packet, or no answer at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import TrustError
from station.domain.record import RecordKey
from station.seal.jws import SigningKey
from station.seal.receipts import check_receipt, issue_receipt, received_at
from station.wire import Receipt
from tests.support import TODAY

KEY = SigningKey.generate("c1")
RECORD = RecordKey("01a1fc0b-e380-71fd-afd0-1bb720aff3dd", 1)
SHA = "ab" * 32
GOOD = Receipt(
    record_id=RECORD.record_id,
    revision=1,
    origin="station-1",
    sha256=SHA,
    size=241664,
    received_at=TODAY,
    receipt_no="central-3325-00000001",
    central_id="central-3325",
)


def check(token: str) -> Receipt:
    return check_receipt(token, [KEY.public], record=RECORD, sha256=SHA, size=241664, central_id="central-3325")


def test_a_receipt_for_this_packet_is_believed() -> None:
    found = check(issue_receipt(KEY, GOOD))
    assert found == GOOD
    assert received_at(found) == TODAY


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"record_id": "01a1fc0b-e380-71fd-afd0-1bb720aff3de"}, "receipt.other_record"),
        ({"revision": 2}, "receipt.other_record"),
        ({"sha256": "cd" * 32}, "receipt.other_hash"),
        ({"size": 241663}, "receipt.other_hash"),
        ({"central_id": "central-9999"}, "receipt.other_central"),
    ],
)
def test_a_receipt_for_anything_else_is_no_answer(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(TrustError) as problem:
        check(issue_receipt(KEY, GOOD.model_copy(update=changed)))
    assert problem.value.code == code


def test_a_receipt_of_another_key_is_no_answer() -> None:
    with pytest.raises(TrustError) as problem:
        check(issue_receipt(SigningKey.generate("c1"), GOOD))
    assert problem.value.code == "signature.invalid"


@pytest.mark.parametrize("payload", [{}, {**GOOD.model_dump(mode="json"), "size": "many"}, {"receipt_no": 1}])
def test_a_signed_receipt_without_its_members_is_unreadable(payload: dict[str, Any]) -> None:
    with pytest.raises(TrustError) as problem:
        check(KEY.sign(payload))
    assert problem.value.code == "receipt.unreadable"


@given(st.text(max_size=60))
def test_no_text_is_taken_for_a_receipt(token: str) -> None:
    with pytest.raises(TrustError):
        check(token)
