"""The line above a field: its label, whether it is locked, and what the target list says when that differs.

Must not know the form or the desk.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from station.i18n import _
from station.ui import icons, theme
from station.ui.widgets.eliding_label import ElidingLabel


class FieldTitle(QWidget):
    """Keeps its height whatever it says, so that the form never jumps."""

    told = Signal()  # what stands beside the label has changed

    def __init__(self, text: str, editor: QLineEdit, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = ElidingLabel(text, "label")
        self._label.setBuddy(editor)
        self._lock = QLabel()
        self._lock.hide()
        self._listed = ElidingLabel("", "label")
        self._listed.setObjectName(f"{name}.listed")
        self._listed.setProperty("tone", "warn")
        self._listed.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._listed.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._label)
        row.addWidget(self._lock)
        row.addWidget(self._listed, 1)
        row.addStretch(0)

    @property
    def listed(self) -> str:
        """What is said of the list, whole; empty when nothing differs."""
        return self._listed.toolTip()

    def show_listed(self, value: str) -> None:
        """Say what the list has; empty takes the mark away."""
        text = _("In the list: {value}").format(value=value) if value else ""
        if text != self.listed:
            self._listed.setText(f"≠ {text}" if text else "")
            self._listed.setToolTip(text)
            self._listed.setAccessibleName(text)
            self._listed.setVisible(bool(text))
            self.told.emit()

    def show_locked(self, locked: bool) -> None:
        if locked and self._lock.pixmap().isNull():
            self._lock.setPixmap(icons.pixmap("mdi6.lock-outline", 13, theme.tokens().ink_2))
            self._lock.setToolTip(_("Locked: only read here"))
            self._lock.setAccessibleName(_("Locked: only read here"))
        self._lock.setVisible(locked)
