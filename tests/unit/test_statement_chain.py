"""Where the chain of a person's statements ends is read from what was kept, also when some of them were not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from station.desk import recording
from station.domain.biometrics import Part
from station.domain.statement_chain import Link, last, link_of
from station.store import captures
from tests.support import TODAY, Workplace, a_capture

A, B, C, D = (letter * 64 for letter in "ABCD")


def links(*pairs: tuple[str, str]) -> list[Link]:
    return [Link(previous, own, TODAY + timedelta(seconds=number)) for number, (previous, own) in enumerate(pairs)]


def test_the_end_is_what_no_other_follows() -> None:
    assert last([]) == last([None]) == ""
    assert last(links(("", A))) == A
    assert last(reversed(links(("", A), (A, B), (B, C)))) == C
    assert last(links((A, B), ("", A))) == B, "the parts of one reply come in any order"


def test_where_one_between_was_not_kept_the_newest_is_the_end() -> None:
    assert last(links(("", A), (B, C))) == C
    assert last([None, *links(("", A), (C, D)), None]) == D


@pytest.mark.parametrize(
    "envelope", [None, "", "{", "[]", "7", "{}", '{"hash": "AB", "previousHash": ""}', "[" * 9_999]
)
def test_a_capture_without_a_statement_is_no_link(envelope: str | None) -> None:
    assert link_of(envelope, TODAY) is None
    bad = json.dumps({"hash": A, "previousHash": "not a hash"})
    assert link_of(bad, TODAY) is None
    assert link_of(json.dumps({"hash": A.lower(), "previousHash": ""}), TODAY) == Link("", A, TODAY)


def test_a_draft_opened_again_knows_where_its_chain_ends(place: Workplace) -> None:
    record_id = place.draft()
    assert recording.resume(place.office, record_id).last_statement == ""
    with place.office.applicants.write() as connection:
        for part, previous, own in ((Part.FINGER_02, "", A), (Part.FINGER_03, A, B)):
            envelope = json.dumps({"previousHash": previous, "hash": own})
            captures.put(connection, record_id, replace(a_capture(part), envelope=envelope))
    place.reopen()
    assert recording.resume(place.office, record_id).last_statement == B
