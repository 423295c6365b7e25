"""Signing in: who, and the password. Shows what needs no password: link, what waits, how long the disk lasts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station import i18n
from station.desk import signin
from station.desk.delivery import Delivery
from station.desk.office import Office, Operator, StationCard, station_card
from station.domain.errors import StationError
from station.i18n import _
from station.ui import labels, theme
from station.ui.context import Context
from station.ui.delivery_words import disk_fact, link_fact, waiting_fact
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.password import PasswordEntry
from station.ui.widgets.poster import Poster


class SignIn(QWidget):
    """`signed_in` carries the open Office; `language_chosen` the code of another language."""

    signed_in = Signal(object)
    language_chosen = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("signin")
        self._context = context
        self._waiting: str | None = None  # a password typed before the list of officers was there
        self._poster = Poster()
        self.who = QComboBox()
        self.who.setObjectName("signin.operator")
        self._where = label(role="muted", wrap=True, name="signin.station")
        forgotten = _("Forgotten? The supervisor or the technician can help, also without a network.")
        self.password = PasswordEntry("signin", _("Sign in · Enter"), forgotten)
        self.password.entered.connect(self._try)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._poster, 1)
        layout.addWidget(self._panel())
        context.bridge.delivery_changed.connect(self._show_delivery)

    def opened(self) -> None:
        """Read who may sign in; called when shown."""
        depot = self._context.depot
        self._context.tasks.run(lambda: (station_card(depot), signin.operators(depot)), self._fill, self._not_listed)

    def _panel(self) -> QFrame:
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
        layout.addWidget(FieldLabel(_("Officer"), self.who))
        layout.addWidget(self.password)
        if self._context.training:
            layout.addWidget(self._training_hint())
        layout.addLayout(self._languages())
        layout.addStretch(1)
        return panel

    def _training_hint(self) -> QFrame:
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
        said = _("Password: {password}").format(password=self._context.training_password)
        password = label(said, "strong", name="signin.training")
        password.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(password)
        return hint

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
            button.clicked.connect(lambda _checked=False, chosen=code: self.language_chosen.emit(chosen))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _fill(self, known: tuple[StationCard, tuple[Operator, ...]]) -> None:
        card, people = known
        number = f"{card.office}-{card.number:02d}"
        self._where.setText(_("{name} · Station {number}").format(name=card.name, number=number))
        chosen = self.who.currentData()
        self.who.clear()
        for person in people:
            self.who.addItem(f"{person.name} · {labels.role(person.role)}", person.operator_id)
        self.who.setCurrentIndex(max(0, self.who.findData(chosen)))
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._try(waiting)
        else:
            self.password.entry.setFocus()

    def _not_listed(self, error: StationError) -> None:
        """Nobody can sign in: say it by the window, and do not leave the button busy for ever."""
        self._waiting = None
        self.password.clear()
        self._context.tasks.failed.emit(error)

    def _show_delivery(self, delivery: Delivery) -> None:
        now = self._context.clock.now()
        facts = [link_fact(delivery.link, now), waiting_fact(delivery.counts), disk_fact(delivery.disk_days)]
        self._poster.show_facts([(fact.text, fact.tone) for fact in facts if fact.text])

    def _try(self, password: str) -> None:
        depot, who, clock, lab = self._context.depot, self.who.currentData(), self._context.clock, self._context.lab
        self.password.busy()
        if who is None:
            self._waiting = password
            return
        self._context.tasks.run(lambda: signin.sign_in(depot, who, password, clock, lab), self._opened, self._refused)

    def _opened(self, office: Office) -> None:
        self.password.clear()
        self.signed_in.emit(office)

    def _refused(self, error: StationError) -> None:
        self.password.refuse(error)
