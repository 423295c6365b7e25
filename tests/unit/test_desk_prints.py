"""Nothing is captured twice and nothing by mistake: prints are compared before they are kept, by the real matcher."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from station import failpoint
from station.capture.lab import Lab, Message
from station.desk import officers, prints, recording, sealing, signin
from station.domain.biometrics import FINGERS, LEFT_FOUR, RIGHT_FOUR, THUMBS, Capture, DeviceInfo, Part
from station.domain.errors import DeviceError, RuleError
from station.domain.record import Move, State, after
from station.domain.steps import Step
from station.store import audit, captures, known_prints, records
from tests.fakes.scripted_device import minutiae
from tests.support import APPROVED, Workplace, a_capture, filled, good_answers, seal


@pytest.fixture
def place(place: Workplace, lab: Lab) -> Workplace:
    place.lab = lab
    return place


def finger(part: Part, whose: str = "siti", real: Part | None = None) -> Capture:
    """A capture of `part`, on which the finger `real` of somebody lies."""
    return replace(a_capture(part), template=minutiae(f"{whose} {(real or part).value}"))


def fingers(parts: Iterable[Part], whose: str = "siti") -> list[Capture]:
    return [finger(part, whose) for part in parts]


def new_draft(place: Workplace, serial: int = 1) -> str:
    """A draft of somebody of whom nothing but the NIK is known yet."""
    record_id = recording.start(place.office).record.record_id
    recording.answer(place.office, record_id, "nik", good_answers(serial)["nik"])
    return record_id


def sealed(place: Workplace, serial: int, whose: str) -> str:
    """A sealed record with ten comparable fingers; they were not verified, for a reason."""
    record_id = new_draft(place, serial)
    filled(place.office, record_id, good_answers(serial))
    others = [a_capture(part) for part in (Part.FACE, Part.IRIS_RIGHT, Part.IRIS_LEFT)]
    recording.keep(place.office, record_id, [*others, *fingers(FINGERS, whose)])
    for item in recording.approve(place.office, record_id, APPROVED, a_capture(Part.SIGNATURE)).open_warnings:
        recording.confirm(place.office, record_id, item.field, item.code, "pembaca rusak")
    sealing.seal(place.office, record_id)
    return record_id


def stop_of(place: Workplace, record_id: str, taken: list[Capture]) -> tuple[str, dict[str, object]]:
    """Code and data of the rule that stops `taken`; nothing may be kept of it, and the audit knows of it."""
    with place.office.applicants.read() as connection:
        before = captures.all_of(connection, record_id)
        lines = len(audit.lines_of(connection, record_id))
    with pytest.raises(RuleError) as problem:
        recording.keep(place.office, record_id, taken)
    with place.office.applicants.read() as connection:
        assert captures.all_of(connection, record_id) == before
        found = audit.lines_of(connection, record_id)
        if problem.value.code != "capture.simulated":
            assert len(found) == lines + 1
            assert (found[-1].action, found[-1].detail) == ("capture_stopped", {"code": problem.value.code})
    return problem.value.code, problem.value.data


def test_ten_fingers_of_one_person_are_kept_with_their_minutiae(place: Workplace) -> None:
    record_id = new_draft(place)
    for slap in (RIGHT_FOUR, LEFT_FOUR, THUMBS):
        draft = recording.keep(place.office, record_id, fingers(slap))
    assert set(draft.captures) == set(FINGERS)
    assert all(card.comparable for card in draft.captures.values())


def test_the_same_finger_is_not_taken_for_two(place: Workplace) -> None:
    record_id = new_draft(place)
    recording.keep(place.office, record_id, fingers(RIGHT_FOUR))
    wrong = [finger(Part.FINGER_01, real=Part.FINGER_03), finger(Part.FINGER_06)]
    said = {"part": "finger-01", "other": "finger-03"}
    assert stop_of(place, record_id, wrong) == ("capture.same_finger", said)
    twice = [*fingers(LEFT_FOUR[:3]), finger(LEFT_FOUR[3], real=LEFT_FOUR[0])]
    code, twins = stop_of(place, record_id, twice)
    assert (code, set(twins.values())) == ("capture.same_finger_here", {"finger-07", "finger-10"})


def test_the_other_hand_is_recognised(place: Workplace) -> None:
    record_id = new_draft(place)
    recording.keep(place.office, record_id, fingers(RIGHT_FOUR))
    swapped = [finger(part, real=RIGHT_FOUR[number]) for number, part in enumerate(LEFT_FOUR)]
    found = ("capture.hands_swapped", {"others": tuple(part.value for part in RIGHT_FOUR)})
    assert stop_of(place, record_id, swapped) == found


def test_when_every_hand_came_first_under_the_other_name_the_earlier_captures_can_be_thrown_away(
    place: Workplace,
) -> None:
    record_id = new_draft(place)
    for right, left in (RIGHT_FOUR, LEFT_FOUR), (LEFT_FOUR, RIGHT_FOUR):
        recording.keep(place.office, record_id, [finger(part, real=left[n]) for n, part in enumerate(right)])
    recording.keep(place.office, record_id, [replace(a_capture(Part.FACE), remarks=("face.background",))])
    code, told = stop_of(place, record_id, fingers(RIGHT_FOUR))
    assert code == "capture.hands_swapped"
    others = [Part(str(name)) for name in told["others"]]  # type: ignore[attr-defined]
    draft = recording.discard(place.office, record_id, others)
    assert set(draft.captures) == {Part.FACE, *RIGHT_FOUR}
    code, told = stop_of(place, record_id, fingers(RIGHT_FOUR))
    assert code == "capture.other_than_before"
    recording.discard(place.office, record_id, [Part(str(name)) for name in told["others"]])  # type: ignore[attr-defined]
    recording.keep(place.office, record_id, fingers(RIGHT_FOUR))
    assert len(recording.keep(place.office, record_id, fingers(LEFT_FOUR)).captures) == 9


def test_a_finger_may_be_captured_again_and_a_hand_too_whose_first_try_was_the_other_one(place: Workplace) -> None:
    record_id = new_draft(place)
    recording.keep(place.office, record_id, fingers(RIGHT_FOUR))
    recording.keep(place.office, record_id, fingers(RIGHT_FOUR))
    recording.keep(place.office, record_id, [finger(Part.FINGER_02)])
    # The wrong hand came first: it is deleted, the right one comes, and then the left one is welcome.
    other = new_draft(place, 2)
    wrong = [finger(part, "budi", LEFT_FOUR[n]) for n, part in enumerate(RIGHT_FOUR)]
    recording.keep(place.office, other, wrong)
    assert stop_of(place, other, fingers(RIGHT_FOUR, "budi"))[0] == "capture.other_than_before"
    recording.discard(place.office, other, RIGHT_FOUR)
    recording.keep(place.office, other, fingers(RIGHT_FOUR, "budi"))
    assert len(recording.keep(place.office, other, fingers(LEFT_FOUR, "budi")).captures) == 8


def test_a_try_that_was_another_finger_than_the_kept_one_is_stopped_and_not_just_dropped_as_worse(
    place: Workplace,
) -> None:
    record_id, part = new_draft(place), Part.FINGER_02
    recording.keep(place.office, record_id, [replace(finger(part, real=Part.FINGER_03), quality=80)])
    right = replace(finger(part), quality=60)
    found = ("capture.other_than_before", {"part": part.value, "others": (part.value,)})
    assert stop_of(place, record_id, [right]) == found
    better = replace(finger(part, real=Part.FINGER_04), quality=90)
    assert stop_of(place, record_id, [better]) == found
    recording.discard(place.office, record_id, [part])
    assert recording.keep(place.office, record_id, [right]).captures[part].quality == 60


def test_also_a_weak_try_that_is_not_like_a_good_one_is_stopped(place: Workplace) -> None:
    record_id, part = new_draft(place), Part.FINGER_02
    recording.keep(place.office, record_id, [replace(finger(part, real=Part.FINGER_03), quality=80)])
    assert stop_of(place, record_id, [replace(finger(part), quality=20)])[0] == "capture.other_than_before"


def test_tries_that_are_not_like_a_weak_one_are_tries_of_a_finger_that_is_hard_to_read(place: Workplace) -> None:
    record_id, part = new_draft(place), Part.FINGER_02
    recording.keep(place.office, record_id, [replace(finger(part), quality=20)])
    assert recording.keep(place.office, record_id, [finger(part, "clean")]).captures[part].quality == 60
    recording.discard(place.office, record_id, [part])
    for attempt, whose in enumerate(("siti", "dry", "worn"), start=1):
        draft = recording.keep(place.office, record_id, [replace(finger(part, whose), quality=20 + attempt)])
        assert (draft.captures[part].quality, draft.captures[part].attempts) == (20 + attempt, attempt)
    assert draft.weak == (), "its tries are used up, nobody is caught in a circle"


def test_a_try_is_compared_with_none_that_has_no_minutiae(place: Workplace) -> None:
    record_id, part = new_draft(place), Part.FINGER_02
    recording.keep(place.office, record_id, [replace(a_capture(part), quality=80)])
    assert recording.keep(place.office, record_id, [finger(part)]).captures[part].comparable


def test_of_two_eyes_that_are_as_good_the_one_stays_of_which_less_was_said(place: Workplace) -> None:
    record_id, part = new_draft(place), Part.IRIS_LEFT
    clean, lens = a_capture(part), replace(a_capture(part), remarks=("iris.lens",))
    for eye in (clean, lens, clean):
        assert recording.keep(place.office, record_id, [eye]).captures[part].remarks == ()
    recording.discard(place.office, record_id, [part])
    for eye in (lens, clean):
        assert recording.keep(place.office, record_id, [eye]).captures[part].remarks == eye.remarks


def test_somebody_whose_fingers_cannot_be_read_does_not_make_the_station_forget_the_person_before(
    place: Workplace,
) -> None:
    sealed(place, 1, "siti")
    dry = place.draft(2)
    with place.office.applicants.write() as connection:
        for part in FINGERS:
            captures.put(connection, dry, a_capture(part))  # nothing can be read in them
    seal(place.office, dry)
    assert stop_of(place, new_draft(place, 3), fingers(RIGHT_FOUR, "siti"))[0] == "capture.previous_person"


def test_fingers_of_the_person_recorded_before_are_stopped_and_of_the_one_before_them_not(place: Workplace) -> None:
    sealed(place, 1, "siti")
    record_id = new_draft(place, 2)
    wrong = [*fingers(RIGHT_FOUR[:3], "budi"), finger(RIGHT_FOUR[3], "siti")]
    assert stop_of(place, record_id, wrong) == ("capture.previous_person", {"part": RIGHT_FOUR[3].value})
    assert stop_of(place, record_id, [finger(Part.FINGER_01, "siti", Part.FINGER_06)])[0] == "capture.previous_person"
    sealed(place, 3, "wayan")
    recording.keep(place.office, record_id, fingers(RIGHT_FOUR, "siti"))  # nobody remembers two people
    with place.office.applicants.read() as connection:
        (owner,) = known_prints.all_of(connection)
        assert known_prints.record_of(owner) != ""


def test_a_correction_is_not_stopped_by_the_persons_own_fingers_and_does_not_make_them_the_last_one(
    place: Workplace,
) -> None:
    first = sealed(place, 1, "siti")
    with place.office.applicants.write() as connection:  # refused and reopened: as the same record, next revision
        stored = records.get(connection, first)
        assert stored is not None
        entry = replace(stored.record, state=after(State.REJECTED, Move.REOPEN), revision=2)
        records.save(connection, replace(stored, record=entry))
    recording.keep(place.office, first, fingers(RIGHT_FOUR, "siti"))
    sealed(place, 2, "budi")
    others = [a_capture(part) for part in (Part.FACE, Part.IRIS_RIGHT, Part.IRIS_LEFT)]
    recording.keep(place.office, first, [*others, *fingers(FINGERS, "siti")])
    draft = recording.approve(place.office, first, APPROVED, a_capture(Part.SIGNATURE))
    for item in draft.open_warnings:
        recording.confirm(place.office, first, item.field, item.code, "perbaikan")
    sealing.seal(place.office, first)
    with place.office.applicants.read() as connection:
        (known,) = known_prints.all_of(connection).values()
    assert known[Part.FINGER_02] == minutiae("budi finger-02")


def test_another_record_of_the_same_person_is_not_stopped_by_their_own_fingers(place: Workplace) -> None:
    """Central could not use the first one, or it was withdrawn: it is the same NIK, hence the same fingers."""
    first = sealed(place, 1, "siti")
    with place.office.applicants.write() as connection:
        stored = records.get(connection, first)
        assert stored is not None
        records.save(connection, replace(stored, record=replace(stored.record, state=State.WITHDRAWN)))
    again = new_draft(place, 1)
    assert recording.keep(place.office, again, fingers(RIGHT_FOUR, "siti")).captures
    stranger = new_draft(place, 2)
    assert stop_of(place, stranger, fingers(RIGHT_FOUR, "siti"))[0] == "capture.previous_person"


def test_an_officers_own_finger_is_never_the_applicants(place: Workplace) -> None:
    office = place.office
    assert officers.keep_prints(office, fingers(RIGHT_FOUR, "petugas")) == RIGHT_FOUR
    assert officers.keep_prints(office, fingers(THUMBS, "petugas")) == officers.prints_kept(office)
    assert set(officers.prints_kept(office)) == {*RIGHT_FOUR, *THUMBS}
    record_id = new_draft(place)
    wrong = [*fingers(LEFT_FOUR[1:]), finger(LEFT_FOUR[0], "petugas", Part.FINGER_01)]
    assert stop_of(place, record_id, wrong) == ("capture.operators_finger", {"part": LEFT_FOUR[0].value})
    sealed(place, 2, "budi")  # whoever is recorded: officers stay known
    assert stop_of(place, record_id, wrong)[0] == "capture.operators_finger"
    with pytest.raises(RuleError, match=r"officer\.no_prints"):
        officers.keep_prints(office, [a_capture(Part.FINGER_01)])


def test_fingers_without_minutiae_are_compared_with_nothing_and_each_needs_a_reason(place: Workplace) -> None:
    record_id = new_draft(place)
    recording.keep(place.office, record_id, [a_capture(part) for part in RIGHT_FOUR])
    draft = recording.keep(place.office, record_id, [a_capture(part) for part in LEFT_FOUR])
    assert not any(card.comparable for card in draft.captures.values())
    assert draft.to_verify == ()
    warned = {item.field for item in draft.open_captures if item.code == "capture.not_comparable"}
    assert warned == {f"capture.{part.value}" for part in (*RIGHT_FOUR, *LEFT_FOUR)}


# ------------------------------------------------------------------------------------------------ drafts of today


def test_the_fingers_of_somebody_whose_draft_is_still_open_are_stopped(place: Workplace) -> None:
    recording.keep(place.office, new_draft(place, 1), fingers((*RIGHT_FOUR, *LEFT_FOUR), "siti"))
    record_id = new_draft(place, 2)
    wrong = [*fingers(RIGHT_FOUR[:3], "budi"), finger(RIGHT_FOUR[3], "siti")]
    assert stop_of(place, record_id, wrong) == ("capture.previous_person", {"part": RIGHT_FOUR[3].value})
    # Also with the hands swapped: the same finger of the other hand is compared too.
    swapped = [finger(part, "siti", LEFT_FOUR[number]) for number, part in enumerate(RIGHT_FOUR)]
    assert stop_of(place, record_id, swapped)[0] == "capture.previous_person"
    assert recording.keep(place.office, record_id, fingers(RIGHT_FOUR, "budi")).captures


def test_two_drafts_of_one_person_do_not_stop_each_other(place: Workplace) -> None:
    for _ in range(2):
        assert recording.keep(place.office, new_draft(place, 1), fingers(RIGHT_FOUR, "siti")).captures


def test_a_draft_of_yesterday_stops_nobody_nor_does_one_that_was_given_up(place: Workplace) -> None:
    given_up = new_draft(place, 1)
    recording.keep(place.office, given_up, fingers(RIGHT_FOUR, "siti"))
    recording.withdraw(place.office, given_up, "pulang")
    recording.keep(place.office, new_draft(place, 2), fingers(RIGHT_FOUR, "budi"))
    assert stop_of(place, new_draft(place, 3), fingers(RIGHT_FOUR, "budi"))[0] == "capture.previous_person"
    place.clock.pass_time(24 * 3600)  # type: ignore[attr-defined]
    for serial, whose in enumerate(("siti", "budi"), start=4):
        assert recording.keep(place.office, new_draft(place, serial), fingers(RIGHT_FOUR, whose)).captures


def test_only_the_newest_open_drafts_are_looked_at(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing takes time, and somebody waits: however many drafts lie about, it takes no longer."""
    monkeypatch.setattr(prints, "OPEN_DRAFTS", 2)
    for number, whose in enumerate(("siti", "budi", "wayan"), start=1):
        recording.keep(place.office, new_draft(place, number), fingers(RIGHT_FOUR, whose))
        place.clock.pass_time(60)  # type: ignore[attr-defined]
    empty = new_draft(place, 4)  # nothing is kept of this one: it does not count among the newest
    record_id = new_draft(place, 5)
    for whose in ("wayan", "budi"):
        assert stop_of(place, record_id, fingers(RIGHT_FOUR, whose))[0] == "capture.previous_person"
    assert recording.keep(place.office, record_id, fingers(RIGHT_FOUR, "siti")).captures
    assert recording.resume(place.office, empty).captures == {}


# ------------------------------------------------------------------------------------------------- best of three


def test_each_try_is_kept_at_once_the_best_stays_and_they_are_counted_over_a_restart(place: Workplace) -> None:
    part, record_id = Part.FINGER_02, new_draft(place)
    said = []
    for quality in (20, 31, 25):
        draft = recording.keep(place.office, record_id, [replace(finger(part), quality=quality)])
        lab = place.lab
        place.reopen()  # as after a power cut: nothing is held back anywhere
        place.lab = lab
        card = recording.resume(place.office, record_id).captures[part]
        assert card == draft.captures[part]
        weak = [item.code for item in draft.open_captures if item.field == "capture.finger-02"]
        said.append((card.quality, card.attempts, weak, draft.weak))
    assert said == [(20, 1, ["capture.weak"], (part,)), (31, 2, ["capture.weak"], (part,)), (31, 3, [], ())]


def test_a_reason_given_for_a_weak_finger_stands_until_a_better_one_comes(place: Workplace) -> None:
    part, record_id = Part.FINGER_02, new_draft(place)
    recording.keep(place.office, record_id, [replace(finger(part), quality=30)])
    draft = recording.confirm(place.office, record_id, "capture.finger-02", "capture.weak", "kulit aus")
    assert draft.weak == ()
    draft = recording.keep(place.office, record_id, [replace(finger(part), quality=10)])
    assert (draft.captures[part].attempts, draft.weak, len(draft.confirmed)) == (2, (), 1)
    draft = recording.keep(place.office, record_id, [replace(finger(part), quality=60)])
    assert (draft.captures[part].quality, draft.confirmed) == (60, ())


def test_a_step_with_a_weak_finger_is_not_done(place: Workplace) -> None:
    record_id = place.draft()
    weak = replace(finger(Part.FINGER_02), quality=30)
    recording.discard(place.office, record_id, [Part.FINGER_02])
    assert not recording.keep(place.office, record_id, [weak]).done(Step.FINGERS)
    assert recording.confirm(place.office, record_id, "capture.finger-02", "capture.weak", "aus").done(Step.FINGERS)


# --------------------------------------------------------------------------------------------- while comparing


def test_what_was_kept_while_prints_were_compared_is_compared_too(place: Workplace) -> None:
    """Another capture of the same draft is kept between the comparing and the writing: it is not overlooked."""
    record_id = new_draft(place)
    reached: list[str] = []

    def sneak(name: str) -> None:
        if name == "capture.compared.finger-02" and not reached:
            reached.append(name)
            with place.office.applicants.write() as connection:
                captures.put(connection, record_id, finger(Part.FINGER_07))

    with failpoint.armed(sneak), pytest.raises(RuleError, match=r"capture\.same_finger"):
        recording.keep(place.office, record_id, [finger(Part.FINGER_02, real=Part.FINGER_07)])
    assert reached


@pytest.mark.parametrize(
    "device", [("CONTOH", "sbi"), ("Contoh ", "sbi"), ("MOSIP", "simulated"), ("Uji", "simulator")]
)
def test_drawn_people_are_never_recorded_at_a_real_station(place: Workplace, device: tuple[str, str]) -> None:
    record_id = new_draft(place)
    make, driver = device
    drawn = [
        replace(item, device=DeviceInfo(item.part.modality, "SIM-1", make, "Uji", driver))
        for item in (a_capture(Part.FACE), finger(Part.FINGER_02))
    ]
    training = replace(place.office.station, training=True)
    place.office.station = replace(training, training=False)
    for item in drawn:
        assert stop_of(place, record_id, [item])[0] == "capture.simulated"
    with pytest.raises(RuleError, match=r"capture\.simulated"):
        officers.keep_prints(place.office, drawn[1:])
    place.office.station = training
    assert len(recording.keep(place.office, record_id, drawn).captures) == 2


class UnluckyLab(Lab):
    """Its child dies of the questions whose numbers are in `dies_of`."""

    def __init__(self, dies_of: set[int]) -> None:
        super().__init__()
        self.dies_of, self.asked = dies_of, 0

    def ask(self, task: str, *question: Any, **limits: Any) -> Message:
        self.asked += 1
        if self.asked in self.dies_of:
            raise DeviceError("lab.crashed", task=task)
        return super().ask(task, *question, **limits)


def test_a_crash_of_the_matcher_costs_one_more_try(place: Workplace) -> None:
    place.lab = lab = UnluckyLab({1, 3, 4})
    record_id = new_draft(place)
    assert recording.keep(place.office, record_id, fingers(RIGHT_FOUR)).captures
    with pytest.raises(DeviceError, match=r"lab\.crashed"):
        recording.keep(place.office, record_id, [finger(LEFT_FOUR[0])])
    assert set(recording.resume(place.office, record_id).captures) == set(RIGHT_FOUR)
    assert recording.keep(place.office, record_id, fingers(LEFT_FOUR)).captures
    lab.close()


def test_what_is_no_minutiae_record_is_the_devices_fault_and_keeps_nothing(place: Workplace) -> None:
    record_id = new_draft(place)
    broken = replace(finger(Part.FINGER_02), template=b"FMR\0 20\0 nonsense")
    with pytest.raises(DeviceError):
        recording.keep(place.office, record_id, [broken, finger(Part.FINGER_03)])
    assert recording.resume(place.office, record_id).captures == {}


def test_the_person_before_is_forgotten_overnight(place: Workplace) -> None:
    sealed(place, 1, "siti")
    who = place.office.operator.operator_id
    officers.keep_prints(place.office, fingers(RIGHT_FOUR, "petugas"))
    place.reopen()
    with place.office.applicants.read() as connection:
        assert len(known_prints.all_of(connection)) == 2
    place.clock.pass_time(signin.PREVIOUS_KEPT.total_seconds() + 1)  # type: ignore[attr-defined]
    place.reopen()
    with place.office.applicants.read() as connection:
        assert set(known_prints.all_of(connection)) == {known_prints.operator(who)}


def test_the_audit_tells_that_somebody_was_stopped_and_not_who(place: Workplace) -> None:
    record_id = new_draft(place)
    recording.keep(place.office, record_id, fingers(RIGHT_FOUR))
    stop_of(place, record_id, [finger(Part.FINGER_01, real=Part.FINGER_03)])
    with place.office.applicants.read() as connection:
        told = json.dumps([dict(line.detail) for line in audit.lines_of(connection, record_id)])
        assert audit.first_broken(connection) is None
    assert "finger" not in told.replace("capture.same_finger", "")
