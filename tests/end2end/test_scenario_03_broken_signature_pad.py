"""Broken signature pad: forty people go home without having signed; they come back the next day, and are made sure of.

One of them is recorded and comes back at the real window, by keyboard; with the others the desk does the same. In the
suite ten of them come the next day, with STATION_SOAK=1 all.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QTableView

from station.desk import recording, records, sealing, verification, waiting_room
from station.domain.biometrics import Part
from station.domain.errors import RuleError
from station.domain.record import State
from station.domain.rows import Filter
from station.domain.steps import Step
from station.training.drawing.signatures import signature
from station.training.people import PEOPLE
from station.ui import labels
from station.ui.widgets.signature_pad import SignaturePad
from tests.end2end.window import ForwardClock, Operator, said, window_of
from tests.support import APPROVED, a_capture, captured, filled, good_answers
from tests.thinned import thinned

pytestmark = pytest.mark.usefixtures("qapp")
SITI = PEOPLE[1]
PEOPLE_IN_ALL = 40
INDEX = (Part.FINGER_02, Part.FINGER_07)
A_DAY_S = 24 * 3600.0


def test_forty_people_without_signature_are_listed_incomplete_and_completed_the_next_day_after_a_finger_matches(
    tmp_path: Path,
) -> None:
    clock = ForwardClock()
    with window_of(tmp_path, clock=clock) as operator:
        operator.sign_in()
        others = {_goes_home_unsigned(operator, serial): serial for serial in range(2, PEOPLE_IN_ALL + 1)}
        siti = _siti_goes_home_unsigned(operator)
        _nobody_of_them_can_be_sealed(operator, [siti, *others])
        _all_are_listed_as_incomplete(operator, [siti, *others])

        operator.leave()
        clock.pass_time(A_DAY_S)
        operator.come_back()
        operator.sign_in()
        _all_are_listed_as_incomplete(operator, [siti, *others])
        _nothing_is_added_before_a_finger_matches(operator, next(iter(others)))
        _siti_shows_a_finger_signs_and_is_sealed(operator, siti)
        back = thinned(others, 6)
        for record_id in back:
            _comes_back_and_signs(operator, record_id, others[record_id])
        assert set(_incomplete(operator)) == set(others) - set(back)
        assert sorted(item.key.record_id for item in operator.packets()) == sorted([siti, *back])


# ------------------------------------------------------------------------------------------------------- the first day


def _goes_home_unsigned(operator: Operator, serial: int) -> str:
    """Everything but the signature is kept; both index fingers were verified that day."""
    office = operator.office
    record_id = recording.start(office).record.record_id
    filled(office, record_id, good_answers(serial))
    draft = captured(office, record_id, f"orang {serial}")
    assert draft.missing == (Part.SIGNATURE,)
    recording.go_to(office, record_id, Step.SIGNATURE)
    return record_id


def _siti_goes_home_unsigned(operator: Operator) -> str:
    """At the window: nothing comes of the pad, so Enter goes past it; the recording is put aside."""
    player = operator.player
    record_id = operator.begin(SITI)
    operator._fill_in(SITI, shown=False)
    for step in (Step.PHOTO, Step.FINGERS, Step.IRISES):
        operator.go_on(step)
        operator._capture(step)
    operator.go_on(Step.SIGNATURE)
    for step in (Step.DOCUMENTS, Step.REVIEW):
        player.enter()
        player.wait_until(lambda step=step: operator.step is step, f"{step.value}: nobody has to sign")  # type: ignore[misc]
    operator._verify()
    player.click("capture.next")
    player.find("review.obstacles")
    assert operator.draft.missing == (Part.SIGNATURE,)
    assert not operator.draft.unrecognised, "they are still here"
    player.click("capture.more")
    menu = operator.app.window.findChild(QMenu, "capture.more.menu")
    assert menu is not None
    QTest.keyClick(menu, Qt.Key.Key_Return)  # close, go on later
    player.find("applicant.nik")
    return record_id


def _nobody_of_them_can_be_sealed(operator: Operator, record_ids: list[str]) -> None:
    for record_id in record_ids[:2]:
        with pytest.raises(RuleError) as refused:
            sealing.seal(operator.office, record_id)
        assert refused.value.code == "seal.incomplete"
    assert operator.packets() == ()


def _all_are_listed_as_incomplete(operator: Operator, record_ids: list[str]) -> None:
    """In the list of records under a chip of their own, with what is missing; on the start page too."""
    player, wanted = operator.player, labels.incomplete((Step.SIGNATURE,))
    operator.open("records")
    operator.await_text("records.filter.incomplete", labels.filter_name(Filter.INCOMPLETE).text, str(len(record_ids)))
    player.click("records.filter.incomplete")
    table = player.find("records.table", QTableView)
    player.wait_until(lambda: table.model().rowCount() == len(record_ids), "all of them are listed")
    rows = records.search(operator.office, "", Filter.INCOMPLETE, 0, 100).rows
    assert {row.record.record_id for row in rows} == set(record_ids)
    assert {labels.record_state(row).text for row in rows} == {wanted}
    room = waiting_room.waiting(operator.office)
    assert room.unfinished_in_all == len(record_ids)
    assert {one.missing for one in room.unfinished} == {(Step.SIGNATURE,)}
    player.click("records.filter.all")


# -------------------------------------------------------------------------------------------------------- the next day


def _nothing_is_added_before_a_finger_matches(operator: Operator, record_id: str) -> None:
    """Neither a signature nor a capture, and a stranger's finger changes nothing."""
    office = operator.office
    assert recording.resume(office, record_id).unrecognised
    with pytest.raises(RuleError) as unsigned:
        recording.approve(office, record_id, APPROVED, a_capture(Part.SIGNATURE))
    with pytest.raises(RuleError) as uncaptured:
        recording.keep(office, record_id, [a_capture(Part.FACE)])
    assert unsigned.value.code == uncaptured.value.code == "incomplete.who"
    stranger = verification.verify(office, record_id, [a_capture(INDEX[0], whose="orang lain")])
    assert stranger.unrecognised
    assert stranger.missing == (Part.SIGNATURE,)


def _siti_shows_a_finger_signs_and_is_sealed(operator: Operator, record_id: str) -> None:
    """Opened from the list with Enter. The pad is out of reach until the finger matches, then it is in front."""
    player, screen = operator.player, operator._screen()
    operator.open("records")
    player.click("records.filter.incomplete")
    table = player.find("records.table", QTableView)
    player.wait_until(lambda: table.model().rowCount() == PEOPLE_IN_ALL, "all of them are listed")
    player.type(SITI.answers["name"], into="records.search")
    player.wait_until(lambda: table.model().rowCount() == 1, "she is found")
    table.setFocus(Qt.FocusReason.TabFocusReason)
    player.enter()
    player.wait_until(lambda: operator._is_open(record_id) and screen.isVisible(), "her recording is open")
    assert operator.step is Step.REVIEW
    operator.await_text("capture.problem.title", said("incomplete.who"))
    player.press(Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)  # the step of the signature
    assert operator.step is Step.REVIEW, "first the finger"

    card = screen.bench.review.verify
    player.wait_until(lambda: card.hasFocus() and not card.busy and player.sees("review.verify.capture"), "a finger")
    player.press(Qt.Key.Key_Space)
    player.wait_until(lambda: operator.step is Step.SIGNATURE, "it is her: she may sign")
    assert any(item.matched for item in operator.draft.verification.values())
    pad = player.find("step.signature.pad", SignaturePad)
    player.sign(pad, signature(SITI.seed))
    player.press(Qt.Key.Key_Space)
    player.wait_until(lambda: operator.draft.missing == (), "she has signed")
    for step in (Step.DOCUMENTS, Step.REVIEW):
        player.enter()
        player.wait_until(lambda step=step: operator.step is step, step.value)  # type: ignore[misc]
    operator.seal()


def _comes_back_and_signs(operator: Operator, record_id: str, serial: int) -> None:
    office = operator.office
    assert recording.resume(office, record_id).unrecognised
    verification.verify(office, record_id, [a_capture(part, whose=f"orang {serial}") for part in INDEX])
    recording.approve(office, record_id, APPROVED, a_capture(Part.SIGNATURE))
    assert sealing.seal(office, record_id).record.state is State.SEALED


def _incomplete(operator: Operator) -> list[str]:
    page = records.search(operator.office, "", Filter.INCOMPLETE, 0, 100)
    return [row.record.record_id for row in page.rows]
