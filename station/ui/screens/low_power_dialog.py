"""Asks whether somebody new shall be begun although the power may not last. Closing it begins nobody."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station.domain.power import Charge
from station.i18n import _
from station.ui import power_words
from station.ui.widgets.card import label


class LowPowerDialog(QDialog):
    """`begin` is called when somebody insists."""

    def __init__(self, charge: Charge | None, begin: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("low_power")
        self.setWindowTitle(_("Little power is left"))
        self.setMinimumWidth(440)
        self._begin = begin
        wait = QPushButton(_("Wait for power"))
        wait.setObjectName("low_power.wait")
        wait.setDefault(True)
        on = QPushButton(_("Begin all the same"))
        on.setObjectName("low_power.begin")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(power_words.low_title(charge), "h2", wrap=True))
        told = _("A recording takes about five minutes. Each photo and finger is on the disk at once.")
        column.addWidget(label(told, "muted", wrap=True))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(on)
        row.addWidget(wait)
        column.addLayout(row)
        wait.clicked.connect(self.reject)
        on.clicked.connect(self._go_on)

    def _go_on(self) -> None:
        self.accept()
        self._begin()
