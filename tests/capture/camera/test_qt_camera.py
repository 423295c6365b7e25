"""Cameras of the operating system: frames come through Qt's own sink, trouble has a name, none is no trouble."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import NamedTuple

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtMultimedia import QVideoFrame
from pytestqt.qtbot import QtBot

from station.capture.camera import gui_thread
from station.capture.camera.driver import CameraDriver
from station.capture.camera.qt_camera import CameraEye, CameraHere, QtCamera, best_format, cameras_here, serial_of
from station.capture.camera.source import Frame, pixels
from station.capture.lab import Lab
from station.domain.biometrics import Modality, Part
from station.domain.errors import DeviceError
from station.domain.ports import Order
from tests.poses import image


class Form(NamedTuple):
    """What best_format asks a QCameraFormat."""

    wide: int
    high: int
    fastest: float

    def resolution(self) -> QSize:
        return QSize(self.wide, self.high)

    def maxFrameRate(self) -> float:
        return self.fastest


def test_frames_of_the_sink_arrive_and_are_unpacked_on_another_thread(qtbot: QtBot) -> None:
    frames: SimpleQueue[Frame] = SimpleQueue()
    eye = CameraEye(frames.put, lambda _problem: None)
    shown = np.full((720, 1280, 3), (20, 120, 220), np.uint8)
    eye.sink.setVideoFrame(QVideoFrame(image(shown)))
    qtbot.waitUntil(lambda: not frames.empty())
    frame = frames.get()
    assert frame.at > 0
    unpacked: list[bytes] = []
    thread = Thread(target=lambda: unpacked.append(pixels(frame.image())))
    thread.start()
    thread.join(20)
    assert unpacked == [shown.tobytes()]
    eye.close()


def test_after_its_end_a_camera_says_nothing_more(qtbot: QtBot) -> None:
    frames: list[Frame] = []
    eye = CameraEye(frames.append, lambda _problem: None)
    eye.close()
    eye.take_note(QVideoFrame(image(np.zeros((8, 8, 3), np.uint8))))
    assert frames == []


def test_a_camera_that_is_not_there_says_so(qtbot: QtBot) -> None:
    problems: list[str] = []
    source = QtCamera("/dev/video-of-nobody")
    source.start(lambda _frame: None, lambda problem: problems.append(problem.code))
    qtbot.waitUntil(lambda: bool(problems))
    assert problems == ["device.missing"]
    source.stop()


def test_a_device_thread_hears_of_the_missing_camera_too(qtbot: QtBot) -> None:
    lab = Lab(1)
    here = CameraHere("/dev/video-of-nobody", "Uji")
    driver = CameraDriver(lab, cameras=lambda: (here,))
    (found,) = driver.look()
    device = driver.device(found)
    device.open()
    problems: list[str] = []

    def capture() -> None:
        with pytest.raises(DeviceError) as problem:
            device.capture(Order((Part.FACE,)), lambda _frame: None)
        problems.append(problem.value.code)

    thread = Thread(target=capture)
    thread.start()
    qtbot.waitUntil(lambda: bool(problems))
    thread.join(20)
    assert problems == ["device.missing"]
    device.close()
    lab.close()


def test_listing_cameras_finds_none_or_some_and_never_fails(qtbot: QtBot) -> None:
    assert all(isinstance(camera, CameraHere) for camera in cameras_here())


def test_work_for_the_windows_thread_is_done_there(qtbot: QtBot) -> None:
    answers: list[int] = []
    Thread(target=lambda: answers.append(gui_thread.ask(lambda: 42))).start()
    qtbot.waitUntil(lambda: answers == [42])


def test_a_window_that_has_no_time_holds_nobody_up(qtbot: QtBot) -> None:
    codes: list[str] = []

    def impatient() -> None:
        with pytest.raises(DeviceError) as problem:
            gui_thread.ask(lambda: 42, wait_s=0.01)
        codes.append(problem.value.code)

    thread = Thread(target=impatient)
    thread.start()
    thread.join(20)  # meanwhile this thread, the window's, does nothing else
    assert codes == ["device.timeout"]


def test_the_best_format_is_the_largest_up_to_full_hd_that_still_moves() -> None:
    small, hd, slow, huge = Form(640, 480, 30), Form(1280, 720, 30), Form(1920, 1080, 5), Form(3840, 2160, 30)
    assert best_format([small, hd, slow, huge]) is hd  # type: ignore[list-item, comparison-overlap]
    assert best_format([slow]) is slow  # type: ignore[list-item, comparison-overlap]
    assert best_format([]) is None


def test_serial_numbers_come_from_the_usb_bus(tmp_path: Path) -> None:
    usb = tmp_path / "usb1"
    (usb / "interface").mkdir(parents=True)
    (usb / "serial").write_text("AB12\n")
    (tmp_path / "class" / "video0").mkdir(parents=True)
    (tmp_path / "class" / "video0" / "device").symlink_to(usb / "interface")
    assert serial_of("/dev/video0", tmp_path / "class") == "AB12"
    assert serial_of("/dev/video7", tmp_path / "class") == ""
    assert serial_of(r"\\?\usb#vid_046d&pid_082d&mi_00#6&2b6d5c3&0&0000#{65e8773d}\global") == "6&2b6d5c3&0&0000"


def test_two_cameras_of_one_kind_without_numbers_are_two_devices() -> None:
    cameras = (CameraHere("/dev/video0", "Same"), CameraHere("/dev/video2", "Same"))
    found = CameraDriver(Lab(1), cameras=lambda: cameras).look()
    assert len({one.device_id for one in found}) == 2
    assert all(one.info.kind is Modality.FACE for one in found)


def test_a_folder_of_pictures_stands_in_and_is_plainly_no_real_camera(tmp_path: Path) -> None:
    image(np.full((720, 1280, 3), 90, np.uint8)).save(str(tmp_path / "a.png"))
    lab = Lab(1)
    driver = CameraDriver(lab, folder=tmp_path, cameras=lambda: ())
    (found,) = driver.look()
    assert found.info.simulated
    device = driver.device(found)
    device.open()
    (capture,) = device.capture(Order((Part.FACE,), still=True), lambda _frame: None)
    assert (capture.width, capture.height) == (1280, 720)
    device.close()
    lab.close()
