"""What central last said: known codes have words and a next step, unknown ones are shown as they came."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.actor import Actor
from station.domain.central_codes import OFFICE_WORDS, STATUSES, Tone
from station.domain.central_status import (
    LONGEST_CODE,
    central_status,
    may_record_again,
    place_of,
    readable,
    recorded,
)

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
    "SENT_FOR_ADJUDICATE",
    "ADJUDICATE_IN_PROCESS",
    "DUPLICATE_RECORD",
    "PRINT_READY_RECORD",
    "SENT_FOR_CARD_PRINTING",
    "CARD_PRINTED",
    "CARD_SHIPPED",
    "CARD_ISSUED",
}
RUMOURED = {"PACKET_RETRY", "MISSING_BIOMETRIC_EXCEPTION", "SENT_FOR_DEDUP", "HOLD", "DELETED"}
FRIDAY = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def test_every_code_in_use_is_known_with_words_and_a_next_step() -> None:
    assert set(STATUSES) == KNOWN | RUMOURED
    for code, status in STATUSES.items():
        assert status.code == code
        assert all((status.label, status.meaning, status.todo, status.late)), code
        assert len(code) <= LONGEST_CODE


@pytest.mark.parametrize(
    ("code", "tone", "settled", "who"),
    [
        ("PRINT_READY_RECORD", Tone.OK, True, Actor.OPERATOR),
        ("DUPLICATE_RECORD", Tone.BAD, False, Actor.DINAS),
        ("SENT_FOR_ENROLLMENT", Tone.WAIT, False, Actor.CENTRAL),
        ("ENROLL_FAILURE_AT_REGIONAL", Tone.BAD, False, Actor.OPERATOR),
        ("ADJUDICATE_RECORD", Tone.CARE, False, Actor.DINAS),
        ("CARD_ISSUED", Tone.OK, True, Actor.NOBODY),
        ("FOO_BAR", Tone.CARE, False, Actor.DINAS),
    ],
)
def test_a_status_says_how_bad_it_is_whether_central_has_finished_and_who_acts(
    code: str, tone: Tone, settled: bool, who: Actor
) -> None:
    status = central_status(code)
    assert (status.tone, status.settled, status.who) == (tone, settled, who)
    assert central_status(code).settled is settled


@pytest.mark.parametrize(
    ("code", "is_recorded", "again"),
    [
        ("UNREGISTERED", False, True),
        ("ENROLL_FAILURE_AT_REGIONAL", False, True),
        ("ENROLL_FAILURE_AT_CENTRAL", False, True),
        ("BIO_CAPTURED", True, False),
        ("SENT_FOR_ENROLLMENT", True, False),
        ("SEARCH_FAILURE_AT_CENTRAL", True, False),
        ("ADJUDICATE_RECORD", True, False),
        ("DUPLICATE_RECORD", True, False),
        ("PRINT_READY_RECORD", True, False),
        ("CARD_SHIPPED", True, False),
        ("BELUM WAJIB", False, True),
        ("BELUM REKAM", False, True),
        ("SUDAH REKAM", True, False),
        ("HOLD", None, False),
        ("FOO_BAR", None, False),
        ("", None, False),
    ],
)
def test_a_second_recording_is_wanted_only_where_the_code_says_so(
    code: str, is_recorded: bool | None, again: bool
) -> None:
    assert recorded(code) is is_recorded
    assert may_record_again(code) is again


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("PRR", "PRINT_READY_RECORD"),
        ("prr", "PRINT_READY_RECORD"),
        ("Efac", "ENROLL_FAILURE_AT_CENTRAL"),
        ("CARD PRINTED", "CARD_PRINTED"),
        (" Print Ready  Record\n", "PRINT_READY_RECORD"),
        ("PRO", "PROCESSING"),
        ("DUP", "DUPLICATE_RECORD"),
        ("BELUM WAJIB", "UNREGISTERED"),
        ("Belum  Rekam", "UNREGISTERED"),
        ("SUDAH REKAM", "SUDAH_REKAM"),
    ],
)
def test_codes_written_as_offices_write_them_are_understood(written: str, code: str) -> None:
    assert central_status(written).code == code
    assert place_of(written) == place_of(code)


def test_every_abbreviation_belongs_to_one_code() -> None:
    short = [status.short for status in STATUSES.values() if status.short]
    assert sorted(short) == sorted({"PRO", "SFE", "EFAC", "SFAC", "ARC", "DUP", "PRR"})


@given(st.text(max_size=400))
def test_an_unknown_code_is_shown_as_it_came_in_one_readable_line(code: str) -> None:
    status = central_status(code)
    assert 0 < len(status.label) <= LONGEST_CODE
    if status.code not in STATUSES.keys() | OFFICE_WORDS.keys():
        assert (status.label, status.tone, status.settled, status.recorded) == (status.code, Tone.CARE, False, None)
        assert not any(unicodedata.category(char).startswith("C") for char in status.code)
        assert "\n" not in status.code
        assert place_of(code) == len(STATUSES)


def test_what_cannot_be_seen_is_left_out_and_what_is_too_long_is_cut() -> None:
    assert central_status("FOO_BAR").label == "FOO_BAR"
    assert central_status("FOO\u202e_\x00BAR\ud800").label == "FOO_BAR"
    assert central_status("\u200b\x07").label == "?"
    assert central_status("X" * 200).label == "X" * (LONGEST_CODE - 1) + "…"
    assert readable("one\n\t two\u2028three", 40) == "one two three"
    assert readable("a" * 41, 40) == "a" * 39 + "…"
    assert readable("a" * 40, 40) == "a" * 40


# ------------------------------------------------------------------------------------------------------ getting old


def test_an_enrolment_is_late_after_fourteen_days_and_an_unknown_code_too() -> None:
    for code in ("SENT_FOR_ENROLLMENT", "FOO_BAR", "DUPLICATE_RECORD"):
        assert central_status(code).late_from(FRIDAY) == FRIDAY + timedelta(days=14)


def test_what_has_not_left_the_local_server_is_late_after_one_working_day() -> None:
    late = central_status("BIO_CAPTURED").late_from
    assert late(FRIDAY) == FRIDAY + timedelta(days=3)
    assert late(FRIDAY - timedelta(days=1)) == FRIDAY
    assert late(FRIDAY + timedelta(days=1)) == FRIDAY + timedelta(days=4)


def test_what_central_has_finished_is_never_late() -> None:
    assert central_status("PRINT_READY_RECORD").late_from(FRIDAY) is None
