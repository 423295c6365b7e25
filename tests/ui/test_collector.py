"""Garbage with widgets in it is collected on the GUI thread, never by a worker that happens to make an object."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from threading import Thread

import pytest
from pytestqt.qtbot import QtBot

from station.ui.collector import LATEST_LOOKS, Collector


class Ring:
    """Garbage that only the cycle collector can find."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    gc.enable()
    collector = Collector()
    yield collector
    collector.stop()
    gc.disable()  # as it is for all tests


def make_many() -> None:
    kept = [[number] for number in range(50_000)]
    assert kept


def old_garbage() -> weakref.ref[Ring]:
    """Lost only after it had grown old, while a look at everything is due."""
    kept = Ring()
    lost = weakref.ref(kept)
    gc.collect(1)
    make_due(2)
    del kept
    return lost


def make_due(generation: int) -> None:
    """As many collections of the younger one as make a look at `generation` due."""
    while gc.get_count()[generation] <= gc.get_threshold()[generation]:
        gc.collect(generation - 1)


def test_a_worker_that_makes_many_objects_collects_nothing(collector: Collector) -> None:
    lost = weakref.ref(Ring())
    worker = Thread(target=make_many)
    worker.start()
    worker.join()
    assert lost() is not None
    gc.collect()
    assert lost() is None


def test_the_gui_thread_collects_what_has_become_due(collector: Collector) -> None:
    lost = weakref.ref(Ring())
    kept = [[number] for number in range(2_000)]
    collector.look()
    assert lost() is None
    assert kept


def test_everything_is_looked_at_when_nobody_is_captured_and_in_the_end_also_then(qtbot: QtBot) -> None:
    gc.enable()
    busy = [True]
    collector = Collector(quiet=lambda: not busy[0])
    try:
        lost = old_garbage()
        collector.look()
        assert lost() is not None, "the long look waits while somebody is in front of the devices"
        busy[0] = False
        collector.look()
        assert lost() is None
        busy[0], lost = True, old_garbage()
        for _look in range(LATEST_LOOKS):
            make_due(2)
            collector.look()
        assert lost() is None
    finally:
        collector.stop()
        gc.disable()  # as it is for all tests


def test_what_a_screen_is_made_of_is_not_looked_at_again_and_is_collected_after_sign_out(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.ui.collector.SETTLE_MS", 10)
    gc.enable()
    collector = Collector()
    try:
        kept = [[number] for number in range(20_000)]
        ring = Ring()
        lost = weakref.ref(ring)
        frozen = gc.get_freeze_count()
        collector.settle()
        qtbot.waitUntil(lambda: gc.get_freeze_count() >= frozen + len(kept))
        assert len(gc.get_objects()) < len(kept), "a look at everything goes through what came later only"
        del ring
        gc.collect()
        assert lost() is not None, "the price: until sign-out it stays"
        collector.release()
        qtbot.waitUntil(lambda: lost() is None)
        assert len(gc.get_objects()) < len(kept) < gc.get_freeze_count(), "and what is left is not looked at again"
    finally:
        collector.stop()
        gc.disable()  # as it is for all tests


def test_what_is_left_of_a_window_that_was_closed_is_collected_by_no_worker_either(qtbot: QtBot) -> None:
    """As between the two halves of the guided demo, while central goes on in the same process."""
    gc.enable()
    try:
        Collector().stop()
        lost = weakref.ref(Ring())
        worker = Thread(target=make_many)
        worker.start()
        worker.join()
        assert lost() is not None
    finally:
        gc.disable()  # as it is for all tests
