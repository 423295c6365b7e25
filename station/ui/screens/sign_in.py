"""Signing in: who, and the password. Shows what needs no password: link, what waits, how long the disk lasts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station import i18n
from station.desk import obeying, second_factor, signin
from station.desk.delivery import Delivery
from station.desk.office import Office, Operator, StationCard, station_card
from station.desk.second_factor import Asked
from station.domain.errors import StationError
from station.i18n import _
from station.ui import labels, theme, words
from station.ui.context import Context
from station.ui.delivery_words import disk_fact, link_fact, waiting_fact
from station.ui.lost_station import wiped_sentence
from station.ui.screens.finger_proof import FingerProof
from station.ui.screens.keys.forgotten import ForgottenDialog, forgotten_button
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
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
        self.wiped = Banner()
        self.wiped.setObjectName("signin.wiped")
        self._go_on = False  # without the backup medium that is away, as somebody chose a moment ago
        self.away = Banner()
        self.away.setObjectName("signin.away")
        self._without = button("signin.without_backup", _("Continue without the backup"), self._choose_to_go_on, "link")
        self.away.add_button(self._without)
        self._where = label(role="muted", wrap=True, name="signin.station")
        self.password = PasswordEntry("signin", _("Sign in · Enter"))
        self.password.entered.connect(self._try)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._poster, 1)
        layout.addWidget(self._panel())
        context.bridge.delivery_changed.connect(self._show_delivery)

    def opened(self) -> None:
        """Read who may sign in; called when shown."""
        self._stop_going_on()
        depot = self._context.depot
        self._context.tasks.run(lambda: (station_card(depot), signin.operators(depot)), self._fill, self._not_listed)
        self._context.tasks.run(lambda: obeying.wiped(depot), self._show_wiped)

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
        layout.addWidget(self.wiped)
        layout.addWidget(self.away)
        layout.addWidget(FieldLabel(_("Officer"), self.who))
        layout.addWidget(self.password)
        layout.addWidget(forgotten_button(self._forgot), 0, Qt.AlignmentFlag.AlignLeft)
        if self._context.training:
            layout.addWidget(self._training_hint())
        layout.addLayout(self._languages())
        layout.addStretch(1)
        return panel

    def _forgot(self) -> None:
        dialog = ForgottenDialog(self._context, str(self.who.currentData() or ""), self)
        dialog.renewed.connect(self._renewed)
        dialog.open()

    def _renewed(self, operator_id: str) -> None:
        """The officer who got a new password is the one who signs in with it."""
        self.who.setCurrentIndex(max(0, self.who.findData(operator_id)))
        self.password.clear()
        self.password.field.say(_("The new password is valid. Sign in with it."), "ok")
        self.opened()

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

    def _show_wiped(self, found: obeying.Wiped | None) -> None:
        """Told until somebody can sign in again."""
        if found is not None and (not found.locked or self.who.count() == 0):
            self.wiped.say(wiped_sentence(found), "", "bad")

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
        go_on = self._go_on
        self._context.tasks.run(
            lambda: signin.sign_in(depot, who, password, clock, lab, without_backup=go_on), self._opened, self._refused
        )

    def _opened(self, office: Office) -> None:
        self._stop_going_on()
        if office.unproved:
            self._context.tasks.run(lambda: second_factor.asked(office), lambda asked: self._ask(office, asked))
            return
        self.password.clear()
        self.signed_in.emit(office)

    def _ask(self, office: Office, asked: Asked | None) -> None:
        """The password was right; whoever gives up here was never signed in."""
        if asked is None:  # meanwhile nobody works here who could stand in: the next try asks for no finger
            self._given_up(office)
            return
        proof = FingerProof(self._context, office, asked, self)
        proof.accepted.connect(lambda: self._opened(office))
        proof.rejected.connect(lambda: self._given_up(office))
        proof.open()

    def _given_up(self, office: Office) -> None:
        self.password.clear()
        self._context.tasks.run(lambda: signin.sign_out(office))
        self.password.entry.setFocus()

    def _refused(self, error: StationError) -> None:
        if error.code != "backup.away":
            self.password.refuse(error)
            return
        said = words.of_error(error)
        self.password.clear()
        self.away.say(said.title, said.todo, "bad")
        self._without.show()
        self.password.entry.setFocus()

    def _choose_to_go_on(self) -> None:
        """The second step is the password once more: it is kept nowhere meanwhile."""
        self._go_on = True
        self._without.hide()
        self.away.say(
            _("The station opens without its backup, with the saved records only."),
            _("Drafts and names that only the backup knows stay away. Type your password once more."),
        )
        self.password.entry.setFocus()

    def _stop_going_on(self) -> None:
        self._go_on = False
        self.away.clear()
