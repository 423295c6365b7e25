"""One person from NIK to seal on the real window, desk and disk, with the simulator's devices, by keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.lab import Lab
from station.capture.rack import Rack
from station.central.server import CentralServer
from station.desk import disk_guard, recording
from station.domain.biometrics import FINGERS, IRISES, RIGHT_FOUR, Modality, Part
from station.domain.draft import Draft
from station.domain.errors import RuleError, StoreError
from station.domain.form import FIELDS, shown_fields
from station.domain.ports import CaptureDevice, SystemClock
from station.domain.record import State
from station.domain.steps import Step
from station.store import records
from station.training.people import PEOPLE
from station.training.simulator.faults import Fault
from station.training.simulator.process import Simulator
from station.ui import theme
from station.ui.bridge import Bridge
from station.ui.context import Context
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.steps.device_page import DevicePage
from station.ui.tasks import Tasks
from station.ui.widgets.signature_pad import SignaturePad
from station.ui.words import of_error
from tests.simulated import devices
from tests.support import APPROVED, Workplace, a_capture, captured, filled, running_central, workplace

SITI = PEOPLE[1]
LONG = 30_000


class Desk:
    """The capture screen with everything below it real, and the hands of an operator."""

    def __init__(self, qtbot: QtBot, place: Workplace, devices: dict[Modality, CaptureDevice]) -> None:
        self.qtbot, self.place = qtbot, place
        context = Context(place.depot, Tasks(), Bridge(), SystemClock(), training=True, rack=Rack.of(devices))
        context.office = place.office
        self.context = context
        with theme.undressed():  # as the window makes it
            self.screen = CaptureScreen(context)
        qtbot.addWidget(self.screen)
        self.screen.resize(1158, 712)
        self.screen.show()
        self.screen.opened()
        qtbot.waitExposed(self.screen)
        self.idle()

    def close(self) -> None:
        self.screen.stop()
        self.context.tasks.stop()
        self.context.lanes.close()

    def idle(self) -> None:
        self.qtbot.waitUntil(lambda: self.context.tasks.idle, timeout=LONG)

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    @property
    def draft(self) -> Draft:
        assert self.screen.session.draft is not None
        return self.screen.session.draft

    def at(self, step: Step) -> bool:
        return self.screen.step is step

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus, key, modifier)
        self.idle()

    def enter(self) -> None:
        self.press(Qt.Key.Key_Return)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)
        self.idle()

    def step(self, number: int) -> None:
        self.press(Qt.Key(Qt.Key.Key_0.value + number), Qt.KeyboardModifier.AltModifier)

    def click(self, name: str) -> None:
        button = self.screen.findChild(QPushButton, name)
        assert isinstance(button, QPushButton), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.idle()

    def space(self) -> None:
        """Capture, and wait until the device has answered and the desk has stored."""
        page = self.screen.page
        assert isinstance(page, DevicePage)
        QTest.keyClick(self.focus, Qt.Key.Key_Space)
        self.qtbot.waitUntil(lambda: not page.busy, timeout=LONG)
        self.idle()

    def sign(self) -> None:
        """Write on the pad with the mouse, and approve."""
        pad = self.screen.findChild(SignaturePad, "step.signature.pad")
        assert isinstance(pad, SignaturePad)
        places = [QPoint(60 + 30 * step, 70 + 25 * (-1) ** step) for step in range(9)]
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, places[0])
        for place in places:
            QTest.mouseMove(pad, place)
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, places[-1])
        QTest.keyClick(self.focus, Qt.Key.Key_Space)
        self.qtbot.waitUntil(lambda: Part.SIGNATURE in self.draft.captures, timeout=LONG)
        self.idle()

    def verify(self) -> None:
        """Capture the fingers for the chip once more."""
        card = self.screen.bench.review.verify
        self.qtbot.waitUntil(lambda: card.wanted and card.button.isVisible(), timeout=LONG)
        QTest.mouseClick(card.button, Qt.MouseButton.LeftButton)
        self.qtbot.waitUntil(lambda: not card.busy, timeout=LONG)
        self.idle()
        assert not card.wanted

    def fill_in(self) -> None:
        """From the NIK to the end of the form, with the keyboard alone."""
        self.type(SITI.answers["nik"])
        self.enter()
        asked: list[str] = []
        while self.at(Step.BIODATA) and len(asked) < len(FIELDS):
            asked.append(self.focus.objectName().removeprefix("form."))
            self.type(SITI.answers.get(asked[-1], ""))
            self.enter()
        wanted = [field.key for field in shown_fields(SITI.answers) if field.key in asked]
        assert asked == wanted, "the keyboard follows the order of the form"


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    theme.apply(qapp)
    i18n.use("en")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentralServer]:
    with running_central(tmp_path_factory.mktemp("central")) as running:
        yield running


@pytest.fixture
def place(tmp_path: Path, server: CentralServer) -> Iterator[Workplace]:
    with workplace(tmp_path / "station", server, SystemClock()) as made:
        yield made


@pytest.fixture
def desk(qtbot: QtBot, place: Workplace, lab: Lab, simulator: Simulator) -> Iterator[Desk]:
    simulator.seat(SITI)
    made = Desk(qtbot, place, devices(lab, simulator))
    yield made
    made.close()


def a_full_draft(place: Workplace, step: Step = Step.REVIEW) -> str:
    """SITI with every answer and (meaningless) captures, left at `step`."""
    record_id = recording.start(place.office, SITI.nik).record.record_id
    filled(place.office, record_id, SITI.answers)
    captured(place.office, record_id, SITI.nik)
    recording.approve(place.office, record_id, APPROVED, a_capture(Part.SIGNATURE))
    recording.go_to(place.office, record_id, step)
    return record_id


# ------------------------------------------------------------------------------------------------------ whole stories


def test_one_person_from_nik_to_seal_with_the_keyboard_alone(desk: Desk, qtbot: QtBot) -> None:
    desk.fill_in()
    assert desk.at(Step.PHOTO)
    assert desk.draft.done(Step.BIODATA)
    assert dict(desk.draft.answers).items() <= SITI.answers.items()
    for step, presses in ((Step.PHOTO, 1), (Step.FINGERS, 3), (Step.IRISES, 1)):
        assert desk.at(step)
        for _ in range(presses):
            desk.space()
        assert desk.draft.done(step), step
        desk.enter()
    desk.sign()
    desk.enter()
    assert desk.at(Step.DOCUMENTS)
    desk.enter()
    assert desk.at(Step.REVIEW)
    desk.verify()
    shown = desk.screen.bench.review.reading.text
    assert "SITI AMINAH CONTOH" in shown
    assert "SUKAMAJU CONTOH · UJI UTARA · KABUPATEN CONTOH" in shown
    with qtbot.waitSignal(desk.screen.sealed, timeout=LONG) as sealed:
        desk.enter()
    assert sealed.args[0].record.state is State.SEALED
    assert desk.focus.objectName() == "sealed.next"
    desk.enter()
    assert desk.screen.session.draft is None
    assert desk.focus.objectName() == "applicant.nik"


def test_a_draft_opens_again_at_the_exact_step_with_what_was_captured(desk: Desk, place: Workplace) -> None:
    record_id = a_full_draft(place, Step.IRISES)
    desk.screen.resume(record_id)
    desk.idle()
    assert desk.at(Step.IRISES)
    assert not desk.draft.missing
    rings = desk.screen.findChildren(QWidget, "step.irises.ring.iris-right")
    assert "60" in rings[0].accessibleName()


def test_steps_may_be_done_in_any_order(desk: Desk) -> None:
    desk.type(SITI.nik)
    desk.enter()
    desk.step(6)
    assert desk.at(Step.SIGNATURE)
    desk.sign()
    assert Part.SIGNATURE in desk.draft.captures
    QTest.mouseClick(desk.screen.bench.bar.tabs[Step.FINGERS], Qt.MouseButton.LeftButton)
    desk.idle()
    assert desk.at(Step.FINGERS)
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert desk.at(Step.PHOTO)


def test_no_device_starts_for_a_child_and_the_form_says_why(desk: Desk) -> None:
    desk.type(SITI.nik)
    desk.enter()
    for key, value in {"birth_date": "2012-08-30", "marital_status": "1"}.items():
        recording.answer(desk.place.office, desk.draft.record.record_id, key, value)
    desk.screen.resume(desk.draft.record.record_id)
    desk.idle()
    for number in (3, 6):
        desk.step(number)
        assert desk.at(Step.BIODATA)
    recording.go_to(desk.place.office, desk.draft.record.record_id, Step.PHOTO)
    desk.screen.resume(desk.draft.record.record_id)
    desk.idle()
    assert desk.at(Step.BIODATA)
    desk.step(1)
    assert desk.at(Step.APPLICANT)
    assert desk.screen.bench.applicant.may_leave(), "the way to the form stays open"


# ---------------------------------------------------------------------------------------------------------- applicant


def test_nothing_starts_with_a_wrong_nik(desk: Desk) -> None:
    desk.type("9901016199880001")
    desk.enter()
    assert desk.screen.session.draft is None
    assert "no month 99" in desk.screen.bench.applicant.finder._field.below.text()
    assert desk.focus.objectName() == "applicant.nik"


def test_a_short_nik_is_named_only_after_enter(desk: Desk) -> None:
    desk.type("99010161")
    below = desk.screen.bench.applicant.finder._field.below
    assert "16 digits" in below.text()
    assert "has 8" not in below.text()
    desk.enter()
    assert "has 8" in below.text()


def test_the_same_nik_here_is_said_before_any_device_and_the_draft_goes_on(desk: Desk, place: Workplace) -> None:
    record_id = a_full_draft(place, Step.FINGERS)
    desk.screen.opened()
    desk.type(SITI.nik)
    assert "another open recording with this NIK" in desk.screen.bench.applicant.finder.hurdle.title
    desk.enter()
    assert desk.screen.session.draft is None
    assert desk.focus.objectName() == "applicant.resume_same"
    desk.enter()
    assert desk.draft.record.record_id == record_id
    assert desk.at(Step.FINGERS)
    assert not desk.screen.bench.applicant.duplicates


def test_two_drafts_of_one_person_are_possible_but_only_with_a_reason(desk: Desk, place: Workplace) -> None:
    record_id = a_full_draft(place)
    desk.type(SITI.nik)
    desk.enter()
    desk.click("applicant.record_anyway")
    assert desk.screen.session.draft is None
    assert desk.focus.objectName() == "applicant.reason"
    desk.type("kartu lama atas nama lain")
    desk.enter()
    assert desk.draft.record.record_id != record_id
    assert "applicant.other_draft" in [item.code for item in desk.draft.confirmed]
    desk.screen.resume(record_id)
    desk.idle()
    assert "another open recording" in desk.screen.bench.side.problem.title


def test_open_drafts_are_listed_and_continued_with_a_click(desk: Desk, place: Workplace) -> None:
    record_id = a_full_draft(place, Step.PHOTO)
    desk.screen.opened()
    desk.idle()
    desk.click(f"applicant.resume.{record_id}")
    assert desk.at(Step.PHOTO)


# ------------------------------------------------------------------------------------------------------------ biodata


def test_what_is_being_typed_is_stored_when_another_step_or_screen_opens(desk: Desk) -> None:
    desk.type(SITI.nik)
    desk.enter()
    desk.screen.bench.biodata.form.focus("name")
    desk.type("siti")
    desk.step(3)
    assert desk.draft.answers["name"] == "SITI"
    desk.step(2)
    desk.screen.bench.biodata.form.focus("address")
    desk.type("jl. contoh")
    desk.screen.hide()
    desk.idle()
    assert desk.draft.answers["address"] == "JL. CONTOH"


def test_a_nik_on_the_start_page_stays_while_another_screen_is_looked_at(desk: Desk) -> None:
    desk.type(PEOPLE[0].nik[:9])
    desk.screen.hide()
    desk.screen.show()
    desk.screen.opened()
    desk.idle()
    assert desk.screen.bench.applicant.finder.line.text().replace(" ", "") == PEOPLE[0].nik[:9]


def test_every_stored_answer_says_so(desk: Desk) -> None:
    desk.type(SITI.nik)
    desk.enter()
    assert desk.screen.bench.side.saved_text == ""
    desk.type(SITI.answers["kk"])
    desk.enter()
    assert desk.screen.bench.side.saved_text.startswith("Stored automatically ")


def test_a_full_disk_is_said_and_what_was_typed_stays(
    desk: Desk, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = a_full_draft(place)
    desk.screen.resume(record_id)
    desk.idle()

    def full(*_asked: object) -> None:
        raise StoreError("store.disk_full")

    monkeypatch.setattr(disk_guard, "make_room_to_seal", full)
    desk.enter()
    assert desk.screen.bench.side.problem.title == "The disk is full."
    assert desk.draft.ready
    monkeypatch.undo()
    with desk.qtbot.waitSignal(desk.screen.sealed, timeout=LONG):
        desk.enter()


def at_the_review(desk: Desk, place: Workplace) -> str:
    """SITI is open with everything there; her record id."""
    record_id = a_full_draft(place)
    desk.screen.resume(record_id)
    desk.idle()
    return record_id


def no_room(*_asked: object) -> Draft:
    raise StoreError("store.disk_full")


def told(desk: Desk) -> str:
    return desk.screen.bench.side.problem.title


def change_name(desk: Desk, name: str) -> None:
    desk.step(2)
    desk.screen.bench.biodata.form.focus("name")
    desk.type(name)


def test_nobody_is_sealed_with_an_answer_that_was_typed_over_and_could_not_be_stored(
    desk: Desk, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = at_the_review(desk, place)
    before = desk.draft.answers["name"]
    change_name(desk, "ORANG BARU")
    monkeypatch.setattr(recording, "answer", no_room)
    desk.step(8)
    assert told(desk) == "“Full name” is not stored yet."
    said = desk.screen.findChild(QLabel, "capture.problem.todo")
    assert isinstance(said, QLabel)
    assert said.text().startswith("The disk is full.")
    desk.enter()
    assert not desk.screen.busy
    with place.office.applicants.read() as connection:
        assert not records.with_states(connection, [State.SEALED])
    assert desk.draft.answers["name"] == before
    monkeypatch.undo()
    desk.enter()
    assert recording.resume(place.office, record_id).answers["name"] == "ORANG BARU"
    assert told(desk) != "“Full name” is not stored yet."


def test_an_answer_stays_named_until_it_is_stored_whatever_else_is(
    desk: Desk, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = at_the_review(desk, place)
    change_name(desk, "ORANG BARU")
    monkeypatch.setattr(recording, "answer", no_room)
    desk.step(3)
    desk.screen.session.assist(on=True)
    desk.idle()
    assert desk.draft.assisted
    assert told(desk) == "“Full name” is not stored yet."
    desk.click("capture.problem.action")
    assert desk.at(Step.BIODATA)
    box = desk.screen.bench.biodata.form.boxes["name"]
    assert (box.editor.value(), box.note.text) == ("ORANG BARU", "Not stored yet")
    monkeypatch.undo()
    desk.enter()
    assert box.note.text == ""
    assert recording.resume(place.office, record_id).answers["name"] == "ORANG BARU"


def test_what_was_typed_back_after_a_failure_is_what_counts(
    desk: Desk, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = at_the_review(desk, place)
    before = desk.draft.answers["name"]
    change_name(desk, "ORANG BARU")
    monkeypatch.setattr(recording, "answer", no_room)
    desk.enter()
    monkeypatch.undo()
    change_name(desk, before)
    desk.step(8)
    assert desk.screen.session.unstored == ""
    assert recording.resume(place.office, record_id).answers["name"] == before


def test_nobody_is_put_aside_and_nobody_opened_while_an_answer_is_only_on_the_screen(
    desk: Desk, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = recording.start(place.office).record.record_id
    record_id = at_the_review(desk, place)
    change_name(desk, "ORANG BARU")
    monkeypatch.setattr(recording, "answer", no_room)
    desk.screen.bench.heading.put_aside.emit()
    desk.idle()
    for way in (desk.screen.resume, desk.screen.bench.applicant._open_other):
        way(other)
        desk.idle()
        assert desk.draft.record.record_id == record_id
    assert told(desk) == "“Full name” is not stored yet."
    monkeypatch.undo()
    desk.screen.bench.heading.put_aside.emit()
    desk.idle()
    assert desk.screen.session.draft is None
    assert recording.resume(place.office, record_id).answers["name"] == "ORANG BARU"


def test_a_nik_that_was_typed_back_after_a_failure_is_what_counts(
    desk: Desk, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = at_the_review(desk, place)
    page = desk.screen.bench.applicant
    for nik in (PEOPLE[2].nik, SITI.nik):
        desk.step(1)
        page.finder.line.setFocus()
        page.finder.line.selectAll()
        monkeypatch.setattr(recording, "answer", no_room)
        desk.type(nik)
        page._store()
        desk.idle()
        assert desk.screen.session.given("nik") == nik
    monkeypatch.undo()
    desk.step(8)
    assert desk.screen.session.unstored == ""
    assert recording.resume(place.office, record_id).answers["nik"] == SITI.nik


def test_who_signs_out_takes_along_what_could_not_be_stored_before(
    desk: Desk, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = at_the_review(desk, place)
    change_name(desk, "ORANG BARU")
    monkeypatch.setattr(recording, "answer", no_room)
    desk.step(3)
    monkeypatch.undo()
    desk.screen.stop()
    desk.idle()
    assert recording.resume(place.office, record_id).answers["name"] == "ORANG BARU"


def test_a_no_of_the_desk_is_read_before_anybody_is_put_aside(
    desk: Desk, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = at_the_review(desk, place)
    change_name(desk, "ORANG BARU")

    def no(*_asked: object) -> Draft:
        raise RuleError("recapture.not_open")

    monkeypatch.setattr(recording, "answer", no)
    desk.screen.bench.heading.put_aside.emit()
    desk.idle()
    assert desk.draft.record.record_id == record_id
    assert told(desk) == of_error(RuleError("recapture.not_open")).title
    monkeypatch.undo()
    desk.screen.bench.heading.put_aside.emit()
    desk.idle()
    assert desk.screen.session.draft is None


def test_the_step_of_whoever_was_open_is_never_stored_for_the_next(desk: Desk, place: Workplace) -> None:
    second = recording.start(place.office).record.record_id
    filled(place.office, second, PEOPLE[2].answers)
    recording.go_to(place.office, second, Step.PHOTO)
    at_the_review(desk, place)
    desk.screen.session.resume(second)
    desk.screen.session.go_to(Step.IRISES)  # of the first one, while the second is on its way
    desk.idle()
    desk.screen.session._keep_step()  # what the timer does
    desk.idle()
    assert desk.draft.record.record_id == second
    assert recording.resume(place.office, second).step is Step.PHOTO


# ------------------------------------------------------------------------------------------------------------ devices


def test_a_missing_device_is_said_in_words_and_the_other_steps_stay_open(desk: Desk, simulator: Simulator) -> None:
    desk.type(SITI.nik)
    desk.enter()
    desk.step(5)
    simulator.fault(Fault.UNPLUGGED, type="Iris")
    desk.space()
    assert desk.screen.bench.side.problem.title == "The device stopped answering."
    desk.step(3)
    simulator.mend()
    desk.space()
    assert Part.FACE in desk.draft.captures
    desk.step(5)
    desk.space()
    assert set(IRISES) <= set(desk.draft.captures)


def test_esc_stops_a_device_that_only_looks_and_discards_nothing(desk: Desk, simulator: Simulator) -> None:
    desk.type(SITI.nik)
    desk.enter()
    desk.step(5)
    desk.space()
    kept = desk.draft.captures
    simulator.fault(Fault.HANG, 1, type="Iris")
    page = desk.screen.page
    assert isinstance(page, DevicePage)
    QTest.keyClick(desk.focus, Qt.Key.Key_Space)
    assert page.button.text() == "Stop · Esc"
    desk.press(Qt.Key.Key_Escape)
    assert not page.busy
    assert desk.draft.captures == kept
    assert desk.at(Step.IRISES)


def test_a_station_without_a_device_says_so(qtbot: QtBot, place: Workplace) -> None:
    desk = Desk(qtbot, place, {})
    desk.type(SITI.nik)
    desk.enter()
    desk.step(3)
    desk.press(Qt.Key.Key_Space)
    assert desk.screen.bench.side.problem.title == "No camera was found."
    desk.close()


def test_weak_fingers_are_asked_for_again_and_good_ones_are_kept(desk: Desk, simulator: Simulator) -> None:
    desk.type(SITI.nik)
    desk.enter()
    desk.step(4)
    simulator.fault(Fault.LOW_QUALITY, 1, type="Finger")
    desk.space()
    assert desk.draft.weak == RIGHT_FOUR  # kept, and asked for once more
    assert "not good enough yet" in desk.screen.bench.side.problem.title
    assert desk.screen.bench.bar.tabs[Step.FINGERS].tone == "warn"
    desk.space()
    assert desk.draft.weak == ()
    assert {desk.draft.captures[part].attempts for part in RIGHT_FOUR} == {2}
    assert desk.screen.bench.side.problem.title == ""


def test_a_ring_that_is_clicked_is_captured_alone(desk: Desk) -> None:
    desk.type(SITI.nik)
    desk.enter()
    desk.step(4)
    ring = desk.screen.findChild(QWidget, "step.fingers.ring.finger-01")
    assert isinstance(ring, QWidget)
    QTest.mouseClick(ring, Qt.MouseButton.LeftButton)
    desk.space()
    assert set(desk.draft.captures) == {FINGERS[0]}


# --------------------------------------------------------------------------------------------------- review, withdraw


def test_the_review_names_what_is_missing_and_leads_there(desk: Desk) -> None:
    desk.type(SITI.nik)
    desk.enter()
    desk.step(8)
    texts = [item.text for item in desk.screen.bench.review.obstacles.shown]
    assert any("12 fields still empty" in text for text in texts)
    desk.enter()
    assert desk.screen.session.draft is not None
    assert desk.focus.objectName() == "review.go.1"
    desk.enter()
    assert desk.at(Step.BIODATA)
    assert desk.focus.objectName() == "form.kk"
    assert "still empty" in desk.screen.bench.biodata.form.boxes["kk"].note.text


def test_a_draft_is_given_up_only_with_a_reason_and_never_by_esc(desk: Desk, place: Workplace) -> None:
    record_id = a_full_draft(place)
    desk.screen.resume(record_id)
    desk.idle()
    desk.press(Qt.Key.Key_Escape)
    assert desk.draft.record.record_id == record_id
    desk.screen.bench.heading.ask_withdraw()
    dialog = desk.screen.findChild(QWidget, "withdraw")
    reason, yes = (desk.screen.findChild(kind, name) for kind, name in _DIALOG)
    assert isinstance(dialog, QWidget)
    assert isinstance(reason, QLineEdit)
    assert isinstance(yes, QPushButton)
    assert not yes.isEnabled()
    QTest.keyClicks(reason, "salah orang")
    QTest.mouseClick(yes, Qt.MouseButton.LeftButton)
    desk.idle()
    assert desk.screen.session.draft is None
    assert not recording.open_drafts(place.office)


def test_whom_the_question_names_is_cancelled_and_nobody_who_was_opened_since(desk: Desk, place: Workplace) -> None:
    asked, other = a_full_draft(place), place.draft(2)
    desk.screen.resume(asked)
    desk.idle()
    desk.screen.bench.heading.ask_withdraw()
    desk.screen.resume(other)
    desk.idle()
    reason, yes = (desk.screen.findChild(kind, name) for kind, name in _DIALOG)
    assert isinstance(reason, QLineEdit)
    assert isinstance(yes, QPushButton)
    QTest.keyClicks(reason, "salah orang")
    QTest.mouseClick(yes, Qt.MouseButton.LeftButton)
    desk.idle()
    assert [draft.record.record_id for draft in recording.open_drafts(place.office)] == [other]
    assert desk.draft.record.record_id == other


_DIALOG = ((QLineEdit, "withdraw.reason"), (QPushButton, "withdraw.confirm"))


def test_a_draft_put_aside_waits_in_the_list(desk: Desk, place: Workplace) -> None:
    record_id = a_full_draft(place)
    desk.screen.resume(record_id)
    desk.idle()
    desk.screen.bench.heading.put_aside.emit()
    desk.idle()
    assert desk.screen.findChild(QPushButton, f"applicant.resume.{record_id}") is not None
    assert [draft.record.record_id for draft in recording.open_drafts(place.office)] == [record_id]
