"""Old copies that were put aside: looked at by a technician, and taken away one by one. Closing it changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from station.desk import disk_guard
from station.desk.office import Office
from station.domain.disk import Aside
from station.i18n import _
from station.ui import format as shown
from station.ui import theme
from station.ui.context import Context
from station.ui.widgets.button import button
from station.ui.widgets.card import label


class AsideDialog(QDialog):
    """Nothing is chosen when it opens."""

    def __init__(self, context: Context, items: Sequence[Aside], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("aside")
        self.setWindowTitle(_("Old copies"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(560))
        self._context, self._items = context, tuple(items)
        self._list = QListWidget()
        self._list.setObjectName("aside.list")
        self._list.setAccessibleName(_("Old copies"))
        self._list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        for item in self._items:
            text = f"{item.path.name} · {shown.size(item.size)} · {shown.day(item.at)}"
            self._list.addItem(QListWidgetItem(text))
        self._sure = QCheckBox(_("I have exported what may still be needed"))
        self._sure.setObjectName("aside.sure")
        self._yes = button("aside.remove", _("Delete the chosen copies"), self._remove, "danger")
        self._no = button("aside.keep", _("Keep them"), self.reject)
        self._sure.toggled.connect(self._fit)
        self._list.itemSelectionChanged.connect(self._fit)
        self._lay_out()
        self._fit()

    def _lay_out(self) -> None:
        told = _(
            "The station put these aside when a database was broken or replaced. They help a technician to find out "
            "what happened, and they are never deleted by themselves."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Old copies put aside"), "h2"))
        column.addWidget(label(told, "muted", wrap=True))
        column.addWidget(self._list, 1)
        column.addWidget(self._sure)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self._no)
        foot.addWidget(self._yes)
        column.addLayout(foot)
        self._no.setDefault(True)

    def _fit(self) -> None:
        self._yes.setEnabled(self._sure.isChecked() and bool(self._list.selectedItems()))

    def _remove(self) -> None:
        chosen = [self._items[index.row()] for index in self._list.selectedIndexes()]
        office = self._context.desk
        self._context.tasks.run(lambda: _removed(office, chosen), lambda _none: self.accept())


def _removed(office: Office, chosen: Sequence[Aside]) -> None:
    """Runs on the desk thread."""
    for item in chosen:
        disk_guard.remove_aside(office, item)
