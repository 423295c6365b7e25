"""Two of the fourteen words, chosen at random, typed again: the proof that somebody wrote them down."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from station.desk.first_words import same_word
from station.i18n import _, ngettext
from station.ui.widgets.field_label import FieldLabel

ASKED = 2
TRIES = 3


class WordsCheck(QWidget):
    """`passed` when both are right, `failed` after three mistakes: then the words are shown again."""

    passed = Signal()
    failed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: tuple[str, ...] = ()
        self._asked: tuple[int, ...] = ()
        self._mistakes = 0
        self.fields = tuple(_field(f"{name}.check.{place}") for place in range(1, ASKED + 1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for field in self.fields:
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)

    @property
    def asked(self) -> tuple[int, ...]:
        """The numbers of the words that are asked for, from 1."""
        return tuple(place + 1 for place in self._asked)

    @property
    def entries(self) -> tuple[QLineEdit, ...]:
        return tuple(field.control for field in self.fields if isinstance(field.control, QLineEdit))

    def ask(self, words: Sequence[str]) -> None:
        """Ask for two of these, others than before where that is possible."""
        self._words, self._mistakes = tuple(words), 0
        free = [place for place in range(len(words)) if place not in self._asked]
        self._asked = tuple(sorted(free.pop(secrets.randbelow(len(free))) for _number in range(ASKED)))
        for field, place in zip(self.fields, self._asked, strict=True):
            text = _("Word number {number}").format(number=place + 1)
            field.label.setText(text)
            field.control.setAccessibleName(text)
            field.say("")
        for entry in self.entries:
            entry.clear()

    def forget(self) -> None:
        """The words are not needed any more."""
        self._words = ()

    def check(self) -> None:
        """Compare what was typed; a wrong word is named, and counts."""
        wrong = [
            place
            for place, entry in enumerate(self.entries)
            if not same_word(entry.text(), self._words[self._asked[place]])
        ]
        another = _("This is another word than on your paper.")
        for place, field in enumerate(self.fields):
            field.say(another if place in wrong else "")
        if not wrong:
            self.passed.emit()
            return
        self._mistakes += 1
        if self._mistakes >= TRIES:
            self.failed.emit()
            return
        left = TRIES - self._mistakes
        said = ngettext(
            "{n} try left, then the words are shown again.", "{n} tries left, then the words are shown again.", left
        ).format(n=left)
        self.fields[wrong[0]].say(f"{another} {said}")
        self.entries[wrong[0]].setFocus()
        self.entries[wrong[0]].selectAll()


def _field(name: str) -> FieldLabel:
    entry = QLineEdit()
    entry.setObjectName(name)
    entry.setMaxLength(40)
    return FieldLabel("", entry, _("The first four letters are enough"))
