"""What cannot be captured is left out only with cause, photo and a second officer, and taken back at any time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.lab import Lab
from station.desk import exceptions, officers, recording, signin
from station.domain.biometrics import FINGERS, IRISES, ExceptionCode, Part
from station.domain.role import Role
from station.domain.steps import Step
from station.store import attachments
from station.ui.screens.steps.exception_dialog import ExceptionDialog
from station.ui.screens.steps.exception_evidence import Evidence
from tests.support import PASSWORD, SECOND_PASSWORD
from tests.ui.capture_seat import Seat, seat_at

LITTLE = Part.FINGER_10


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("photo") / "tangan.jpg"
    Image.new("RGB", (320, 240), (120, 130, 140)).save(path)
    return path.read_bytes()


@pytest.fixture
def seat(lasting_seat: Seat, qtbot: QtBot, photo: bytes) -> Iterator[Seat]:
    i18n.use("en")
    lasting_seat.qtbot = qtbot
    lasting_seat.screen.activateWindow()
    yield lasting_seat
    for dialog in lasting_seat.screen.findChildren(ExceptionDialog):
        dialog.hide()


@pytest.fixture
def colleague(seat: Seat) -> str:
    """Somebody else who works here."""
    return seat.place.second_officer("Budi Santoso").operator_id


def dialog_of(seat: Seat) -> ExceptionDialog:
    return seat.find(ExceptionDialog, "exception")


def choose(seat: Seat, code: ExceptionCode) -> None:
    cause = seat.find(QComboBox, "exception.cause")
    cause.setCurrentIndex(cause.findData(code.value))


def write(seat: Seat, name: str, text: str) -> None:
    line = seat.find(QLineEdit, name)
    line.clear()
    QTest.keyClicks(line, text)
    seat.idle()


def fill_in(seat: Seat, photo: bytes, code: ExceptionCode = ExceptionCode.ABSENT) -> None:
    """Everything the dialog asks, but the parts."""
    choose(seat, code)
    write(seat, "exception.reason", "sejak lahir")
    dialog_of(seat).photo._take(photo)
    write(seat, "exception.password", SECOND_PASSWORD)


def grant(seat: Seat) -> None:
    seat.click("exception.confirm")
    seat.until(lambda: not seat.sees("exception"))


def test_a_finger_is_left_out_with_cause_photo_and_a_second_officer(seat: Seat, colleague: str, photo: bytes) -> None:
    seat.newcomer(Step.FINGERS)
    seat.press(Qt.Key.Key_P)
    seat.click(f"exception.part.{LITTLE.value}")
    fill_in(seat, photo)
    grant(seat)
    granted = {item.part: item for item in seat.draft.exceptions}[LITTLE]
    assert (granted.code, granted.reason, granted.approved_by) == (ExceptionCode.ABSENT, "sejak lahir", colleague)
    assert granted.invite_again is None
    ring = seat.find(QWidget, f"step.fingers.ring.{LITTLE.value}")
    assert ring.accessibleName() == "Left little finger: exception, Not there"
    for _ in range(3):
        seat.space()
    assert seat.draft.done(Step.FINGERS)
    assert LITTLE not in {part for order in seat.finger.captured for part in order.targets}
    assert not any("exception" in line for line in seat.screen.bench.side.checks.lines if "sejak" in line)


def test_a_whole_hand_that_heals_is_invited_again_in_thirty_days(seat: Seat, colleague: str, photo: bytes) -> None:
    seat.newcomer(Step.FINGERS)
    seat.click("step.fingers.except")
    seat.click("exception.hand.left")
    assert not seat.sees("exception.day")
    fill_in(seat, photo, ExceptionCode.BANDAGE)
    day = seat.find(QLineEdit, "exception.day")
    wanted = seat.context.clock.now().astimezone().date() + timedelta(days=30)
    assert day.text() == f"{wanted:%d-%m-%Y}"
    grant(seat)
    assert {item.part for item in seat.draft.exceptions} == set(FINGERS[5:])
    assert {item.invite_again for item in seat.draft.exceptions} == {wanted.isoformat()}


def test_the_day_is_typed_as_everywhere_and_a_wrong_one_is_named_beside_it(
    seat: Seat, colleague: str, photo: bytes
) -> None:
    seat.newcomer(Step.FINGERS)
    seat.press(Qt.Key.Key_P)
    seat.click(f"exception.part.{LITTLE.value}")
    fill_in(seat, photo, ExceptionCode.WOUND)
    write(seat, "exception.day", "01012020")
    seat.click("exception.confirm")
    assert seat.find(QLineEdit, "exception.day").property("tone") == "bad"
    assert not seat.draft.exceptions
    day = seat.context.clock.now().astimezone().date() + timedelta(days=9)
    write(seat, "exception.day", f"{day:%d%m%Y}")
    write(seat, "exception.password", SECOND_PASSWORD)
    grant(seat)
    assert seat.draft.exceptions[0].invite_again == day.isoformat()


def test_esc_keeps_what_was_typed_and_the_next_person_sees_none_of_it(seat: Seat, colleague: str) -> None:
    first = seat.newcomer(Step.FINGERS).record.record_id
    seat.press(Qt.Key.Key_P)
    write(seat, "exception.reason", "jari kaku")
    write(seat, "exception.password", SECOND_PASSWORD)
    seat.press(Qt.Key.Key_Escape)
    assert not seat.sees("exception")
    seat.press(Qt.Key.Key_P)
    assert seat.find(QLineEdit, "exception.reason").text() == "jari kaku"
    assert seat.find(QLineEdit, "exception.password").text() == "", "a colleague's password is never kept"
    seat.press(Qt.Key.Key_Escape)
    seat.newcomer(Step.FINGERS)
    assert seat.draft.record.record_id != first
    seat.press(Qt.Key.Key_P)
    assert seat.find(QLineEdit, "exception.reason").text() == ""


def test_a_wrong_password_is_said_beside_it_and_everything_else_stays(seat: Seat, colleague: str, photo: bytes) -> None:
    seat.newcomer(Step.IRISES)
    seat.press(Qt.Key.Key_P)
    seat.click("exception.part.iris-left")
    fill_in(seat, photo, ExceptionCode.BLIND)
    write(seat, "exception.password", "bukan-ini")
    seat.click("exception.confirm")
    assert seat.find(QLineEdit, "exception.password").property("tone") == "bad"
    assert seat.find(QLineEdit, "exception.reason").text() == "sejak lahir"
    assert not seat.draft.exceptions
    write(seat, "exception.password", SECOND_PASSWORD)
    grant(seat)
    assert [item.part for item in seat.draft.exceptions] == [Part.IRIS_LEFT]
    seat.space()
    assert seat.iris.captured[-1].targets == (Part.IRIS_RIGHT,)
    assert seat.draft.done(Step.IRISES)


def test_nothing_is_left_out_without_a_photo(seat: Seat, colleague: str) -> None:
    seat.newcomer(Step.FINGERS)
    seat.press(Qt.Key.Key_P)
    seat.click(f"exception.part.{LITTLE.value}")
    choose(seat, ExceptionCode.ABSENT)
    write(seat, "exception.reason", "sejak lahir")
    write(seat, "exception.password", SECOND_PASSWORD)
    seat.click("exception.confirm")
    assert "photo" in seat.find(QLabel, "exception.photo.state").text()
    assert not seat.draft.exceptions


def test_a_file_that_is_no_picture_is_refused_in_words(seat: Seat, colleague: str, tmp_path: Path) -> None:
    seat.newcomer(Step.FINGERS)
    seat.press(Qt.Key.Key_P)
    seat.click(f"exception.part.{LITTLE.value}")
    fill_in(seat, b"")
    path = tmp_path / "tangan.jpg"
    path.write_bytes(b"this is no picture")
    dialog_of(seat).photo.read_file(path)
    seat.until(lambda: "cannot be read" in seat.find(QLabel, "exception.photo.state").text())
    seat.click("exception.confirm")
    assert "photo" in seat.find(QLabel, "exception.photo.state").text()
    assert not seat.draft.exceptions


def test_a_photo_from_a_file_is_shown_in_place_of_the_camera_until_another_is_taken(
    seat: Seat, colleague: str, photo: bytes, tmp_path: Path
) -> None:
    (tmp_path / "tangan.jpg").write_bytes(photo)
    seat.newcomer(Step.FINGERS)
    seat.press(Qt.Key.Key_P)
    taking = dialog_of(seat).photo
    seat.until(lambda: taking.view.preview.live)
    seat.click("exception.file")
    chooser = seat.find(QFileDialog, "documents.files")
    assert chooser.testOption(QFileDialog.Option.DontUseNativeDialog), "the system remembers names of files"
    chooser.fileSelected.emit(str(tmp_path / "tangan.jpg"))
    chooser.reject()
    seat.until(lambda: bool(taking.image))
    assert taking.image == photo and taking.taken_with is None
    seat.press(Qt.Key.Key_Escape)
    seat.press(Qt.Key.Key_P)
    assert taking.view.preview.has_picture and not taking.view.preview.live, "what is kept is what is seen"
    seat.click("exception.camera.take")
    seat.until(lambda: taking.view.preview.live)
    assert not taking.image, "what is not seen any more is not kept"


def test_causes_fit_what_is_chosen(seat: Seat) -> None:
    seat.newcomer(Step.FINGERS)
    seat.press(Qt.Key.Key_P)
    offered = {seat.find(QComboBox, "exception.cause").itemData(place) for place in range(8)}
    assert "KAKU" in offered
    assert "BUTA" not in offered


def test_both_eyes_and_all_ten_fingers_may_be_left_out(seat: Seat, colleague: str, photo: bytes) -> None:
    seat.newcomer(Step.FINGERS)
    seat.press(Qt.Key.Key_P)
    for hand in ("right", "left"):
        seat.click(f"exception.hand.{hand}")
    fill_in(seat, photo)
    grant(seat)
    assert seat.draft.done(Step.FINGERS)
    assert not seat.page.button.isEnabled()
    assert not seat.finger.watching
    seat.step(Step.IRISES)
    seat.press(Qt.Key.Key_P)
    for part in IRISES:
        seat.click(f"exception.part.{part.value}")
    fill_in(seat, photo, ExceptionCode.BLIND)
    grant(seat)
    assert seat.draft.done(Step.IRISES)


def test_it_is_taken_back_and_the_finger_is_captured_after_all(seat: Seat, colleague: str, photo: bytes) -> None:
    seat.newcomer(Step.FINGERS)
    seat.press(Qt.Key.Key_P)
    seat.click("exception.part.finger-02")
    fill_in(seat, photo)
    grant(seat)
    seat.click("step.fingers.ring.finger-02")
    assert "sejak lahir" in seat.find(QLabel, "exception.view.reason").text()
    seat.until(lambda: "Budi Santoso" in seat.find(QLabel, "exception.view.people").text())
    seat.click("exception.revoke")
    seat.until(lambda: not seat.draft.exceptions)
    seat.space()
    assert Part.FINGER_02 in seat.draft.captures


def test_where_nobody_may_approve_it_waits_until_a_second_officer_has_come(
    qtbot: QtBot, enrolled_folder: Path, tmp_path: Path, lab: Lab, photo: bytes
) -> None:
    with seat_at(enrolled_folder, tmp_path, lab) as seat:
        seat.qtbot = qtbot
        seat.newcomer(Step.FINGERS)
        seat.press(Qt.Key.Key_P)
        seat.until(lambda: seat.sees("exception.nobody"))
        assert not seat.sees("exception.confirm")
        seat.click("exception.add_officer")
        write(seat, "officer.name", "Rina Wati")
        for name, text in (("officer.password", "sandi-rina-1"), ("officer.again", "sandi-rina-1")):
            write(seat, name, text)
        assert seat.find(QComboBox, "officer.chief").currentText() == "Siti R."
        write(seat, "officer.own", PASSWORD)
        seat.click("officer.confirm")
        seat.until(lambda: not seat.sees("officer"))
        seat.idle()
        assert seat.sees("exception.nobody"), "whom one adds oneself approves nothing"
        told = seat.find(QLabel, "exception.nobody").text()
        assert "Rina Wati signs in" in told
        assert "then you approve it" in told
        assert not seat.sees("exception.add_officer"), "another one would be no help either"
        assert "Rina Wati" in {item.name for item in signin.operators(seat.place.depot)}
        seat.click(f"exception.part.{LITTLE.value}")
        choose(seat, ExceptionCode.ABSENT)
        write(seat, "exception.reason", "sejak lahir")
        dialog_of(seat).photo._take(photo)
        seat.click("exception.wait")
        seat.until(lambda: not seat.sees("exception"))
        assert [item.approved_by for item in seat.draft.exceptions] == [""]
        ring = seat.find(QWidget, f"step.fingers.ring.{LITTLE.value}")
        assert "waits for a second officer" in ring.accessibleName()
        second = seat.place.second_officer("Budi Santoso").operator_id
        seat.step(Step.REVIEW)
        seat.until(lambda: any("second officer" in item.text for item in seat.screen.bench.review.obstacles.shown))
        place = next(
            row for row, item in enumerate(seat.screen.bench.review.obstacles.shown) if "second officer" in item.text
        )
        seat.click(f"review.go.{place + 1}")
        seat.until(lambda: seat.sees("exception.view.officer"))
        seen = seat.find(Evidence, "exception.view.photo")
        seat.until(lambda: seen.has_picture)
        write(seat, "exception.view.password", "bukan-ini")
        seat.click("exception.view.approve")
        seat.until(lambda: seat.find(QLineEdit, "exception.view.password").property("tone") == "bad")
        write(seat, "exception.view.password", SECOND_PASSWORD)
        seat.press(Qt.Key.Key_Return)
        seat.until(lambda: not seat.draft.unapproved)
        assert [item.approved_by for item in seat.draft.exceptions] == [second]


def test_the_other_officer_takes_over_what_waits_and_the_one_who_left_it_out_approves_by_keyboard(
    qtbot: QtBot, enrolled_folder: Path, tmp_path: Path, lab: Lab, photo: bytes
) -> None:
    with seat_at(enrolled_folder, tmp_path, lab) as seat:
        seat.qtbot = qtbot
        chief = seat.place.office
        other = officers.add(chief, PASSWORD, "Rina Wati", Role.OPERATOR, "sandi-rina-1")
        record_id = seat.newcomer(Step.FINGERS).record.record_id
        seat.press(Qt.Key.Key_P)
        seat.click(f"exception.part.{LITTLE.value}")
        choose(seat, ExceptionCode.ABSENT)
        write(seat, "exception.reason", "sejak lahir")
        dialog_of(seat).photo._take(photo)
        assert seat.focus.objectName() == "exception.wait", "nobody to ask: it is kept for later"
        seat.press(Qt.Key.Key_Space)
        seat.until(lambda: not seat.sees("exception"))
        seat.click(f"step.fingers.ring.{LITTLE.value}")
        seat.until(lambda: seat.sees("exception.view.nobody"))
        assert seat.focus.objectName() == "exception.view.close", "nothing else is done here by who left it out"
        seat.press(Qt.Key.Key_Escape)
        office = signin.sign_in(seat.place.depot, other.operator_id, "sandi-rina-1", seat.context.clock, lab)
        try:
            seat.screen.session._office = office
            seat.click(f"step.fingers.ring.{LITTLE.value}")
            seat.until(lambda: seat.sees("exception.view.take_over"))
            assert "take it over" in seat.find(QLabel, "exception.view.nobody").text()
            assert not seat.sees("exception.view.approve")
            assert seat.focus.objectName() == "exception.view.take_over"
            seat.press(Qt.Key.Key_Return)
            seat.until(lambda: seat.sees("exception.view.approve"))
            assert not seat.sees("exception.view.take_over")
            assert "Rina Wati has entered it" in seat.find(QLabel, "exception.view.people").text()
            assert seat.focus.objectName() == "exception.view.password"
            seat.type(PASSWORD)
            seat.press(Qt.Key.Key_Return)
            seat.until(lambda: not seat.sees("exception.view"))
        finally:
            seat.screen.session._office = chief
            signin.sign_out(office)
        (item,) = recording.resume(chief, record_id).exceptions
        assert (item.entered_by, item.approved_by) == (other.operator_id, chief.operator.operator_id)


def test_nobody_approves_a_photo_that_cannot_be_seen(seat: Seat, colleague: str, photo: bytes) -> None:
    office, record_id = seat.place.office, seat.newcomer(Step.FINGERS).record.record_id
    draft = exceptions.grant(office, record_id, (LITTLE,), ExceptionCode.ABSENT, "sejak lahir", None, None, photo)
    with office.applicants.write() as connection:
        attachments.drop(connection, record_id, draft.exceptions[0].evidence or 0)
    seat.screen.resume(record_id)
    seat.until(lambda: bool(seat.draft.unapproved))
    seat.click(f"step.fingers.ring.{LITTLE.value}")
    seat.until(lambda: seat.sees("exception.view.officer"))
    assert "cannot be shown" in seat.find(Evidence, "exception.view.photo").accessibleName()
    write(seat, "exception.view.password", SECOND_PASSWORD)
    seat.press(Qt.Key.Key_Return)
    seat.click("exception.view.approve")
    assert seat.draft.unapproved
    seat.click("exception.revoke")
    seat.until(lambda: not seat.draft.exceptions)
