"""People who come again for what could not be captured: known to be the same, only what is due, and off the list."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from station.capture.lab import Lab
from station.capture.tasks import fingers
from station.desk import exceptions, healing, inviting, recording, records, sealing
from station.domain.biometrics import Capture, ExceptionCode, Part
from station.domain.draft import Draft
from station.domain.errors import AccessError, RuleError
from station.domain.recapture import KnownBy
from station.domain.record import State
from station.domain.rows import Happening
from station.domain.steps import Step
from station.seal.body import open_body
from station.seal.packet import read_packet
from station.store import audit, known_prints, seals
from station.store.records import get
from station.training.drawing.impressions import impression
from station.training.drawing.prints import master
from tests.support import TODAY, HandClock, Workplace, a_capture, good_answers
from tests.unit.test_desk_exceptions import PHOTO
from tests.unit.test_desk_reopening import drawn

HEALED = TODAY.date() + timedelta(days=20)
LATER = HEALED + timedelta(days=60)
INDEX, BANDAGED, WOUND = Part.FINGER_02, Part.FINGER_09, Part.FINGER_10


@pytest.fixture(scope="module")
def index(lab: Lab) -> Capture:
    """One real drawn finger, as it is kept."""
    (read,) = fingers.read(lab, drawn(), (INDEX,))
    return replace(a_capture(INDEX), image=read.wsq, template=read.template)


@pytest.fixture(scope="module")
def again(lab: Lab, index: Capture) -> Capture:
    """The same finger, placed another time."""
    (read,) = fingers.read(lab, drawn(2), (INDEX,))
    return replace(index, image=read.wsq, template=read.template)


@pytest.fixture
def place(place: Workplace, lab: Lab) -> Workplace:
    place.lab = lab
    return place


def left_out(place: Workplace, record_id: str, part: Part, code: ExceptionCode, day: object) -> None:
    voucher = place.vouched(record_id, [part], code)
    exceptions.grant(place.office, record_id, [part], code, "perban", voucher, day, PHOTO)  # type: ignore[arg-type]


def sealed(place: Workplace, *prints: Capture, serial: int = 1) -> str:
    """Somebody whose ring finger is bandaged for weeks and whose little finger heals much later."""
    record_id = place.draft(serial)
    recording.discard(place.office, record_id, [item.part for item in prints])
    recording.keep(place.office, record_id, prints)
    for item in prints:
        recording.confirm(place.office, record_id, f"verify.{item.part.value}", "verify.not_done", "alat rusak")
    left_out(place, record_id, BANDAGED, ExceptionCode.BANDAGE, HEALED)
    left_out(place, record_id, WOUND, ExceptionCode.WOUND, LATER)
    for finding in recording.resume(place.office, record_id).open_warnings:
        recording.confirm(place.office, record_id, finding.field, finding.code, "alat rusak")
    sealing.seal(place.office, record_id)
    return record_id


def wait(place: Workplace, days: int) -> None:
    assert isinstance(place.clock, HandClock)
    place.clock.pass_time(days * 86400.0)


def finished(place: Workplace, draft: Draft) -> None:
    """What is due is captured, and doubts are answered."""
    record_id = draft.record.record_id
    recording.keep(place.office, record_id, [a_capture(part) for part in draft.missing])
    for finding in recording.resume(place.office, record_id).open_warnings:
        recording.confirm(place.office, record_id, finding.field, finding.code, "alat rusak")
    sealing.seal(place.office, record_id)


def test_who_is_due_within_a_week_comes_again_for_that_part_only_and_then_leaves_the_list(
    place: Workplace, index: Capture, again: Capture
) -> None:
    record_id = sealed(place, index)
    assert inviting.to_invite_again(place.office) == ()
    wait(place, 15)
    (listed,) = inviting.to_invite_again(place.office)
    assert (listed.record_id, listed.on, listed.parts) == (record_id, HEALED, (BANDAGED,))
    visitor = inviting.receive(place.office, record_id)
    assert (visitor.invited, visitor.fingers) == (listed, (INDEX,))
    draft = inviting.recapture(place.office, record_id, [again])
    assert (draft.record.revision, draft.step, draft.missing) == (2, Step.FINGERS, (BANDAGED,))
    assert [item.part for item in draft.exceptions] == [WOUND], "what heals later stays left out"
    assert len(draft.attachments) == 1, "the photo of the bandage goes with its exception"
    assert {key: draft.answers[key] for key in good_answers(1)} == good_answers(1)
    assert inviting.to_invite_again(place.office) == ()
    finished(place, draft)
    assert inviting.to_invite_again(place.office) == ()
    told = [moment.what for moment in records.timeline(place.office, record_id).moments]
    assert told.count(Happening.SEALED) == 2
    assert Happening.INVITED in told


def test_the_packet_of_the_visit_is_complete_and_says_how_the_person_was_known(
    sender: Workplace, index: Capture, again: Capture, lab: Lab
) -> None:
    place, sender.lab = sender, lab
    record_id = sealed(place, index, serial=5)
    place.drain()
    healing.catch_up(place.office)
    wait(place, 15)
    draft = inviting.recapture(place.office, record_id, [again])
    assert draft.recapture is not None
    assert draft.recapture.known_by is KnownBy.FINGER
    finished(place, draft)
    (key,) = [key for key in place.depot.packets.all_keys() if key.revision == 2]
    with place.office.applicants.read() as connection:
        assert seals.identity_of(connection, key)
        stored = get(connection, record_id)
        assert stored is not None
        assert stored.recapture == draft.recapture, "a correction of it is still of this visit"
        assert known_prints.previous(record_id) in known_prints.all_of(connection), "they were here just now"
        assert audit.first_broken(connection) is None
    with place.office.applicants.read() as connection:
        identity = seals.identity_of(connection, key)
    assert identity
    body = open_body(read_packet(place.depot.packets.read(key)).body, identity)
    assert {item.part for item in body.captures} == set(Part) - {WOUND}
    visit = dict(body.record["recapture"])
    assert (visit["since_revision"], visit["parts"], visit["known_by"]) == (1, [BANDAGED.value], "finger")
    assert visit["score"] >= 40
    place.drain()
    healing.catch_up(place.office)
    row = records.timeline(place.office, record_id).row
    assert (row.record.state, row.record.revision) == (State.ACCEPTED, 2)
    assert row.packet is not None
    assert row.packet.central_code != "DUPLICATE_RECORD"


def test_somebody_else_is_not_taken_for_the_person_who_was_recorded(place: Workplace, index: Capture, lab: Lab) -> None:
    record_id = sealed(place, index)
    wait(place, 15)
    buffer = io.BytesIO()
    Image.fromarray(impression(master(77, 3), 1)).save(buffer, "PNG")
    (other,) = fingers.read(lab, buffer.getvalue(), (INDEX,))
    stranger = replace(index, image=other.wsq, template=other.template)
    with pytest.raises(RuleError, match=r"recapture\.no_match"):
        inviting.recapture(place.office, record_id, [stranger])
    with pytest.raises(RuleError, match=r"recapture\.no_match"):  # a finger that was never recorded proves nothing
        inviting.recapture(place.office, record_id, [replace(index, part=Part.FINGER_07)])
    row = records.timeline(place.office, record_id).row
    assert (row.record.state, row.record.revision) == (State.SEALED, 1)
    assert len(inviting.to_invite_again(place.office)) == 1
    with place.office.applicants.read() as connection:
        assert [line.action for line in audit.lines_of(connection, record_id)].count("recapture_stopped") == 2


def test_without_a_finger_that_can_be_compared_a_document_is_seen_and_named(place: Workplace) -> None:
    record_id = sealed(place)
    wait(place, 15)
    assert inviting.receive(place.office, record_id).fingers == ()
    with pytest.raises(RuleError, match=r"recapture\.no_reason"):
        inviting.recapture(place.office, record_id, reason="  ")
    with pytest.raises(RuleError, match=r"recapture\.no_word"):
        inviting.recapture(place.office, record_id, reason="KK asli")
    wrong = place.vouched(record_id, [BANDAGED], ExceptionCode.BANDAGE)
    with pytest.raises(AccessError, match=r"officer\.voucher"):
        inviting.recapture(place.office, record_id, reason="KK asli", voucher=wrong)
    assert records.timeline(place.office, record_id).row.record.revision == 1
    word = place.vouched(record_id, [BANDAGED], KnownBy.DOCUMENT)
    draft = inviting.recapture(place.office, record_id, reason=" KK asli,  foto cocok ", voucher=word)
    assert draft.recapture is not None
    assert (draft.recapture.known_by, draft.recapture.reason) == (KnownBy.DOCUMENT, "KK asli, foto cocok")
    assert draft.recapture.vouched_by == word.operator.operator_id != draft.recapture.operator_id
    recording.withdraw(place.office, record_id, "pulang")
    with pytest.raises(AccessError, match=r"officer\.voucher"):  # one word, one visit
        inviting.recapture(place.office, record_id, reason="KK asli", voucher=word)


def test_a_visit_of_which_nothing_comes_leaves_the_record_as_it_was_and_the_person_on_the_list(
    sender: Workplace, index: Capture, again: Capture, lab: Lab
) -> None:
    place, sender.lab = sender, lab
    record_id = sealed(place, index, serial=5)
    before = records.timeline(place.office, record_id).row.record
    wait(place, 15)
    inviting.recapture(place.office, record_id, [again])
    recording.answer(place.office, record_id, "name", "NAMA LAIN CONTOH")
    place.drain()  # central answers while the person is here
    healing.catch_up(place.office)
    recording.withdraw(place.office, record_id, "dipanggil pulang")
    row = records.timeline(place.office, record_id).row
    assert (row.record.state, row.record.revision) == (State.ACCEPTED, 1)
    assert (row.record.name, row.record.sealed_at) == (before.name, before.sealed_at)
    (listed,) = inviting.to_invite_again(place.office)
    assert listed.parts == (BANDAGED,)
    assert inviting.recapture(place.office, record_id, [again]).record.revision == 2
    with pytest.raises(RuleError, match=r"recapture\.none"):
        inviting.give_up(place.office, place.draft(7), "x")


def test_whoever_comes_no_more_is_taken_off_with_a_reason_that_stays_off_the_audit(place: Workplace) -> None:
    record_id = sealed(place)
    with pytest.raises(RuleError, match=r"recapture\.not_due"):
        inviting.uninvite(place.office, record_id, "pindah")  # nobody is waited for yet
    wait(place, 15)
    with pytest.raises(RuleError, match=r"recapture\.no_reason"):
        inviting.uninvite(place.office, record_id, " ")
    inviting.uninvite(place.office, record_id, "meninggal dunia")
    assert inviting.to_invite_again(place.office) == ()
    with pytest.raises(RuleError, match=r"recapture\.not_due"):
        inviting.recapture(place.office, record_id, reason="KK")
    with place.office.applicants.read() as connection:
        lines = audit.lines_of(connection, record_id)
        stored = get(connection, record_id)
    assert lines[-1].action == "uninvite"
    assert "meninggal" not in str(lines)
    assert stored is not None
    assert stored.uninvited == "meninggal dunia"


def test_nobody_who_is_not_due_is_opened_again(place: Workplace) -> None:
    record_id = place.seal(3).record.record_id
    for deed in (inviting.receive, lambda office, key: inviting.recapture(office, key, reason="KK")):
        with pytest.raises(RuleError, match=r"recapture\.not_due"):
            deed(place.office, record_id)
