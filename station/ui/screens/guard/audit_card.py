"""The audit trail on the screen of the guard: is it whole, a look at it, and a check of all of it."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from station.desk import trail
from station.desk.office import Office
from station.domain.damage import Examined
from station.domain.errors import StationError
from station.domain.mark import N_
from station.domain.permission import Permission
from station.i18n import _
from station.ui import audit_words
from station.ui.context import Context
from station.ui.screens.guard.audit_dialog import AuditDialog
from station.ui.screens.guard.card import GuardCard
from station.ui.tasks import Tasks
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label

_MOST_SENTENCES = 4


class AuditCard(GuardCard):
    """The end of the trail is looked at by every sign-in; all of it when somebody asks, on a thread of its own."""

    key = "audit"
    title = N_("Audit trail")
    permission = Permission.READ_AUDIT
    _went_on = Signal(int, int)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.said = label(wrap=True, name="guard.audit.said")
        self.wrong = Banner()
        self.wrong.setObjectName("guard.audit.wrong")
        self.bar = QProgressBar()
        self.bar.setObjectName("guard.audit.bar")
        self.bar.setAccessibleName(_("Lines checked"))
        self.bar.hide()
        self.look = button("guard.audit.look", _("Open the trail…"), self._open)
        self.check = button("guard.audit.check", _("Check now"), self._check)
        self.body.addWidget(self.said)
        self.body.addWidget(self.wrong)
        self.body.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.look)
        row.addWidget(self.check)
        row.addStretch(1)
        self.body.addLayout(row)
        self._stop = Event()
        self._runner: Tasks | None = None
        self._went_on.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)
        context.bridge.signed_out.connect(self._leave)

    def opened(self) -> None:
        self._show(self.context.desk.trail)

    def _show(self, found: Examined | None) -> None:
        if found is None:
            self.said.setText("")
            return
        whole, *damage = audit_words.examined_text(found)
        end = _("The last lines were looked at when you signed in: nothing is wrong.")
        part = found.last is None or found.lines < found.last.number
        self.said.setText("" if damage else end if part else whole)
        self.said.setVisible(not damage)
        shown = damage[:_MOST_SENTENCES] + (["…"] if len(damage) > _MOST_SENTENCES else [])
        todo = _("Change nothing. Tell the Dinas, and show them this sentence.")
        self.wrong.say("\n".join(shown), todo if shown else "", "bad")

    def _open(self) -> None:
        AuditDialog(self.context, self).open()

    def _check(self) -> None:
        """Begin, or stop what was begun."""
        if self._runner is not None:
            self._stop.set()
            self.check.setEnabled(False)
            return
        self._stop.clear()
        self.check.setText(_("Stop"))
        self.bar.setRange(0, 0)
        self.bar.show()
        office, runner = self.context.desk, Tasks(self, name="audit-check")
        self._runner = runner
        runner.run(lambda: self._examined(office), self._checked, self._failed)

    def _examined(self, office: Office) -> Examined:
        return trail.check_whole(office, self._went_on.emit, self._stop.is_set)

    def _show_progress(self, done: int, total: int) -> None:
        if self._runner is not None:
            self.bar.setRange(0, max(1, total))
            self.bar.setValue(done)
            self.bar.setFormat(_("{n} of {all}").format(n=done, all=total))

    def _checked(self, found: Examined) -> None:
        self._end()
        self._show(found)

    def _failed(self, problem: StationError) -> None:
        self._end()
        self.context.tasks.failed.emit(problem)

    def _leave(self) -> None:
        self._stop.set()
        if self._runner is not None:
            self._runner.stop()

    def _end(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.stop()
        self.bar.hide()
        self.check.setEnabled(True)
        self.check.setText(_("Check now"))
