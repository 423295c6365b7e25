"""A paper laid out in pages. The screen, a PDF and a printer paint the same pages, so what is shown is what comes out.

Lengths are CSS pixels (1/96 inch) and independent of the device; painting scales them.
"""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QEventLoop, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from station.domain.errors import DeviceError
from station.domain.paper import Paper, PaperSize
from station.i18n import _
from station.ui.theme import FAMILY

DPI = 96
MARGIN = {PaperSize.A4: 60.0, PaperSize.A5: 40.0}
TEXT = 14
_PAGE = {PaperSize.A4: QPageSize.PageSizeId.A4, PaperSize.A5: QPageSize.PageSizeId.A5}
_INK, _QUIET = "#000000", "#444444"
_STYLE = f"""
h1 {{ font-size: x-large; font-weight: 700; margin-top: 14px; margin-bottom: 6px; }}
h2 {{ font-size: large; font-weight: 700; margin-top: 14px; margin-bottom: 4px; }}
p {{ margin-top: 4px; margin-bottom: 6px; }}
td, th {{ padding: 5px 6px; }}
th {{ font-weight: 600; text-align: left; color: {_QUIET}; }}
.quiet {{ color: {_QUIET}; font-size: 12px; }}
.strong {{ font-weight: 700; }}
.large {{ font-size: 20px; font-weight: 700; }}
"""


class Sheet:
    """The pages of one paper. May be made on any thread and is used on that one."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        inch = QPageSize.size(_PAGE[paper.size], QPageSize.Unit.Inch)
        self.size = QSizeF(inch.width() * DPI, inch.height() * DPI)
        self._events = QEventLoop()  # the layout starts timers, and a plain thread can have them only now
        self._document = QTextDocument()
        self._document.setUseDesignMetrics(True)  # lines break at the same words on paper and on the screen
        font = QFont(FAMILY)
        font.setPixelSize(TEXT)
        font.setFeature(QFont.Tag("tnum"), 1)
        self._document.setDefaultFont(font)
        self._document.setDefaultStyleSheet(_STYLE)
        self._document.setDocumentMargin(MARGIN[paper.size])
        self._document.setHtml(paper.html)
        self._document.setPageSize(self.size)

    @property
    def pages(self) -> int:
        return self._document.pageCount()

    @property
    def text(self) -> str:
        """What can be read on it, for a screen reader."""
        return self._document.toPlainText()

    def paint(self, painter: QPainter, page: int) -> None:
        """Paint page `page` (from 0) with its upper left corner at the painter's origin, in CSS pixels."""
        painter.save()
        painter.translate(0, -page * self.size.height())
        box = QRectF(0, page * self.size.height(), self.size.width(), self.size.height())
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = box
        context.palette.setColor(context.palette.ColorRole.Text, QColor(_INK))  # paper is white in a dark window too
        painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
        self._document.documentLayout().draw(painter, context)
        painter.restore()
        self._paint_foot(painter, page)

    def paint_all(self, device: QPagedPaintDevice, dots_per_inch: float) -> None:
        """Every page on `device`, which is set to this size without margins. DeviceError `printer.refused`."""
        painter = QPainter()
        if not painter.begin(device):
            raise DeviceError("printer.refused")
        try:
            painter.scale(dots_per_inch / DPI, dots_per_inch / DPI)
            for page in range(self.pages):
                if page and not device.newPage():
                    raise DeviceError("printer.refused")
                self.paint(painter, page)
        finally:
            painter.end()

    def pdf(self) -> bytes:
        """All pages as a PDF file."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setResolution(300)
        writer.setTitle(self.paper.title)
        writer.setPageLayout(self.layout)
        self.paint_all(writer, 300)
        buffer.close()
        return bytes(buffer.data().data())

    @property
    def layout(self) -> QPageLayout:
        """Size and direction for a printer; the margins are inside the pages."""
        size = QPageSize(_PAGE[self.paper.size])
        return QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(), QPageLayout.Unit.Point)

    def _paint_foot(self, painter: QPainter, page: int) -> None:
        """Free of charge, on every print; and which page this is."""
        margin = MARGIN[self.paper.size]
        box = QRectF(margin, self.size.height() - margin * 0.75, self.size.width() - 2 * margin, margin * 0.5)
        font = QFont(FAMILY)
        font.setPixelSize(11)
        painter.save()
        painter.setFont(font)
        painter.setPen(QColor(_QUIET))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | middle, _("All services are FREE of charge."))
        if self.pages > 1:
            number = _("Page {page} of {pages}").format(page=page + 1, pages=self.pages)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | middle, number)
        painter.restore()
