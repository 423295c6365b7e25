"""All notices of central that hold now, whole. Who closes it has seen them. Plain text, whatever it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from station.domain.notice import Notice
from station.i18n import _
from station.ui import format as shown
from station.ui import theme
from station.ui.widgets.button import button
from station.ui.widgets.card import label, rule


class NoticesDialog(QDialog):
    """Accepted when somebody has seen them."""

    def __init__(self, notices: Sequence[Notice], now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sync.notices")
        self.setWindowTitle(_("Notices of central"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(min(theme.px(520), 760), min(theme.px(320), 480))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(8)
        for place, notice in enumerate(notices):
            if place:
                column.addWidget(rule())
            column.addWidget(label(notice.title, "strong", wrap=True))
            column.addWidget(label(_told(notice, now), "small", wrap=True))
            column.addWidget(label(notice.body, wrap=True))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setProperty("ring", True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        seen = button("sync.notices.seen", _("I have read them"), self.accept, "primary")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button("sync.notices.close", _("Close"), self.reject))
        foot.addWidget(seen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(label(_("Notices of central"), "h2"))
        layout.addWidget(area, 1)
        layout.addLayout(foot)
        seen.setFocus()


def _told(notice: Notice, now: datetime) -> str:
    parts = [shown.when(notice.told_at, now)]
    if notice.from_at is not None:
        parts.append(_("from {time}").format(time=shown.when(notice.from_at, now)))
    if notice.until_at is not None:
        parts.append(_("until {time}").format(time=shown.when(notice.until_at, now)))
    return " · ".join(parts)
