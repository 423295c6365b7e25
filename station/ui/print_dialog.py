"""The paper as it will come out, and what may be done with it: print, save as PDF, close. Keyboard only works.

Printing is never a condition for anything: whatever fails is said here, and the paper can be made again at any time.
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QStandardPaths, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from station.domain.errors import StationError
from station.domain.paper import Paper
from station.i18n import _, ngettext
from station.ui import theme, words
from station.ui.print_room import PrintRoom
from station.ui.sheet import Sheet
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel

PAGE_WIDTH = 560
GAP = 12
_SCROLLING = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)


class PageView(QWidget):
    """All pages below each other; only those in sight are painted."""

    def __init__(self, sheet: Sheet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = sheet
        self._scale = PAGE_WIDTH / sheet.size.width()
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName(sheet.paper.title)
        self.setAccessibleDescription(sheet.text)

    def sizeHint(self) -> QSize:
        return QSize(PAGE_WIDTH, round(self._sheet.pages * self._pitch - GAP))

    @property
    def _pitch(self) -> float:
        return self._sheet.size.height() * self._scale + GAP

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = event.rect()
        first = int(seen.top() / self._pitch)
        for page in range(first, min(self._sheet.pages, int(seen.bottom() / self._pitch) + 1)):
            painter.save()
            painter.translate(0, page * self._pitch)
            painter.scale(self._scale, self._scale)
            box = QRectF(0, 0, self._sheet.size.width(), self._sheet.size.height())
            painter.fillRect(box, QColor("#FFFFFF"))
            self._sheet.paint(painter, page)
            painter.setPen(QColor(theme.tokens().field))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
            painter.restore()
        painter.end()


class PrintDialog(QDialog):
    """Opens with the usual printer chosen and the Print button in focus: Enter prints, Esc closes."""

    went_out = Signal(str)  # `printer` or `pdf`: the paper has left the station

    def __init__(self, paper: Paper, printer: PrintRoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("print")
        self.setWindowTitle(paper.title)
        self._paper, self._printer = paper, printer
        self._sheet = Sheet(paper)
        self._printers = QComboBox()
        self._printers.setObjectName("print.printer")
        self._choice = FieldLabel(_("Printer"), self._printers)
        self._said = Banner()
        self._said.setObjectName("print.said")
        self.print_button = button("print.print", _("Print"), self.print, "primary")
        self.pdf_button = button("print.pdf", _("Save as PDF…"), self.ask_file)
        self.close_button = button("print.close", _("Close"), self.reject)
        for wide in (self.print_button, self.pdf_button, self.close_button):
            wide.setProperty("bulk", "tall")
        self._lay_out()
        QShortcut(QKeySequence.StandardKey.Print, self).activated.connect(self.print)
        QShortcut(QKeySequence.StandardKey.Save, self).activated.connect(self.ask_file)
        self._choice.hide()
        self.print_button.setEnabled(False)
        self._said.say(_("Looking for printers…"), "", "off")
        printer.names(self._show_printers, self._fail)

    def _lay_out(self) -> None:
        self._area = QScrollArea()
        self._area.setObjectName("print.pages")
        self._area.setAccessibleName(_("Preview"))
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setProperty("ring", True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(PageView(self._sheet))
        self._area.setFixedWidth(PAGE_WIDTH + 16)
        side = QVBoxLayout()
        side.setSpacing(12)
        side.addWidget(label(self._paper.title, "h2", wrap=True))
        pages = ngettext("{count} page", "{count} pages", self._sheet.pages).format(count=self._sheet.pages)
        side.addWidget(label(f"{pages} · {self._paper.size.value}", "muted", name="print.size"))
        side.addWidget(self._choice)
        side.addWidget(self._said)
        side.addStretch(1)
        for widget in (self.print_button, self.pdf_button, self.close_button):
            side.addWidget(widget)
        column = QWidget()
        column.setFixedWidth(min(theme.px(270), 340))
        side.setContentsMargins(0, 0, 0, 0)
        column.setLayout(side)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(16)
        row.addWidget(self._area)
        row.addWidget(column)
        self.resize(self.sizeHint().width(), 660)
        for before, after in (
            (self._printers, self.print_button),
            (self.print_button, self.pdf_button),
            (self.pdf_button, self.close_button),
            (self.close_button, self._area),
        ):
            self.setTabOrder(before, after)

    # ------------------------------------------------------------------------------------------------------- doing

    def print(self) -> None:
        """To the chosen printer; the answer is said beside the preview."""
        if not self.print_button.isEnabled():
            return
        name = self._printers.currentText()
        self._wait(_("Printing…"))
        self._printer.print(self._paper, name, self._printed, self._fail)

    def ask_file(self) -> None:
        """Where should the PDF go? The name that is offered says what it is, not whose."""
        chooser = QFileDialog(self, _("Save as PDF…"))
        chooser.setObjectName("print.file")
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilter("PDF (*.pdf)")
        chooser.setDefaultSuffix("pdf")
        for part, text in {
            QFileDialog.DialogLabel.LookIn: _("Folder"),
            QFileDialog.DialogLabel.FileName: _("File name"),
            QFileDialog.DialogLabel.FileType: _("File type"),
            QFileDialog.DialogLabel.Accept: _("Save"),
            QFileDialog.DialogLabel.Reject: _("Close"),
        }.items():
            chooser.setLabelText(part, text)
        chooser.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        chooser.selectFile(file_name(self._paper.title))
        chooser.fileSelected.connect(lambda chosen: self.save_pdf(Path(chosen)))
        chooser.open()

    def save_pdf(self, file: Path) -> None:
        self._wait(_("Saving…"))
        self._printer.save_pdf(self._paper, file, self._saved, self._fail)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _SCROLLING:
            bar = self._area.verticalScrollBar()
            page = bar.pageStep()
            places = (bar.value() - page, bar.value() + page, bar.minimum(), bar.maximum())
            bar.setValue(places[_SCROLLING.index(Qt.Key(event.key()))])
        else:
            super().keyPressEvent(event)

    # --------------------------------------------------------------------------------------------------- answering

    def _wait(self, text: str) -> None:
        self._said.say(text, "", "off")
        self.print_button.setEnabled(False)
        self.pdf_button.setEnabled(False)

    def _ready(self) -> None:
        self.print_button.setEnabled(self._printers.count() > 0)
        self.pdf_button.setEnabled(True)

    def _show_printers(self, names: tuple[str, ...]) -> None:
        self._printers.addItems(names)
        self._choice.setVisible(bool(names))
        self._ready()
        if names:
            self._said.clear()
            self.print_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            said = words.sentence("printer.missing")
            self._said.say(said.title, said.todo, "off")
            self.pdf_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _printed(self, _nothing: None) -> None:
        self.went_out.emit("printer")
        self._good(_("Handed to the printer {name}.").format(name=self._printers.currentText()))

    def _saved(self, _nothing: None) -> None:
        self.went_out.emit("pdf")
        self._good(_("Saved. Keep the file where only you can read it, and delete it when it is printed."))

    def _good(self, text: str) -> None:
        self._ready()
        self._said.say(text, "", "ok")
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fail(self, problem: StationError) -> None:
        self._ready()
        said = words.of_error(problem)
        self._said.say(said.title, said.todo, "bad")
        (self.print_button if self.print_button.isEnabled() else self.pdf_button).setFocus()


def file_name(title: str) -> str:
    """`daftar-kekurangan-berkas.pdf`."""
    return "-".join(re.findall(r"\w+", title.lower())) + ".pdf"
