"""A device on its own thread: answers arrive on the window's thread, frames never pile up, trouble has a name."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from station.capture.simulated import Faults, Pace, SimulatedDevice
from station.domain.biometrics import Capture, DeviceInfo, Modality, Part
from station.domain.errors import DeviceError
from station.domain.ports import Order
from station.training.people import PEOPLE
from station.training.scene import TrainingScene
from station.ui.device_thread import DeviceThread

PAD = (Part.SIGNATURE,)


class Bench:
    """A simulated signature pad on a device thread."""

    def __init__(self, scene: TrainingScene, pace: Pace) -> None:
        self.faults = Faults()
        self.device = SimulatedDevice(Modality.SIGNATURE, scene, pace=pace, faults=self.faults)
        self.lane = DeviceThread(self.device)
        self.captures: list[tuple[int, tuple[Capture, ...]]] = []
        self.threads: list[str] = []
        self.lane.captured.connect(self._captured)

    def _captured(self, ticket: int, captures: tuple[Capture, ...]) -> None:
        self.captures.append((ticket, captures))
        self.threads.append(threading.current_thread().name)


@pytest.fixture(scope="module")
def scene() -> Iterator[TrainingScene]:
    made = TrainingScene(PEOPLE[0])
    yield made
    made.close()


@pytest.fixture
def bench(qtbot: QtBot, scene: TrainingScene) -> Iterator[Bench]:
    made = Bench(scene, Pace(frames=5, frame_s=0.01, timeout_s=0.2))
    yield made
    made.lane.stop()


def test_a_capture_arrives_on_the_thread_of_the_window(qtbot: QtBot, bench: Bench) -> None:
    with qtbot.waitSignal(bench.lane.captured, timeout=10_000):
        ticket = bench.lane.capture(Order(PAD, 1))
    assert [(found, [item.part for item in kept]) for found, kept in bench.captures] == [(ticket, [Part.SIGNATURE])]
    assert bench.threads == [threading.current_thread().name]
    assert not bench.lane.busy


def test_frames_never_pile_up_and_the_newest_is_taken_once(qtbot: QtBot, bench: Bench) -> None:
    announced: list[None] = []
    bench.lane.previewed.connect(lambda: announced.append(None))
    with qtbot.waitSignal(bench.lane.captured, timeout=10_000):
        bench.lane.capture(Order(PAD, 1))
    assert len(announced) == 1  # nobody took a frame, so nobody was told again
    assert bench.lane.take_frame() is not None
    assert bench.lane.take_frame() is None


def test_trouble_of_the_device_has_a_name_and_the_next_try_opens_it_again(qtbot: QtBot, bench: Bench) -> None:
    bench.faults.unplugged = True
    with qtbot.waitSignal(bench.lane.failed, timeout=10_000) as failed:
        bench.lane.capture(Order(PAD, 1))
    assert isinstance(failed.args[1], DeviceError)
    assert failed.args[1].code == "device.unplugged"
    bench.faults.unplugged = False
    with qtbot.waitSignal(bench.lane.captured, timeout=10_000):
        bench.lane.capture(Order(PAD, 1))


def test_cancelling_ends_the_capture_that_runs(qtbot: QtBot, scene: TrainingScene) -> None:
    bench = Bench(scene, Pace(frames=500, frame_s=0.02))
    with qtbot.waitSignal(bench.lane.previewed, timeout=10_000):
        bench.lane.capture(Order(PAD, 1))
    with qtbot.waitSignal(bench.lane.failed, timeout=10_000) as failed:
        bench.lane.cancel()
    assert failed.args[1].code == "device.cancelled"
    bench.lane.stop()


def test_stopping_ends_the_thread_in_the_middle_of_a_capture(qtbot: QtBot, scene: TrainingScene) -> None:
    bench = Bench(scene, Pace(frames=500, frame_s=0.02))
    with qtbot.waitSignal(bench.lane.previewed, timeout=10_000):
        bench.lane.capture(Order(PAD, 1))
    bench.lane.stop()
    assert "device-signature" not in {thread.name for thread in threading.enumerate()}


def test_stopping_before_anything_was_asked_is_quiet(bench: Bench) -> None:
    bench.lane.stop()
    assert not bench.lane.busy


class Crash(Exception):
    """What no driver should do."""


class CrashingDevice(SimulatedDevice):
    """A driver that breaks in a way nobody named."""

    def capture(self, *_order: object) -> tuple[Capture, ...]:
        raise Crash


def test_a_driver_that_crashes_is_told_and_the_next_try_has_a_new_thread(
    qtbot: QtBot, scene: TrainingScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    loud: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda thrown: loud.append(thrown.exc_type))
    lane = DeviceThread(CrashingDevice(Modality.SIGNATURE, scene))
    for _ in range(2):
        with qtbot.waitSignal(lane.failed, timeout=10_000) as failed:
            lane.capture(Order(PAD, 1))
        assert failed.args[1].code == "device.broken"
    lane.stop()
    qtbot.waitUntil(lambda: loud == [Crash, Crash])


class HangingDevice:
    """A driver that neither answers nor lets itself be cancelled."""

    def __init__(self) -> None:
        self.entered, self.released = threading.Event(), threading.Event()
        self.info = DeviceInfo(Modality.SIGNATURE, "UJI", "Contoh", "Macet", "test")

    def open(self) -> None:
        self.entered.set()
        self.released.wait(10)

    def watch(self, *_order: object) -> None: ...

    def capture(self, *_order: object) -> tuple[Capture, ...]:
        return ()

    def self_test(self) -> None: ...

    def cancel(self) -> None: ...

    def close(self) -> None: ...


def test_a_driver_that_hangs_does_not_hold_the_program(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    device = HangingDevice()
    lane = DeviceThread(device)
    lane.capture(Order(PAD, 1))
    assert device.entered.wait(10)
    lane.stop(wait_s=0.05)
    device.released.set()
    assert "did not stop" in caplog.text
