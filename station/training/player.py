"""Two hands and two eyes for the guided demo: presses keys and clicks in the real window, and waits to see the result.

Knows no record and no central: it finds controls by name as a person finds them by sight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from station.domain.biometrics import Stroke
from station.ui.widgets.signature_pad import SignaturePad

W = TypeVar("W", bound=QWidget)
LOOK_EVERY_MS = 10
STUCK = "stuck"
_EVERY = 4  # a mouse reports less often than a pad


class DemoStuck(Exception):
    """What was waited for did not happen; the text says what."""


class Player:
    """Drives one window."""

    def __init__(self, window: QWidget, pictures: Path, settled: Callable[[], bool] = lambda: True) -> None:
        """`settled` is true when the window waits for nothing: a picture shows what a person would see then."""
        self.window = window
        self._settled = settled
        self._pictures = pictures
        self._taken = 0
        pictures.mkdir(parents=True, exist_ok=True)
        for old in pictures.glob("*.png"):
            old.unlink()

    def find(self, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]  # the default is the bound
        """The visible control called `name`, waited for."""
        self.wait_until(lambda: self.sees(name), f"{name} is shown")
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def sees(self, name: str) -> bool:
        """True when the control called `name` is on the screen."""
        found = self.window.findChild(QWidget, name)
        return found is not None and found.isVisible() and found.isEnabled()

    def click(self, name: str) -> None:
        """Click a control with the mouse."""
        QTest.mouseClick(self.find(name), Qt.MouseButton.LeftButton)

    def type(self, text: str, *, into: str = "") -> None:
        """Type into a named field, or into whatever has the keyboard."""
        target = self.find(into) if into else self._focused()
        if into:
            target.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClicks(target, text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        QTest.keyClick(self._focused(), key, modifier)

    def enter(self) -> None:
        self.press(Qt.Key.Key_Return)

    def sign(self, pad: SignaturePad, strokes: Sequence[Stroke]) -> None:
        """Write on the pad as a hand would, with the mouse."""
        for stroke in strokes:
            places = [pad.place_of(x, y) for x, y, _ms, _pressure in stroke.points]
            QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, places[0])
            for place in places[1::_EVERY]:
                QTest.mouseMove(pad, place)
            QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, places[-1])

    def wait_until(self, seen: Callable[[], bool], what: str, *, timeout_s: float = 60.0) -> None:
        """Let the window work until `seen`; DemoStuck when it takes too long."""
        if seen():
            return
        loop, timer, limit = QEventLoop(), QTimer(), QTimer()
        came = False

        def look() -> None:
            # Once seen is enough: what was idle for a moment may be busy again before the loop has ended.
            nonlocal came
            came = came or seen()
            if came:
                loop.quit()

        timer.timeout.connect(look)
        limit.setSingleShot(True)
        limit.timeout.connect(loop.quit)
        timer.start(LOOK_EVERY_MS)
        limit.start(int(timeout_s * 1000))
        loop.exec()
        timer.stop()
        limit.stop()
        if not came:
            self.picture(STUCK)
            raise DemoStuck(what)

    def rest(self, milliseconds: int) -> None:
        """Let the window work for a moment, as a person would."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def picture(self, name: str) -> Path:
        """A picture of the window when it has come to rest."""
        if name != STUCK:
            self.wait_until(self._settled, "the window has come to rest")
            self.rest(400)
        self._taken += 1
        path = self._pictures / f"{self._taken:02d}-{name}.png"
        self.window.grab().save(str(path))
        return path

    def _focused(self) -> QWidget:
        found = QApplication.focusWidget()
        if found is None:
            self.window.activateWindow()
            found = self.window.focusWidget() or self.window
        return found
