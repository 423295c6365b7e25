"""The order of the queue: numbers of the day, before others only for a reason, and every time it was left is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from station.desk import clock_guard, drafting, queue_report, recording, sealing, turns, verification, waiting_room
from station.desk.office import Operator
from station.domain import clock_jump
from station.domain.biometrics import Part
from station.domain.errors import AccessError, RuleError
from station.domain.steps import Step
from station.domain.turn import NO_REASON, Because, Jump, QueueDay, Why
from tests.support import APPROVED, Workplace, a_capture, filled, good_answers

PRIORITY = Because(Why.PREGNANT)


def queued(place: Workplace, serial: int) -> str:
    record_id = recording.start(place.office).record.record_id
    filled(place.office, record_id, good_answers(serial))
    waiting_room.make_ready(place.office, record_id)
    return record_id


def unnumbered(place: Workplace, serial: int) -> str:
    record_id = recording.start(place.office).record.record_id
    filled(place.office, record_id, good_answers(serial))
    return record_id


def report(place: Workplace) -> QueueDay:
    return queue_report.of_day(place.office, place.office.local_now().date())


def tomorrow(place: Workplace) -> None:
    place.clock.pass_time(timedelta(days=1).total_seconds())  # type: ignore[attr-defined]


def refused(place: Workplace, record_id: str, because: Because = NO_REASON) -> RuleError:
    with pytest.raises(RuleError) as problem:
        waiting_room.take(place.office, record_id, because)
    assert waiting_room.waiting(place.office).ready_in_all, "they go on waiting"
    return problem.value


def test_numbers_count_on_over_a_power_cut_and_a_restart_without_gap_or_twin(place: Workplace) -> None:
    people = [queued(place, 1), queued(place, 2)]
    waiting_room.take(place.office, people[0])
    recording.withdraw(place.office, people[0], "pulang")
    place.reopen()
    people.append(queued(place, 3))
    numbers = [waiting.ticket for waiting in waiting_room.waiting(place.office).ready]
    assert numbers == [2, 3]
    assert report(place).given == 3


def test_in_turn_nobody_is_asked_and_before_others_nobody_comes_without_a_reason(place: Workplace) -> None:
    first, second, third = (queued(place, serial) for serial in (1, 2, 3))
    problem = refused(place, third)
    assert (problem.code, problem.data) == ("waiting.out_of_turn", {"ticket": 3, "first": 1, "n": 2})
    assert refused(place, third, Because(Why.OTHER, " . ")).code == "waiting.no_words"
    waiting_room.take(place.office, third, Because(Why.OTHER, "Ambulans menunggu di luar"))
    waiting_room.take(place.office, first)
    waiting_room.take(place.office, second)
    day = report(place)
    assert [line.jump for line in day.lines] == [Jump.REFUSED, Jump.REFUSED, Jump.CALLED]
    assert (day.given, day.called, day.in_turn) == (3, 3, 2)
    last = day.lines[-1]
    assert (last.ticket, last.first, last.ahead, last.because.words) == (3, 1, 2, "Ambulans menunggu di luar")
    assert {line.operator_id for line in day.lines} == {place.office.operator.operator_id}


def test_the_line_about_somebody_preferred_names_a_number_and_no_record(place: Workplace) -> None:
    queued(place, 1)
    waiting_room.take(place.office, queued(place, 2), PRIORITY)
    with place.office.applicants.read() as connection:
        rows = connection.exec_driver_sql("SELECT record_id FROM audit WHERE action = 'call_out_of_turn'").scalars()
        assert list(rows) == [None], "why she was preferred is said of her body"


def test_the_trail_keeps_the_refused_try_over_a_restart_and_nobody_can_take_it_out(place: Workplace) -> None:
    queued(place, 1)
    refused(place, queued(place, 2))
    place.reopen()
    assert report(place).count(Jump.REFUSED) == 1
    with pytest.raises(Exception, match="append-only"), place.office.applicants.write() as connection:
        connection.exec_driver_sql("DELETE FROM audit WHERE action = 'call_refused'")


def test_a_number_counts_on_its_day_only_and_who_stayed_away_holds_nobody_up(place: Workplace) -> None:
    left = queued(place, 1)
    tomorrow(place)
    fresh = queued(place, 2)
    assert [item.ticket for item in waiting_room.waiting(place.office).ready] == [1, 1], "today's number stands first"
    assert waiting_room.waiting(place.office).ready[0].record.record_id == fresh
    assert refused(place, left).data["ticket"] == 0
    waiting_room.make_ready(place.office, left)
    assert [item.ticket for item in waiting_room.waiting(place.office).ready] == [1, 2]
    waiting_room.take(place.office, fresh)
    waiting_room.take(place.office, left)
    assert report(place).in_turn == 2


def test_who_waits_keeps_number_and_place_when_the_desk_corrects_something(place: Workplace) -> None:
    first, second = queued(place, 1), queued(place, 2)
    recording.answer(place.office, first, "address", "JL. CONTOH NO. 9")
    waiting_room.make_ready(place.office, first)
    assert [item.record.record_id for item in waiting_room.waiting(place.office).ready] == [first, second]
    assert report(place).given == 2


def test_no_device_takes_anything_of_somebody_who_was_not_called(place: Workplace) -> None:
    queued(place, 1)
    second = queued(place, 2)
    with pytest.raises(RuleError) as problem:
        recording.keep(place.office, second, [a_capture(Part.FACE)])
    assert problem.value.code == "waiting.not_called"


def test_who_is_recorded_past_the_queue_is_in_the_report_once(place: Workplace) -> None:
    queued(place, 1)
    past = recording.start(place.office).record.record_id
    filled(place.office, past, good_answers(2))
    recording.keep(place.office, past, [a_capture(Part.FACE)])
    recording.keep(place.office, past, [a_capture(Part.IRIS_LEFT)])
    (line,) = report(place).lines
    assert (line.jump, line.ticket, line.ahead) == (Jump.NO_NUMBER, 0, 1)


def test_with_nobody_waiting_recording_without_a_number_is_nothing_to_report(place: Workplace) -> None:
    alone = recording.start(place.office).record.record_id
    filled(place.office, alone, good_answers(1))
    recording.keep(place.office, alone, [a_capture(Part.FACE)])
    assert report(place).lines == ()


def test_who_signs_first_past_the_queue_is_in_the_report_once_too(place: Workplace) -> None:
    queued(place, 1)
    past = unnumbered(place, 2)
    recording.approve(place.office, past, APPROVED, a_capture(Part.SIGNATURE))
    recording.keep(place.office, past, [a_capture(Part.FACE)])
    assert [line.jump for line in report(place).lines] == [Jump.NO_NUMBER]


def test_what_is_captured_again_after_it_was_thrown_away_makes_no_second_line(place: Workplace) -> None:
    queued(place, 1)
    past = unnumbered(place, 2)
    recording.keep(place.office, past, [a_capture(Part.FACE)])
    recording.discard(place.office, past, [Part.FACE])
    recording.keep(place.office, past, [a_capture(Part.FACE)])
    assert len(report(place).lines) == 1


def test_who_comes_back_on_another_day_past_the_queue_is_in_the_report_of_that_day(place: Workplace) -> None:
    back = unnumbered(place, 1)
    recording.keep(place.office, back, [a_capture(Part.FINGER_02, whose="orang 1")])
    tomorrow(place)
    queued(place, 2)
    assert recording.resume(place.office, back).ahead == 1
    verification.verify(place.office, back, [a_capture(Part.FINGER_02, whose="orang 1")])
    for part in (Part.IRIS_LEFT, Part.IRIS_RIGHT):
        draft = recording.keep(place.office, back, [a_capture(part)])
    assert [line.jump for line in report(place).lines] == [Jump.NO_NUMBER]
    assert draft.ahead == 0, "told once a day, and nothing is asked of them any more"


def test_without_a_number_nobody_passes_others_without_a_reason(place: Workplace) -> None:
    queued(place, 1)
    past = unnumbered(place, 2)
    assert drafting.as_it_stands(place.office, past).ahead == 1
    with pytest.raises(RuleError) as problem:
        waiting_room.let_past(place.office, past, Step.PHOTO)
    assert (problem.value.code, problem.value.data) == ("waiting.out_of_turn", {"ticket": 0, "first": 1, "n": 1})
    draft = waiting_room.let_past(place.office, past, Step.SIGNATURE, PRIORITY)
    assert (draft.step, draft.ahead) == (Step.SIGNATURE, 0)
    recording.keep(place.office, past, [a_capture(Part.FACE)])
    day = report(place)
    assert [line.jump for line in day.lines] == [Jump.REFUSED, Jump.CALLED], "and not once more without a number"
    assert (day.called, day.in_turn) == (1, 0)
    with pytest.raises(RuleError, match="not_called"):
        waiting_room.let_past(place.office, queued(place, 3), Step.PHOTO, PRIORITY)


def test_who_was_in_the_middle_when_others_began_to_wait_passes_nobody(place: Workplace) -> None:
    alone = unnumbered(place, 1)
    recording.keep(place.office, alone, [a_capture(Part.FACE)])
    queued(place, 2)
    assert drafting.as_it_stands(place.office, alone).ahead == 0
    recording.keep(place.office, alone, [a_capture(Part.IRIS_LEFT)])
    assert report(place).lines == ()


def test_who_is_left_from_another_day_is_called_in_the_order_of_that_day(place: Workplace) -> None:
    first, second = queued(place, 1), queued(place, 2)
    tomorrow(place)
    assert refused(place, second).data == {"ticket": 0, "first": 1, "n": 1}
    waiting_room.take(place.office, first)
    waiting_room.take(place.office, second)
    recording.keep(place.office, second, [a_capture(Part.FACE)])
    assert [line.jump for line in report(place).lines] == [Jump.REFUSED]


def test_a_clock_that_jumps_into_another_day_lets_nobody_past(place: Workplace) -> None:
    first, second = queued(place, 1), queued(place, 2)
    tomorrow(place)
    clock_guard.note(place.office, clock_jump.Jump(place.office.now(), timedelta(days=1)))
    third = queued(place, 3)
    assert [item.ticket for item in waiting_room.waiting(place.office).ready] == [1, 2, 3]
    assert all(item.counts for item in waiting_room.waiting(place.office).ready)
    assert refused(place, third).data == {"ticket": 3, "first": 1, "n": 2}
    assert drafting.as_it_stands(place.office, unnumbered(place, 4)).ahead == 3
    assert turns.with_number(place.office, 2) == second
    for record_id in (first, second, third):
        waiting_room.take(place.office, record_id)


def test_no_number_is_given_twice_when_the_clock_goes_forth_and_back(place: Workplace) -> None:
    queued(place, 1)
    moved = queued(place, 2)
    tomorrow(place)
    waiting_room.make_ready(place.office, moved)
    place.clock.pass_time(-timedelta(days=1).total_seconds())  # type: ignore[attr-defined]
    queued(place, 3)
    assert 3 in [item.ticket for item in waiting_room.waiting(place.office).ready]
    assert report(place).given == 3


def test_the_numbers_of_a_day_stay_in_its_report_when_somebody_gets_another_the_next_day(place: Workplace) -> None:
    queued(place, 1)
    left = queued(place, 2)
    day = place.office.local_now().date()
    waiting_room.make_ready(place.office, left)
    tomorrow(place)
    waiting_room.make_ready(place.office, left)
    assert queue_report.of_day(place.office, day).given == 2
    assert report(place).given == 1


def test_nobody_is_sealed_while_they_wait(place: Workplace) -> None:
    record_id = place.draft(1)
    waiting_room.make_ready(place.office, record_id)
    with pytest.raises(RuleError, match="not_called"):
        sealing.seal(place.office, record_id)
    waiting_room.take(place.office, record_id)
    assert sealing.seal(place.office, record_id).record.sealed_at is not None


def test_a_number_leads_to_who_waits_with_it_today(place: Workplace) -> None:
    first = queued(place, 1)
    assert turns.with_number(place.office, 1) == first
    for number in (0, 2, 9999):
        with pytest.raises(RuleError) as problem:
            turns.with_number(place.office, number)
        assert problem.value.code == "waiting.no_such_number"
    tomorrow(place)
    with pytest.raises(RuleError, match="waiting"):
        turns.with_number(place.office, 1)


def test_the_report_is_for_whoever_may_read_sums(place: Workplace) -> None:
    place.office.operator = Operator(place.office.operator.operator_id, "Kepala", "head")
    assert report(place).lines == ()
    place.office.operator = Operator(place.office.operator.operator_id, "Siapa", "nobody")
    with pytest.raises(AccessError):
        report(place)
