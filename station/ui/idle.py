"""Notices that nobody has touched keyboard or mouse for a while. Knows nothing of what happens then."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

from station.ui.timer import timer

_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
    }
)
LOOK_EVERY_MS = 1000


class Idle(QObject):
    """`idle` is emitted once after `after_s` seconds without a sign of life, until somebody comes back.

    It listens to the windows of the window system and not to the application: there every event of every widget would
    ask Python, thousands for a step that opens, and each time wait for whichever thread runs Python just then.
    """

    idle = Signal()
    lock_wanted = Signal()
    """Ctrl+L in whatever window: a shortcut of the main window is not heard behind a dialog."""

    def __init__(self, after_s: float, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(after_s * 1000))
        self._timer.timeout.connect(self.idle)
        self._windows: list[QWindow] = []
        self._look = timer(self, LOOK_EVERY_MS, self._find_windows, repeat=True)

    def start(self) -> None:
        """Begin to watch."""
        self._find_windows()
        self._look.start()
        self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._look.stop()
        self._timer.stop()
        for window in QGuiApplication.allWindows():
            window.removeEventFilter(self)
        self._windows.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE:
            self._timer.start()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and _is_lock_key(event):
            self.lock_wanted.emit()
        return False

    def _find_windows(self) -> None:
        """Dialogs and menus come and go; one that is a second old counts like the others."""
        found = QGuiApplication.allWindows()
        for window in found:
            if window not in self._windows:
                window.installEventFilter(self)
        self._windows = found


def _is_lock_key(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_L and event.modifiers() == Qt.KeyboardModifier.ControlModifier
