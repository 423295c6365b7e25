"""The signature step on the real desk and disk: read, sign, approve; sign again when the data change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.rack import Rack
from station.central.server import CentralServer
from station.desk import recording, villages
from station.domain.biometrics import Part
from station.domain.draft import Draft
from station.domain.ports import SystemClock
from station.domain.signature import is_signature
from station.domain.steps import Step
from station.training.people import PEOPLE
from station.ui import theme
from station.ui.bridge import Bridge
from station.ui.context import Context
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.steps.applicant_window import ApplicantWindow
from station.ui.screens.steps.signature import SignaturePage
from station.ui.tasks import Tasks
from station.ui.widgets.signature_pad import SignaturePad
from tests.support import Workplace, filled, running_central, workplace

SITI = PEOPLE[1]
LONG = 30_000


class Hands:
    """The capture screen at the signature step of a draft that has every answer."""

    def __init__(self, qtbot: QtBot, place: Workplace) -> None:
        self.qtbot, self.place = qtbot, place
        self.context = Context(place.depot, Tasks(), Bridge(), SystemClock(), training=True, rack=Rack.of({}))
        self.context.office = place.office
        self.record_id = recording.start(place.office, SITI.nik).record.record_id
        filled(place.office, self.record_id, SITI.answers)
        recording.go_to(place.office, self.record_id, Step.SIGNATURE)
        with theme.undressed():  # as the window makes it
            self.screen = CaptureScreen(self.context)
        qtbot.addWidget(self.screen)
        self.screen.resize(1158, 712)
        self.screen.show()
        self.screen.resume(self.record_id)
        qtbot.waitUntil(lambda: self.screen.step is Step.SIGNATURE, timeout=LONG)
        self.idle()

    @property
    def page(self) -> SignaturePage:
        found = self.screen.page
        assert isinstance(found, SignaturePage)
        return found

    @property
    def kept(self) -> Draft:
        """The draft as it is on the disk."""
        return recording.resume(self.place.office, self.record_id)

    @property
    def state(self) -> str:
        found = self.screen.findChild(QLabel, "step.signature.state")
        assert isinstance(found, QLabel)
        return found.text()

    def close(self) -> None:
        self.screen.stop()
        self.context.tasks.stop()

    def idle(self) -> None:
        self.qtbot.waitUntil(lambda: self.context.tasks.idle, timeout=LONG)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifier)
        self.idle()

    def sign(self, pad: SignaturePad | None = None, length: int = 200) -> None:
        pad = pad or self.page.pad
        left, middle = pad.place_of(100, 100), pad.place_of(100 + length, 100)
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, left)
        QTest.mouseMove(pad, middle)
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
        self.idle()

    def change_name(self) -> None:
        self.screen.session.answer("occupation", "1" if self.kept.answers.get("occupation") != "1" else "2")
        self.idle()


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    theme.apply(qapp)
    i18n.use("en")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentralServer]:
    with running_central(tmp_path_factory.mktemp("central")) as running:
        yield running


@pytest.fixture
def hands(tmp_path: Path, server: CentralServer, qtbot: QtBot) -> Iterator[Hands]:
    with workplace(tmp_path / "station", server, SystemClock()) as place:
        made = Hands(qtbot, place)
        yield made
        made.close()


def test_a_recording_is_cancelled_with_ink_on_the_pad_that_nobody_kept(hands: Hands) -> None:
    hands.sign()
    hands.screen.session.withdraw(hands.record_id, "salah orang")
    hands.idle()
    assert hands.screen.session.draft is None
    assert hands.screen.step is Step.APPLICANT
    assert recording.open_drafts(hands.place.office) == ()


def test_space_keeps_the_signature_under_exactly_what_is_shown(hands: Hands) -> None:
    hands.sign()
    hands.press(Qt.Key.Key_Space)
    approval = hands.kept.approval
    assert approval is not None
    assert [line.value for line in hands.page.sheet.lines] == [line.value for line in hands.page.reading.lines]
    assert all(f"{line.label}: {line.value}" in approval.text for line in hands.page.sheet.lines)
    assert hands.kept.answers["name"] in approval.text
    assert hands.kept.done(Step.SIGNATURE)
    assert hands.state == "Signed and stored"


def test_whatever_leads_away_keeps_what_was_signed(hands: Hands) -> None:
    hands.sign()
    hands.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert hands.screen.step is Step.BIODATA
    assert hands.kept.done(Step.SIGNATURE)


def test_enter_keeps_it_and_goes_on_and_nothing_signed_goes_on_too(hands: Hands) -> None:
    hands.press(Qt.Key.Key_Return)
    assert hands.screen.step is Step.DOCUMENTS
    assert Part.SIGNATURE in hands.kept.missing
    hands.press(Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
    hands.sign()
    hands.press(Qt.Key.Key_Return)
    assert hands.screen.step is Step.DOCUMENTS
    assert hands.kept.done(Step.SIGNATURE)


def test_a_dot_is_refused_with_what_to_do_and_the_page_stays(hands: Hands) -> None:
    hands.sign(length=2)
    hands.press(Qt.Key.Key_Return)
    problem = hands.page.problem()
    assert hands.screen.step is Step.SIGNATURE
    assert problem is not None and "too short" in problem.title
    hands.press(Qt.Key.Key_Space)
    assert Part.SIGNATURE not in hands.kept.captures
    hands.page.pad.clear()
    hands.sign()
    assert hands.page.problem() is None


def test_data_changed_after_signing_ask_for_another_signature(hands: Hands) -> None:
    hands.sign()
    hands.press(Qt.Key.Key_Space)
    before = hands.kept.approval
    hands.change_name()
    problem = hands.page.problem()
    assert problem is not None and "changed after it was signed" in problem.title
    assert Part.SIGNATURE in hands.kept.missing
    hands.press(Qt.Key.Key_Space)  # clears the paper
    hands.sign()
    hands.press(Qt.Key.Key_Space)
    after = hands.kept.approval
    assert before is not None and after is not None and after.text != before.text
    assert hands.kept.done(Step.SIGNATURE)


def test_signing_again_replaces_the_signature_only_when_it_is_kept(hands: Hands) -> None:
    hands.sign()
    hands.press(Qt.Key.Key_Space)
    first = recording.image(hands.place.office, hands.record_id, Part.SIGNATURE)
    hands.press(Qt.Key.Key_Space)
    assert hands.page.pad.strokes == ()
    assert recording.image(hands.place.office, hands.record_id, Part.SIGNATURE) == first
    hands.sign(length=380)
    hands.press(Qt.Key.Key_Space)
    assert recording.image(hands.place.office, hands.record_id, Part.SIGNATURE) != first


def signed_large(hands: Hands) -> ApplicantWindow:
    """The applicant has signed on the whole screen, which is still open."""
    hands.press(Qt.Key.Key_F11)
    window = hands.page.window_
    hands.qtbot.waitUntil(window.isVisible, timeout=LONG)
    assert window.sheet.lines == tuple(hands.page.reading.lines)
    if not window.pad.strokes:
        hands.sign(window.pad)
    return window


@pytest.mark.parametrize("way", ["Enter", "button"])
def test_the_applicant_signs_on_the_whole_screen_and_says_yes_there(hands: Hands, way: str) -> None:
    window = signed_large(hands)
    if way == "Enter":
        QTest.keyClick(window, Qt.Key.Key_Return)
    else:
        QTest.mouseClick(window.done, Qt.MouseButton.LeftButton)
    hands.idle()
    assert not window.isVisible()
    assert hands.kept.done(Step.SIGNATURE)


@pytest.mark.parametrize("way", ["Esc", "F11", "closed", "the step is left"])
def test_the_whole_screen_left_without_a_yes_keeps_the_ink_and_approves_nothing(hands: Hands, way: str) -> None:
    window = signed_large(hands)
    if way == "closed":
        window.close()
    elif way == "the step is left":
        hands.screen.go(Step.BIODATA)
        hands.idle()
        assert hands.kept.approval is None
        hands.screen.go(Step.SIGNATURE)
    else:
        QTest.keyClick(window, Qt.Key.Key_Escape if way == "Esc" else Qt.Key.Key_F11)
    hands.idle()
    assert not window.isVisible()
    assert hands.kept.approval is None and Part.SIGNATURE not in hands.kept.captures
    assert is_signature(hands.page.pad.strokes)
    assert hands.state == "Signed, waits for the yes"
    problem = hands.page.problem()
    assert problem is not None and "waits for the applicant's yes" in problem.title
    QTest.mouseClick(hands.page.button, Qt.MouseButton.LeftButton)
    hands.idle()
    assert hands.kept.done(Step.SIGNATURE)
    assert hands.page.problem() is None


def test_the_whole_screen_opened_again_shows_what_was_signed_for_the_yes_that_is_missing(hands: Hands) -> None:
    ink = signed_large(hands).pad.strokes
    hands.page.window_.close()
    window = signed_large(hands)
    assert window.pad.strokes == ink
    QTest.keyClick(window, Qt.Key.Key_Return)
    hands.idle()
    assert hands.kept.done(Step.SIGNATURE)


def test_a_signature_is_kept_under_the_name_of_a_village_that_came_too_late_for_the_page(hands: Hands) -> None:
    session, late = hands.screen.session, Event()
    village = next(item.answers["village"] for item in PEOPLE if item.answers["village"] != SITI.answers["village"])
    session.answer("village", village)
    session.ask(lambda _office: late.wait(LONG / 1000), lambda _came: None)
    hands.qtbot.waitUntil(lambda: not hands.page.reading.complete, timeout=LONG)
    pad = hands.page.pad
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, pad.place_of(100, 100))
    QTest.mouseMove(pad, pad.place_of(300, 100))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, pad.place_of(300, 100))
    hands.page.left()
    session.put_aside()
    late.set()
    hands.idle()
    known = villages.village(hands.place.office, village)
    assert known is not None and hands.kept.approval is not None
    assert known.name in hands.kept.approval.text
    assert hands.kept.done(Step.SIGNATURE)


def test_another_person_finds_empty_paper(hands: Hands) -> None:
    hands.sign()
    hands.press(Qt.Key.Key_Space)
    other = recording.start(hands.place.office, PEOPLE[2].nik).record.record_id
    recording.go_to(hands.place.office, other, Step.SIGNATURE)
    hands.screen.resume(other)
    hands.idle()
    assert hands.page.draft is not None and hands.page.draft.record.record_id == other
    assert hands.page.pad.strokes == ()
    assert hands.state == "Not signed yet"
    assert hands.page.pad.grab().toImage().pixelColor(QPoint(40, 30)).lightness() > 200
