"""Loads the program and opens the data folder while a page is shown: typing goes on meanwhile.

What makes no classes of Qt is loaded on a thread of its own, the rest piece by piece on the window's.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop, QObject, Signal

from station.ui.house import House
from station.ui.timer import timer
from station.ui.unpacking import Unpacking

if TYPE_CHECKING:
    from station.app.ground import Ground

ELSEWHERE = ("station.desk.signin", "station.desk.delivery", "station.desk.devices", "station.desk.healing")
HERE = ("station.ui.context", "station.ui.screens.sign_in", "station.ui.main_window", "station.app.app")
"""In the order of need; each brings what it imports."""
DRAWN_AT_LATEST_MS = 500
"""Nothing is loaded before the page is on the screen, unless nobody can see it."""


class Opening(QObject):
    """`ground` waits for it, with the window alive."""

    _opened = Signal()

    def __init__(self, data_dir: Path, house: House) -> None:
        super().__init__()
        self._data_dir = data_dir
        self._ground: Ground | None = None
        self._problem: Exception | None = None
        self._loop = QEventLoop(self)
        self._unpacking = Unpacking(self, HERE, begin_ms=0)
        self._unpacking.finished.connect(self._loop.quit)
        self._opened.connect(self._go_on)
        self._left = False
        self._thread = Thread(target=self._open, name="opening", daemon=True)
        self._drawn = timer(self, DRAWN_AT_LATEST_MS, self._thread.start)
        house.closed.connect(self._leave)
        house.installEventFilter(self)
        self._drawn.start()

    def ground(self) -> Ground | None:
        """The open folder; None when the page was closed before that. What stopped it is raised: StationError."""
        self._loop.exec()
        if self._thread.ident is not None:
            self._thread.join()
        if self._left:
            if self._ground is not None:
                self._ground.close()
            return None
        if self._problem is not None:
            raise self._problem
        return self._ground

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._drawn.start(0)
        return False

    def _open(self) -> None:
        try:
            from station.app.ground import open_ground

            self._ground = open_ground(self._data_dir)
            for name in ELSEWHERE:
                import_module(name)
        except Exception as problem:  # noqa: BLE001  raised where somebody waits for it
            self._problem = problem
        self._opened.emit()

    def _go_on(self) -> None:
        if self._problem is None:
            self._unpacking.start()
        else:
            self._loop.quit()

    def _leave(self) -> None:
        self._left = True
        self._drawn.stop()
        self._loop.quit()
