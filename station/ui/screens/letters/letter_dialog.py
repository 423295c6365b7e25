"""Why a record is on hold, and what can be done about it: one dialog with the facts, the remedies, and nothing hidden.

Must not know how a remedy works, nor where a stick is.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station.desk import dead_letters
from station.desk.dead_letters import Letter, Retried
from station.domain.draft import Draft
from station.domain.errors import StationError
from station.domain.letter import Remedy, remedies_of
from station.domain.record import RecordKey
from station.i18n import _
from station.ui import letter_words, rights, theme, words
from station.ui.context import Context
from station.ui.courier_dialogs import open_export
from station.ui.packet_words import short_key
from station.ui.screens.letters.void_dialog import VoidDialog
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label, rule
from station.ui.widgets.fit import fit_height


class LetterDialog(QDialog):
    """`changed` after anything was done; `corrected` and `look_wanted` carry a record id."""

    changed = Signal()
    corrected = Signal(str)
    look_wanted = Signal(str)

    def __init__(self, context: Context, key: RecordKey, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("letter")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(620))
        self._context, self._key, self._behind = context, key, parent
        self._letter: Letter | None = None
        self._asking = False  # the desk is at it
        self._title = label("", "h2", wrap=True, name="letter.title")
        self._who = label("", "muted", wrap=True, name="letter.who")
        self._reason = Banner()
        self._reason.setObjectName("letter.reason")
        self._facts = QGridLayout()
        self._remedies = {remedy: self._remedy(remedy) for remedy in Remedy}
        self._means = {remedy: label(letter_words.meaning_of(remedy), "small", wrap=True) for remedy in Remedy}
        self._not_now = label("", "small", wrap=True, name="letter.not_now")
        self._failure = Banner()
        self._failure.setObjectName("letter.failure")
        self._copy = button("letter.copy", _("Copy for the technician"), self._copy_facts)
        self._look = button("letter.look", _("Look at the record"), self._look_at_it, "link")
        self._close = button("letter.close", _("Close"), self.reject)
        self._lay_out()
        rights.hold(self, context.desk.may)
        self._read()

    # -------------------------------------------------------------------------------------------------------- showing

    def _read(self) -> None:
        office, key = self._context.desk, self._key
        self._context.tasks.run(lambda: dead_letters.letter(office, key), self._show, self._gone)

    def _show(self, letter: Letter) -> None:
        self._letter = letter
        title, why = letter_words.question(letter), letter_words.reason(letter)
        self._title.setText(title)
        self.setWindowTitle(title)
        known = (letter.name, letter.registration_no, short_key(letter.item.key))
        self._who.setText(" · ".join(each for each in known if each))
        self._reason.say(why.title, why.todo, "warn")
        self._show_facts(letter)
        offered = [remedy for remedy in Remedy if letter.may(remedy)]
        for remedy in Remedy:
            self._remedies[remedy].setVisible(remedy in offered)
            self._remedies[remedy].setEnabled(True)
            self._means[remedy].setVisible(remedy in offered)
        self._not_now.setText("\n".join(letter_words.not_now(letter)))
        self._not_now.setVisible(bool(self._not_now.text()))
        self._look.setVisible(bool(letter.name or letter.registration_no))
        self._put_first(self._best(letter, offered))
        fit_height(self)

    def _best(self, letter: Letter, offered: list[Remedy]) -> QPushButton:
        """What helps most; never what cannot be undone."""
        helps = remedies_of(letter.item)
        if not helps:
            return self._copy
        return next((self._remedies[remedy] for remedy in helps if remedy in offered), self._close)

    def _put_first(self, first: QPushButton) -> None:
        """One button in the colour of the first choice, and the keyboard on it."""
        for each in (*self._remedies.values(), self._copy):
            look = "primary" if each is first else "danger" if each is self._remedies[Remedy.VOID] else ""
            each.setProperty("look", look)
            theme.restyle(each)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_facts(self, letter: Letter) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for row, (name, text) in enumerate(letter_words.facts(letter, self._context.clock.now())):
            value = label(text, "small", wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setAccessibleName(f"{name}: {text}")
            title = label(name, "small")
            self._facts.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(value, row, 1)
            for part in (title, value):
                part.show()  # a layout shows it one turn later, and the height is measured before that

    # ---------------------------------------------------------------------------------------------------------- doing

    def _do(self, remedy: Remedy) -> None:
        if self._asking:
            return
        self._failure.clear()
        match remedy:
            case Remedy.RETRY:
                self._retry()
            case Remedy.CORRECT:
                self._correct()
            case Remedy.EXPORT:
                self.accept()
                open_export(self._context, self._behind, [self._key])
            case Remedy.VOID:
                self._ask_void()

    def reject(self) -> None:
        """Not while the desk is asked: what it does is told."""
        if not self._asking:
            super().reject()

    def _retry(self) -> None:
        office, key = self._context.desk, self._key
        self._asking = True
        self._context.tasks.run(lambda: dead_letters.retry(office, [key]), self._retried, self._failed)

    def _retried(self, found: Retried) -> None:
        self._asking = False
        self.changed.emit()
        if found.done:
            self._context.bridge.send_now.emit()
            self.accept()
        else:
            self._read()

    def _correct(self) -> None:
        office, key = self._context.desk, self._key
        self._remedies[Remedy.CORRECT].setEnabled(False)
        self._asking = True
        self._context.tasks.run(lambda: dead_letters.correct(office, key), self._opened, self._failed)

    def _opened(self, draft: Draft) -> None:
        self._asking = False
        self.changed.emit()
        self._context.bridge.records_changed.emit()
        self.accept()
        self.corrected.emit(draft.record.record_id)

    def _ask_void(self) -> None:
        dialog = VoidDialog(self._context, self._key, self._who.text(), self)
        dialog.voided.connect(self._voided)
        dialog.open()

    def _voided(self) -> None:
        self.changed.emit()
        self._context.bridge.records_changed.emit()
        self.accept()

    def _failed(self, error: StationError) -> None:
        """What is wrong now, and what can be done now: the packet may have moved meanwhile."""
        self._asking = False
        said = words.of_error(error)
        self._failure.say(said.title, said.todo, "bad")
        self._read()  # and then the height fits what is said

    def _gone(self, error: StationError) -> None:
        """It is not on hold any more: nothing can be done here."""
        said = words.of_error(error)
        self.changed.emit()
        self._title.setText(said.title)
        self.setWindowTitle(said.title)
        self._reason.say(said.title, said.todo, "off")
        for widget in (*self._remedies.values(), *self._means.values(), self._not_now, self._copy, self._look):
            widget.hide()
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy_facts(self) -> None:
        if self._letter is not None:
            facts = letter_words.facts(self._letter, self._context.clock.now())
            QGuiApplication.clipboard().setText("\n".join(f"{name}: {text}" for name, text in facts))
            self._copy.setText(_("Copied"))

    def _look_at_it(self) -> None:
        self.reject()
        self.look_wanted.emit(self._key.record_id)

    # --------------------------------------------------------------------------------------------------------- layout

    def _remedy(self, remedy: Remedy) -> QPushButton:
        made = button(f"letter.{remedy.value}", letter_words.name_of(remedy), lambda: self._do(remedy))
        made.setAccessibleDescription(letter_words.meaning_of(remedy))
        made.hide()
        return made

    def _lay_out(self) -> None:
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(4)
        self._facts.setColumnStretch(1, 1)
        ways = QGridLayout()
        ways.setHorizontalSpacing(16)
        ways.setVerticalSpacing(8)
        ways.setColumnStretch(1, 1)
        for row, remedy in enumerate(Remedy):
            ways.addWidget(self._remedies[remedy], row, 0)
            ways.addWidget(self._means[remedy], row, 1, Qt.AlignmentFlag.AlignVCenter)
            self._means[remedy].hide()
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._look, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.addWidget(self._copy)
        foot.addStretch(1)
        foot.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(head)
        parts: tuple[QWidget | QGridLayout | QHBoxLayout, ...] = (
            self._who, self._reason, self._failure, ways, self._not_now, rule(), self._facts, foot,
        )  # fmt: skip
        for part in parts:
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
        self._not_now.hide()
        for here, after in pairwise((*self._remedies.values(), self._copy, self._look, self._close)):
            self.setTabOrder(here, after)
