"""Retention: the rule, what goes on which of the next days, drafts that were left, and letting go what is due."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

from station.desk import old_drafts, retention
from station.desk.office import Office
from station.desk.retention import Outlook
from station.domain.mark import N_
from station.domain.permission import Permission
from station.domain.retention import Draft
from station.i18n import _
from station.ui import keeping_words
from station.ui.context import Context
from station.ui.screens.guard.card import GuardCard
from station.ui.screens.guard.drafts_dialog import DraftsDialog
from station.ui.screens.guard.retention_dialog import RetentionDialog
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label

_DAYS_SHOWN = 4


@dataclass(frozen=True)
class _Picture:
    """What is read at once."""

    outlook: Outlook
    drafts: tuple[Draft, ...]
    audit_years: int


class RetentionCard(GuardCard):
    """Shown before it happens: nobody has to find out afterwards."""

    key = "retention"
    title = N_("Retention")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._rule = label(wrap=True, name="guard.retention.rule")
        self._coming = label(wrap=True, name="guard.retention.coming")
        self._all = button("guard.retention.all", _("What is deleted when…"), self._show_all)
        self._drafts = Banner()
        self._drafts.setObjectName("guard.retention.drafts")
        self._look = button("guard.retention.look", _("Look at these drafts…"), self._show_drafts)
        self._drafts.add_button(self._look)
        self._audit = label(role="small", wrap=True, name="guard.retention.audit")
        self.body.addWidget(self._rule)
        self.body.addWidget(self._coming)
        self.body.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._drafts)
        self.body.addWidget(self._audit)
        self._picture: _Picture | None = None

    def opened(self) -> None:
        office = self.context.desk
        self.context.tasks.run(lambda: _read(office), self._show)

    def _show(self, found: _Picture) -> None:
        self._picture = found
        self._rule.setText(keeping_words.rule_line(found.outlook.days))
        coming = keeping_words.coming(found.outlook)
        lines = [keeping_words.coming_line(day, count) for day, count in coming[:_DAYS_SHOWN]]
        self._coming.setText("\n".join(lines) or keeping_words.nothing_line(found.outlook))
        self._all.setEnabled(bool(coming))
        self._all.setToolTip("" if coming else _("Nothing is to be deleted yet."))
        self._drafts.say(keeping_words.drafts_line(found.drafts))
        self._audit.setText(keeping_words.audit_line(found.audit_years))

    def _show_all(self) -> None:
        if self._picture is not None:
            dialog = RetentionDialog(self.context, self._picture.outlook, self)
            dialog.finished.connect(lambda _result: self.opened())
            dialog.open()

    def _show_drafts(self) -> None:
        if self._picture is not None:
            dialog = DraftsDialog(self.context, self._picture.drafts, self)
            dialog.finished.connect(lambda _result: self.opened())
            dialog.open()


def _read(office: Office) -> _Picture:
    """Runs on the desk thread."""
    drafts = old_drafts.old_drafts(office) if office.may(Permission.READ_PERSON) else ()
    return _Picture(retention.outlook(office), drafts, office.policy_now().audit_years)
