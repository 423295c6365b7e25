"""The first start: make this station known to central, let the first operator in, show the recovery key once."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from station.desk import enrolment
from station.domain.errors import StationError
from station.i18n import _
from station.ui import theme, words
from station.ui.context import Context
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.poster import Poster


class FirstStart(QWidget):
    """`enrolled` comes after the recovery key has been written down."""

    enrolled = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("first")
        self._context = context
        self.fields = {key: _field(key, text, hint) for key, (text, hint) in _texts().items()}
        self.banner = Banner()
        self.banner.setObjectName("first.error")
        self.go = button("first.enrol", _("Register this station · Enter"), self._enrol, "primary")
        self.go.setProperty("bulk", "tall")
        self._key = label(role="title", wrap=True, name="first.recovery_key")
        self._noted = QCheckBox(_("I have written the recovery key down"))
        self._noted.setObjectName("first.noted")
        self._on = button("first.continue", _("Go to sign-in · Enter"), self.enrolled.emit, "primary")
        self._on.setProperty("bulk", "tall")
        self._pages = QStackedWidget()
        self._pages.addWidget(self._form())
        self._pages.addWidget(self._recovery())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Poster(), 1)
        layout.addWidget(self._pages)

    def opened(self) -> None:
        """Place the focus; called when shown."""
        self.fields["central_url"].control.setFocus()

    def value(self, key: str) -> str:
        """What was typed into a field."""
        entry = self.fields[key].control
        assert isinstance(entry, QLineEdit)
        return entry.text() if key in ("password", "again") else entry.text().strip()

    def _form(self) -> QFrame:
        panel, layout = _panel()
        layout.addWidget(label(_("First start"), "display"))
        intro = _("The Dinas gives you the address of central and a one-time code. This happens once.")
        layout.addWidget(label(intro, "muted", wrap=True))
        grid = QGridLayout()
        grid.setSpacing(12)
        for column in range(2):
            grid.setColumnStretch(column, 1)
        places = {
            "central_url": (0, 0, 2),
            "code": (1, 0, 2),
            "station_name": (2, 0, 1),
            "office": (2, 1, 1),
            "operator_name": (3, 0, 2),
            "password": (4, 0, 1),
            "again": (4, 1, 1),
        }
        for key, (row, column, span) in places.items():
            grid.addWidget(self.fields[key], row, column, 1, span, Qt.AlignmentFlag.AlignTop)
            entry = self.fields[key].control
            assert isinstance(entry, QLineEdit)
            entry.returnPressed.connect(lambda key=key: self._on_from(key))
        layout.addLayout(grid)
        layout.addWidget(self.banner)
        layout.addWidget(self.go)
        layout.addStretch(1)
        return panel

    def _recovery(self) -> QFrame:
        panel, layout = _panel()
        layout.addWidget(label(_("This station is registered"), "display"))
        said = _(
            "This recovery key opens the data when every password is forgotten. It is shown only now. "
            "Write it down and give it to the Dinas in a closed envelope."
        )
        layout.addWidget(label(said, "muted", wrap=True))
        frame = QFrame()
        frame.setProperty("banner", True)
        frame.setProperty("tone", "brand")
        self._key.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        QVBoxLayout(frame).addWidget(self._key)
        layout.addWidget(frame)
        layout.addWidget(self._noted)
        self._on.setEnabled(False)
        self._noted.toggled.connect(self._note)
        layout.addWidget(self._on)
        layout.addStretch(1)
        return panel

    def _on_from(self, key: str) -> None:
        """Enter goes to the next field, and from the last one on."""
        keys = list(self.fields)
        after = keys.index(key) + 1
        if after < len(keys):
            self.fields[keys[after]].control.setFocus()
        else:
            self._enrol()

    def _enrol(self) -> None:
        for box in self.fields.values():
            box.say("")
        self.banner.clear()
        empty = next((key for key in self.fields if not self.value(key)), None)
        if empty is not None:
            self._say(empty, words.sentence("field.required").title)
            return
        if self.value("password") != self.value("again"):
            self._say("again", _("The two passwords differ. Type the same one twice."))
            return
        self.go.setEnabled(False)
        self.go.setText(_("Asking central…"))
        depot, central, clock = self._context.depot, self._context.central, self._context.clock
        typed = [self.value(key) for key in self.fields if key != "again"]
        self._context.tasks.run(
            lambda: enrolment.enrol(depot, *typed, settings=central, clock=clock), self._done, self._refused
        )

    def _say(self, key: str, text: str) -> None:
        self.fields[key].say(text)
        self.fields[key].control.setFocus()

    def _refused(self, error: StationError) -> None:
        self.go.setEnabled(True)
        self.go.setText(_("Register this station · Enter"))
        said = words.of_error(error)
        field = getattr(error, "field", None)
        if field in self.fields:
            self._say(str(field), str(said))
        else:
            self.banner.say(said.title, said.todo, "bad")
            self.go.setFocus()  # Enter tries again

    def _note(self, noted: bool) -> None:
        """Space says it is written down, Enter goes on."""
        self._on.setEnabled(noted)
        if noted:
            self._on.setFocus()

    def _done(self, recovery_key: str) -> None:
        self._key.setText(recovery_key)
        self._pages.setCurrentIndex(1)
        self._noted.setFocus()


def _texts() -> dict[str, tuple[str, str]]:
    """Label and hint of each field, in the order of the form and of `enrol`."""
    return {
        "central_url": (_("Address of central"), _("Such as https://rekam.dukcapil.example")),
        "code": (_("One-time code"), ""),
        "station_name": (_("Name of this station"), _("Such as Kec. Contoh Utara")),
        "office": (_("Office code"), _("Such as 33.25.07")),
        "operator_name": (_("Your name"), ""),
        "password": (_("Password"), _("At least 8 characters")),
        "again": (_("Password again"), ""),
    }


def _field(key: str, text: str, hint: str) -> FieldLabel:
    entry = QLineEdit()
    entry.setObjectName(f"first.{key}")
    entry.setMaxLength(200)
    if key in ("password", "again"):
        entry.setEchoMode(QLineEdit.EchoMode.Password)
    return FieldLabel(text, entry, hint)


def _panel() -> tuple[QFrame, QVBoxLayout]:
    panel = QFrame()
    panel.setProperty("ground", "card")
    panel.setFixedWidth(min(theme.px(600), 760))
    layout = QVBoxLayout(panel)
    layout.setContentsMargins(60, 24, 60, 24)
    layout.setSpacing(12)
    layout.addStretch(1)
    return panel, layout
