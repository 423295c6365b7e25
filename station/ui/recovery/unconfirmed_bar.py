"""The bar that says that nobody has shown the recovery words, until somebody has. Only an admin can make new ones."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from station.desk import first_words
from station.domain.permission import Permission
from station.i18n import _
from station.ui import theme
from station.ui.context import Context
from station.ui.screens.keys.new_words import NewWords
from station.ui.widgets.button import button
from station.ui.widgets.card import label


class UnconfirmedBar(QFrame):
    """Hidden when the words are known to be on paper. `closed` when its dialog has gone: the screen has the keys."""

    closed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unconfirmed")
        self.setProperty("banner", True)
        self.setProperty("tone", "warn")
        self._context = context
        may = context.desk.may(Permission.CHANGE_KEYS)
        told = _("Nobody has shown yet that the recovery words were written down.")
        todo = "" if may else _("The admin makes new ones after signing in.")
        said = label(f"{told} {todo}".strip(), "strong", wrap=True, name="unconfirmed.said")
        said.setProperty("tone", "warn")
        self.make = button("unconfirmed.make", _("Make new words…"), self.open_dialog)
        self.make.setProperty("bulk", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(24), 6, theme.px(24), 6)
        row.setSpacing(12)
        row.addWidget(said, 1)
        row.addWidget(self.make, 0, Qt.AlignmentFlag.AlignRight)
        self.make.setVisible(may)
        self.setVisible(False)

    def look(self) -> None:
        """Read whether it is still so."""
        depot = self._context.depot
        self._context.tasks.run(lambda: first_words.are_unconfirmed(depot), self._show)

    def _show(self, unconfirmed: bool) -> None:
        self.setVisible(unconfirmed)

    def open_dialog(self) -> NewWords:
        """New words, in a dialog."""
        dialog = NewWords(self._context, self.window())
        dialog.finished.connect(lambda _result: self._closed())
        dialog.open()
        return dialog

    def _closed(self) -> None:
        self.look()
        self.closed.emit()
