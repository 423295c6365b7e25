"""The left rail: the screens that exist, each with its key, and what belongs to no screen at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from station.i18n import _
from station.ui import icons, theme
from station.ui.widgets.card import label

_MARGIN = 10
_SIDE, _ABOVE, _GAP = 12, 6, 4
"""Inside a button, as the style sheet has it: left and right with the border, above and below, icon to title."""


@dataclass(frozen=True)
class Entry:
    """One entry: the key of a screen, its title in the language in use, icon and shortcut."""

    key: str
    title: str
    icon: str
    shortcut: str


class Rail(QFrame):
    """`wanted` carries the key of a screen; `lock` asks to lock."""

    wanted = Signal(str)
    lock = Signal()

    def __init__(self, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(_width())
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(_MARGIN, 12, _MARGIN, 12)
        self._layout.setSpacing(4)
        for entry in entries:
            button = _button(entry)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, key=entry.key: self.wanted.emit(key))
            self._group.addButton(button)
            self._buttons[entry.key] = button
            self._layout.addWidget(button)
        self._layout.addStretch(1)
        self._lock = lock = _button(Entry("lock", _("Lock screen"), "mdi6.lock-outline", "Ctrl+L"))
        lock.clicked.connect(self.lock)
        self._layout.addWidget(lock)

    def mark(self, key: str) -> None:
        """Show which screen is open."""
        self._buttons[key].setChecked(True)

    def add_above_lock(self, widget: QWidget) -> None:
        """Place something above the lock button."""
        self._layout.insertWidget(self._layout.count() - 1, widget)
        self._layout.insertSpacing(self._layout.count() - 1, 8)
        self.setTabOrder(widget, self._lock)


def _button(entry: Entry) -> QPushButton:
    button = QPushButton(entry.title)
    button.setObjectName(f"rail.{entry.key}")
    button.setProperty("look", "rail")
    button.setIcon(icons.icon(entry.icon, theme.tokens().ink_2, theme.tokens().brand))
    button.setIconSize(QSize(theme.px(18), theme.px(18)))
    button.setAccessibleName(entry.title)
    button.setAccessibleDescription(entry.shortcut)
    button.setAutoDefault(True)
    _place_key(button, label(entry.shortcut, "small"))
    return button


def _place_key(button: QPushButton, key: QLabel) -> None:
    """The shortcut right of the title; below it when the two do not fit beside each other."""
    key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    bold, small = (QFontMetrics(font) for font in (theme.font("m", QFont.Weight.DemiBold), theme.font("xs")))
    before = _SIDE + button.iconSize().width() + _GAP
    beside = before + bold.horizontalAdvance(button.text()) + _GAP + small.horizontalAdvance(key.text()) + _SIDE
    row = QHBoxLayout(button)
    if beside <= _width() - 2 * _MARGIN:
        row.setContentsMargins(0, 0, _SIDE, 0)
        row.addStretch(1)
        row.addWidget(key)
    else:
        row.setContentsMargins(before, 0, _SIDE, _ABOVE)
        row.addWidget(key, 1, Qt.AlignmentFlag.AlignBottom)
        button.setStyleSheet(f"QPushButton {{ padding-bottom: {_ABOVE + small.height()}px; }}")


def _width() -> int:
    return min(theme.px(208), 260)
