"""Above the steps: which step this is, whether it is a correction, and what else may be done with the draft."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from station.domain.draft import Draft
from station.domain.steps import PARTS_OF, Step
from station.i18n import _
from station.ui import labels, theme
from station.ui.screens.steps.withdraw_dialog import WithdrawDialog
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.chip import Chip

_BOOTH = (*PARTS_OF, Step.DOCUMENTS, Step.REVIEW)


class Heading(QWidget):
    """Quiet ways out of a draft stand behind one button, so that nobody presses them by accident."""

    put_aside = Signal()
    withdraw = Signal(str, str)  # the record id, the reason
    ready = Signal()  # the desk is done with this person

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._who = self._record_id = ""
        self._title = label("", "title", name="capture.title")
        self._chip = Chip("", "brand")
        self._chip.setObjectName("capture.registration")
        self._more = QPushButton(_("This recording…"))
        self._more.setObjectName("capture.more")
        self._more.setProperty("look", "link")
        self._ready = button("capture.ready", _("Ready for the booth · F10"), self.ready.emit)
        self._menu = QMenu(self)
        self._menu.setObjectName("capture.more.menu")
        later = self._menu.addAction(_("Close, go on later"))
        later.setObjectName("capture.put_aside")
        later.triggered.connect(self.put_aside)
        cancel = self._menu.addAction(_("Cancel this recording…"))
        cancel.setObjectName("capture.withdraw")
        cancel.triggered.connect(self.ask_withdraw)
        self._more.clicked.connect(self._open_menu)
        self.setMinimumHeight(theme.px(40))  # with and without its button: the steps below never jump
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._title)
        row.addWidget(self._chip)
        row.addStretch(1)
        row.addWidget(self._ready)
        row.addWidget(self._more)

    def show_draft(self, draft: Draft | None, step: Step) -> None:
        name = _("Recording")
        self._title.setText(f"{name} · {labels.step(step)}" if draft else name)
        self._chip.setVisible(draft is not None)
        self._more.setVisible(draft is not None)
        self._ready.setVisible(draft is not None and step not in _BOOTH)
        prepared = draft is not None and draft.done(Step.APPLICANT) and draft.done(Step.BIODATA)
        self._ready.setEnabled(prepared)
        self._ready.setToolTip("" if prepared else _("Complete the biodata first; what is missing is marked."))
        if draft is not None:
            number = draft.record.registration_no
            self._who, self._record_id = draft.record.name or number, draft.record.record_id
            again = draft.record.revision > 1
            fact = _("Correction of {number}").format(number=number) if again else number
            if draft.ready_at is not None and draft.ticket:
                fact = _("{fact} · waits with number {ticket}").format(fact=fact, ticket=draft.ticket)
            self._chip.show_fact(fact, "brand")
        self._row.activate()  # at once: a longer title is never seen in the place of the shorter one

    def ask_withdraw(self) -> None:
        """Ask why; nothing happens when the question is closed."""
        record_id = self._record_id  # of whom the question names, whoever is open when it is answered
        dialog = WithdrawDialog(self._who, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.confirmed.connect(lambda reason: self.withdraw.emit(record_id, reason))
        dialog.open()

    def _open_menu(self) -> None:
        self._menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))
        self._menu.setActiveAction(self._menu.actions()[0])
