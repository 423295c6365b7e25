"""Lets the window's thread do what Qt's camera objects need done there.

It must not know cameras. Nobody on the way out of the program waits for it: only listing cameras waits, and not long.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, Signal, Slot

from station.domain.errors import DeviceError

T = TypeVar("T")
WAIT_S = 3.0


class _Porter(QObject):
    """Lives in the window's thread and does there what it is handed."""

    handed = Signal(object)

    @Slot(object)
    def do(self, work: Callable[[], None]) -> None:
        work()


def later(work: Callable[[], None]) -> None:
    """Do it in the window's thread, soon; at once when this is that thread."""
    if QThread.isMainThread():
        work()
    else:
        _porter().handed.emit(work)


def ask(question: Callable[[], T], wait_s: float = WAIT_S) -> T:
    """The answer from the window's thread. DeviceError `device.timeout` when it has no time for it."""
    if QThread.isMainThread():
        return question()
    answers: list[T] = []
    answered = Event()

    def work() -> None:
        try:
            answers.append(question())
        finally:
            answered.set()

    later(work)
    if not answered.wait(wait_s) or not answers:
        raise DeviceError("device.timeout")
    return answers[0]


@lru_cache(maxsize=1)
def _porter() -> _Porter:
    app = QCoreApplication.instance()
    if app is None:
        raise DeviceError("device.missing")  # a program without a window has no cameras
    porter = _Porter()
    porter.handed.connect(porter.do, Qt.ConnectionType.QueuedConnection)
    porter.moveToThread(app.thread())
    return porter
