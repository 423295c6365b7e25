"""The order of the queue today in a sentence or two, and the way to the report of any day."""

from __future__ import annotations

from PySide6.QtCore import Qt

from station.desk import queue_report
from station.domain.mark import N_
from station.domain.permission import Permission
from station.domain.turn import QueueDay
from station.i18n import _
from station.ui import queue_words
from station.ui.context import Context
from station.ui.screens.guard.card import GuardCard
from station.ui.screens.guard.queue_dialog import QueueDialog
from station.ui.widgets.button import button
from station.ui.widgets.card import label


class QueueCard(GuardCard):
    """Numbers only: whoever answers for the office sees it without anybody's name."""

    key = "queue"
    title = N_("Order of the queue")
    permission = Permission.READ_SUMS

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._said = label(wrap=True, name="guard.queue.said")
        self.body.addWidget(self._said)
        look = button("guard.queue.report", _("Open the report…"), self._open)
        self.body.addWidget(look, 0, Qt.AlignmentFlag.AlignLeft)

    def opened(self) -> None:
        office = self.context.desk
        today = office.local_now().date()
        self.context.tasks.run(lambda: queue_report.of_day(office, today), self._show)

    def _show(self, found: QueueDay) -> None:
        self._said.setText("\n".join((_("Today"), *queue_words.summary(found))))

    def _open(self) -> None:
        QueueDialog(self.context, self).open()
