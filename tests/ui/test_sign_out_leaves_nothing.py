"""Every sign-in makes all screens anew: at a station that runs for weeks none of them may stay behind."""

from __future__ import annotations

import gc
import weakref

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from station.ui.context import Context
from station.ui.main_window import MainWindow
from station.ui.rooms import SCREENS
from tests.support import Workplace


def test_no_screen_outlives_the_sign_out(place: Workplace, context: Context, qtbot: QtBot) -> None:
    window = MainWindow(context)
    qtbot.addWidget(window)
    window.show()
    window.open_office(place.office)
    kept: dict[str, weakref.ref[QObject]] = {}
    for kind in SCREENS:
        screen = window.open_screen(kind.key)
        kept[kind.key] = weakref.ref(screen)
        # The parts that know a screen by name too, not only what it is itself.
        kept |= {f"{kind.key}.{number}": weakref.ref(part) for number, part in enumerate(screen.children())}
    del screen
    qtbot.waitUntil(lambda: context.tasks.idle)
    context.bridge.signed_out.emit()
    context.office, window.frame = None, None
    window.show_sign_in()
    qtbot.waitUntil(lambda: context.tasks.idle)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    asked: list[object] = []
    context.printer.names(asked.append, asked.append)  # a worker remembers its last job, and that only
    qtbot.waitUntil(lambda: bool(asked))
    gc.collect()
    alive = {name: found for name, part in kept.items() if (found := part()) is not None}
    assert not alive
