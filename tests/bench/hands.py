"""Hands at human grain: between two keys, and between press and release, the window works as it does for a person.

A test presses a whole line of keys at once; measured so, the window would seem to stand still for all of them together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from station.domain.biometrics import Stroke
from station.training.player import Player
from station.ui.widgets.signature_pad import SignaturePad

BETWEEN_MS = 5
_EVERY = 4  # a mouse reports less often than a pad
_NONE = Qt.KeyboardModifier.NoModifier


class Hands(Player):
    """A player whose every touch is one event, with the event loop in between."""

    def click(self, name: str) -> None:
        target = self.find(name, QWidget)
        self._touch(lambda: QTest.mousePress(target, Qt.MouseButton.LeftButton))
        self._touch(lambda: QTest.mouseRelease(target, Qt.MouseButton.LeftButton))

    def type(self, text: str, *, into: str = "") -> None:
        target: QWidget = self.find(into, QWidget) if into else self._focused()
        if into:
            target.setFocus(Qt.FocusReason.TabFocusReason)
        for letter in text:
            self._touch(lambda letter=letter: QTest.keyClick(target, letter))  # type: ignore[misc]

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
        target = self._focused()
        self._touch(lambda: QTest.keyPress(target, key, modifier))
        self._touch(lambda: QTest.keyRelease(self._focused(), key, modifier))

    def sign(self, pad: SignaturePad, strokes: Sequence[Stroke]) -> None:
        left = Qt.MouseButton.LeftButton
        for stroke in strokes:
            places = [pad.place_of(x, y) for x, y, _ms, _pressure in stroke.points]
            self._touch(lambda places=places: QTest.mousePress(pad, left, _NONE, places[0]))  # type: ignore[misc]
            for place in places[1::_EVERY]:
                self._touch(lambda place=place: QTest.mouseMove(pad, place))  # type: ignore[misc]
            self._touch(lambda places=places: QTest.mouseRelease(pad, left, _NONE, places[-1]))  # type: ignore[misc]

    def _touch(self, touch: Callable[[], None]) -> None:
        touch()
        self.rest(BETWEEN_MS)
