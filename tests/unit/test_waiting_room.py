"""Desk and booth: who is prepared waits in order, survives the power, and is called in once."""

from __future__ import annotations

import pytest

from station.desk import recording, waiting_room
from station.domain.biometrics import FINGERS, Part
from station.domain.errors import RuleError
from station.domain.steps import Step
from tests.support import APPROVED, Workplace, a_capture, filled, good_answers


def prepared(place: Workplace, serial: int) -> str:
    """Everything but the captures, handed over to the booth a minute after the one before."""
    record_id = recording.start(place.office).record.record_id
    filled(place.office, record_id, good_answers(serial))
    place.clock.pass_time(60)  # type: ignore[attr-defined]
    waiting_room.make_ready(place.office, record_id)
    return record_id


def ready(place: Workplace) -> list[str]:
    return [draft.record.record_id for draft in waiting_room.waiting(place.office).ready]


def test_the_longest_waiting_stands_first_and_only_ten_at_the_door(place: Workplace) -> None:
    order = [prepared(place, serial) for serial in range(1, 13)]
    room = waiting_room.waiting(place.office)
    assert [draft.record.record_id for draft in room.ready] == order[:10]
    assert room.ready_in_all == 12
    assert room.unfinished == ()
    recording.answer(place.office, order[0], "address", "JL. CONTOH NO. 9")
    assert ready(place)[0] == order[0], "who is corrected keeps the place"


def test_whoever_is_ready_is_so_after_a_power_cut_and_opens_at_the_first_device(place: Workplace) -> None:
    record_id = prepared(place, 1)
    place.reopen()
    assert ready(place) == [record_id]
    draft = waiting_room.take(place.office, record_id)
    assert draft.step is Step.PHOTO
    assert draft.ready_at is None
    assert ready(place) == []
    assert [item.record.record_id for item in waiting_room.waiting(place.office).unfinished] == [record_id]


def test_nobody_is_called_in_twice(place: Workplace) -> None:
    record_id = prepared(place, 1)
    waiting_room.take(place.office, record_id)
    with pytest.raises(RuleError) as problem:
        waiting_room.take(place.office, record_id)
    assert problem.value.code == "waiting.taken"


def test_the_booth_goes_on_where_devices_are_left(place: Workplace) -> None:
    record_id = prepared(place, 1)
    waiting_room.take(place.office, record_id)
    recording.keep(place.office, record_id, [a_capture(part) for part in (Part.FACE, *FINGERS)])
    waiting_room.make_ready(place.office, record_id)
    assert waiting_room.take(place.office, record_id).step is Step.IRISES
    recording.keep(place.office, record_id, [a_capture(part) for part in Part])
    waiting_room.make_ready(place.office, record_id)
    assert waiting_room.take(place.office, record_id).step is Step.SIGNATURE  # nobody has signed under the answers
    recording.approve(place.office, record_id, APPROVED, a_capture(Part.SIGNATURE))
    waiting_room.make_ready(place.office, record_id)
    assert waiting_room.take(place.office, record_id).step is Step.REVIEW


def test_nobody_is_handed_over_with_open_biodata(place: Workplace) -> None:
    record_id = recording.start(place.office, good_answers(1)["nik"]).record.record_id
    with pytest.raises(RuleError) as problem:
        waiting_room.make_ready(place.office, record_id)
    assert problem.value.code == "waiting.not_prepared"
    assert ready(place) == []


def test_who_was_sealed_or_given_up_waits_no_more(place: Workplace) -> None:
    first, second = prepared(place, 1), prepared(place, 2)
    recording.withdraw(place.office, first, "pulang")
    assert ready(place) == [second]
    with pytest.raises(RuleError) as problem:
        waiting_room.take(place.office, first)
    assert problem.value.code == "record.not_draft"
