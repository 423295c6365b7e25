"""The keys: where the station key is kept and whether it works, the database key, recovery words, codes by phone."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QWidget

from station.desk.keys_state import KeysState, keys_state
from station.domain.mark import N_
from station.domain.permission import Permission
from station.i18n import _
from station.ui import keys_words
from station.ui.context import Context
from station.ui.labels import Label
from station.ui.screens.guard.card import GuardCard
from station.ui.screens.keys.new_key import NewKey
from station.ui.screens.keys.new_words import NewWords
from station.ui.screens.keys.own_password import OwnPassword
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.chip import Chip


class KeysCard(GuardCard):
    """A line for each key, with a word on how it is; what may be done about it depends on the role."""

    key = "keys"
    title = N_("Keys")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._lines = QWidget()
        self.body.addWidget(self._lines)
        self.said = label(role="small", wrap=True, name="guard.keys.said")
        self.said.hide()
        self.body.addWidget(self.said)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(button("guard.keys.password", _("My password…"), self._change_password))
        if context.desk.may(Permission.CHANGE_KEYS):
            row.addWidget(button("guard.keys.words", _("Recovery words…"), self._new_words))
            row.addWidget(button("guard.keys.database", _("Database key…"), self._new_key))
        row.addStretch(1)
        self.body.addLayout(row)

    def opened(self) -> None:
        office = self.context.desk
        self.context.tasks.run(lambda: keys_state(office), self._show)

    def _show(self, found: KeysState) -> None:
        lines = (
            ("station", _("Station key"), keys_words.safe_line(found), keys_words.safe_label(found)),
            ("database", _("Database key"), keys_words.database_line(found), keys_words.database_label(found)),
            ("words", _("Recovery words"), keys_words.words_line(found), keys_words.words_label(found)),
            ("codes", _("Help by phone"), keys_words.codes_line(found), keys_words.codes_label(found)),
        )
        fresh = QWidget()
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        for row, (name, title, text, state) in enumerate(lines):
            _add_line(grid, 3 * row, name, title, text, state)
        self.body.replaceWidget(self._lines, fresh)
        self._lines.deleteLater()
        self._lines = fresh
        fresh.show()

    def _change_password(self) -> None:
        self._open(OwnPassword(self.context, self), _("Your new password is valid from now on."))

    def _new_words(self) -> None:
        self._open(NewWords(self.context, self), _("The new recovery words are valid from now on."))

    def _new_key(self) -> None:
        self._open(NewKey(self.context, self), _("The data have a new key."))

    def _open(self, dialog: QDialog, done: str) -> None:
        dialog.accepted.connect(lambda: self._say(done))
        dialog.finished.connect(lambda _result: self.opened())
        dialog.open()

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))


def _add_line(grid: QGridLayout, row: int, name: str, title: str, text: str, state: Label) -> None:
    grid.addWidget(label(title, "strong"), row, 0)
    grid.addWidget(label(text, "small", wrap=True, name=f"guard.keys.{name}.line"), row + 1, 0)
    grid.setRowMinimumHeight(row + 2, 6)
    chip = Chip(state.text, state.tone)
    chip.setObjectName(f"guard.keys.{name}.state")
    chip.setProperty("bulk", "small")
    grid.addWidget(chip, row, 1, 2, 1)
