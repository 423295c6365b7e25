"""From a number or a row of the queue to the open person: in turn at once, before others only with a reason."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from station.desk import turns
from station.domain.errors import StationError
from station.domain.permission import Permission
from station.domain.turn import Because, Turn
from station.ui.screens.steps.session import Session
from station.ui.screens.steps.turn_dialog import TurnDialog


class Calling(QObject):
    """One call at a time: an impatient Enter asks nothing twice."""

    no_such_number = Signal(object)  # StationError

    def __init__(
        self, session: Session, begin: Callable[[Callable[[], None]], None], let_go: Callable[[], None], parent: QWidget
    ) -> None:
        """`begin` opens somebody unless somebody is being opened; `let_go` says that nothing came of it."""
        super().__init__(parent)
        self._session, self._begin, self._let_go, self._over = session, begin, let_go, parent
        self._asking = False

    def call(self, record_id: str) -> None:
        """Call in this person. Who opens no device only looks at them: they go on waiting."""
        if not self._session.may(Permission.ENTER_BIOMETRICS):
            self._begin(lambda: self._session.resume(record_id))
        elif not self._asking:
            self._asking = True
            self._session.ask(
                lambda office: turns.turn_of(office, record_id),
                lambda turn: self._answered(record_id, turn),
                self._failed,
            )

    def call_number(self, number: int) -> None:
        """Call in whoever waits with this number today."""

        def nobody(error: StationError) -> None:
            self.no_such_number.emit(error)

        self._session.ask(lambda office: turns.with_number(office, number), self.call, nobody)

    def _answered(self, record_id: str, turn: Turn) -> None:
        self._asking = False
        if turn.is_theirs:
            self._begin(lambda: self._session.take(record_id))
            return
        dialog = TurnDialog(turn, self._over)

        def take(because: Because) -> None:
            self._begin(lambda: self._session.take(record_id, because, called, refused))

        def called() -> None:
            if shiboken6.isValid(dialog):  # Esc may have closed it meanwhile
                dialog.accept()

        def refused(error: StationError) -> None:
            self._let_go()
            if shiboken6.isValid(dialog):
                dialog.refuse(error)

        dialog.confirmed.connect(take)
        dialog.open()

    def _failed(self, error: StationError) -> None:
        self._asking = False
        self._session.failed.emit(error)
