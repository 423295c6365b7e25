"""The one window: first start, sign-in, the frame with its screens, and the lock over all of them.

Knows which screens exist and how they hand over to each other; knows nothing of what they show.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QStackedWidget, QWidget

from station import i18n
from station.desk import delivery, signin
from station.desk.office import Office, station_card
from station.domain.errors import AccessError, StationError
from station.domain.target import RosterCard
from station.i18n import _
from station.ui import words
from station.ui.context import Context
from station.ui.house import set_size
from station.ui.idle import Idle
from station.ui.recovered_dialog import RecoveredDialog
from station.ui.screen import Screen
from station.ui.screens.lock import Lock
from station.ui.screens.mending import Mending
from station.ui.screens.sign_in import SignIn
from station.ui.screens.sign_in_page import SignInPage, Typed
from station.ui.timer import timer
from station.ui.unpacking import Unpacking
from station.ui.watchman import Watchman
from station.ui.widgets.toast import Toast

if TYPE_CHECKING:  # the screens are most of the program, and nobody needs them to sign in
    from station.ui.frame import Frame
    from station.ui.screens.capture import CaptureScreen


LIST_CLOSED_MS = 50


class MainWindow(QMainWindow):
    """Give it a context and `start()` it; the rest is signals of the bridge."""

    begun = Signal()  # there is a page to be seen
    drawn = Signal()  # what a start shows first is on the screen, with its facts
    furnished = Signal()  # a screen was made: it stays until sign-out

    def __init__(
        self, context: Context, screens: Sequence[type[Screen]] = (), before: SignInPage | Typed | None = None
    ) -> None:
        """`screens` instead of all of them; `before`: the page that was shown while this was loaded, and is gone on
        with, or what was typed in it.
        """
        super().__init__()
        self._before = before
        self.setObjectName("window")
        set_size(self)
        self.context = context
        self._screens = screens
        self.frame: Frame | None = None
        self._pages = QStackedWidget()
        self.setCentralWidget(self._pages)
        self.toast = Toast(self)
        self.lock = self._named()
        self._focus_before: QWidget | None = None
        self._covered: list[QDialog] = []
        self._idle = Idle(context.lock_after_s, self)
        self._idle.idle.connect(self.lock_screen)
        self._idle.lock_wanted.connect(self.lock_screen)
        self._minute = timer(self, 60_000, self._check_rights, repeat=True)
        self._let_go = False  # what was open was stored, and its devices let go, for want of power
        self._unpacking = Unpacking(self)
        self._watchman = Watchman(context, self.booths, self)
        self._watchman.told.connect(lambda title, todo: self.toast.say(title, todo, good=False))
        self._watchman.lock_wanted.connect(self._lock_for)
        context.tasks.failed.connect(self.show_error)
        context.librarian.expired.connect(self._show_expired)
        context.bridge.devices_test_wanted.connect(self._test_devices)

    @property
    def unpacked(self) -> bool:
        """All that the screens are made of is loaded."""
        return self._unpacking.done

    def start(self) -> None:
        """Show sign-in, or the first start when central does not know this station yet."""
        self._watchman.start()
        depot = self.context.depot
        self.context.tasks.run(lambda: station_card(depot), lambda _card: self._greet(), self._not_ready)

    def _greet(self) -> None:
        """Not while somebody has a list open on the page that was shown before: it would close under their hands."""
        if isinstance(self._before, SignInPage) and QApplication.activePopupWidget() is not None:
            QTimer.singleShot(LIST_CLOSED_MS, self, self._greet)
        else:
            self.show_sign_in()

    def show_sign_in(self) -> None:
        """The sign-in screen, with fresh facts."""
        screen = SignIn(self.context, self._take_before())
        screen.signed_in.connect(self.open_office)
        screen.language_chosen.connect(self._change_language)
        self._show(screen)
        screen.opened()
        self.refresh(self._sign_in_drawn)

    def _take_before(self) -> SignInPage | Typed | None:
        """The page itself is gone on with only in the language in which it was shown."""
        before, self._before = self._before, None
        if isinstance(before, SignInPage):
            if before.language_asked not in ("", i18n.language()):
                i18n.use(before.language_asked)
                self._rename(before.language_asked)
            if before.language != i18n.language():
                return before.release()
        return before

    def _sign_in_drawn(self) -> None:
        self._unpacking.start()  # what comes after is loaded while the password is typed
        self.drawn.emit()

    def refresh(self, then: Callable[[], None] | None = None) -> None:
        """Read the delivery picture once; later news come over the bridge. `then` is called when it is shown."""
        depot = self.context.depot

        def show(found: delivery.Delivery) -> None:
            self.context.bridge.delivery_changed.emit(found)
            if then is not None:
                then()

        now = self.context.clock.now()
        self.context.tasks.run(lambda: delivery.delivery(depot, now), show)

    def open_office(self, office: Office) -> None:
        """Somebody signed in."""
        from station.ui import rooms
        from station.ui.frame import Frame

        self.context.office = office
        screens = [kind for kind in self._screens or rooms.SCREENS if office.may(kind.permission)]
        frame = Frame(self.context, screens)
        frame.wanted.connect(self.open_screen)
        frame.repair.connect(self.show_repair)
        frame.lock.connect(self.lock_screen)
        frame.leave.connect(self.sign_out)
        frame.told.connect(lambda said: self.toast.say(said, "", good=True))
        self.frame = frame
        self._show(frame)
        self.open_screen(screens[0].key)
        self.context.bridge.signed_in.emit(office)
        self.refresh()
        self._idle.start()
        self._minute.start()
        self._watchman.greet(office)
        if office.recovered is not None:
            RecoveredDialog(office.recovered, self.context.clock.now(), self).open()

    def open_screen(self, key: str) -> Screen:
        """Open a screen by its key and connect what it may ask of another one."""
        from station.ui import rooms

        assert self.frame is not None, "nobody is signed in"
        new = not self.frame.has(key)
        screen = self.frame.open(key)
        if new:
            rooms.connect(screen, self)
            self.furnished.emit()
        return screen

    def booths(self) -> Sequence[CaptureScreen]:
        """The screens on which people are captured; none before somebody has signed in."""
        if self.frame is None:
            return ()
        from station.ui import rooms

        return rooms.booths(self)

    def resume(self, record_id: str) -> None:
        """Open a draft in the capture screen."""
        from station.ui import rooms

        rooms.resume(self.open_screen("capture"), record_id)

    def record_person(self, nik: str) -> None:
        """Somebody of a trip is to be recorded."""
        from station.ui import rooms

        rooms.begin(self.open_screen("capture"), nik)

    def show_record(self, record_id: str) -> None:
        """Open the list of records at one of them."""
        from station.ui import rooms

        rooms.show_record(self.open_screen("records"), record_id)

    def _test_devices(self) -> None:
        from station.ui import rooms

        rooms.test_devices(self.open_screen("devices"))

    def show_repair(self) -> None:
        """Open what needs repair."""
        from station.ui import rooms

        rooms.show_repair(self.open_screen("sync"))

    def lock_screen(self) -> None:
        """Cover everything. What is below stays as it is, and hears no key."""
        if self.frame is not None and not self.lock.isVisible():
            if (popup := QApplication.activePopupWidget()) is not None:
                popup.close()  # an open menu would lie above the lock, and take its keys
            self._focus_before = self.focusWidget()
            self._covered = [dialog for dialog in self.window().findChildren(QDialog) if dialog.isVisible()]
            for dialog in self._covered:
                dialog.hide()  # a window of its own: the lock does not cover it
            self.frame.setEnabled(False)
            self.lock.close_over()

    def _lock_for(self, title: str, todo: str) -> None:
        """Locked by nobody: it says why."""
        self._let_go = True
        self.lock_screen()
        self.lock.say(title, todo)

    def show_mending(self) -> None:
        """Damage was found: the screens go, whoever sits here reads that it is being put right."""
        self._idle.stop()
        self._minute.stop()
        self.lock.hide()
        self._covered = []
        self.frame = None
        self.context.bridge.signed_out.emit()
        self._show(Mending())

    def sign_out(self) -> None:
        """Close the office. Everything typed is a draft already."""
        office, self.context.office = self.context.office, None
        if office is None:
            return
        self._idle.stop()
        self._minute.stop()
        self.lock.hide()
        self._covered = []
        self.frame = None
        self.context.bridge.signed_out.emit()
        self.context.tasks.run(lambda: signin.sign_out(office))
        self.show_sign_in()

    def _check_rights(self) -> None:
        """Somebody whose last day has just ended is signed out; what they were at is a draft."""
        office = self.context.office
        if office is not None:
            self.context.tasks.run(lambda: signin.check_still(office), failed=self._rights_over)

    def _rights_over(self, error: StationError) -> None:
        if isinstance(error, AccessError):
            self.sign_out()
        self.show_error(error)

    def show_error(self, error: StationError) -> None:
        """An error that belongs to no field."""
        said = words.of_error(error)
        self.toast.say(said.title, said.todo, good=False)

    def _show_expired(self, gone: Sequence[RosterCard]) -> None:
        areas = ", ".join(card.area_name for card in gone)
        self.toast.say(
            _("The target list of {area} has expired and was wiped.").format(area=areas),
            _("Connect the network, or ask the Dinas for a new one. Recording goes on without it."),
            good=False,
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        self._idle.stop()
        self._watchman.stop()
        super().closeEvent(event)

    def _show(self, page: QWidget) -> None:
        old = self._pages.currentWidget()
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        if old is not None:
            self._pages.removeWidget(old)
            old.deleteLater()
        self.begun.emit()

    def _not_ready(self, error: StationError) -> None:
        self._before = None
        self.begun.emit()
        self.drawn.emit()
        if error.code != "station.not_enrolled":
            self.show_error(error)
            return
        from station.ui.screens.first_start.wizard import FirstStart  # once in a station's life

        screen = FirstStart(self.context)
        screen.enrolled.connect(self.show_sign_in)
        screen.language_chosen.connect(self._rename)
        self._show(screen)
        screen.opened()

    def _unlocked(self) -> None:
        if self.frame is not None:
            self.frame.setEnabled(True)
        for dialog in self._covered:
            if shiboken6.isValid(dialog):
                dialog.show()
        self._covered = []
        if self.frame is not None and self._let_go:
            self.frame.current.opened()
        self._let_go = False
        if self._focus_before is not None:
            self._focus_before.setFocus()

    def _named(self) -> Lock:
        """Title and lock in the language in use; everything else is made anew at each sign-in."""
        self.setWindowTitle(_("KTP-el Recording"))
        lock = Lock(self.context, self)
        lock.unlocked.connect(self._unlocked)
        lock.left.connect(self.sign_out)
        return lock

    def _change_language(self, code: str, typed: Typed) -> None:
        if code != i18n.language():
            i18n.use(code)
            self._rename(code)
            self._before = typed
            self.show_sign_in()

    def _rename(self, code: str) -> None:
        """Another language is in use: remember it, and give title and lock their names in it."""
        self.context.bridge.language_chosen.emit(code)
        self.lock.deleteLater()
        self.lock = self._named()
