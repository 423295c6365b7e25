"""Step 7: scans of what the applicant has brought. Nothing has to be scanned."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station.domain.draft import Draft
from station.i18n import _
from station.ui.screens.steps.page import StepPage
from station.ui.screens.steps.session import Session
from station.ui.widgets.card import Card, label


class DocumentsPage(StepPage):
    """What is scanned, and the ways to scan more."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        card = Card(_("Documents"))
        self._state = label("", "small", wrap=True, name="step.documents.state")
        card.body.addWidget(self._state)
        card.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_draft(self, draft: Draft) -> None:
        self._state.setText(_("Nothing scanned. Papers may stay on paper."))

    def entered(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
