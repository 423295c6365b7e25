"""What will be deleted, packet by packet, the first to go first; and letting go now what is due. NIK are masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from station.desk import retention
from station.desk.retention import Named, Outlook, Run
from station.domain.mark import N_
from station.domain.permission import Permission
from station.domain.retention import Parting
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import keeping_words, theme
from station.ui.context import Context
from station.ui.models.columns import ColumnsModel, Index
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.table import Table

_COLUMNS = (N_("Deleted on"), N_("Registration number"), N_("NIK"), N_("Receipt"), N_("Size"))
_WIDTHS = (110, 250, 180, 0, 90)
MOST = 1000
"""Rows shown: more than two weeks of a busy office."""


class PartingModel(ColumnsModel[tuple[Parting, Named]]):
    """Rows in the order in which they go."""

    def __init__(self, outlook: Outlook, parent: QObject | None = None) -> None:
        super().__init__(_COLUMNS, parent)
        self._counted = outlook.counted

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        parting, named = self.rows[index.row()]
        at = max(parting.goes_at(self._counted), self._counted) if self._counted else parting.due_at
        texts = (shown.day(at), named.registration_no or str(parting.key), named.nik or "–", parting.receipt_no)
        return (*texts, shown.size(parting.size))[index.column()]


class RetentionDialog(QDialog):
    """Letting go goes on in small steps: it can be stopped at any time, and what is gone is gone whole."""

    def __init__(self, context: Context, outlook: Outlook, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("retention")
        self.setWindowTitle(_("What is deleted when"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(min(theme.px(860), 1240), min(theme.px(520), 660))  # on the smallest screen too
        self._context, self._due = context, len(outlook.due)
        self._model = PartingModel(outlook, self)
        self._table = Table("retention.table", _("What is deleted when"))
        self._table.show_model(self._model, _WIDTHS)
        self._said = label(role="muted", wrap=True, name="retention.said")
        self._bar = QProgressBar()
        self._bar.setObjectName("retention.bar")
        self._bar.setRange(0, max(1, self._due))
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_("Packets deleted"))
        self._bar.hide()
        text = ngettext("Delete {n} packet that is due now", "Delete {n} packets that are due now", self._due)
        self._now = button("retention.now", text.format(n=self._due), self._begin, "danger")
        self._now.setVisible(bool(self._due))
        self._now.setEnabled(context.desk.may(Permission.DELETE_FINISHED))
        self._close = button("retention.close", _("Close"), self.reject)
        self._stopped = self._going = False
        self._gone, self._bytes = 0, 0
        self._lay_out()
        going = [item for item in outlook.partings if item.held is None][:MOST]
        self._read(going)

    def reject(self) -> None:
        """While packets are being deleted: stop after the next few."""
        if self._going:
            self._stopped = True
        else:
            super().reject()

    def _lay_out(self) -> None:
        told = _("Central has these records and has finished with them. The receipt is checked once more before each.")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(told, "muted", wrap=True))
        column.addWidget(self._table, 1)
        column.addWidget(self._bar)
        column.addWidget(self._said)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._now)
        foot.addStretch(1)
        foot.addWidget(self._close)
        column.addLayout(foot)
        self._close.setDefault(True)

    def _read(self, going: Sequence[Parting]) -> None:
        office, keys = self._context.desk, [item.key for item in going]
        self._context.tasks.run(lambda: retention.named(office, keys), lambda names: self._show(going, names))

    def _show(self, going: Sequence[Parting], names: Sequence[Named]) -> None:
        self._model.put(list(zip(going, names, strict=True)))

    def _begin(self) -> None:
        self._going, self._stopped = True, False
        self._now.setEnabled(False)
        self._close.setText(_("Stop"))
        self._bar.show()
        self._step()

    def _step(self) -> None:
        office = self._context.desk
        self._context.tasks.run(lambda: retention.run_now(office, retention.AT_ONCE), self._stepped, self._failed)

    def _stepped(self, done: Run) -> None:
        self._gone, self._bytes = self._gone + done.gone, self._bytes + done.gone_bytes
        self._bar.setValue(self._gone)
        self._said.setText(_("{n} of {all}").format(n=self._gone, all=self._due))
        if done.more and done.gone and not self._stopped:
            self._step()
            return
        whole = Run(self._gone, self._bytes, done.held)
        self._end(f"{keeping_words.done_line(whole)} {keeping_words.held_line(whole)}".strip())

    def _failed(self, problem: object) -> None:
        self._end("")
        self._context.tasks.failed.emit(problem)

    def _end(self, said: str) -> None:
        self._going = False
        self._bar.hide()
        self._now.hide()
        self._said.setText(said)
        office = self._context.desk
        self._context.tasks.run(lambda: retention.outlook(office), self._show_rest)
        self._close.setText(_("Close"))
        self._close.setFocus()
        self._context.bridge.records_changed.emit()

    def _show_rest(self, outlook: Outlook) -> None:
        self._read([item for item in outlook.partings if item.held is None][:MOST])
