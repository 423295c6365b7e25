"""What the wizard asks of a page: a heading, its fields in order, and to go on when everything in it is right.

Must not know which page comes before or after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from station.domain.errors import StationError
from station.i18n import _
from station.ui import words
from station.ui.context import Context
from station.ui.screens.first_start.answers import Answers
from station.ui.widgets.banner import Banner
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel


class Page(QWidget):
    """Base of all pages. `finished` goes on; `changed` when the buttons below say something else now.

    `spoke` with the widget that just said what is wrong: it may lie below the fold.
    """

    finished = Signal()
    changed = Signal()
    spoke = Signal(QWidget)

    key: ClassVar[str] = ""
    may_go_back: ClassVar[bool] = True

    def __init__(self, context: Context, answers: Answers) -> None:
        super().__init__()
        self.setObjectName(f"first.page.{self.key}")
        self.context, self.answers = context, answers
        self.fields: dict[str, FieldLabel] = {}
        self.busy = ""
        """What is being done now; '' while the page waits for a person."""
        self.banner = Banner()
        self.banner.setObjectName(f"first.{self.key}.error")
        self.intro = label(role="muted", wrap=True)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(label(self.title, "display"))
        layout.addWidget(self.intro)
        layout.addLayout(self.body)
        layout.addWidget(self.banner)
        layout.addStretch(1)

    # --------------------------------------------------------------------------------------------- what a page says

    @property
    def title(self) -> str:
        return ""

    @property
    def next_text(self) -> str:
        """What Enter does here."""
        return _("Next")

    def opened(self) -> None:
        """Called each time it is shown: place the focus."""
        self.focus_first()

    def go_on(self) -> None:
        """Everything was entered: check it, and `finished`."""
        self.finished.emit()

    def stop(self) -> None:
        """Whatever is going on is not wanted any more."""

    def stops(self) -> Sequence[QWidget]:
        """Where Enter stops on its way through the page."""
        return [field.control for field in self.fields.values()]

    # ------------------------------------------------------------------------------------------------------- fields

    def add_entry(self, key: str, text: str, hint: str = "", *, secret: bool = False) -> FieldLabel:
        """A line to type in, not yet placed."""
        entry = QLineEdit()
        entry.setObjectName(f"first.{key}")
        entry.setMaxLength(200)
        if secret:
            entry.setEchoMode(QLineEdit.EchoMode.Password)
        self.fields[key] = FieldLabel(text, entry, hint)
        return self.fields[key]

    def value(self, key: str) -> str:
        """What was typed, without spaces around it unless it is a password."""
        entry = self.fields[key].control
        assert isinstance(entry, QLineEdit)
        return entry.text() if entry.echoMode() is QLineEdit.EchoMode.Password else entry.text().strip()

    def typed(self) -> dict[str, str]:
        """Everything typed so far, for the same page in another language."""
        found = {key: field.control for key, field in self.fields.items()}
        return {key: entry.text() for key, entry in found.items() if isinstance(entry, QLineEdit)}

    def fill(self, typed: Mapping[str, str]) -> None:
        """Put it back."""
        for key, text in typed.items():
            entry = self.fields[key].control
            if isinstance(entry, QLineEdit):
                entry.setText(text)

    def complete(self) -> bool:
        """Whether every field has something in it; the first without is named."""
        self.say_nothing()
        lines = [key for key, field in self.fields.items() if isinstance(field.control, QLineEdit)]
        empty = next((key for key in lines if not self.value(key)), None)
        if empty is not None:
            self.say(empty, words.sentence("field.required").title)
        return empty is None

    def focus_first(self) -> None:
        """The first stop with nothing in it, else the first."""
        stops = self.stops()
        entry = next((item for item in stops if isinstance(item, QLineEdit) and not item.text()), None)
        if stops:
            (entry or stops[0]).setFocus()

    # ------------------------------------------------------------------------------------------------------- saying

    def say_nothing(self) -> None:
        for field in self.fields.values():
            field.say("")
        self.banner.clear()

    def say(self, key: str, text: str) -> None:
        """What is wrong with a field."""
        self.fields[key].say(text)
        self.fields[key].control.setFocus()
        self.spoke.emit(self.fields[key])

    def refuse(self, error: StationError) -> None:
        """Beside its field, or below all of them."""
        said = words.of_error(error)
        field = getattr(error, "field", None)
        if field in self.fields:
            self.say(str(field), str(said))
        else:
            self.warn(said.title, said.todo, "bad")

    def warn(self, title: str, todo: str, tone: str = "warn") -> None:
        """Below all fields."""
        self.banner.say(title, todo, tone)
        self.spoke.emit(self.banner)

    def work(self, text: str) -> None:
        """Something is going on ('' : it is over); nothing else can be done here meanwhile."""
        self.busy = text
        self.changed.emit()
