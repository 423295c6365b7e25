"""New recovery words: the own password, the fourteen words shown once, and two of them typed to prove the paper."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk import first_words, keys
from station.domain.errors import StationError
from station.i18n import _
from station.ui import theme, words
from station.ui.context import Context
from station.ui.recovery.words_check import WordsCheck
from station.ui.recovery.words_paper import print_words
from station.ui.recovery.words_sheet import WordsSheet
from station.ui.screens.keys.secret_line import secret_line
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.fit import fit_height

_ASK, _SHOW, _CHECK = range(3)


class NewWords(QDialog):
    """Accepted once they are confirmed. Closed earlier, the words before are gone and new ones can be made again."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("new_words")
        self.setWindowTitle(_("New recovery words"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(620))
        self._context = context
        self._own = secret_line("new_words.own")
        self._own_field = FieldLabel(_("Your password"), self._own)
        self._sheet = WordsSheet("new_words")
        self._check = WordsCheck("new_words")
        self._words: tuple[str, ...] = ()
        self._pages: list[QWidget] = []
        self._page = _ASK
        self.said = Banner()
        self.said.setObjectName("new_words.said")
        self._paper = button("new_words.print", _("Print for the envelope…"), self._print)
        self._no = button("new_words.close", _("Close"), self.reject)
        self._go = button("new_words.go", _("Make new words"), self._go_on, "primary")
        self._lay_out()
        self._own.returnPressed.connect(self._go.setFocus)
        self._check.passed.connect(self._passed)
        self._check.failed.connect(lambda: self._turn(_SHOW))
        self._turn(_ASK)

    def _lay_out(self) -> None:
        told = _("Words from before open nothing any more once new ones are made.")
        shown = _("They are shown only now. Write them down with their numbers; no picture with a phone.")
        asked = _("Take your paper and type two of the words.")
        for text, widget in ((told, self._own_field), (shown, self._sheet), (asked, self._check)):
            page = QWidget()
            inner = QVBoxLayout(page)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(12)
            inner.addWidget(label(text, "muted", wrap=True))
            inner.addWidget(widget)
            self._pages.append(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("New recovery words"), "h2"))
        for page in self._pages:  # no stack: its pages would all be as tall as the tallest
            column.addWidget(page)
        column.addWidget(self.said)
        row = QHBoxLayout()
        row.addWidget(self._paper)
        row.addStretch(1)
        row.addWidget(self._no)
        row.addWidget(self._go)
        column.addLayout(row)
        for each in (self._paper, self._no, self._go):
            each.setDefault(False)

    def _turn(self, page: int) -> None:
        self._page = page
        for number, each in enumerate(self._pages):
            each.setVisible(number == page)
        self.said.clear()
        self._paper.setVisible(page == _SHOW)
        self._sheet.show_words(self._words if page == _SHOW else ())
        texts = {_ASK: _("Make new words"), _SHOW: _("They are written down"), _CHECK: _("Check")}
        self._go.setText(texts[page])
        self._go.setEnabled(True)
        if page == _CHECK:
            self._check.ask(self._words)
            self._check.entries[0].setFocus()
        else:
            (self._own if page == _ASK else self._go).setFocus()
        fit_height(self)

    def _go_on(self) -> None:
        match self._page:
            case 0:
                self._make()
            case 1:
                self._turn(_CHECK)
            case _:
                self._check.check()
                fit_height(self)

    def _make(self) -> None:
        office, own = self._context.desk, self._own.text()
        self._own_field.say("")
        self._go.setEnabled(False)
        self._context.tasks.run(lambda: keys.in_words(first_words.make_new(office, own)), self._made, self._refused)

    def _made(self, made: tuple[str, ...]) -> None:
        self._words = made
        self._own.clear()
        self._turn(_SHOW)

    def _passed(self) -> None:
        depot = self._context.depot
        self._context.tasks.run(lambda: first_words.confirm_words(depot), lambda _none: self._finish(), self._refused)

    def _finish(self) -> None:
        self._words = ()
        self._check.forget()
        self.accept()

    def _print(self) -> None:
        office = self._context.desk
        print_words(self, self._words, office.station, office.now(), self._context.printer)

    def _refused(self, error: StationError) -> None:
        self._go.setEnabled(True)
        if self._page == _ASK:
            self._own_field.say(str(words.of_error(error)))
            self._own.clear()
            self._own.setFocus()
        else:
            said = words.of_error(error)
            self.said.say(said.title, said.todo, "bad")
        fit_height(self)
