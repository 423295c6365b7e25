"""The blue half of the sign-in screen: what this program is, and three facts that matter before signing in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from station.i18n import _
from station.ui import theme
from station.ui.widgets.card import label
from station.ui.widgets.eliding_label import ElidingLabel
from station.ui.widgets.emblem import Emblem

_BESIDE = QBoxLayout.Direction.LeftToRight
_DOTS = {"ok": "#5BD68A", "warn": "#F5B25B", "bad": "#FF9C96", "off": "#DCE8F5", "brand": "#DCE8F5"}


class Poster(QFrame):
    """`show_facts` takes (text, tone) pairs; a dot beside the text carries the tone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("poster")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Emblem(40))
        head.addWidget(label(_("KTP-el Recording"), "title"))
        head.addStretch(1)
        # Large text: below each other, because beside each other they would end in dots.
        self._pills = QBoxLayout(QBoxLayout.Direction.TopToBottom if theme.px(10) > 11 else _BESIDE)
        self._pills.setSpacing(8)
        self._pills.addStretch(1)
        hero = label(_("Recording goes on,\nwith or without a network."), "hero", wrap=True)
        lead = label(
            _("Every recording is sealed at this station and sent by itself when the network is back. KTP-el is free."),
            "muted",
            wrap=True,
        )
        lead.setMaximumWidth(theme.px(480))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(60, 60, 48, 60)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addStretch(1)
        layout.addWidget(hero)
        layout.addWidget(lead)
        layout.addStretch(1)
        layout.addLayout(self._pills)

    def show_facts(self, facts: list[tuple[str, str]]) -> None:
        """Replace the facts at the bottom."""
        while self._pills.count() > 1:
            old = self._pills.takeAt(0)
            widget = old.widget() if old is not None else None
            if widget is not None:
                widget.deleteLater()
        for place, (text, tone) in enumerate(facts):
            self._pills.insertWidget(place, _pill(text, tone), 0, Qt.AlignmentFlag.AlignLeft)


def _pill(text: str, tone: str) -> QFrame:
    pill = QFrame()
    pill.setProperty("pill", True)
    dot = QLabel()
    dot.setFixedSize(8, 8)
    dot.setStyleSheet(f"background: {_DOTS.get(tone, _DOTS['off'])}; border-radius: 4px;")
    row = QHBoxLayout(pill)
    row.setContentsMargins(12, 4, 12, 4)
    row.setSpacing(8)
    row.addWidget(dot)
    row.addWidget(ElidingLabel(text))
    return pill
