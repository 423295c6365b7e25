"""What central last said: known codes have a word and a next step, unknown ones are shown as they came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.central_status import STATUSES, Tone, central_status

KNOWN = {
    "UNREGISTERED",
    "BIO_CAPTURED",
    "PROCESSING",
    "SENT_FOR_ENROLLMENT",
    "RECEIVED_AT_CENTRAL",
    "ENROLL_FAILURE_AT_REGIONAL",
    "ENROLL_FAILURE_AT_CENTRAL",
    "SEARCH_FAILURE_AT_CENTRAL",
    "REQUEST_VALIDATION",
    "ADJUDICATE_RECORD",
    "DUPLICATE_RECORD",
    "PRINT_READY_RECORD",
    "SENT_FOR_CARD_PRINTING",
    "CARD_PRINTED",
    "CARD_SHIPPED",
    "CARD_ISSUED",
}


def test_every_code_in_use_is_known_with_a_word_and_a_next_step() -> None:
    assert set(STATUSES) == KNOWN
    assert all(status.label and status.todo for status in STATUSES.values())
    assert all(central_status(code).code == code for code in KNOWN)


@pytest.mark.parametrize(
    ("code", "tone", "final"),
    [
        ("PRINT_READY_RECORD", Tone.OK, True),
        ("DUPLICATE_RECORD", Tone.BAD, True),
        ("SENT_FOR_ENROLLMENT", Tone.WAIT, False),
        ("ENROLL_FAILURE_AT_REGIONAL", Tone.BAD, False),
        ("ADJUDICATE_RECORD", Tone.CARE, False),
        ("CARD_ISSUED", Tone.OK, True),
    ],
)
def test_a_status_says_how_bad_it_is_and_whether_it_is_the_last_word(code: str, tone: Tone, final: bool) -> None:
    assert (central_status(code).tone, central_status(code).final) == (tone, final)


@given(st.text(max_size=60))
def test_an_unknown_code_is_shown_as_it_came_and_asks_to_be_followed_up(code: str) -> None:
    status = central_status(code)
    assert status.code == code
    if code not in KNOWN:
        assert (status.label, status.tone, status.final) == (code, Tone.CARE, False)
