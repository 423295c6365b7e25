"""What the sign-in screen is made of. Knows nobody and opens nothing, so it is shown before all that does is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station import i18n
from station.i18n import _
from station.ui import theme
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.password import PasswordEntry
from station.ui.widgets.poster import Poster


@dataclass(frozen=True)
class Typed:
    """What stands on a page: the officer who is chosen (their id), the letters, whether Enter was pressed, or help with
    a password asked for.
    """

    who: str | None
    password: str = field(repr=False)
    entered: bool = False
    help: bool = False


class SignInPage(QWidget):
    """`entered` carries the id of the officer who was chosen then (None where nobody may sign in) and the password;
    `language_chosen` the code of another language.
    """

    entered = Signal(object, str)
    forgotten = Signal()
    without_backup = Signal()
    language_chosen = Signal(str)

    def __init__(self, *, training_password: str | None = None, held: bool = False) -> None:
        """`training_password` in training mode only. `held`: nobody listens yet, what is asked for is kept."""
        super().__init__()
        self.setObjectName("signin.page")
        self._held = held
        self._entered: tuple[str | None, str] | None = None
        self._help = False
        self.language = i18n.language()
        self.language_asked = ""
        """While it was held."""
        self._officers: Sequence[tuple[str, str]] = ()
        self.poster = Poster()
        self.who = QComboBox()
        self.who.setObjectName("signin.operator")
        self.wiped = Banner()
        self.wiped.setObjectName("signin.wiped")
        self.away = Banner()
        self.away.setObjectName("signin.away")
        self.without = button(
            "signin.without_backup", _("Continue without the backup"), self.without_backup.emit, "link"
        )
        self.away.add_button(self.without)
        self._where = label(role="muted", wrap=True, name="signin.station")
        self.password = PasswordEntry("signin", _("Sign in · Enter"))
        self.password.entered.connect(self._enter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.poster, 1)
        layout.addWidget(self._panel(training_password))

    def show_officers(self, place: str, officers: Sequence[tuple[str, str]]) -> None:
        """The station, and who may sign in as (id, line); whoever was chosen stays chosen while they are among them."""
        self._where.setText(place)
        if officers == self._officers:
            return  # somebody may just be choosing
        self._officers = officers
        chosen = self.who.currentData()
        self.who.clear()
        for operator_id, line in officers:
            self.who.addItem(line, operator_id)
        self.who.setCurrentIndex(max(0, self.who.findData(chosen)))

    @property
    def typed(self) -> Typed:
        """What would be gone with this page."""
        if self._entered is not None:
            return Typed(*self._entered, entered=True, help=self._help)
        return Typed(self.who.currentData(), self.password.entry.text(), help=self._help)

    def release(self) -> Typed:
        """Somebody listens now, and goes on with this."""
        typed = self.typed
        self._held, self._entered, self._help = False, None, False
        return typed

    def _enter(self, password: str) -> None:
        if self._held:
            self._entered, self._help = (self.who.currentData(), password), False
            self.password.busy(_("Opening the station…"))
        else:
            self.entered.emit(self.who.currentData(), password)

    def _ask_for_help(self) -> None:
        if self._held:
            self._entered, self._help = None, True
            self.password.clear()
        else:
            self.forgotten.emit()

    def _choose_language(self, code: str) -> None:
        if self._held:
            self.language_asked = code
        else:
            self.language_chosen.emit(code)

    def _panel(self, training_password: str | None) -> QFrame:
        panel = QFrame()
        panel.setProperty("ground", "card")
        panel.setFixedWidth(min(theme.px(520), 640))
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(60, 40, 60, 40)
        layout.setSpacing(16)
        layout.addStretch(1)
        heading = QVBoxLayout()
        heading.setSpacing(4)
        heading.addWidget(label(_("Sign in"), "display"))
        heading.addWidget(self._where)
        layout.addLayout(heading)
        layout.addSpacing(4)
        layout.addWidget(self.wiped)
        layout.addWidget(self.away)
        layout.addWidget(FieldLabel(_("Officer"), self.who))
        layout.addWidget(self.password)
        forgotten = button("signin.forgotten", _("Forgot password?"), self._ask_for_help, "link")
        layout.addWidget(forgotten, 0, Qt.AlignmentFlag.AlignLeft)
        if training_password is not None:
            layout.addWidget(_training_hint(training_password))
        layout.addLayout(self._languages())
        layout.addStretch(1)
        return panel

    def _languages(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        group = QButtonGroup(self)
        for code, name in i18n.LANGUAGES.items():
            button = QPushButton(name)
            button.setObjectName(f"signin.language.{code}")
            button.setProperty("look", "link")
            button.setCheckable(True)
            button.setAutoDefault(True)
            button.setChecked(code == i18n.language())
            button.clicked.connect(lambda _checked=False, chosen=code: self._choose_language(chosen))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        return row


def _training_hint(training_password: str) -> QFrame:
    hint = QFrame()
    hint.setProperty("banner", True)
    hint.setProperty("tone", "warn")
    words = label(_("TRAINING MODE"), "strong")
    words.setProperty("tone", "warn")
    layout = QVBoxLayout(hint)
    layout.setContentsMargins(16, 12, 16, 12)
    layout.setSpacing(4)
    layout.addWidget(words)
    layout.addWidget(label(_("Invented people; nothing leaves this computer."), "small", wrap=True))
    said = _("Password: {password}").format(password=training_password)
    password = label(said, "strong", name="signin.training")
    password.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    layout.addWidget(password)
    return hint
