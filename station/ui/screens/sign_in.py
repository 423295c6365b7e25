"""Signing in: who, and the password. Shows what needs no password: link, what waits, how long the disk lasts."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station import i18n
from station.desk import obeying, second_factor, signin
from station.desk.delivery import Delivery
from station.desk.office import Office, Operator, StationCard, station_card
from station.desk.second_factor import Asked
from station.domain.errors import StationError
from station.i18n import _
from station.log import get_logger
from station.ui import labels, words
from station.ui.context import Context
from station.ui.delivery_words import disk_fact, link_fact, waiting_fact
from station.ui.lost_station import wiped_sentence
from station.ui.screens.finger_proof import FingerProof
from station.ui.screens.keys.forgotten import ForgottenDialog
from station.ui.screens.sign_in_page import SignInPage, Typed

NOTHING_TYPED = Typed(None, "")

_log = get_logger(__name__)


class SignIn(QWidget):
    """`signed_in` carries the open Office; `language_chosen` the code of another language."""

    signed_in = Signal(object)
    language_chosen = Signal(str, object)  # and what was typed meanwhile

    def __init__(self, context: Context, before: SignInPage | Typed | None = None) -> None:
        """`before`: a page that was shown while all this was loaded, and is gone on with; or what was typed in one."""
        super().__init__()
        self.setObjectName("signin")
        self._context = context
        self._listed = False
        self._go_on = False  # without the backup medium that is away, as somebody chose a moment ago
        self._had_keyboard = before.focusWidget() if isinstance(before, SignInPage) else None
        self._page = before if isinstance(before, SignInPage) else _page(context)
        self.who, self.password = self._page.who, self._page.password
        self._page.entered.connect(self._try)
        self._page.forgotten.connect(self._forgot)
        self._page.without_backup.connect(self._choose_to_go_on)
        self._page.language_chosen.connect(self._choose_language)
        if isinstance(before, Typed):
            self.password.entry.setText(before.password)
        self._typed = before if isinstance(before, Typed) else self._page.release()  # before the list was there
        if self._typed.entered:
            self.password.busy()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._page)
        context.bridge.delivery_changed.connect(self._show_delivery)

    def opened(self) -> None:
        """Read who may sign in; called when shown."""
        self._stop_going_on()
        if self._had_keyboard is not None:
            self._had_keyboard.setFocus()
        depot = self._context.depot
        self._context.tasks.run(lambda: (station_card(depot), signin.operators(depot)), self._fill, self._not_listed)
        self._context.tasks.run(lambda: obeying.wiped(depot), self._show_wiped)

    def _choose_language(self, code: str) -> None:
        self.language_chosen.emit(code, self._page.typed)

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

    def _fill(self, known: tuple[StationCard, tuple[Operator, ...]]) -> None:
        card, people = known
        number = f"{card.office}-{card.number:02d}"
        place = _("{name} · Station {number}").format(name=card.name, number=number)
        officers = tuple((person.operator_id, f"{person.name} · {labels.role(person.role)}") for person in people)
        typed, self._typed = self._typed, NOTHING_TYPED
        # Once Enter was pressed it was for whoever was chosen then, whatever the list shows by now.
        chosen = typed.who if typed.entered else self.who.currentData() or typed.who
        self._page.show_officers(place, officers)
        self._listed = True
        self._put_up(place, officers)
        here = self.who.findData(chosen)
        self.who.setCurrentIndex(max(0, here))
        had_keyboard, self._had_keyboard = self._had_keyboard, None
        if chosen is not None and here < 0:  # nobody's try is spent on what was meant for somebody who is gone
            self.password.clear()
            self.password.field.say(_("Whoever was chosen does not sign in here any more. Choose who signs in."))
        elif typed.entered:
            self._try(self.who.currentData(), typed.password)
        if typed.help:
            self._forgot()
        elif had_keyboard is None:
            self.password.entry.setFocus()

    def _put_up(self, place: str, officers: tuple[tuple[str, str], ...]) -> None:
        """For the next start, which shows it before anything is open. Training starts in another way."""
        if not self._context.training:
            depot, language = self._context.depot, i18n.language()
            self._context.tasks.run(lambda: signin.put_up(depot, language, place, officers), failed=_not_put_up)

    def _show_wiped(self, found: obeying.Wiped | None) -> None:
        """Told until somebody can sign in again."""
        if found is not None and (not found.locked or self.who.count() == 0):
            self._page.wiped.say(wiped_sentence(found), "", "bad")

    def _not_listed(self, error: StationError) -> None:
        """Nobody can sign in: say it by the window, and do not leave the button busy for ever."""
        self._typed = NOTHING_TYPED
        self.password.clear()
        self._context.tasks.failed.emit(error)

    def _show_delivery(self, delivery: Delivery) -> None:
        now = self._context.clock.now()
        facts = [link_fact(delivery.link, now), waiting_fact(delivery.counts), disk_fact(delivery.disk_days)]
        self._page.poster.show_facts([(fact.text, fact.tone) for fact in facts if fact.text])

    def _try(self, who: str | None, password: str) -> None:
        depot, clock, lab = self._context.depot, self._context.clock, self._context.lab
        self.password.busy()
        if not self._listed:
            self._typed = Typed(who, password, entered=True)
            return
        if who is None:
            self.password.clear()
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
        self._page.away.say(said.title, said.todo, "bad")
        self._page.without.show()
        self.password.entry.setFocus()

    def _choose_to_go_on(self) -> None:
        """The second step is the password once more: it is kept nowhere meanwhile."""
        self._go_on = True
        self._page.without.hide()
        self._page.away.say(
            _("The station opens without its backup, with the saved records only."),
            _("Drafts and names that only the backup knows stay away. Type your password once more."),
        )
        self.password.entry.setFocus()

    def _stop_going_on(self) -> None:
        self._go_on = False
        self._page.away.clear()


def _page(context: Context) -> SignInPage:
    return SignInPage(training_password=context.training_password if context.training else None)


def _not_put_up(problem: StationError) -> None:
    _log.warning("the doorplate cannot be written: %s", problem.code)
