"""Forgot the password: by recovery words, or by a code that the Dinas reads out on the phone. Needs no network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from station.desk import forgotten
from station.desk.forgotten import Asked
from station.desk.office import Operator
from station.domain.errors import StationError
from station.i18n import _, ngettext
from station.ui import labels, theme, words
from station.ui.context import Context
from station.ui.screens.keys.secret_line import NewPassword
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.fit import fit_height

_WORDS, _PHONE = 0, 1


class ForgottenDialog(QDialog):
    """`renewed` carries the officer whose password is another one now. Esc changes nothing."""

    renewed = Signal(str)

    def __init__(self, context: Context, operator_id: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("forgotten")
        self.setWindowTitle(_("Forgot password"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(560))
        self._context, self._wished = context, operator_id
        self._people: tuple[Sequence[Operator], Sequence[Operator]] = ((), ())
        self._ways = QButtonGroup(self)
        self._who = QComboBox()
        self._who.setObjectName("forgotten.who")
        self._who_field = FieldLabel(_("Officer who gets a new password"), self._who)
        self._way = _WORDS
        self._words = _words_entry()
        self._words_field = FieldLabel(
            _("Recovery words"), self._words, _("All 14 words in their order; the first four letters are enough")
        )
        self._challenge = label(role="title", name="forgotten.challenge")
        self._code = _code_entry()
        self._code_field = FieldLabel(_("Code of the Dinas"), self._code, _("18 letters and digits, three at a time"))
        self._none = Banner()
        self._none.setObjectName("forgotten.none")
        self._box = Card(margin=12, spacing=4)
        self._new = NewPassword("forgotten")
        self.said = Banner()
        self.said.setObjectName("forgotten.said")
        self._go_on = False
        self._without = button(
            "forgotten.without_backup", _("Continue without the backup"), self._choose_to_go_on, "link"
        )
        self._without.setDefault(False)
        self._without.hide()
        self.said.add_button(self._without)
        self._go = button("forgotten.confirm", _("Set the new password"), self._confirm, "primary")
        self._go.setDefault(False)
        self._lay_out()
        self._code.returnPressed.connect(self._new.first.setFocus)
        self._new.first.returnPressed.connect(self._new.again.setFocus)
        self._new.again.returnPressed.connect(self._go.setFocus)
        self._who.currentIndexChanged.connect(lambda _index: self._ask_challenge())
        depot = context.depot
        self._run(lambda: (forgotten.leaders(depot), forgotten.whom_to_help(depot)), self._know)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Forgot password"), "h2"))
        column.addWidget(label(_("Nothing is lost, and no network is needed."), "muted", wrap=True))
        column.addLayout(self._choice())
        column.addWidget(self._who_field)
        # All in one column: a page of its own would learn too late how tall wrapped words are.
        self._pages = (self._by_words(), self._by_phone())
        for widget in (*self._pages[_WORDS], self._none, *self._pages[_PHONE]):
            column.addWidget(widget)
        pair = QHBoxLayout()
        pair.setSpacing(12)
        for field in self._new.fields:
            pair.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(pair)
        column.addWidget(self.said)
        row = QHBoxLayout()
        row.addStretch(1)
        no = button("forgotten.close", _("Close"), self.reject)
        no.setDefault(False)
        row.addWidget(no)
        row.addWidget(self._go)
        column.addLayout(row)

    def _choice(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for number, (name, text) in enumerate((("words", _("By recovery words")), ("phone", _("By phone")))):
            way = button(f"forgotten.{name}", text, partial(self._turn, number), "chip")
            way.setCheckable(True)
            way.setDefault(False)
            self._ways.addButton(way, number)
            row.addWidget(way)
        row.addStretch(1)
        self._ways.button(_WORDS).setChecked(True)
        return row

    def _by_words(self) -> tuple[QWidget, ...]:
        told = _("The words are in the closed envelope of this station: at the Dinas, or with the head of the office.")
        return label(told, "small", wrap=True), self._words_field

    def _by_phone(self) -> tuple[QWidget, ...]:
        self._box.body.addWidget(label(_("Call the Dinas, and read this out:"), "label"))
        self._challenge.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._box.body.addWidget(self._challenge)
        return self._box, self._code_field

    def _know(self, people: tuple[Sequence[Operator], Sequence[Operator]]) -> None:
        self._people = people
        self._turn(self._ways.checkedId())

    def _turn(self, way: int) -> None:
        """Show the fields of a way, and whom it can help."""
        self.said.clear()
        self._way = way
        self._none.clear()
        for number, page in enumerate(self._pages):
            for widget in page:
                widget.setVisible(number == way)
        wished = str(self._who.currentData() or self._wished)
        self._who.blockSignals(True)
        self._who.clear()
        for who in self._people[way]:
            self._who.addItem(_name(who), who.operator_id)
        self._who.setCurrentIndex(max(0, self._who.findData(wished)))
        self._who.blockSignals(False)
        hint = _("A supervisor or an admin: they give the others a new password afterwards.") if way == _WORDS else ""
        self._who_field.below.setText(hint)
        self._who_field.below.setVisible(bool(hint))
        self._go.setEnabled(True)
        (self._words if way == _WORDS else self._code).setFocus()
        self._ask_challenge()
        fit_height(self)

    def _ask_challenge(self) -> None:
        if self._way == _PHONE and self._who.count():
            depot, who = self._context.depot, str(self._who.currentData())
            self._run(lambda: forgotten.challenge(depot, who), self._show_challenge, self._cannot)

    def _show_challenge(self, asked: Asked) -> None:
        self._challenge.setText(asked.text.replace("-", " – "))
        self._challenge.setAccessibleName(" ".join(asked.text.replace("-", ",")))
        fit_height(self)

    def _cannot(self, error: StationError) -> None:
        """Central could not answer: then no challenge is shown at all."""
        said = words.of_error(error)
        self._none.say(said.title, said.todo, "warn")
        for widget in self._pages[_PHONE]:
            widget.hide()
        self._go.setEnabled(False)
        fit_height(self)

    def _confirm(self) -> None:
        self.said.clear()
        for field in (self._words_field, self._code_field):
            field.say("")
        way, who = self._way, str(self._who.currentData() or "")
        typed = self._words.toPlainText() if way == _WORDS else self._code.text()
        if not typed.strip():
            self._say_typed(_("Type the words from the paper.") if way == _WORDS else _("Type the code."))
            return
        password = self._new.value()
        fit_height(self)
        if not password:
            return
        work = forgotten.set_password_by_words if way == _WORDS else forgotten.set_password_by_code
        depot, clock = self._context.depot, self._context.clock
        self._go.setEnabled(False)
        self._go.setText(_("Checking…"))
        go_on, self._go_on = self._go_on, False
        self._run(
            lambda: work(depot, typed, who, password, clock, without_backup=go_on),
            lambda _none: self._done(who),
            self._refused,
        )

    def _choose_to_go_on(self) -> None:
        self._go_on = True
        self._confirm()

    def _done(self, who: str) -> None:
        self.accept()
        self.renewed.emit(who)

    def _refused(self, error: StationError) -> None:
        self._go.setEnabled(True)
        self._go.setText(_("Set the new password"))
        said = words.of_error(error)
        self._without.setVisible(error.code == "backup.away")
        if error.code.startswith("password."):
            self._new.say(str(said))
        elif error.code.startswith(("recovery.mistyped", "reset_code.mistyped")):
            self._say_typed(str(said))
        else:
            left = error.data.get("tries_left")
            more = ngettext("{n} try left.", "{n} tries left.", left).format(n=left) if isinstance(left, int) else ""
            self.said.say(said.title, f"{said.todo} {more}".strip(), "bad")
        fit_height(self)

    def _say_typed(self, text: str) -> None:
        field = self._words_field if self._way == _WORDS else self._code_field
        field.say(text)
        field.control.setFocus()
        fit_height(self)

    def _run(
        self,
        work: Callable[[], object],
        done: Callable[..., None],
        failed: Callable[[StationError], None] | None = None,
    ) -> None:
        self._context.tasks.run(work, done, failed or self._refused)


def _name(who: Operator) -> str:
    if who.operator_id == forgotten.ANYBODY:
        return _("Whoever leads this station")
    return f"{who.name} · {labels.role(who.role)}"


def _words_entry() -> QPlainTextEdit:
    entry = QPlainTextEdit()
    entry.setObjectName("forgotten.words.entry")
    entry.setTabChangesFocus(True)
    entry.setFixedHeight(theme.px(76))
    return entry


def _code_entry() -> QLineEdit:
    entry = QLineEdit()
    entry.setObjectName("forgotten.code")
    entry.setMaxLength(60)
    return entry
