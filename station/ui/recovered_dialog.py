"""Tells once what was damaged and was put right: what happened, what was lost, what to do. Knows no database."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.domain.backup import Recovery
from station.i18n import _
from station.ui import backup_words, theme
from station.ui.widgets.button import button
from station.ui.widgets.card import label


class RecoveredDialog(QDialog):
    """Stays until somebody has read it."""

    def __init__(self, found: Recovery, now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recovered")
        self.setWindowTitle(_("KTP-el Recording"))
        self.setFixedWidth(theme.px(520))
        title, said = backup_words.recovered_words(found, now)
        self.said = label(said, wrap=True, name="recovered.said")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(title, "h2", wrap=True, name="recovered.title"))
        column.addWidget(self.said)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button("recovered.close", _("Understood"), self.accept, "primary"))
        column.addLayout(row)
