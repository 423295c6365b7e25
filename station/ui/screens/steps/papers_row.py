"""One document of the checklist: here or missing, what it is for, and the reason for going on without it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from station.domain.checklist import Document, Seen, standing
from station.domain.draft import Draft
from station.i18n import _
from station.ui import theme
from station.ui.form.note_line import ReasonEntry
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.chip import Chip


class PaperBox(QCheckBox):
    """Space marks, the arrows go to the next and the last line; Enter is the dialog's."""

    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


class PaperRow(QWidget):
    """Emits what the operator says; shows what the draft says."""

    said = Signal(str, object, str)  # key, Seen, reason
    let_pass = Signal(str, str)  # field, reason: the recording goes on without it

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        name = f"papers.{document.key}"
        self.box = PaperBox(_(document.label))
        self.box.setObjectName(name)
        self.box.setStyleSheet("font-weight: 600;")
        self._state = Chip()
        self._state.setObjectName(f"{name}.state")
        need = _("required") if document.required else _("advised")
        self._told = label(f"{need} · {_(document.why)} {_(document.where)}", "small", wrap=True)
        self.reason = ReasonEntry()
        self.reason.setObjectName(f"{name}.reason")
        self.reason.setMaxLength(200)
        # What it asks for by itself forgets large text when it is restyled.
        self.reason.setStyleSheet(f"min-height: {theme.px(22)}px;")
        self.not_needed = button(f"{name}.not_needed", _("Not needed"), self._not_needed, "link")
        self.box.clicked.connect(self._clicked)
        self.reason.given.connect(self._given)
        self.reason.dropped.connect(lambda: self.box.setFocus(Qt.FocusReason.OtherFocusReason))
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.box, 1)
        head.addWidget(self._state)
        below = QVBoxLayout()
        below.setContentsMargins(26, 0, 0, 0)
        below.setSpacing(4)
        below.addWidget(self._told)
        self._why = QWidget()
        why = QHBoxLayout(self._why)
        why.setContentsMargins(0, 0, 0, 0)
        why.setSpacing(8)
        why.addWidget(self.reason, 1)
        why.addWidget(self.not_needed)
        below.addWidget(self._why)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 6)
        column.setSpacing(3)
        column.addLayout(head)
        column.addLayout(below)

    def show_draft(self, draft: Draft) -> None:
        """The line as the draft has it; a reason that is being typed stays."""
        now = standing(draft.papers, self.document.key)
        passed = next((item.reason for item in draft.confirmed if item.field == self.document.field), "")
        is_missing = now.seen is Seen.MISSING
        self.box.setChecked(now.seen in (Seen.ASSUMED, Seen.SHOWN))
        word, tone = self._word(now.seen, passed)
        self._state.show_fact(word, tone)
        self.box.setAccessibleDescription(f"{word}. {self._told.text()}")
        self._why.setVisible(now.seen in (Seen.MISSING, Seen.NOT_NEEDED))
        self.not_needed.setVisible(is_missing)
        if not self.reason.hasFocus() or not is_missing:
            self.reason.setText(passed or now.reason)
        self.reason.setReadOnly(not is_missing)
        asks = _("Why the recording goes on without it, then Enter")
        told = asks if self.document.required else _("Reason, if it is not needed")
        self.reason.setPlaceholderText(told)
        self.reason.setAccessibleName(f"{_(self.document.label)}: {told}")
        self.reason.setProperty("tone", "warn" if is_missing and self.document.required and not passed else "")
        theme.restyle(self.reason)

    def _word(self, seen: Seen, passed: str) -> tuple[str, str]:
        match seen:
            case Seen.ASSUMED:
                return _("counts as shown"), "off"
            case Seen.SHOWN:
                return _("shown"), "ok"
            case Seen.NOT_NEEDED:
                return _("not needed"), "off"
            case Seen.MISSING:
                return (_("missing, goes on"), "off") if passed else (_("missing"), "warn")

    def _clicked(self, here: bool) -> None:
        self.said.emit(self.document.key, Seen.SHOWN if here else Seen.MISSING, "")

    def _given(self, reason: str) -> None:
        if self.document.required and not self.reason.isReadOnly():
            self.let_pass.emit(self.document.field, reason)
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_needed(self) -> None:
        reason = " ".join(self.reason.text().split())
        if reason:
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)
            self.said.emit(self.document.key, Seen.NOT_NEEDED, reason)
        else:
            self.reason.setPlaceholderText(_("Write the reason first."))
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
