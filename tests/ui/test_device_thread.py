"""A device on its own thread: answers arrive on the window's thread, frames never pile up, trouble has a name."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from station.domain.biometrics import Capture, DeviceInfo, Modality, Part
from station.domain.errors import DeviceError
from station.domain.ports import Order, Preview
from station.ui.device_thread import DeviceThread
from tests.fakes.scripted_device import ScriptedDevice

PAD = (Part.SIGNATURE,)


class Bench:
    """A scripted signature pad on a device thread."""

    def __init__(self) -> None:
        self.device = ScriptedDevice(Modality.SIGNATURE)
        self.lane = DeviceThread(self.device)
        self.captures: list[tuple[int, tuple[Capture, ...]]] = []
        self.threads: list[str] = []
        self.lane.captured.connect(self._captured)

    def _captured(self, ticket: int, captures: tuple[Capture, ...]) -> None:
        self.captures.append((ticket, captures))
        self.threads.append(threading.current_thread().name)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench()
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
    bench.lane.watch(Order(PAD, 1))
    qtbot.waitUntil(lambda: bench.device.shown > 5, timeout=10_000)
    assert len(announced) == 1  # nobody took a frame, so nobody was told again
    with qtbot.waitSignal(bench.lane.ended, timeout=10_000):
        bench.lane.cancel()
    assert bench.lane.take_frame() is not None
    assert bench.lane.take_frame() is None


def test_trouble_of_the_device_has_a_name_and_the_next_try_opens_it_again(qtbot: QtBot, bench: Bench) -> None:
    bench.device.unplugged = True
    with qtbot.waitSignal(bench.lane.failed, timeout=10_000) as failed:
        bench.lane.capture(Order(PAD, 1))
    assert isinstance(failed.args[1], DeviceError)
    assert failed.args[1].code == "device.unplugged"
    bench.device.unplugged = False
    with qtbot.waitSignal(bench.lane.captured, timeout=10_000):
        bench.lane.capture(Order(PAD, 1))


def test_cancelling_ends_the_capture_that_runs(qtbot: QtBot, bench: Bench) -> None:
    bench.device.hangs = True
    with qtbot.waitSignal(bench.lane.previewed, timeout=10_000):
        bench.lane.capture(Order(PAD, 1))
    with qtbot.waitSignal(bench.lane.failed, timeout=10_000) as failed:
        bench.lane.cancel()
    assert failed.args[1].code == "device.cancelled"


def test_stopping_ends_the_thread_in_the_middle_of_a_capture(qtbot: QtBot, bench: Bench) -> None:
    bench.device.hangs = True
    with qtbot.waitSignal(bench.lane.previewed, timeout=10_000):
        bench.lane.capture(Order(PAD, 1))
    bench.lane.stop()
    assert "device-signature" not in {thread.name for thread in threading.enumerate()}


def test_stopping_before_anything_was_asked_is_quiet(bench: Bench) -> None:
    bench.lane.stop()
    assert not bench.lane.busy


class Crash(Exception):
    """What no driver should do."""


class CrashingDevice(ScriptedDevice):
    """A driver that breaks in a way nobody named."""

    def capture(self, *_order: object) -> tuple[Capture, ...]:
        raise Crash


def test_a_driver_that_crashes_is_told_and_the_next_try_has_a_new_thread(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    loud: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda thrown: loud.append(thrown.exc_type))
    lane = DeviceThread(CrashingDevice(Modality.SIGNATURE))
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


def test_a_capture_ends_the_watching_and_nothing_is_watched_after_it_unless_asked(qtbot: QtBot, bench: Bench) -> None:
    ended: list[int] = []
    bench.lane.ended.connect(ended.append)
    with qtbot.waitSignal(bench.lane.previewed, timeout=10_000):
        watched = bench.lane.watch(Order(PAD, 1))
    with qtbot.waitSignal(bench.lane.captured, timeout=10_000):
        bench.lane.capture(Order(PAD, 1))
    assert ended == [watched]
    assert not bench.lane.busy and not bench.device.watching
    assert len(bench.device.watched) == 1
    bench.lane.take_frame()
    with qtbot.waitSignal(bench.lane.previewed, timeout=10_000):
        bench.lane.watch(Order(PAD, 2))
    assert bench.device.watched[-1].attempt == 2


def test_watching_something_else_ends_the_watching_before(qtbot: QtBot, bench: Bench) -> None:
    with qtbot.waitSignal(bench.lane.ended, timeout=10_000) as ended:
        first = bench.lane.watch(Order(PAD, 1))
        second = bench.lane.watch(Order(PAD, 2))
    assert ended.args == [first] and second > first
    qtbot.waitUntil(lambda: bench.device.watching and bench.device.watched[-1].attempt == 2, timeout=10_000)


def test_a_cancel_that_comes_before_the_driver_began_is_heard(qtbot: QtBot, bench: Bench) -> None:
    for order in (bench.lane.watch, bench.lane.capture):
        bench.device.hangs = True
        order(Order(PAD, 1))
        bench.lane.cancel()
        qtbot.waitUntil(lambda: not bench.lane.busy, timeout=10_000)


def test_another_device_serves_at_once_also_while_the_old_one_hangs(qtbot: QtBot, bench: Bench) -> None:
    old, new = bench.device, ScriptedDevice(Modality.SIGNATURE)
    old.gate.clear()
    with qtbot.waitSignal(bench.lane.previewed, timeout=10_000):
        asked = bench.lane.capture(Order(PAD, 1))
    with qtbot.waitSignal(bench.lane.failed, timeout=10_000) as failed:
        bench.lane.use(new)
    assert failed.args[0] == asked and failed.args[1].code == "device.cancelled"
    with qtbot.waitSignal(bench.lane.captured, timeout=10_000):
        bench.lane.capture(Order(PAD, 1))
    assert new.captured and len(bench.captures) == 1
    old.gate.set()  # what it says now is heard by nobody
    qtbot.waitUntil(lambda: "device-signature" not in _others(bench), timeout=10_000)
    assert len(bench.captures) == 1


def _others(bench: Bench) -> set[str]:
    """Threads of devices beside the one that serves now."""
    names = [thread.name for thread in threading.enumerate() if thread.name.startswith("device-")]
    return set(names[1:])


def test_without_a_device_every_order_is_answered(qtbot: QtBot, bench: Bench) -> None:
    bench.lane.use(None)
    for order in (bench.lane.watch, bench.lane.capture):
        with qtbot.waitSignal(bench.lane.failed, timeout=10_000) as failed:
            ticket = order(Order(PAD, 1))
        assert failed.args[0] == ticket and failed.args[1].code == "device.missing"
    assert not bench.lane.busy


def test_a_driver_that_comes_back_late_does_not_close_what_was_opened_after_it(qtbot: QtBot, bench: Bench) -> None:
    bench.device.gate.clear()
    with qtbot.waitSignal(bench.lane.previewed, timeout=10_000):
        bench.lane.capture(Order(PAD, 1))
    bench.lane.start_afresh()
    bench.lane.take_frame()
    with qtbot.waitSignal(bench.lane.previewed, timeout=10_000):
        bench.lane.watch(Order(PAD, 2))
    bench.device.gate.set()
    qtbot.waitUntil(lambda: not _others(bench), timeout=10_000)
    with qtbot.waitSignal(bench.lane.captured, timeout=10_000):
        bench.lane.capture(Order(PAD, 2))
    assert [found for found, _ in bench.captures] == [bench.lane._ticket]


def test_a_driver_that_never_comes_back_is_closed_before_it_is_opened_again(qtbot: QtBot, bench: Bench) -> None:
    opened: list[bool] = []
    open_it = bench.device.open

    def watched_open() -> None:
        opened.append(bench.device._opened)
        open_it()

    bench.device.open = watched_open  # type: ignore[method-assign]
    bench.device.gate.clear()
    with qtbot.waitSignal(bench.lane.previewed, timeout=10_000):
        bench.lane.capture(Order(PAD, 1))
    bench.lane.start_afresh()
    bench.lane.take_frame()
    with qtbot.waitSignal(bench.lane.previewed, timeout=10_000):
        bench.lane.watch(Order(PAD, 2))
    assert opened == [False, False]
    bench.device.gate.set()


class ReopeningDevice(ScriptedDevice):
    """Notes what happens to it, and crashes in its first capture."""

    def open(self) -> None:
        self.life.append("open")
        super().open()

    def close(self) -> None:
        self.life.append("close")
        super().close()

    def capture(self, order: Order, on_preview: Callable[[Preview], None]) -> tuple[Capture, ...]:
        self.life.append("capture")
        if self.life.count("capture") == 1:
            raise Crash
        return super().capture(order, on_preview)

    @property
    def life(self) -> list[str]:
        return self.__dict__.setdefault("_life", [])  # type: ignore[no-any-return]


def test_a_driver_that_crashed_is_closed_before_the_next_try_and_never_under_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _thrown: None)
    device = ReopeningDevice(Modality.SIGNATURE)
    lane = DeviceThread(device)
    lane.failed.connect(lambda *_: lane.capture(Order(PAD, 1)), Qt.ConnectionType.DirectConnection)  # at once
    with qtbot.waitSignal(lane.captured, timeout=10_000):
        lane.capture(Order(PAD, 1))
    qtbot.waitUntil(lambda: sum(thread.name == "device-signature" for thread in threading.enumerate()) == 1)
    assert device.life == ["open", "capture", "close", "open", "capture"]
    lane.stop()
    assert device.life[-1] == "close"


def test_an_order_has_one_answer_also_when_the_device_is_changed_just_as_it_comes(qtbot: QtBot, bench: Bench) -> None:
    heard: list[str] = []
    bench.lane.failed.connect(lambda _ticket, problem: heard.append(problem.code))
    device = bench.device

    def changed_meanwhile(order: Order, on_preview: object) -> tuple[Capture, ...]:
        result = ScriptedDevice.capture(device, order, lambda _frame: None)
        bench.lane._answered = bench.lane._ticket  # as `use` of the window's thread does at this very moment
        return result

    device.capture = changed_meanwhile  # type: ignore[method-assign]
    with qtbot.waitSignal(bench.lane.used, timeout=10_000):
        bench.lane.capture(Order(PAD, 1))
    assert (bench.captures, heard) == ([], [])
