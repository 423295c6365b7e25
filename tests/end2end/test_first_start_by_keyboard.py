"""From an empty folder to the first capture by keyboard alone, without a network: so many key presses, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton

from station.app.app import App
from station.app.run import make_qt
from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.domain.biometrics import Modality, Part
from station.domain.device import device_id
from station.domain.ports import CaptureDevice, Found
from station.domain.steps import Step
from station.training.people import PEOPLE
from station.training.player import Player
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.first_start.file_page import FilePage
from station.ui.screens.first_start.wizard import FirstStart
from tests.end2end.window import end, leave_no_trace, operator_is_listed
from tests.fakes.scripted_device import ScriptedDevice
from tests.support import CHEAP

pytestmark = pytest.mark.usefixtures("qapp")

SECONDS_A_KEY = 1.0
"""A clerk who hunts for the letters; reading and writing the words down come on top."""
WRITING_S = 180.0
ADMIN, OFFICER = "kata kepala 1", "tiga kata panjang"


class Drivers:
    """One camera, plugged in."""

    name = "uji"

    def __init__(self) -> None:
        self.camera = ScriptedDevice(Modality.FACE)

    def look(self) -> tuple[Found, ...]:
        return (Found(device_id(self.camera.info), self.camera.info),)

    def device(self, found: Found) -> CaptureDevice:
        return self.camera


class Keyboard(Player):
    """A player without a mouse, who counts."""

    pressed = 0

    def type(self, text: str, *, into: str = "") -> None:
        assert not into, "where to type is found by the keyboard too"
        self.pressed += len(text)
        super().type(text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.pressed += 1
        super().press(key, modifier)

    def click(self, name: str) -> None:
        raise AssertionError(f"{name} was clicked: nobody has a mouse here")

    def shortcut(self, keys: str) -> None:
        self.pressed += 1
        QTest.keySequence(self.window, QKeySequence(keys))


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and codes that cost nothing to try: how slow they are is not asked here."""
    for place in ("station.seal.vault", "station.desk.enrolment"):
        monkeypatch.setattr(f"{place}.Argon2Cost", lambda: CHEAP)
    monkeypatch.setattr("station.seal.enrolment_file.CODE_COST", CHEAP)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CentralServer]:
    server = CentralServer(tmp_path / "central", options=CentralOptions(training=True))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App(make_qt(), tmp_path / "data", drivers=(Drivers(),))
    app.show()
    yield app
    end(app)
    leave_no_trace()


def words_are_typed(hands: Keyboard, wizard: FirstStart) -> None:
    """What stands on the paper: the words were read off the screen before."""
    paper: list[str] = [hands.find(f"first.word.{number}").accessibleName().split(": ")[1] for number in range(1, 15)]
    hands.enter()
    hands.find("first.check.1")
    page = wizard.page
    for number in page.check.asked:  # type: ignore[attr-defined]  # the page of that name
        hands.type(paper[number - 1][:4])
        hands.enter()


def test_an_empty_folder_becomes_a_first_capture_by_keyboard_within_ten_minutes(
    app: App, server: CentralServer, tmp_path: Path
) -> None:
    made = server.central.invitations.invite("99.01.01", "Kec. Contoh Utara", url=server.url, days=14)
    (tmp_path / "contoh.pendaftaran").write_bytes(made.data)
    hands = Keyboard(app.window, tmp_path / "pictures")
    hands.find("first.next")
    wizard = app.window.findChild(FirstStart, "first")
    assert wizard is not None

    hands.enter()  # Bahasa Indonesia
    hands.press(Qt.Key.Key_Down)  # with a file
    hands.enter()
    page = wizard.page
    assert isinstance(page, FilePage)
    page.choose(tmp_path / "contoh.pendaftaran")  # as if the stick had been found by itself
    hands.type(made.code.lower())
    hands.enter()
    hands.find("first.admin_name")
    for text in ("Kepala Contoh", ADMIN, ADMIN, "Siti R.", OFFICER, OFFICER):
        hands.type(text)
        hands.enter()
    hands.enter()  # the role that is offered
    hands.find("first.word.14")
    hands.wait_until(lambda: bool(wizard.answers.words), "the words are there")
    words_are_typed(hands, wizard)
    hands.find("first.page.devices")
    hands.enter()
    hands.wait_until(lambda: bool(wizard.page.banner.title) and not wizard.page.busy, "the camera was tested")
    hands.enter()
    hands.find("first.practise")
    hands.enter()

    operator_is_listed(hands)
    assert hands.find("signin.operator", QComboBox).currentText().startswith("Siti R."), "who records is offered first"
    app.context.training = True  # province 99 exists at a pilot only
    hands.type(OFFICER)
    hands.enter()
    hands.find("applicant.nik")
    assert not hands.sees("unconfirmed")
    hands.type(PEOPLE[0].nik)
    hands.enter()
    screen = app.window.findChild(CaptureScreen)
    assert screen is not None
    hands.wait_until(lambda: screen.step is Step.BIODATA, "the form is open")
    hands.shortcut("Alt+3")
    hands.wait_until(lambda: screen.step is Step.PHOTO, "the photo step is open")
    hands.press(Qt.Key.Key_Space)

    def is_captured() -> bool:
        draft = screen.session.draft
        return draft is not None and Part.FACE in draft.captures

    hands.wait_until(is_captured, "the first capture is stored")
    print(f"\n{hands.pressed} key presses from the empty folder to the first capture")
    assert hands.pressed <= 165
    assert hands.pressed * SECONDS_A_KEY + WRITING_S <= 600, "ten minutes"
    assert app.depot.enrolled()[0].station_name == "Kec. Contoh Utara"


def speaks_english(hands: Keyboard) -> bool:
    return any("Next" in item.text() for item in hands.window.findChildren(QPushButton, "first.next"))


def test_shift_enter_goes_back_and_what_was_typed_is_still_there(app: App, tmp_path: Path) -> None:
    hands = Keyboard(app.window, tmp_path / "pictures")
    hands.find("first.next")
    hands.enter()
    hands.enter()
    for text in ("https://pusat.example", "7KQ2-M0XD-3R", "Kec. Contoh", "99.01.01"):
        hands.type(text)
        hands.enter()
    hands.find("first.admin_name")
    hands.type("Kepala Contoh")
    for name in ("first.central_url", "first.way.online", "first.language.id"):
        hands.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        hands.find(name)
    hands.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert hands.sees("first.language.id"), "before the first page there is none"
    hands.press(Qt.Key.Key_Down)  # English: everything is made anew
    hands.wait_until(lambda: speaks_english(hands), "the page speaks English")
    for name in ("first.way.online", "first.central_url"):
        hands.enter()
        hands.find(name)
    assert hands.find("first.office", QLineEdit).text() == "99.01.01"
    for _stop in range(4):
        hands.enter()
    assert hands.find("first.admin_name", QLineEdit).text() == "Kepala Contoh"
