"""The top-level window: the sign-in page alone at first, and then, in its place, the main window with all it has.

One window from the first moment on: nobody's keyboard is taken away when the program behind it is there. Knows neither
the desk nor what it holds, because a slow computer loads it before both.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

LEAST_SIZE = (1024, 600)
USUAL_SIZE = (1366, 768)


class House(QWidget):
    """`show_alone` a page or not, then `let_in` the window; `closed` tells of a page that was closed alone."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("house")
        set_size(self)
        self._alone: QWidget | None = None
        self._window: QMainWindow | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)

    def show_alone(self, page: QWidget, title: str) -> None:
        """Nothing else is there yet."""
        self._alone = page
        self._fill(page)
        self.setWindowTitle(title)
        self.open()

    def let_in(self, window: QMainWindow) -> None:
        """Where the page was, which has moved into the window or goes."""
        alone, self._alone = self._alone, None
        self._window = window
        if alone is not None and alone.parentWidget() is self:
            alone.hide()
            alone.deleteLater()
        self._fill(window)
        self.setWindowTitle(window.windowTitle())
        window.windowTitleChanged.connect(self.setWindowTitle)
        window.show()

    def open(self) -> None:
        """On a real screen it takes all of it: 1366×768 leaves no room beside a title bar and a panel."""
        if QApplication.platformName() == "offscreen":
            self.show()
        else:
            self.showMaximized()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._window is None:
            self.closed.emit()
        elif not self._window.close():
            event.ignore()
            return
        super().closeEvent(event)

    def _fill(self, content: QWidget) -> None:
        layout = self.layout()
        assert layout is not None
        layout.addWidget(content)


def set_size(window: QWidget) -> None:
    """A fixed least size: otherwise every page would push its own to the window system, again and again."""
    window.setMinimumSize(*LEAST_SIZE)
    window.resize(*USUAL_SIZE)


def room_of(widget: QWidget) -> QWidget:
    """The main window or the dialog that `widget` is in: what lies over it lies below the lock."""
    found = widget
    while not found.isWindow() and not isinstance(found, QMainWindow):
        parent = found.parentWidget()
        assert parent is not None
        found = parent
    return found
