"""The documents of a person: those that were asked for, scanned or not, and what else was scanned."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from station.domain.checklist import Seen, standing
from station.domain.documents import OTHER, Line
from station.domain.draft import Draft
from station.i18n import _, ngettext
from station.ui import icons, theme
from station.ui.widgets.plain_tip import plain_tip

_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)
_PADDING = 12
_BESIDE, _SCROLL_BAR = 54, 12
"""What icon and padding leave no room for, and the scroll bar when there is one."""


class DocumentList(QListWidget):
    """The arrows choose; every other key is the page's."""

    chosen = Signal(object)  # Line

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("step.documents.list")
        self.setAccessibleName(_("Documents"))
        self.setProperty("look", "list")
        self.setWordWrap(True)
        self.setUniformItemSizes(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._lines: tuple[Line, ...] = ()
        self._shown: object = None
        self.currentRowChanged.connect(self._row_changed)

    @property
    def line(self) -> Line | None:
        """The one that is chosen."""
        row = self.currentRow()
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def show_lines(self, lines: Sequence[Line], draft: Draft, wanted: int | None = None) -> None:
        """Another list; the keyboard stays at its document, or goes to the scanned one numbered `wanted`."""
        shown = (tuple(lines), dict(draft.papers), wanted)
        if shown == self._shown:
            return  # most answers change nothing here
        self._shown, before = shown, self.line
        self.blockSignals(True)
        self.clear()
        self._lines = tuple(lines)
        for line in lines:
            self.addItem(_item(line, draft))
        if self._give_heights(_BESIDE) > self.viewport().height():
            self._give_heights(_BESIDE + _SCROLL_BAR)
        self.setCurrentRow(self._place(before, wanted))
        self.blockSignals(False)
        self.chosen.emit(self.line)

    def forget(self) -> None:
        """Another person: the keyboard begins at the top."""
        self._lines, self._shown = (), None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _MOVES:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _give_heights(self, beside: int) -> int:
        """As many lines as each takes, so that nothing is cut off, however large the text; how high all are."""
        self.ensurePolished()
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        room, whole = QRect(0, 0, max(80, self.width() - beside), 1000), 0
        for row in range(self.count()):
            height = self.fontMetrics().boundingRect(room, flags, self.item(row).text()).height() + _PADDING
            self.item(row).setSizeHint(QSize(0, height))
            whole += height
        return whole

    def _row_changed(self, _row: int) -> None:
        self.chosen.emit(self.line)

    def _place(self, before: Line | None, wanted: int | None) -> int:
        numbers = [line.scanned.number if line.scanned else None for line in self._lines]
        was = before.scanned.number if before and before.scanned else None
        for number in (wanted, was):
            if number is not None and number in numbers:
                return numbers.index(number)
        if before is not None:
            kinds = [line.kind for line in self._lines]
            if before.kind in kinds:
                return kinds.index(before.kind) if before.kind != OTHER else len(kinds) - 1
        return 0


def _item(line: Line, draft: Draft) -> QListWidgetItem:
    name, (state, icon, tone) = _name(line), _state(line, draft)
    made = QListWidgetItem(f"{name}\n{state}" if state else name)
    made.setIcon(icons.icon(icon, theme.tokens().tone(tone)[0]))
    made.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}: {state}")
    made.setToolTip(plain_tip(name))
    return made


def _name(line: Line) -> str:
    """A document that is on no checklist is called what somebody has called it."""
    if line.kind != OTHER:
        return _(line.label)
    return (line.scanned.title_no or _(line.label)) if line.scanned else _("Add another document")


def _state(line: Line, draft: Draft) -> tuple[str, str, str]:
    """(words, icon, tone)."""
    if line.scanned is not None:
        count = line.scanned.pages
        pages = ngettext("{count} page scanned", "{count} pages scanned", count).format(count=count)
        number = line.scanned.title_no if line.kind != OTHER else ""
        return f"{pages} · {number}" if number else pages, "mdi6.check-circle-outline", "ok"
    if line.kind == OTHER:
        return "", "mdi6.plus-circle-outline", "off"
    match standing(draft.papers, line.kind).seen:
        case Seen.MISSING:
            return _("missing"), "mdi6.alert-circle-outline", "warn"
        case Seen.NOT_NEEDED:
            return _("not needed"), "mdi6.minus-circle-outline", "off"
        case _:
            return _("seen, not scanned"), "mdi6.circle-outline", "off"
