"""Garbage with widgets in it is collected on the GUI thread, never by a worker that happens to make an object."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from threading import Thread

import pytest
from pytestqt.qtbot import QtBot

from station.ui.collector import Collector


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


def test_python_gets_its_collector_back(qtbot: QtBot) -> None:
    gc.enable()
    collector = Collector()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
    gc.disable()  # as it is for all tests
