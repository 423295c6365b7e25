"""Record ids: sortable by time, never twice, and safe as a file name."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.ids import is_record_id, new_record_id, random_part
from tests.support import TODAY

GOOD = "01a1fc0b-e380-71fd-afd0-1bb720aff3dd"


def test_an_id_is_a_version_7_uuid_that_holds_its_time() -> None:
    made = uuid.UUID(new_record_id(TODAY))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == int(TODAY.timestamp() * 1000)


def test_ids_sort_by_the_time_they_were_made() -> None:
    ids = [new_record_id(TODAY + timedelta(milliseconds=number)) for number in range(50)]
    assert ids == sorted(ids)


def test_ids_of_the_same_moment_differ() -> None:
    assert len({new_record_id(TODAY) for _ in range(1000)}) == 1000


@given(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_every_new_id_is_recognised(moment: datetime) -> None:
    assert is_record_id(new_record_id(moment))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "../../etc/passwd",
        GOOD.upper(),
        GOOD.replace("-", ""),
        f"{{{GOOD}}}",
        f"urn:uuid:{GOOD}",
        f" {GOOD}",
        f"{GOOD}\n",
        GOOD[:-1],
        GOOD[:-1] + "g",
        GOOD[:-1] + "\uff11",
    ],
)
def test_nothing_but_the_canonical_text_may_become_part_of_a_file_name(text: str) -> None:
    assert not is_record_id(text)


@given(st.text(max_size=40))
def test_recognising_an_id_never_raises(text: str) -> None:
    assert is_record_id(text) in (True, False)


def test_packets_are_spread_by_digits_that_are_random() -> None:
    assert random_part(GOOD) == "fd01bb720aff3dd"
    assert len({random_part(new_record_id(TODAY))[:2] for _ in range(500)}) > 100
