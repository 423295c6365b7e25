"""The first start, page after page: Enter goes on, Shift+Enter back. What was typed stays while the window is open.

Knows the order of the pages and nothing they ask. Closed at any page, it leaves a folder that starts over, or a
station that can be signed in to.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from station import i18n
from station.i18n import _
from station.ui import theme
from station.ui.context import Context
from station.ui.screens.first_start.answers import Answers, Way
from station.ui.screens.first_start.check_page import CheckPage
from station.ui.screens.first_start.devices_page import DevicesPage
from station.ui.screens.first_start.file_page import FilePage
from station.ui.screens.first_start.language_page import LanguagePage
from station.ui.screens.first_start.online_page import OnlinePage
from station.ui.screens.first_start.page import Page
from station.ui.screens.first_start.people_page import PeoplePage
from station.ui.screens.first_start.ready_page import ReadyPage
from station.ui.screens.first_start.restore_page import RestorePage
from station.ui.screens.first_start.way_page import WayPage
from station.ui.screens.first_start.words_page import WordsPage
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.emblem import Emblem

_PAGES: tuple[type[Page], ...] = (
    LanguagePage,
    WayPage,
    OnlinePage,
    FilePage,
    RestorePage,
    PeoplePage,
    WordsPage,
    CheckPage,
    DevicesPage,
    ReadyPage,
)
_FOUNDING = ("people", "words", "check", "devices", "ready")
ROUTES: dict[Way, tuple[str, ...]] = {
    Way.ONLINE: ("language", "way", "online", *_FOUNDING),
    Way.FILE: ("language", "way", "file", *_FOUNDING),
    Way.RESTORE: ("language", "way", "restore", "ready"),
}
_WIDTH = 760
_MARGIN = 12
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FirstStart(QWidget):
    """`enrolled` when somebody may sign in; `language_chosen` with the code of another language."""

    enrolled = Signal()
    language_chosen = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("first")
        self._context = context
        self.answers = Answers()
        self.pages: dict[str, Page] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._make()

    def opened(self) -> None:
        """Place the focus; called when shown."""
        self.show_page("language")

    @property
    def page(self) -> Page:
        """The one that is shown."""
        return self.pages[self._now]

    def show_page(self, key: str) -> None:
        """Go there."""
        self._now = key
        self._stack.setCurrentWidget(self._frames[key])
        self._show_state()
        self.next.setFocus()  # pages without a field keep it there
        self.page.opened()

    def go_on(self) -> None:
        """The next page of the way that was chosen; behind the last one sign-in."""
        route = ROUTES[self.answers.way]
        after = route.index(self._now) + 1
        self.page.stop()
        if after < len(route):
            self.show_page(route[after])
        else:
            self.enrolled.emit()

    def go_back(self) -> None:
        """The page before, where there is one to go back to."""
        if self.back.isVisible() and self.back.isEnabled():
            route = ROUTES[self.answers.way]
            self.page.stop()
            self.show_page(route[route.index(self._now) - 1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _ENTER:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.go_back()
        else:
            self._enter()

    def _enter(self) -> None:
        """To the next stop of the page, and from the last one on."""
        stops, focus = list(self.page.stops()), QApplication.focusWidget()
        place = stops.index(focus) if focus in stops else -1
        if focus in stops and place + 1 < len(stops):
            stops[place + 1].setFocus()
        else:
            self._press_next()

    def _press_next(self) -> None:
        if self.next.isEnabled():
            self.page.go_on()

    # ------------------------------------------------------------------------------------------------------- making

    def _make(self) -> None:
        """Everything in the language in use; what was typed before comes along."""
        typed = {key: page.typed() for key, page in self.pages.items()}
        while self._layout.count():
            old = self._layout.takeAt(0)
            widget = old.widget() if old is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.pages = {kind.key: kind(self._context, self.answers) for kind in _PAGES}
        self._frames = {key: _framed(page) for key, page in self.pages.items()}
        self._stack = QStackedWidget()
        for key, page in self.pages.items():
            page.fill(typed.get(key, {}))
            page.finished.connect(self.go_on)
            page.changed.connect(self._show_state)
            self._stack.addWidget(self._frames[key])
        self._connect()
        self._now = "language"
        for part, stretch in ((self._head(), 0), (self._stack, 1), (self._foot(), 0)):
            self._layout.addWidget(part, stretch)
            part.show()

    def _connect(self) -> None:
        language, check = self.pages["language"], self.pages["check"]
        assert isinstance(language, LanguagePage)
        assert isinstance(check, CheckPage)
        language.language_chosen.connect(self._change_language, Qt.ConnectionType.QueuedConnection)
        check.words_wanted.connect(self._show_words_again)

    def _head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("strip")
        self._step = label(role="muted", name="first.step")
        self._bar = QProgressBar()
        self._bar.setObjectName("first.progress")
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(theme.px(180))
        row = QHBoxLayout(head)
        row.setContentsMargins(24, 12, 24, 12)
        row.setSpacing(12)
        row.addWidget(Emblem(28))
        row.addWidget(label(_("First start"), "title"))
        row.addStretch(1)
        row.addWidget(self._step)
        row.addWidget(self._bar)
        return head

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("strip")
        self.back = button("first.back", _("Back · Shift+Enter"), self.go_back)
        self.next = button("first.next", "", self._press_next, "primary")
        for wide in (self.back, self.next):
            wide.setProperty("bulk", "tall")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 12, 24, 12)
        row.addStretch(1)
        inner = QHBoxLayout()
        inner.addWidget(self.back)
        inner.addStretch(1)
        inner.addWidget(self.next)
        holder = QWidget()
        holder.setFixedWidth(_width())
        inner.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(inner)
        row.addWidget(holder)
        row.addStretch(1)
        return foot

    def _show_state(self) -> None:
        route, page = ROUTES[self.answers.way], self.page
        number = route.index(self._now) + 1
        self._step.setText(_("Step {n} of {all}").format(n=number, all=len(route)))
        self._bar.setMaximum(len(route))
        self._bar.setValue(number)
        self.back.setVisible(number > 1 and page.may_go_back)
        self.back.setEnabled(not page.busy)
        self.next.setEnabled(not page.busy)
        if not page.busy and not page.stops():
            self.next.setFocus()  # it was off while something was done, and the keyboard with it
        self.next.setText(page.busy or f"{page.next_text} · Enter")
        self.next.setAccessibleName(self.next.text())

    def _change_language(self, code: str) -> None:
        if code == i18n.language():
            return
        i18n.use(code)
        self._make()
        self.show_page("language")
        self.language_chosen.emit(code)

    def _show_words_again(self) -> None:
        self.show_page("words")
        page = self.page
        assert isinstance(page, WordsPage)
        page.say_again()


def _width() -> int:
    return min(theme.px(_WIDTH), 1100)


def _framed(page: Page) -> QScrollArea:
    """The page in the middle; in a low window, or with large text, it is scrolled."""
    page.setFixedWidth(_width())
    inside = QWidget()
    inside.setObjectName("first.inside")
    row = QHBoxLayout(inside)
    row.setContentsMargins(24, 28, 24, 20)
    row.addStretch(1)
    row.addWidget(page)
    row.addStretch(1)
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    page.spoke.connect(lambda widget: QTimer.singleShot(0, page, lambda: _bring_into_sight(area, inside, widget)))
    return area


def _bring_into_sight(area: QScrollArea, inside: QWidget, widget: QWidget) -> None:
    """What was just said has made the page taller: that is laid out first."""
    for part in (widget.parentWidget(), inside):
        if part is not None and (layout := part.layout()) is not None:
            layout.activate()
    inside.resize(inside.width(), max(area.viewport().height(), inside.sizeHint().height()))
    area.ensureWidgetVisible(widget, 0, _MARGIN)
