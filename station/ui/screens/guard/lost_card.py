"""When this laptop, or another one, is gone: what to do, in order, and the list of whose data was on it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from station.domain.mark import N_
from station.domain.permission import Permission
from station.i18n import _
from station.ui.context import Context
from station.ui.screens.guard.card import GuardCard
from station.ui.screens.guard.inventory_dialog import InventoryDialog
from station.ui.widgets.button import button
from station.ui.widgets.card import label

COMMAND = "station inventory --backup FOLDER"
STEPS = (
    N_("Call the Dinas at once: they block the station and order it to be wiped, also while it is off."),
    N_("Go to the police, and note the number of the report."),
    N_(
        "Take the backup medium: the list of whose data was on the laptop is made from it on another computer, "
        "or at the Dinas. The command, with the folder of the medium: {command}"
    ),
    N_(
        "The notice to the people and to the agency is due within 3 × 24 hours. "
        "The list says what was encrypted, and how."
    ),
    N_("Restore the backup on another computer only after the Dinas has withdrawn the order to wipe."),
)


class LostCard(GuardCard):
    """Read now, while the laptop is still here."""

    key = "lost"
    title = N_("A laptop is gone")
    permission = Permission.READ_AUDIT

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        for number, step in enumerate(STEPS, start=1):
            row = QHBoxLayout()
            row.setSpacing(8)
            mark = label(f"{number}.", "strong")
            mark.setFixedWidth(24)
            row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(_(step).format(command=COMMAND), wrap=True, name=f"guard.lost.step.{number}"), 1)
            self.body.addLayout(row)
        self.look = button("guard.lost.list", _("Whose data is on this station…"), self._open)
        self.body.addWidget(self.look, 0, Qt.AlignmentFlag.AlignLeft)

    def _open(self) -> None:
        InventoryDialog(self.context, self).open()
