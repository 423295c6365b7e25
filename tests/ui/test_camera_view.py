"""Taking one picture of anything with the camera: live while it is on the screen, whole, as often as one likes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from station import i18n
from station.capture.camera.device import CameraDevice
from station.capture.camera.file_camera import FileCamera
from station.capture.lab import Lab
from station.domain.biometrics import DeviceInfo, Modality
from station.ui import theme
from station.ui.device_thread import DeviceThread
from station.ui.widgets.camera_view import CameraView
from tests.poses import image

PAPER = np.full((720, 1280, 3), (250, 248, 240), np.uint8)


@dataclass
class Desk:
    """A camera above a desk, and the view of it."""

    qtbot: QtBot
    seen: QImage | None = field(default_factory=lambda: image(PAPER))
    lane: DeviceThread = field(init=False)
    view: CameraView = field(init=False)
    taken: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        info = DeviceInfo(Modality.FACE, "C-1", "CONTOH", "Uji", "test")
        self.lane = DeviceThread(CameraDevice(info, FileCamera(lambda _number: self.seen, rate=60), Lab(1)))
        self.view = CameraView(self.lane, name="uji")
        self.view.taken.connect(self.taken.append)
        self.qtbot.addWidget(self.view)
        self.view.resize(640, 480)
        self.view.show()
        self.view.setFocus()

    def space(self) -> None:
        QTest.keyClick(self.view.preview, Qt.Key.Key_Space)

    @property
    def trouble(self) -> str:
        found = self.view.findChild(QLabel, "uji.trouble")
        assert isinstance(found, QLabel)
        return found.text()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    theme.apply(qapp)
    i18n.use("en")
    made = Desk(qtbot)
    yield made
    made.view.hide()
    made.lane.stop()


def test_it_is_live_as_soon_as_it_is_shown_and_space_takes_the_whole_picture(desk: Desk) -> None:
    desk.qtbot.waitUntil(lambda: desk.view.preview.live)
    desk.space()
    desk.qtbot.waitUntil(lambda: len(desk.taken) == 1)
    with Image.open(io.BytesIO(desk.taken[0])) as opened:
        assert (opened.format, opened.size) == ("JPEG", (1280, 720))
    assert not desk.view.preview.live
    assert desk.view.preview.has_picture


def test_space_again_looks_again_and_takes_another(desk: Desk) -> None:
    desk.qtbot.waitUntil(lambda: desk.view.preview.live)
    desk.space()
    desk.qtbot.waitUntil(lambda: len(desk.taken) == 1)
    assert desk.view.button.text() == "Take again · Space"
    desk.space()
    desk.qtbot.waitUntil(lambda: desk.view.preview.live)
    assert len(desk.taken) == 1
    desk.space()
    desk.qtbot.waitUntil(lambda: len(desk.taken) == 2)


def test_out_of_sight_the_camera_is_let_go(desk: Desk) -> None:
    desk.qtbot.waitUntil(lambda: desk.view.preview.live)
    desk.view.hide()
    desk.qtbot.waitUntil(lambda: not desk.lane.busy)
    desk.view.show()
    desk.qtbot.waitUntil(lambda: desk.lane.busy)


def test_a_camera_that_goes_says_so_and_space_tries_again(desk: Desk) -> None:
    desk.qtbot.waitUntil(lambda: desk.view.preview.live)
    desk.seen = None
    desk.qtbot.waitUntil(lambda: bool(desk.trouble))
    assert not desk.view.preview.has_picture
    desk.seen = image(PAPER)
    desk.space()
    desk.qtbot.waitUntil(lambda: desk.view.preview.live)
    assert desk.trouble == ""


def test_without_a_camera_it_says_so(qtbot: QtBot, qapp: QApplication) -> None:
    i18n.use("en")
    view = CameraView(None)
    qtbot.addWidget(view)
    view.show()
    found = view.findChild(QLabel, "camera.trouble")
    assert isinstance(found, QLabel)
    assert "not found" in found.text()
