"""Records that central has not spoken of for long, and the safe way to ask: for the chosen ones, or for all of them.

Hidden while there are none. Must not know where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from station.desk import resending
from station.desk.office import Office
from station.desk.resending import Resent
from station.domain.delivery import OutboxItem
from station.domain.record import RecordKey
from station.i18n import _
from station.ui import letter_words
from station.ui.context import Context
from station.ui.widgets.button import button
from station.ui.widgets.card import label


class QuietBar(QWidget):
    """Tells what central answered, as long as this screen is open."""

    def __init__(
        self,
        context: Context,
        chosen: Callable[[], Sequence[RecordKey]] | None = None,
        parent: QWidget | None = None,
        *,
        name: str = "quiet",
    ) -> None:
        """`chosen` are the records that the first button asks for; without it there is only the one for all."""
        super().__init__(parent)
        self._context, self._chosen = context, chosen
        self._asked: tuple[RecordKey, ...] = ()
        self._left = 0
        self._told = label("", "small", wrap=True, name=f"{name}.told")
        self._one = button(f"{name}.chosen", _("Send again safely"), self._send_chosen)
        self._all = button(f"{name}.all", _("All of them"), self._send_all)
        for each in (self._one, self._all):
            each.setProperty("bulk", "small")
            each.setToolTip(_("Central says that it has the record, or it takes it again. Nothing is doubled."))
        if chosen is None:
            self._one.hide()
            self._all.setText(_("Send them again safely"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._told, 1)
        row.addWidget(self._one)
        row.addWidget(self._all)
        self.setFocusProxy(self._one if chosen is not None else self._all)
        context.bridge.records_changed.connect(self._news)
        self.hide()

    def read(self) -> None:
        """How many there are now, and what central has answered about those that were offered."""
        office, asked = self._context.desk, self._asked
        self._context.tasks.run(lambda: _state(office, asked), self._show)

    def _news(self) -> None:
        if self._asked and self.isVisible():
            self.read()

    def _show(self, state: tuple[int, tuple[OutboxItem, ...]]) -> None:
        number, items = state
        answers = letter_words.answered(items, self._context.clock.now())
        still = letter_words.quiet(number) if number else ""
        self._told.setText(
            " ".join(each for each in (answers, letter_words.offered_before(self._left)) if each) or still
        )
        for each in (self._one, self._all):
            each.setEnabled(number > 0)
        self.setVisible(bool(self._told.text()))

    def _send_chosen(self) -> None:
        keys = tuple(self._chosen()) if self._chosen is not None else ()
        if keys:
            self._send(lambda _office: keys)

    def _send_all(self) -> None:
        self._send(resending.quiet)

    def _send(self, which: Callable[[Office], Sequence[RecordKey]]) -> None:
        office = self._context.desk
        for each in (self._one, self._all):
            each.setEnabled(False)
        self._context.tasks.run(lambda: resending.resend(office, which(office)), self._sent)

    def _sent(self, found: Resent) -> None:
        self._asked, self._left = found.done or self._asked, len(found.left)
        self.read()
        if found.done:
            self._context.bridge.send_now.emit()
            self._context.bridge.records_changed.emit()


def _state(office: Office, asked: Sequence[RecordKey]) -> tuple[int, tuple[OutboxItem, ...]]:
    """Runs on the desk thread."""
    return len(resending.quiet(office)), resending.offered(office, asked)
