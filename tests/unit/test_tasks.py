"""What is run off the window's thread is let go on it: a question may hold the last word of a widget that has gone."""

from __future__ import annotations

import gc
import weakref
from threading import Event, Thread, current_thread, main_thread

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from station.ui import tasks as tasks_module
from station.ui.tasks import Tasks


class Screen(QObject):
    """Asks, and is gone before the answer comes."""

    def __init__(self, may_end: Event, died_on: list[Thread]) -> None:
        super().__init__()
        self._may_end = may_end
        weakref.finalize(self, lambda: died_on.append(current_thread()))

    def ask(self) -> str:
        self._may_end.wait(5)
        return "answer"

    def show(self, _answer: str) -> None:
        pass


def test_who_asked_last_and_is_gone_dies_on_the_windows_thread(qtbot: QtBot) -> None:
    tasks, died_on = Tasks(), list[Thread]()
    try:
        for _turn in range(20):
            may_end = Event()
            screen = Screen(may_end, died_on)
            tasks.run(screen.ask, screen.show)
            del screen
            may_end.set()
            qtbot.waitUntil(lambda: tasks.idle)
        qtbot.waitUntil(lambda: len(died_on) == 20)  # the last one too, though nobody asks after it
        assert set(died_on) == {main_thread()}
    finally:
        tasks.stop()


def test_answers_come_in_the_order_of_the_questions(qtbot: QtBot) -> None:
    tasks, heard = Tasks(), list[int]()
    try:
        for number in range(50):
            tasks.run(lambda number=number: number, heard.append)  # type: ignore[misc]
        qtbot.waitUntil(lambda: tasks.idle)
        assert heard == list(range(50))
    finally:
        tasks.stop()


def test_a_runner_whose_worker_hangs_is_kept_for_it(qtbot: QtBot) -> None:
    tasks, go_on = Tasks(name="hangs"), Event()
    tasks.run(lambda: go_on.wait(5))
    worker, gone = tasks._worker, weakref.ref(tasks)
    tasks.stop(wait_s=0.01)
    del tasks
    go_on.set()
    worker.join(5)
    gc.collect(0)
    kept = gone()
    assert kept is not None, "it would have been destroyed by its own worker"
    tasks_module._left_behind.remove(kept)
