"""The photo step on the real window and desk with a drawn person before a camera: live, helped, taken, not blocked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.camera.device import CameraDevice
from station.capture.camera.file_camera import FileCamera
from station.capture.lab import Lab
from station.capture.rack import Rack
from station.desk import recording
from station.domain.biometrics import DeviceInfo, Modality, Part
from station.domain.draft import CaptureCard, Draft
from station.domain.ports import SystemClock
from station.domain.steps import Step
from station.training.people import Person, people
from station.ui import theme
from station.ui.bridge import Bridge
from station.ui.context import Context
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.steps.photo import PhotoPage
from station.ui.tasks import Tasks
from station.ui.widgets.face_view import FaceView
from tests import poses
from tests.poses import ASLEEP, WOMAN, Rgb, drawn, image
from tests.support import Workplace

LONG = 10_000
"""Milliseconds until something that must happen has not."""


class Booth:
    """One window for all these tests; in each another person, whose cloth must be red, and a camera."""

    def __init__(self, place: Workplace, lab: Lab) -> None:
        self.qtbot: QtBot
        self.record_id = ""
        self._office = place.office
        self._seen: QImage | None = None
        self._looks = 0
        self._people = _born_in_odd_years()
        info = DeviceInfo(Modality.FACE, "C-1", "CONTOH", "Uji", "test")
        camera = CameraDevice(info, FileCamera(self._look, rate=60), lab)
        rack = Rack.of({Modality.FACE: camera})
        self.context = Context(place.depot, Tasks(), Bridge(), SystemClock(), training=True, rack=rack)
        self.context.office = place.office
        with theme.undressed():  # as the window makes it
            self.screen = CaptureScreen(self.context)
        self.screen.resize(1158, 712)
        self.screen.show()

    def next_person(self, qtbot: QtBot) -> None:
        """A new recording, its form filled in."""
        self.qtbot = qtbot
        person = next(self._people)
        self.record_id = recording.start(self._office, person.nik).record.record_id
        for key in ("birth_date", "sex", "citizenship", "marital_status"):
            recording.answer(self._office, self.record_id, key, person.answers[key])
        recording.go_to(self._office, self.record_id, Step.PHOTO)

    def come(self, picture: Rgb | None) -> None:
        """Somebody sits down, then the page opens."""
        self.shows(picture)
        self.screen.resume(self.record_id)
        self.until(
            lambda: self.screen.step is Step.PHOTO and self.idle and self.draft.record.record_id == self.record_id
        )

        if picture is not None:
            looks = self._looks
            self.until(lambda: self._looks > looks + 1)  # the frame of the picture before is past

    def _look(self, _number: int) -> QImage | None:
        self._looks += 1
        return self._seen

    def shows(self, picture: Rgb | None) -> None:
        self._seen = None if picture is None else image(poses.in_a_room(picture))

    def leave(self) -> None:
        self.step(2)
        self.until(lambda: self.screen.step is Step.BIODATA and self.idle)

    def step(self, number: int) -> None:
        self.in_front()
        QTest.keyClick(self.screen, Qt.Key(Qt.Key.Key_0.value + number), Qt.KeyboardModifier.AltModifier)

    def in_front(self) -> None:
        """A menu that closes leaves no window active where there is no window manager."""
        self.screen.activateWindow()
        self.until(self.screen.isActiveWindow)

    def close(self) -> None:
        self.screen.stop()
        self.screen.close()
        self.screen.deleteLater()
        self.context.tasks.stop()

    @property
    def idle(self) -> bool:
        return self.context.tasks.idle

    @property
    def page(self) -> PhotoPage:
        page = self.screen.bench.pages[Step.PHOTO]
        assert isinstance(page, PhotoPage)
        return page

    @property
    def view(self) -> FaceView:
        assert isinstance(self.page.preview, FaceView)
        return self.page.preview

    @property
    def draft(self) -> Draft:
        assert self.screen.session.draft is not None
        return self.screen.session.draft

    @property
    def photo(self) -> CaptureCard | None:
        return self.draft.captures.get(Part.FACE)

    @property
    def problem(self) -> str:
        return self.screen.bench.side.problem.title

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=LONG)

    def press(self, key: Qt.Key) -> None:
        focus = QApplication.focusWidget()
        QTest.keyClick(focus if focus is not None else self.screen, key)

    def space(self) -> None:
        self.press(Qt.Key.Key_Space)

    def take(self) -> None:
        """Take the photo and wait until it is stored."""
        before = self.photo
        self.space()
        self.until(lambda: not self.page.busy and self.idle and self.photo != before)

    def button(self, name: str) -> QPushButton:
        found = self.screen.findChild(QPushButton, name)
        assert isinstance(found, QPushButton)
        return found

    def give_first_reason(self) -> None:
        self.until(lambda: self.screen.findChild(QMenu, "step.photo.reason.menu") is not None)
        menu = self.screen.findChild(QMenu, "step.photo.reason.menu")
        assert isinstance(menu, QMenu)
        menu.actions()[0].trigger()
        menu.close()
        self.until(lambda: self.idle)
        self.in_front()


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    lab = Lab(1)
    yield lab
    lab.close()


@pytest.fixture(scope="module")
def room(
    qapp: QApplication, enrolled_folder: Path, lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Booth]:
    theme.apply(qapp)
    i18n.use("en")
    folder = shutil.copytree(enrolled_folder, tmp_path_factory.mktemp("photo") / "station")
    place = Workplace(Path(folder), "http://127.0.0.1:9", SystemClock())
    made = Booth(place, lab)
    yield made
    made.close()
    place.close()


@pytest.fixture
def booth(room: Booth, qapp: QApplication, qtbot: QtBot) -> Iterator[Booth]:
    theme.apply(qapp)
    i18n.use("en")
    room.next_person(qtbot)
    yield room
    room.leave()


def test_the_picture_is_live_from_the_first_moment_and_the_oval_green_when_all_is_well(booth: Booth) -> None:
    booth.come(drawn())
    booth.until(lambda: booth.view.ready)
    assert booth.view.live
    assert booth.view.hint == "Good · press Space"
    assert "red" in booth.page._side.backdrop.text


def test_one_sentence_at_a_time_says_what_to_do(booth: Booth) -> None:
    booth.come(drawn(ASLEEP))
    booth.until(lambda: booth.view.hint == "Open the eyes; glasses off")
    assert not booth.view.ready
    booth.shows(poses.turned(drawn(), yaw=30))
    booth.until(lambda: booth.view.hint == "Look straight ahead")
    booth.shows(drawn())
    booth.until(lambda: booth.view.ready)


def test_space_takes_and_what_was_taken_stands_still(booth: Booth) -> None:
    booth.come(drawn())
    booth.until(lambda: booth.view.ready)
    booth.take()
    assert booth.photo is not None
    assert booth.photo.remarks == ()
    assert not booth.view.live
    assert booth.view.has_picture
    assert booth.problem == ""
    assert booth.button("step.photo.capture").text() == "Take again · Space"


def test_taking_again_shows_the_camera_first_and_what_is_kept_beside(booth: Booth) -> None:
    booth.come(drawn())
    booth.take()
    first = booth.photo
    kept = booth.page._side._kept
    assert kept.isHidden()
    booth.space()
    booth.until(lambda: booth.view.live)
    assert booth.photo == first
    assert not kept.isHidden()
    booth.take()
    assert booth.photo != first
    assert kept.isHidden()


def test_escape_keeps_the_photo_that_was_taken(booth: Booth) -> None:
    booth.come(drawn())
    booth.take()
    first = booth.photo
    booth.space()
    booth.until(lambda: booth.view.live)
    booth.press(Qt.Key.Key_Escape)
    booth.until(lambda: booth.idle and not booth.view.live)
    assert booth.photo == first
    assert booth.view.has_picture
    assert not booth.page.looking.watching


def test_a_photo_with_something_wrong_says_so_and_may_stay_with_a_reason(booth: Booth) -> None:
    booth.come(drawn(WOMAN, 2))
    booth.take()
    assert booth.photo is not None
    assert booth.photo.remarks == ("face.background",)
    assert "background" in booth.problem
    assert booth.button("capture.problem.action").text() == "Repeat · Space"
    booth.button("capture.problem.other").click()
    booth.give_first_reason()
    assert booth.problem != "The background of the photo has another colour than the birth year asks for."
    assert "Kept as it is" in booth.page._doubts.note.text
    assert [item.reason for item in booth.draft.confirmed if item.field == "capture.face"]


def test_a_better_photo_ends_the_doubt_about_the_one_before(booth: Booth) -> None:
    booth.come(drawn(ASLEEP))
    booth.take()
    assert "eyes" in booth.problem
    booth.shows(drawn())
    booth.space()
    booth.until(lambda: booth.view.ready)
    booth.take()
    assert booth.problem == ""
    assert booth.page._doubts.note.text == ""


def test_nobody_is_sent_home_because_the_program_sees_no_face(booth: Booth) -> None:
    booth.come(np.full((640, 480, 3), (196, 34, 44), np.uint8))
    booth.until(lambda: booth.view.hint == "Face the camera")
    for _ in range(2):
        booth.space()
        booth.until(lambda: not booth.page.busy and booth.problem == "No face was found in the picture.")
        assert booth.photo is None
    assert booth.button("capture.problem.action").text() == "Take it as it is · Space"
    booth.take()
    assert booth.photo is not None
    assert "face.none" in booth.photo.remarks


def test_a_camera_that_is_unplugged_says_so_and_its_picture_comes_back_by_itself(booth: Booth) -> None:
    booth.page._back.setInterval(20)
    booth.come(drawn())
    booth.until(lambda: booth.view.ready)
    booth.shows(None)
    booth.until(lambda: booth.problem in ("The camera was unplugged.", "No camera was found."))
    assert not booth.view.live
    booth.step(4)
    booth.until(lambda: booth.screen.step is Step.FINGERS)
    booth.step(3)
    booth.until(lambda: "camera" in booth.problem.lower())
    booth.shows(drawn())
    booth.until(lambda: booth.view.ready)
    assert booth.problem == ""


def test_leaving_the_page_lets_go_of_the_camera(booth: Booth) -> None:
    booth.come(drawn())
    booth.until(lambda: booth.view.ready)
    booth.step(2)
    booth.until(lambda: booth.screen.step is Step.BIODATA)
    assert not booth.page.looking.watching
    assert not booth.view.live


def _born_in_odd_years() -> Iterator[Person]:
    """Citizens who are old enough for a card, as many as there are tests."""
    for person in people(60, seed=7):
        year = int(person.answers["birth_date"][:4])
        if year % 2 and year < 2008 and person.answers["citizenship"] == "1":
            yield person
