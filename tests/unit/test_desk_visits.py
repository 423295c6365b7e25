"""What becomes of a visit: only what they came for is open, and a record that central has is never lost by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from station.capture.lab import Lab, Message
from station.capture.tasks import fingers
from station.desk import exceptions, healing, inviting, papers, recording, records, verification
from station.domain.biometrics import Capture, ExceptionCode, Part
from station.domain.checklist import Seen, wanted
from station.domain.delivery import Stage
from station.domain.draft import Draft
from station.domain.errors import DeviceError, RuleError
from station.domain.outcome import Accepted, Reason
from station.domain.recapture import KnownBy
from station.domain.record import RecordKey, State
from station.domain.service import Service
from station.store import known_prints
from station.store.records import Stored, get
from station.wire import Event, RefusalReason
from tests.support import TODAY, Workplace, a_capture, good_answers, seal
from tests.unit.test_desk_exceptions import PHOTO
from tests.unit.test_desk_inviting import BANDAGED, HEALED, INDEX, WOUND, finished, left_out, sealed, wait
from tests.unit.test_desk_reopening import drawn

THUMB = Part.FINGER_01
RECEIPT = Accepted("a.b.c", "central-3325-00000001", TODAY)
REASONS = [Reason("face.blurred", "face")]


class FaultyLab(Lab):
    """Refuses to look at prints with `code`, once there is one."""

    def __init__(self, real: Lab) -> None:
        super().__init__()
        self.real, self.code = real, ""

    def ask(self, task: str, *question: Any, **limits: Any) -> Message:
        if task == "finger_read" and self.code:
            raise DeviceError(self.code, task=task)
        return self.real.ask(task, *question, **limits)


@pytest.fixture(scope="module")
def impressions(lab: Lab) -> tuple[Capture, Capture]:
    """One drawn finger, placed twice."""
    first, second = (fingers.read(lab, drawn(number), (INDEX,))[0] for number in (1, 2))
    kept = replace(a_capture(INDEX), image=first.wsq, template=first.template)
    return kept, replace(kept, image=second.wsq, template=second.template)


@pytest.fixture
def faulty(lab: Lab) -> FaultyLab:
    return FaultyLab(lab)


@pytest.fixture
def place(place: Workplace, faulty: FaultyLab) -> Workplace:
    place.lab = faulty
    return place


def visit(place: Workplace, record_id: str) -> Draft:
    """They are here again, known by a document: a finger is compared in other tests."""
    word = place.vouched(record_id, [BANDAGED], KnownBy.DOCUMENT)
    return inviting.recapture(place.office, record_id, reason="KK asli", voucher=word)


def refuse(place: Workplace, key: RecordKey) -> None:
    """As the change feed says it, also of a record that central has taken before."""
    place.depot.outbox.offer([key], at=TODAY)
    reasons = tuple(RefusalReason(code=item.code, field=item.field, detail=item.detail) for item in REASONS)
    said = Event(kind="record.refused", record_id=key.record_id, revision=key.revision, reasons=reasons, at=TODAY)
    place.depot.changes.apply(f"{key}", [said], at=TODAY)
    healing.catch_up(place.office)


def accept(place: Workplace, key: RecordKey) -> None:
    place.depot.outbox.settle(key, RECEIPT)
    healing.catch_up(place.office)


def stored_of(place: Workplace, record_id: str) -> Stored:
    with place.office.applicants.read() as connection:
        stored = get(connection, record_id)
    assert stored is not None
    return stored


def standing_of(place: Workplace, record_id: str) -> tuple[State, int]:
    entry = stored_of(place, record_id).record
    return entry.state, entry.revision


@pytest.mark.parametrize("set_aside_before", [False, True])
def test_a_refusal_that_comes_during_a_visit_is_there_when_nothing_comes_of_it(
    place: Workplace, set_aside_before: bool
) -> None:
    record_id = sealed(place)
    first = RecordKey(record_id, 1)
    wait(place, 15)
    visit(place, record_id)
    refuse(place, first)
    healing.heal(place.office)  # the next sign-in
    assert place.stage(first) is Stage.REJECTED
    if set_aside_before:  # as an older version did
        place.depot.outbox.replace([first])
    recording.withdraw(place.office, record_id, "pulang")
    assert standing_of(place, record_id) == (State.REJECTED, 1)
    assert list(stored_of(place, record_id).refused) == REASONS


def test_a_refusal_of_the_revision_before_is_set_aside_once_central_has_accepted_the_visit(place: Workplace) -> None:
    record_id = sealed(place)
    first, second = RecordKey(record_id, 1), RecordKey(record_id, 2)
    wait(place, 15)
    finished(place, visit(place, record_id))
    refuse(place, first)
    healing.heal(place.office)
    assert (place.stage(first), *standing_of(place, record_id)) == (Stage.REJECTED, State.SEALED, 2)
    accept(place, second)
    healing.heal(place.office)
    assert (place.stage(first), *standing_of(place, record_id)) == (Stage.REPLACED, State.ACCEPTED, 2)


@pytest.mark.parametrize("accepted_first", [False, True])
def test_a_refused_visit_that_is_given_up_leaves_the_record_that_central_has(
    place: Workplace, accepted_first: bool
) -> None:
    record_id = sealed(place)
    accept(place, RecordKey(record_id, 1))
    wait(place, 15)
    finished(place, visit(place, record_id))
    if accepted_first:
        accept(place, RecordKey(record_id, 2))
    refuse(place, RecordKey(record_id, 2))
    assert records.reopen(place.office, record_id).record.revision == 3
    recording.withdraw(place.office, record_id, "tidak jadi")
    assert standing_of(place, record_id) == (State.ACCEPTED, 1)
    with pytest.raises(RuleError, match=r"applicant\.recorded_here"):
        recording.start(place.office, good_answers(1)["nik"], "tetap")
    assert [item.parts for item in inviting.to_invite_again(place.office)] == [(BANDAGED,)]
    # The next visit is no revision that central has refused, and its packet is not taken for a sealed draft.
    assert visit(place, record_id).record.revision == 3
    healing.finish_interrupted_seals(place.office)
    assert standing_of(place, record_id)[0] is State.DRAFT


def test_a_correction_of_a_visit_is_made_without_the_person(
    place: Workplace, impressions: tuple[Capture, Capture]
) -> None:
    record_id = sealed(place, impressions[0])
    wait(place, 15)
    finished(place, inviting.recapture(place.office, record_id, [impressions[1]]))
    refuse(place, RecordKey(record_id, 2))
    records.reopen(place.office, record_id)
    with place.office.applicants.write() as connection:  # somebody else was recorded in between
        known_prints.replace_previous(connection, "somebody", {INDEX: b"other"}, place.office.now())
    seal(place.office, record_id)
    with place.office.applicants.read() as connection:
        assert known_prints.previous("somebody") in known_prints.all_of(connection)


def test_what_was_sealed_before_stays_closed_and_what_they_came_for_is_open(
    place: Workplace, impressions: tuple[Capture, Capture]
) -> None:
    office, record_id = place.office, sealed(place, impressions[0])
    wait(place, 15)
    visit(place, record_id)
    code, day = ExceptionCode.BANDAGE, (office.context.today.replace(year=office.context.today.year + 1))
    deeds: list[Callable[[], object]] = [
        lambda: recording.keep(office, record_id, [a_capture(Part.FACE)]),
        lambda: recording.keep(office, record_id, [a_capture(BANDAGED), a_capture(THUMB)]),
        lambda: recording.discard(office, record_id, [INDEX]),
        lambda: exceptions.grant(office, record_id, [THUMB], code, "perban", None, day, PHOTO),
        lambda: exceptions.revoke(office, record_id, WOUND),
        lambda: recording.answer(office, record_id, "nik", good_answers(2)["nik"]),
    ]
    for deed in deeds:
        with pytest.raises(RuleError, match=r"recapture\.not_open"):
            deed()
    draft = recording.resume(office, record_id)
    assert (draft.missing, draft.record.nik) == ((BANDAGED,), good_answers(1)["nik"])
    stricter = replace(draft, policy=replace(draft.policy, finger_quality=70))
    assert stricter.weak == (), "what stays closed is not asked for once more"
    # Somebody's index fingers are not due, but they are verified: what is compared is never kept.
    assert draft.to_verify == (INDEX,)
    assert verification.verify(office, record_id, [impressions[1]]).verification[INDEX].matched
    recording.keep(office, record_id, [a_capture(BANDAGED), a_capture(Part.SIGNATURE)])
    assert BANDAGED in recording.discard(office, record_id, [BANDAGED]).missing
    recording.answer(office, record_id, "name", "NAMA LAIN CONTOH")


def test_what_central_refused_of_a_visit_by_name_is_open_too(place: Workplace) -> None:
    record_id = sealed(place)
    wait(place, 15)
    finished(place, visit(place, record_id))
    refuse(place, RecordKey(record_id, 2))
    records.reopen(place.office, record_id)
    recording.keep(place.office, record_id, [a_capture(Part.FACE)])
    with pytest.raises(RuleError, match=r"recapture\.not_open"):
        recording.keep(place.office, record_id, [a_capture(THUMB)])


def test_a_visit_that_is_given_up_leaves_nothing_that_was_said_in_it(place: Workplace) -> None:
    record_id = place.draft()
    papers.choose_service(place.office, record_id, Service.LOST)
    first, second = (item.key for item in wanted(Service.LOST, good_answers(), place.office.context.today)[:2])
    papers.show_paper(place.office, record_id, first, Seen.MISSING)
    papers.show_paper(place.office, record_id, second, Seen.NOT_NEEDED, "sudah di arsip")
    left_out(place, record_id, BANDAGED, ExceptionCode.BANDAGE, HEALED)
    for finding in recording.resume(place.office, record_id).open_papers:
        recording.confirm(place.office, record_id, finding.field, finding.code, "menyusul")
    seal(place.office, record_id)
    before = stored_of(place, record_id)
    wait(place, 15)
    visit(place, record_id)
    papers.choose_service(place.office, record_id, Service.CHANGED)
    papers.show_paper(place.office, record_id, first, Seen.SHOWN)
    papers.show_paper(place.office, record_id, second, Seen.MISSING)
    for finding in recording.resume(place.office, record_id).open_warnings:
        recording.confirm(place.office, record_id, finding.field, finding.code, "lain")
    assert stored_of(place, record_id).papers != before.papers
    recording.withdraw(place.office, record_id, "pulang")
    after = stored_of(place, record_id)
    for name in ("service", "papers", "listed", "confirmed", "answers", "exceptions", "recapture", "refused"):
        assert getattr(after, name) == getattr(before, name), name


def test_a_lab_in_trouble_is_not_told_as_another_person(
    place: Workplace, faulty: FaultyLab, impressions: tuple[Capture, Capture], said: list[str]
) -> None:
    kept, again = impressions
    record_id = sealed(place, kept)
    wait(place, 15)
    faulty.code = "lab.too_slow"
    for deed in (
        lambda: inviting.receive(place.office, record_id),
        lambda: inviting.recapture(place.office, record_id, [again]),
    ):
        with pytest.raises(DeviceError, match=r"lab\.too_slow"):
            deed()
    assert said
    assert standing_of(place, record_id) == (State.SEALED, 1)
    assert visit(place, record_id).record.revision == 2, "a document tells without the lab"
    recording.withdraw(place.office, record_id, "pulang")
    faulty.code = ""
    with pytest.raises(RuleError, match=r"verify\.no_minutiae"):
        inviting.recapture(place.office, record_id, [replace(again, template=b"")])
    assert inviting.recapture(place.office, record_id, [again]).record.revision == 2


def test_while_they_are_here_nobody_is_recorded_anew_under_their_number(place: Workplace) -> None:
    record_id = sealed(place)
    wait(place, 15)
    visit(place, record_id)
    with pytest.raises(RuleError, match=r"applicant\.recorded_here"):
        recording.start(place.office, good_answers(1)["nik"], "tetap")


def test_who_was_taken_off_the_list_stays_off_it_when_the_record_is_corrected(place: Workplace) -> None:
    record_id = sealed(place)
    wait(place, 15)
    inviting.uninvite(place.office, record_id, "pindah")
    refuse(place, RecordKey(record_id, 1))
    records.reopen(place.office, record_id)
    seal(place.office, record_id)
    assert stored_of(place, record_id).uninvited == "pindah"
    assert inviting.to_invite_again(place.office) == ()
