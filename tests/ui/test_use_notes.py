"""What devices did is written when the window has a moment, and at the latest when it is closed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from station.domain.biometrics import Modality
from station.domain.device import Use, device_id
from station.domain.errors import StoreError
from station.store.depot import Depot
from station.ui.context import Context
from tests.end2end.window import plain_window
from tests.fakes.devices import info
from tests.support import HandClock

SCANNER = info(Modality.FINGER, "A-1")
NAME = device_id(SCANNER)


def test_right_after_a_capture_nothing_is_written_about_its_device(context: Context, qtbot: QtBot) -> None:
    first = context.clock.now()
    context.uses.note(Use(SCANNER, 900))
    context.uses.note(Use(SCANNER, 901))
    assert isinstance(context.clock, HandClock)
    context.clock.pass_time(60)
    qtbot.waitUntil(lambda: context.tasks.idle)
    assert context.depot.devices.recent(NAME) == ()
    context.uses.settle()
    qtbot.waitUntil(lambda: context.tasks.idle)
    lines = context.depot.devices.recent(NAME)
    assert sorted(line.took_ms for line in lines) == [900, 901]
    assert {line.at for line in lines} == {first}, "when it was used, not when that was written"


def test_it_is_written_without_anybody_asking(context: Context, qtbot: QtBot) -> None:
    context.uses._later.setInterval(1)
    context.uses.note(Use(SCANNER, 900))
    qtbot.waitUntil(lambda: len(context.depot.devices.recent(NAME)) == 1)
    context.uses.note(Use(SCANNER, 901))
    qtbot.waitUntil(lambda: len(context.depot.devices.recent(NAME)) == 2)


def test_what_cannot_be_written_stops_nobody(
    context: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    used = context.depot.devices.used

    def full(use: Use, *, at: datetime) -> datetime | None:
        if use.took_ms == 900:
            raise StoreError("store.disk_full")
        return used(use, at=at)

    shown: list[object] = []
    context.tasks.failed.connect(shown.append)
    monkeypatch.setattr(context.depot.devices, "used", full)
    context.uses.note(Use(SCANNER, 900))
    context.uses.note(Use(SCANNER, 901))
    context.uses.settle()
    qtbot.waitUntil(lambda: context.tasks.idle)
    assert shown == []
    assert [line.took_ms for line in context.depot.devices.recent(NAME)] == [901], "the next one is"
    assert "what a device did was not noted: store.disk_full" in caplog.text


def test_a_window_that_is_closed_writes_what_waits(tmp_path: Path, look: None) -> None:
    with plain_window(tmp_path) as (app, _player):
        app.context.uses.note(Use(SCANNER, 900))
    depot = Depot(tmp_path)
    assert [line.took_ms for line in depot.devices.recent(NAME)] == [900]
    depot.close()
