"""The fingers for the chip are verified at the end; what is doubtful or cannot be done stands only with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from station import i18n
from station.desk import recording
from station.domain.biometrics import FINGERS, IRISES, THUMBS, Part
from station.domain.steps import Step
from station.store import captures
from station.ui.screens.steps.obstacles import obstacles
from station.ui.screens.steps.verify_card import VerifyCard
from station.ui.words import sentence
from tests.support import a_capture
from tests.ui.capture_seat import Seat

INDEXES = (Part.FINGER_02, Part.FINGER_07)


@pytest.fixture
def seat(lasting_seat: Seat, qtbot: QtBot) -> Seat:
    """Somebody with ten fingers, at the review."""
    i18n.use("en")
    lasting_seat.qtbot = qtbot
    lasting_seat.screen.activateWindow()
    lasting_seat.newcomer(Step.REVIEW, fingers=True)
    return lasting_seat


def card(seat: Seat) -> VerifyCard:
    return seat.screen.bench.review.verify


def verify(seat: Seat) -> None:
    seat.press(Qt.Key.Key_Space)
    seat.until(lambda: not card(seat).busy)


def results(seat: Seat) -> list[str]:
    return [seat.find(QLabel, f"review.verify.result.{number}").text() for number in (1, 2)]


def doubts(seat: Seat) -> list[str]:
    return [item.field for item in obstacles(seat.draft) if item.code]


def test_space_in_the_review_verifies_both_index_fingers(seat: Seat) -> None:
    assert seat.focus is card(seat)
    seat.until(lambda: seat.finger.watching and card(seat).preview.live)
    assert doubts(seat) == ["verify.finger-02", "verify.finger-07"]
    verify(seat)
    assert seat.finger.captured[-1].targets == INDEXES
    assert results(seat) == ["Right index finger: matches", "Left index finger: matches"]
    assert not doubts(seat)
    assert all(seat.draft.verification[part].matched for part in INDEXES)
    seat.until(lambda: not seat.finger.watching)


def test_only_the_finger_that_does_not_match_is_asked_for_again(seat: Seat) -> None:
    seat.finger.whose = {Part.FINGER_07: "somebody else"}
    verify(seat)
    assert results(seat) == ["Right index finger: matches", "Left index finger: does not match, try again"]
    assert doubts(seat) == ["verify.finger-07"]
    seat.finger.whose = {}
    verify(seat)
    assert seat.finger.captured[-1].targets == (Part.FINGER_07,)
    assert not doubts(seat)


def test_leaving_the_review_lets_go_of_the_scanner(seat: Seat) -> None:
    seat.until(lambda: seat.finger.watching)
    looked = len(seat.finger.watched)
    seat.step(Step.BIODATA)
    seat.until(lambda: not seat.finger.watching)
    assert len(seat.finger.watched) == looked, "the scanner was watched again"
    assert not seat.finger.captured


def test_a_scanner_that_fails_says_so_and_a_reason_lets_the_record_go_on(seat: Seat) -> None:
    seat.finger.unplugged = True
    verify(seat)
    assert "stopped answering" in seat.find(QLabel, "review.verify.said").text()
    for _ in INDEXES:
        seat.click("review.doubt.1.reason")
        menu = seat.screen.findChild(QMenu, "review.doubt.1.reason.menu")
        assert isinstance(menu, QMenu)
        next(action for action in menu.actions() if "device" in action.text()).trigger()
        menu.close()
        seat.idle()
        seat.qtbot.waitUntil(lambda: seat.screen.findChild(QMenu, "review.doubt.1.reason.menu") is None)
    assert not doubts(seat)
    assert [item.reason for item in seat.draft.confirmed] == ["The device does not work now"] * 2
    assert results(seat)[0] == "Right index finger: not verified: The device does not work now"
    assert seat.screen.session.draft is not None


def test_a_reason_may_be_given_in_own_words(seat: Seat) -> None:
    seat.finger.whose = dict.fromkeys(INDEXES, "somebody else")
    verify(seat)
    line = seat.screen.findChild(QLineEdit, "review.doubt.1.own_reason")
    assert isinstance(line, QLineEdit)
    line.show()
    line.setText("kulit mengelupas")
    line.setFocus()
    seat.press(Qt.Key.Key_Return)
    assert [item.reason for item in seat.draft.confirmed] == ["kulit mengelupas"]
    assert doubts(seat) == ["verify.finger-07"]


def test_midnight_in_the_middle_of_a_recording_leads_to_the_finger_that_is_asked(seat: Seat) -> None:
    seat.step(Step.IRISES)
    assert not seat.draft.unrecognised
    another_day(seat)
    QTest.keyClick(seat.focus, Qt.Key.Key_Space)
    seat.until(lambda: seat.screen.step is Step.REVIEW)
    assert seat.draft.unrecognised
    assert seat.problem == sentence("incomplete.who").title
    assert seat.screen._trouble is None
    seat.until(lambda: seat.focus is card(seat))
    verify(seat)
    seat.until(lambda: seat.screen.step is not Step.REVIEW)
    assert not seat.draft.unrecognised


def test_a_stranger_in_the_draft_of_another_day_is_offered_no_deletion(seat: Seat) -> None:
    another_day(seat)
    seat.screen.resume(seat.draft.record.record_id)
    seat.until(lambda: seat.draft.unrecognised)
    seat.finger.whose = dict.fromkeys(INDEXES, "somebody else")
    verify(seat)
    assert all(not item.matched for item in seat.draft.verification.values())
    assert card(seat).doubted == ()
    assert not seat.sees("review.verify.delete")


def test_whoever_came_back_without_a_finger_to_compare_is_looked_at_with_the_photo(seat: Seat) -> None:
    record_id = seat.draft.record.record_id
    recording.discard(seat.place.office, record_id, FINGERS)
    recording.keep(seat.place.office, record_id, [a_capture(Part.FACE)])
    another_day(seat)
    seat.screen.resume(record_id)
    seat.until(lambda: doubts(seat) == ["verify.face"])
    (asked,) = (item for item in obstacles(seat.draft) if item.code)
    seat.click(f"review.go.{obstacles(seat.draft).index(asked) + 1}")
    assert seat.screen.step is Step.REVIEW
    seat.click("review.doubt.1.reason")
    menu = seat.screen.findChild(QMenu, "review.doubt.1.reason.menu")
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if "photo" in action.text()).trigger()
    menu.close()
    seat.idle()
    assert not doubts(seat)


def another_day(seat: Seat) -> None:
    """What is kept was kept yesterday. The window does not know yet: its draft was read before."""
    record_id, yesterday = seat.draft.record.record_id, seat.place.office.context.today - timedelta(days=1)
    with seat.place.office.applicants.write() as connection:
        for item in captures.all_of(connection, record_id):
            captures.put(connection, record_id, item, kept_on=yesterday)


def test_a_picture_that_is_weak_needs_a_reason_and_leads_to_its_step(seat: Seat) -> None:
    verify(seat)
    seat.step(Step.IRISES)
    seat.iris.quality, seat.iris.remarks = dict.fromkeys(IRISES, 30), ("iris.visible",)
    seat.space()
    assert set(IRISES) <= set(seat.draft.captures)
    seat.step(Step.REVIEW)
    assert set(doubts(seat)) == {"capture.iris-right", "capture.iris-left"}
    assert "Right eye: The picture is weak: quality 30." in [item.text for item in obstacles(seat.draft)]
    assert seat.screen.bench.bar.tabs[Step.IRISES].tone == "warn"
    assert seat.screen.bench.bar.tabs[Step.BIODATA].tone == "ok"
    button = seat.find(QPushButton, "review.go.1")
    button.click()
    seat.idle()
    assert seat.screen.step is Step.IRISES


def test_all_fingers_compared_is_said_beside_the_step(seat: Seat) -> None:
    assert "Fingers not swapped (10 of 10 differ)" in seat.screen.bench.side.checks.lines
    assert not any("warning" in line for line in seat.screen.bench.side.checks.lines), "verifying comes at the end"


def delete(seat: Seat) -> str:
    """What the way out is called; it is pressed."""
    button = seat.find(QPushButton, "review.verify.delete")
    told = button.text()
    button.click()
    seat.idle()
    return told


def test_a_finger_that_does_not_match_can_be_thrown_away_and_is_captured_anew(seat: Seat) -> None:
    assert not seat.sees("review.verify.delete")
    seat.finger.whose = {Part.FINGER_07: "somebody else"}
    verify(seat)
    assert delete(seat) == "Delete the earlier capture"
    assert seat.screen.step is Step.FINGERS
    assert set(FINGERS) - set(seat.draft.captures) == {Part.FINGER_07}
    assert Part.FINGER_02 in seat.draft.verification, "what matched stays verified"
    seat.space()
    assert seat.finger.captured[-1].targets == (Part.FINGER_07,)
    seat.step(Step.REVIEW)
    verify(seat)
    assert not doubts(seat)
    assert not seat.sees("review.verify.delete")


def test_hands_that_were_swapped_are_thrown_away_together(seat: Seat) -> None:
    """Only the index fingers are verified; the others beside them were swapped too."""
    person = seat.finger.person
    seat.finger.whose = {Part.FINGER_02: f"{person} finger-07", Part.FINGER_07: f"{person} finger-02"}
    verify(seat)
    assert delete(seat) == "Delete the 8 earlier captures"
    assert seat.screen.step is Step.FINGERS
    assert set(FINGERS) & set(seat.draft.captures) == set(THUMBS)
    assert seat.draft.verification == {}
