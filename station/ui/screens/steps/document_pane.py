"""One document on the screen: its pages to read, turn and take out, and what it is. Shows; emits what is said.

Must not know the desk.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from station.domain.attachment import Attachment
from station.domain.documents import KINDS, MAX_TITLE, OTHER, Page, label_of
from station.i18n import _
from station.ui import icons, theme
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel
from station.ui.widgets.page_view import PageView

_ZOOM = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0}
_WIDEST_TOOL = 46  # six of them fit beside each other on a small screen
_STEPS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class DocumentPane(QWidget):
    """Shows one page of the document at a time."""

    turn = Signal(int, int)  # number of the document, place of the page
    remove = Signal(int)  # place of the page
    described = Signal(int, str, str)  # number of the document, kind, its own number

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = PageView()
        self.view.setObjectName("step.documents.page")
        self._document: Attachment | None = None
        self._pages: tuple[Page, ...] = ()
        self.place = 0
        self._number = label("", "small", name="step.documents.place")
        self._before = self._tool("before", "mdi6.chevron-left", _("Page before · Page Up"), lambda: self.go(-1))
        self._after = self._tool("after", "mdi6.chevron-right", _("Next page · Page Down"), lambda: self.go(1))
        self._tools = [
            self._tool("smaller", "mdi6.magnify-minus-outline", _("Smaller · −"), lambda: self.view.zoom(-1)),
            self._tool("larger", "mdi6.magnify-plus-outline", _("Larger · +"), lambda: self.view.zoom(1)),
            self._tool("turn", "mdi6.rotate-right", _("Turn · R"), self.turn_page),
            self._tool("remove", "mdi6.trash-can-outline", _("Take the page out · Delete"), self.remove_page),
        ]
        self.kind = QComboBox()
        self.kind.setObjectName("step.documents.kind")
        for kind in KINDS:
            self.kind.addItem(_(label_of(kind)), kind)
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind.setMinimumContentsLength(6)
        self.kind.activated.connect(self._describe)
        self.title = QLineEdit()
        self.title.setObjectName("step.documents.title")
        self.title.setMaxLength(MAX_TITLE)
        self.title.editingFinished.connect(self._describe)
        self._lay_out()
        self.show_document(None, ())

    def _lay_out(self) -> None:
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self._before, self._number, self._after):
            row.addWidget(widget)
        row.addStretch(1)
        for tool in self._tools:
            row.addWidget(tool)
        self._facts = QWidget()
        facts = QHBoxLayout(self._facts)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setSpacing(12)
        facts.addWidget(FieldLabel(_("Document"), self.kind), 1)
        self._titled = FieldLabel("", self.title)
        facts.addWidget(self._titled, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.view, 1)
        column.addWidget(self._row)
        column.addWidget(self._facts)

    # ----------------------------------------------------------------------------------------------------- showing

    def show_document(self, document: Attachment | None, pages: Sequence[Page], place: int = 0) -> None:
        """Show it at page `place`; None shows the invitation. A number that is being typed stays."""
        self._pages = tuple(pages)
        self.place = min(max(place, 0), max(len(self._pages) - 1, 0))
        self._facts.setVisible(document is not None)
        if document is None:
            self._document = None
        else:
            self.show_facts(document)
        self._show_page()

    def show_facts(self, document: Attachment) -> None:
        """What it is; its pages stay as they are."""
        other = self._document is None or document.number != self._document.number
        self._document = document
        self.kind.setCurrentIndex(self.kind.findData(document.kind))
        named = _("What is it?") if document.kind == OTHER else _("Number (optional)")
        self._titled.label.setText(named)
        self.title.setAccessibleName(named)
        if other or not self.title.hasFocus():
            self.title.setText(document.title_no)

    def press(self, key: Qt.Key) -> bool:
        """Do what a key means here; False when it means nothing."""
        if key in _ZOOM:
            self.view.zoom(_ZOOM[key])
        elif key in _STEPS:
            self.go(_STEPS[key])
        elif key == Qt.Key.Key_R:
            self.turn_page()
        elif key == Qt.Key.Key_Delete:
            self.remove_page()
        else:
            return False
        return True

    def go(self, by: int) -> None:
        """Some pages on, or back."""
        if 0 <= self.place + by < len(self._pages):
            self.place += by
            self._show_page()

    def turn_page(self) -> None:
        if self._pages and self._document is not None:
            self.turn.emit(self._document.number, self.place)

    def remove_page(self) -> None:
        if self._pages:
            self.remove.emit(self.place)

    def hand_over(self) -> None:
        """Say what was typed and not said yet."""
        self._describe()

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        return self._pages[self.place] if self._pages else None

    def _show_page(self) -> None:
        page, count = self.page, len(self._pages)
        self.view.show_page(QImage.fromData(page.jpeg) if page else None, page.turn if page else 0)
        self._number.setText(f"{self.place + 1} / {count}" if page else "")
        if page:
            told = _("Page {number} of {count}").format(number=self.place + 1, count=count)
            self._number.setAccessibleName(told)
            self.view.setAccessibleName(told)
        self._before.setEnabled(self.place > 0)
        self._after.setEnabled(self.place < count - 1)
        self._before.setToolTip("" if self.place > 0 else _("This is the first page."))
        self._after.setToolTip("" if self.place < count - 1 else _("This is the last page."))
        self._before.setVisible(count > 1)
        self._after.setVisible(count > 1)
        self._row.setVisible(page is not None)

    def _describe(self) -> None:
        known = self._document
        if known is None:
            return
        said = (str(self.kind.currentData()), " ".join(self.title.text().split()))
        if said != (known.kind, known.title_no):
            self.described.emit(known.number, *said)

    def _tool(self, name: str, icon: str, text: str, act: object) -> QPushButton:
        assert callable(act)
        made = button(f"step.documents.{name}", "", act)
        made.setProperty("bulk", "small")
        made.setIcon(icons.icon(icon))
        made.setAccessibleName(text)
        made.setToolTip(text)
        made.setIconSize(QSize(theme.px(16), theme.px(16)))
        made.setFixedWidth(min(theme.px(40), _WIDEST_TOOL))
        return made
