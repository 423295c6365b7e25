"""The report of the queue: a day in sentences, every time the order was left, on paper for whoever asks."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk import queue_report, signin
from station.domain.form import parse_date
from station.domain.permission import Permission
from station.domain.turn import QueueDay
from station.i18n import _
from station.ui import format as shown
from station.ui import queue_words, theme
from station.ui.context import Context
from station.ui.form.date_entry import DateEntry
from station.ui.models.queue import GIVE_WAY, WIDTHS, QueueModel
from station.ui.printing import print_paper
from station.ui.timer import timer
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.table import Table

_TYPED_MS = 250


class QueueDialog(QDialog):
    """Opens with today; any other day is typed."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("queue")
        self.setWindowTitle(queue_words.title())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(min(theme.px(1060), 1320), min(theme.px(560), 700))
        self._context = context
        self._question = 0
        self._names: Mapping[str, str] = {}
        self.found: QueueDay | None = None
        self.model = QueueModel(self)
        self.day = DateEntry()
        self.day.setObjectName("queue.day")
        self.day.setText(shown.day(context.desk.local_now().date()))
        self._typed = timer(self, _TYPED_MS, self._ask)
        self.day.textEdited.connect(self._typed.start)
        self.field = FieldLabel(_("Day"), self.day)
        self.said = label(wrap=True, name="queue.said")
        self.table = Table("queue.table", queue_words.title())
        self.table.show_model(self.model, WIDTHS, GIVE_WAY)
        self.print_button = button("queue.print", _("Print"), self._print)
        self.print_button.setVisible(context.desk.may(Permission.PRINT_PAPER))
        self._lay_out()
        self._ask()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(24)
        self.field.setFixedWidth(theme.px(170))
        head.addWidget(self.field, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.said, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.print_button)
        close = button("queue.close", _("Close"), self.reject)
        close.setDefault(True)
        foot.addWidget(close)
        column.addLayout(foot)

    def _ask(self) -> None:
        """The day that is typed; an older question is not answered any more."""
        self._question += 1
        mine, office, day = self._question, self._context.desk, parse_date(self.day.value())
        self.field.say("" if day else _("Type a day, like 22-11-2026."))
        self.print_button.setEnabled(False)
        if day is None:
            return

        def read() -> tuple[QueueDay, Mapping[str, str]]:
            return queue_report.of_day(office, day), {
                who.operator_id: who.name for who in signin.operators(office.depot)
            }

        def show(answer: tuple[QueueDay, Mapping[str, str]]) -> None:
            if mine == self._question:
                self._show(*answer)

        self._context.tasks.run(read, show)

    def _show(self, found: QueueDay, names: Mapping[str, str]) -> None:
        self.found, self._names = found, names
        self.model.show_lines(found.lines, names)
        self.table.setVisible(bool(found.lines))
        self.said.setText("\n".join(queue_words.summary(found)))
        self.print_button.setEnabled(True)

    def _print(self) -> None:
        found = self.found
        if found is not None:
            at, station = self._context.clock.now(), self._context.desk.station
            html = queue_words.as_html(found, station, at, self.model.officer)
            print_paper(self, queue_words.title(), html, self._context.printer)
