"""Loads the program and opens the data folder while a page is shown: typing goes on meanwhile.

What makes no classes of Qt is loaded on a thread of its own, the rest piece by piece on the window's.
"""

from __future__ import annotations

from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop, QObject, Signal

from station.ui.house import House
from station.ui.loading import loading
from station.ui.timer import timer
from station.ui.unpacking import Unpacking

if TYPE_CHECKING:
    from station.app.ground import Ground

ELSEWHERE = (
    "station.app.ground",
    "station.desk.signin",
    "station.desk.delivery",
    "station.desk.devices",
    "station.desk.healing",
)
HERE = ("station.ui.context", "station.ui.screens.sign_in", "station.ui.main_window", "station.app.app")
"""In the order of need; each brings what it imports."""
DRAWN_AT_LATEST_MS = 500
"""Nothing is loaded before the page is on the screen, unless nobody can see it."""
ENDED_WITHIN_S = 5.0


class Opening(QObject):
    """`ground` waits for it, with the window alive."""

    _opened = Signal()

    def __init__(self, data_dir: Path, house: House) -> None:
        super().__init__()
        self._data_dir = data_dir
        self._ground: Ground | None = None
        self._problem: Exception | None = None
        self._left = False
        self._loop = QEventLoop(self)
        self._loading = ExitStack()
        self._unpacking = Unpacking(self, HERE, begin_ms=0)
        self._unpacking.finished.connect(self._loop.quit)
        self._opened.connect(self._go_on)
        self._thread = Thread(target=self._open, name="opening", daemon=True)
        self._drawn = timer(self, DRAWN_AT_LATEST_MS, self._begin)
        self._drawn.start()
        house.closed.connect(self._leave)
        house.installEventFilter(self)

    def ground(self) -> Ground | None:
        """The open folder; None when the page was closed before that. What stopped it is raised: StationError."""
        with self._loading:
            self._loop.exec()
        if self._left:
            self._abandon()
            return None
        if self._problem is not None:
            raise self._problem
        return self._ground

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            if not self._left:
                self._drawn.start(0)
        return False

    def _begin(self) -> None:
        if self._thread.ident is None:
            self._thread.start()

    def _open(self) -> None:
        try:
            with loading():
                for name in ELSEWHERE:
                    import_module(name)
            from station.app.ground import open_ground

            self._ground = open_ground(self._data_dir)
        except Exception as problem:  # noqa: BLE001  raised where somebody waits for it
            self._problem = problem
        self._opened.emit()

    def _go_on(self) -> None:
        if self._problem is None:
            self._loading.enter_context(loading())
            self._unpacking.start()
        else:
            self._loop.quit()

    def _leave(self) -> None:
        self._left = True
        self._drawn.stop()
        self._loop.quit()

    def _abandon(self) -> None:
        """Whoever is still opening after that goes with the process, as in a power cut: that harms nothing."""
        if self._thread.ident is not None:
            self._thread.join(ENDED_WITHIN_S)
        if self._ground is not None:
            self._ground.close()
