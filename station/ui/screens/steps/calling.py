"""From a number or a row of the queue to the open person: in turn at once, before others only with a reason."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from station.desk import turns
from station.domain.errors import StationError
from station.domain.permission import Permission
from station.domain.steps import Step
from station.domain.turn import NO_REASON, Because, Turn
from station.ui.screens.steps.session import Session
from station.ui.screens.steps.turn_dialog import TurnDialog

Take = Callable[[Because, Callable[[], None], Callable[[StationError], None], Callable[[], None]], None]
"""Asks the desk; what is called when they are called in, when they are not, and when the desk was not asked."""


class Calling(QObject):
    """One call at a time: an impatient Enter asks nothing twice."""

    no_such_number = Signal(object)  # StationError

    def __init__(
        self,
        session: Session,
        begin: Callable[[Callable[[], None], Callable[[], None]], None],
        let_go: Callable[[], None],
        parent: QWidget,
    ) -> None:
        """`begin` opens somebody unless somebody is being opened, or calls its second; `let_go`: nothing came of it."""
        super().__init__(parent)
        self._session, self._begin, self._let_go, self._over = session, begin, let_go, parent
        self._asking = False

    def call(self, record_id: str) -> None:
        """Call in this person. Who opens no device only looks at them: they go on waiting."""
        if not self._session.may(Permission.ENTER_BIOMETRICS):
            self._begin(lambda: self._session.resume(record_id), _nothing)
            return

        def take(
            because: Because,
            done: Callable[[], None],
            refused: Callable[[StationError], None],
            left: Callable[[], None],
        ) -> None:
            self._begin(lambda: self._session.take(record_id, because, done, refused), left)

        self._ask(record_id, take)

    def let_past(self, record_id: str, step: Step) -> None:
        """Bring somebody before a device who is open and did not stand in the queue while others wait."""

        def take(
            because: Because,
            done: Callable[[], None],
            refused: Callable[[StationError], None],
            left: Callable[[], None],
        ) -> None:
            self._session.let_past(record_id, step, because, done, refused)

        self._ask(record_id, take)

    def call_number(self, number: int) -> None:
        """Call in whoever waits with this number today."""

        def nobody(error: StationError) -> None:
            self.no_such_number.emit(error)

        self._session.ask(lambda office: turns.with_number(office, number), self.call, nobody)

    def _ask(self, record_id: str, take: Take) -> None:
        if self._asking:
            return
        self._asking = True
        self._session.ask(
            lambda office: turns.turn_of(office, record_id), lambda turn: self._answered(turn, take), self._failed
        )

    def _answered(self, turn: Turn, take: Take) -> None:
        self._asking = False
        if turn.is_theirs:
            take(NO_REASON, _nothing, self._refused, _nothing)
            return
        dialog = TurnDialog(turn, self._over)

        def called() -> None:
            if shiboken6.isValid(dialog):  # Esc may have closed it meanwhile
                dialog.accept()

        def refused(error: StationError) -> None:
            self._let_go()
            if shiboken6.isValid(dialog):
                dialog.refuse(error)

        def left() -> None:
            if shiboken6.isValid(dialog):
                dialog.wait_again()

        dialog.confirmed.connect(lambda because: take(because, called, refused, left))
        dialog.open()

    def _failed(self, error: StationError) -> None:
        self._asking = False
        self._session.failed.emit(error)

    def _refused(self, error: StationError) -> None:
        self._session.failed.emit(error)


def _nothing() -> None:
    """Nobody waits for an answer."""
