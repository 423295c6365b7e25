"""The last line of the checks: what the person has come for and how the documents stand. Opens the checklist."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station.domain.checklist import Seen, missing, standing, wanted
from station.domain.draft import Draft
from station.i18n import _, ngettext
from station.ui import labels, theme
from station.ui.screens.steps.papers_dialog import PapersDialog
from station.ui.screens.steps.session import Session
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.mark import Mark

KEY = "Ctrl+B"


class PapersLine(QWidget):
    """The documents count as seen until one is marked: for most people nobody ever presses anything here."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._draft: Draft | None = None
        self._mark = Mark("off", 12)
        self._text = label(role="small", wrap=True, name="papers.now")
        self._open = button("papers.open", _("Papers · {key}").format(key=KEY), self.open_list, "link")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        row.addWidget(self._open, 0, Qt.AlignmentFlag.AlignTop)
        QShortcut(QKeySequence(KEY), self).activated.connect(self.open_list)

    @property
    def text(self) -> str:
        return self._text.text()

    def show_draft(self, draft: Draft) -> None:
        self._draft = draft
        asked = wanted(draft.service, draft.answers, self._session.clock.now().astimezone().date())
        gone = missing(draft.papers, asked)
        if gone:
            said = ngettext("{count} paper missing", "{count} papers missing", len(gone)).format(count=len(gone))
        elif any(standing(draft.papers, item.key).seen is Seen.ASSUMED for item in asked):
            said = _("counts as complete")
        else:
            said = _("complete")
        tone = "warn" if draft.open_papers else "off" if gone else "ok"
        self._mark.show_tone(tone)
        self._text.setText(f"{labels.service(draft.service)}: {said}")
        self._text.setProperty("tone", "warn" if tone == "warn" else None)
        theme.restyle(self._text)
        self._open.setAccessibleDescription(self._text.text())
        self.setToolTip(_("Papers count as complete unless marked."))

    def open_list(self, key: str = "") -> None:
        """The checklist, at document `key` or at its beginning. Nothing opens without a draft, or twice."""
        if self._draft is None or self._session.draft is None or self.window().findChild(PapersDialog) is not None:
            return
        dialog = PapersDialog(self._session, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        dialog.go_to(key)
