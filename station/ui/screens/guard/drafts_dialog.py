"""Drafts that were left for long: who should be asked, and wiping one with a reason. Closing it wipes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from station.desk import old_drafts
from station.domain.nik import mask_nik
from station.domain.permission import Permission
from station.domain.retention import DRAFT_DAYS, Draft
from station.i18n import _, ngettext
from station.ui import theme
from station.ui.context import Context
from station.ui.form.note_line import ReasonEntry
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel


class DraftsDialog(QDialog):
    """One at a time, each with its own reason: work that was not sealed exists nowhere else."""

    def __init__(self, context: Context, drafts: Sequence[Draft], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("drafts")
        self.setWindowTitle(_("Drafts that were left"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(600))
        self._context, self._shown = context, list(drafts)
        self._may = context.desk.may(Permission.DELETE_LEFT_DRAFT)
        self._list = QListWidget()
        self._list.setObjectName("drafts.list")
        self._list.setAccessibleName(_("Drafts that were left"))
        self._list.setWordWrap(True)
        self._list.setSpacing(4)
        for draft in self._shown:
            row = QListWidgetItem(_line(draft))
            row.setToolTip(draft.registration_no)
            self._list.addItem(row)
        self._reason = ReasonEntry()
        self._reason.setObjectName("drafts.reason")
        self._reason.setMaxLength(old_drafts.MAX_REASON)
        self._wipe = button("drafts.wipe", _("Wipe this draft"), self._wipe_one, "danger")
        self._close = button("drafts.close", _("Close"), self.reject)
        self._reason.textChanged.connect(lambda _text: self._fit())
        self._reason.given.connect(lambda _reason: self._wipe.setFocus())
        self._reason.dropped.connect(self.reject)
        self._list.currentRowChanged.connect(lambda _row: self._fit())
        self._lay_out()
        self._list.setCurrentRow(0)
        self._fit()

    def _lay_out(self) -> None:
        told = _(
            "Nobody else has these data. Ask who began them, and finish them where the person can come. After {days} "
            "days an archivist or a supervisor may wipe a draft; everything of it goes but its number."
        ).format(days=DRAFT_DAYS)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Drafts that were left"), "h2"))
        column.addWidget(label(told, "muted", wrap=True))
        column.addWidget(self._list, 1)
        field = FieldLabel(_("Reason"), self._reason)
        field.setVisible(self._may)
        column.addWidget(field)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self._close)
        foot.addWidget(self._wipe)
        column.addLayout(foot)
        self._wipe.setVisible(self._may)
        self._close.setDefault(True)

    def _fit(self) -> None:
        row = self._list.currentRow()
        ready = 0 <= row < len(self._shown) and self._shown[row].over and self._shown[row].wipeable
        self._wipe.setEnabled(self._may and ready and bool(self._reason.text().strip()))

    def _wipe_one(self) -> None:
        row, reason, office = self._list.currentRow(), self._reason.text(), self._context.desk
        record_id = self._shown[row].record_id
        self._wipe.setEnabled(False)
        self._context.tasks.run(lambda: old_drafts.wipe(office, record_id, reason), lambda _none: self._gone(record_id))

    def _gone(self, record_id: str) -> None:
        row = next(place for place, draft in enumerate(self._shown) if draft.record_id == record_id)
        del self._shown[row]
        self._list.takeItem(row)
        self._reason.clear()
        self._context.bridge.records_changed.emit()
        if not self._shown:
            self.accept()


def _line(draft: Draft) -> str:
    days = ngettext("{n} day", "{n} days", draft.untouched_days).format(n=draft.untouched_days)
    who = draft.name or _("No name yet")
    facts = (who, mask_nik(draft.nik), days)
    told = " · ".join(fact for fact in facts if fact)
    if draft.wipeable:
        return told
    correction = _("correction of a sealed record")
    return f"{told} · {correction}"
