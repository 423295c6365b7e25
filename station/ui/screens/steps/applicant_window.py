"""The whole screen for the applicant: what is recorded about them, in large letters, and the pad to sign on.

On a second screen when there is one, else over the operator's for as long as it takes. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QScreen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station.i18n import _
from station.ui import theme
from station.ui.screens.steps import approval
from station.ui.screens.steps.approval import Line
from station.ui.screens.steps.approval_sheet import ApprovalSheet
from station.ui.widgets.card import label
from station.ui.widgets.signature_pad import SignaturePad

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ApplicantWindow(QWidget):
    """`leaving` comes whichever way it closes; what was written stays on the pad for the page to take."""

    leaving = Signal(bool)
    """True when the applicant has said that everything is correct: with Enter or the button, and by nothing else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("applicant.window")
        self.setWindowTitle(_("For the applicant"))
        self.setProperty("ground", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._yes = False
        self.sheet = ApprovalSheet("applicant.window.sheet", columns=4, role="title")
        self.pad = SignaturePad()
        self.pad.setObjectName("applicant.window.pad")
        self.pad.invite(_("Sign here"))
        self.clear = QPushButton(_("Write again"))
        self.clear.setObjectName("applicant.window.clear")
        self.clear.clicked.connect(self._again)
        self.done = QPushButton(_("Everything is correct · Enter"))
        self.done.setObjectName("applicant.window.done")
        self.done.setProperty("look", "primary")
        self.done.clicked.connect(self._say_yes)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(36, 24, 36, 24)
        column.setSpacing(16)
        column.addWidget(label(_("Please read whether everything is correct"), "display", wrap=True))
        column.addWidget(self.sheet, 1)
        column.addWidget(label(approval.question(), "title", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(24)
        self.pad.setFixedHeight(min(theme.px(210), 240))
        row.addWidget(self.pad, 1)
        ways = QVBoxLayout()
        ways.addStretch(1)
        for button in (self.clear, self.done):
            button.setProperty("bulk", "tall")
            ways.addWidget(button)
        row.addLayout(ways)
        column.addLayout(row)

    def show_lines(self, lines: Sequence[Line]) -> None:
        self.sheet.show_lines(lines)

    def open_large(self) -> None:
        """Over everything, on the screen that faces the applicant when there is one."""
        if not self.isVisible():
            self._yes = False
            self.pad.clear()
        facing = second_screen()
        if facing is not None:
            self.setGeometry(facing.geometry())
        self.showFullScreen()
        self.activateWindow()
        self.pad.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self._say_yes()
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F11):
            self.close()  # what was signed is not thrown away, but nothing was approved
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.leaving.emit(self._yes)
        super().closeEvent(event)

    def _say_yes(self) -> None:
        self._yes = True
        self.close()

    def _again(self) -> None:
        self.pad.clear()
        self.pad.setFocus(Qt.FocusReason.OtherFocusReason)


def second_screen() -> QScreen | None:
    """A screen that is not the operator's, or None."""
    main = QGuiApplication.primaryScreen()
    return next((screen for screen in QGuiApplication.screens() if screen is not main), None)
