"""One field of the form: label, editor and the line beneath. Decides when what was typed is an answer.

Must not know the desk: it emits answers and is shown drafts.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station.domain.draft import Draft
from station.domain.finding import Finding, Severity
from station.domain.form import Field, Kind, clean
from station.domain.regions import Village
from station.i18n import _
from station.ui import theme
from station.ui.form.editors import editor_for
from station.ui.form.field_title import FieldTitle
from station.ui.form.note_line import NoteLine
from station.ui.form.shown import shown
from station.ui.form.village_entry import VillageSource
from station.ui.words import sentence

REQUIRED = "field.required"


class FieldBox(QWidget):
    """What is typed stays in the editor until the desk says that it is stored."""

    answered = Signal(str, str)  # key, raw
    confirmed = Signal(str, str, str)  # field, code, reason
    entered = Signal(bool)
    came = Signal()

    def __init__(self, field: Field, villages: VillageSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.editor = editor_for(field, villages)
        self._villages = villages
        self.title = FieldTitle(_(field.label), self.editor, f"form.{field.key}")
        self.note = NoteLine(f"form.{field.key}")
        self._record = ""
        self._stored = ""
        self._listed = ""
        self._sent: str | None = None
        self._unstored: str | None = None  # what was handed over, and the desk could not store
        self._left_once = False
        self._doubt: Finding | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for widget in (self.title, self.editor, self.note):
            column.addWidget(widget)
        self.editor.left.connect(self.flush)
        self.editor.entered.connect(self._enter)
        self.editor.came.connect(self.came)
        self.note.reason_given.connect(self._confirm)
        self.note.settled.connect(lambda: self.entered.emit(False))
        self.title.told.connect(self._describe)

    @property
    def locked(self) -> bool:
        return self.editor.isReadOnly()

    @property
    def pending(self) -> str | None:
        """What was handed over and is not stored yet."""
        return self._sent

    @property
    def unstored(self) -> bool:
        """What was handed over could not be stored."""
        return self._unstored is not None

    def flush(self) -> None:
        """Hand over what was typed and not yet handed over; shows it as it will be stored."""
        if not self.editor.isModified():
            return
        self.editor.settle()
        raw = self.editor.value()
        value = clean(self.field, raw)
        self._left_once = True
        self.editor.show_value(value)
        if self.unstored or value != (self._stored if self._sent is None else self._sent):
            self._sent = value
            self.answered.emit(self.field.key, raw)

    def not_stored(self) -> None:
        """The desk could not store it: what was typed stays, and is handed over again when left."""
        if self._sent is not None:
            self._sent, self._unstored = None, self._sent
            self.editor.setModified(True)
            self._tell(_("Not stored yet"), "bad")

    def show_draft(self, draft: Draft, *, reveal: bool) -> None:
        """Show the stored answer and what is wrong with it; `reveal` also marks what is still empty."""
        if draft.record.record_id != self._record:
            self._record, self._sent, self._left_once = draft.record.record_id, None, False
            self._unstored = None
            self.editor.setModified(False)
        before, self._stored = self._stored, draft.answers.get(self.field.key, "")
        if self._sent == self._stored:
            self._sent = None
        # It is on the disk now; or another answer is, given elsewhere and later than this one.
        if self._unstored is not None and (self._unstored == self._stored or self._stored != before):
            if clean(self.field, self.editor.value()) == self._unstored:  # and nothing was typed since
                self.editor.setModified(False)
            self._unstored = None
        if self._sent is None and not self.editor.isModified() and self.editor.value() != self._stored:
            self.editor.show_value(self._stored)
        listed = draft.listed.get(self.field.key, "")
        self._lock(self.field.key in draft.held and self._stored == listed)
        self._compare(listed if listed != self._stored else "")
        self._say(draft, reveal=reveal)
        if self.unstored:
            self._tell(_("Not stored yet"), "bad")

    def _lock(self, locked: bool) -> None:
        """Somebody from another regency: what the list says is read and not changed."""
        if locked != self.locked:
            self.editor.setReadOnly(locked)
            self.editor.setFocusPolicy(Qt.FocusPolicy.ClickFocus if locked else Qt.FocusPolicy.StrongFocus)
            self.editor.setProperty("read", "only" if locked else None)
            theme.restyle(self.editor)
            self.title.show_locked(locked)

    def _compare(self, listed: str) -> None:
        """Mark what the list says, when it is something else."""
        if listed == self._listed:
            return
        self._listed = listed
        self.title.show_listed(shown(self.field, listed) if listed else "")
        if listed and self.field.kind is Kind.VILLAGE:
            self._villages.village(listed, lambda village: self._name_listed(listed, village))

    def _name_listed(self, code: str, village: Village | None) -> None:
        if village is not None and code == self._listed:
            self.title.show_listed(f"{village.name} · {village.parents}")

    def _enter(self, back: bool) -> None:
        self.flush()
        self._left_once = True
        self.entered.emit(back)

    def _confirm(self, reason: str) -> None:
        if self._doubt is not None:
            self.confirmed.emit(self._doubt.field, self._doubt.code, reason)

    def _say(self, draft: Draft, *, reveal: bool) -> None:
        show_empty = reveal or bool(self._stored)
        mine = [item for item in draft.findings if item.field == self.field.key]
        error = next((item for item in mine if item.severity is Severity.ERROR), None)
        doubt = next((item for item in draft.open_warnings if item.field == self.field.key), None)
        self._doubt = doubt
        if error is not None and (error.code != REQUIRED or show_empty):
            self._tell(_words(error), "bad")
        elif refused := next((item for item in draft.refused if item.field == self.field.key), None):
            told = refused.detail or sentence(refused.code, {}).title
            self._tell(_("Central: {reason}").format(reason=told), "bad")
        elif doubt is not None:
            self._tell(_words(doubt), "warn", may_stand=True)
        elif given := next((item for item in draft.confirmed if self._still(item.code, mine, item.field)), None):
            self._tell(_("Reason kept: {reason}").format(reason=given.reason), "ok")
        else:
            self._tell("", "off")

    def _still(self, code: str, mine: list[Finding], field: str) -> bool:
        return field == self.field.key and any(item.code == code for item in mine)

    def _tell(self, text: str, tone: str, *, may_stand: bool = False) -> None:
        self.note.say(text, tone, may_stand=may_stand)
        self._describe()
        border = tone if tone in ("bad", "warn") else None
        if self.editor.property("tone") != border:
            self.editor.setProperty("tone", border)
            theme.restyle(self.editor)

    def _describe(self) -> None:
        """For who hears the form: what is wrong, and what the list says."""
        told = [self.note.text or self.editor.trailing, self.title.listed]
        self.editor.setAccessibleDescription(" ".join(text for text in told if text))


def _words(finding: Finding) -> str:
    said = sentence(finding.code, finding.data)
    return f"{said.title} {said.todo}".strip()
