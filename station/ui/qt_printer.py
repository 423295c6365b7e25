"""The printers the operating system knows, through Qt. Runs on the print room's thread."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from station.domain.errors import DeviceError
from station.domain.paper import Paper
from station.ui.sheet import Sheet

DOTS_PER_INCH = 300


def layout_on(wanted: QPageLayout, loaded: QPageSize) -> QPageLayout:
    """The sheet to ask for: a small paper comes out on the larger sheet that is loaded, at its upper left corner.

    Asking for the small one would make most printers stop and wait for somebody to load it.
    """
    point = QPageSize.Unit.Point
    small, large = wanted.pageSize().size(point), loaded.size(point)
    if loaded.isValid() and large.width() >= small.width() and large.height() >= small.height():
        return QPageLayout(loaded, QPageLayout.Orientation.Portrait, QMarginsF(), QPageLayout.Unit.Point)
    return wanted


class QtPrinter:
    """Fits `domain/ports.py: Printer`."""

    def names(self) -> tuple[str, ...]:
        usual = QPrinterInfo.defaultPrinterName()
        return tuple(sorted(QPrinterInfo.availablePrinterNames(), key=lambda name: (name != usual, name)))

    def describe(self, name: str) -> tuple[str, str]:
        known = QPrinterInfo.printerInfo(name)
        if known.isNull():
            return "", "printer.missing"
        stopped = known.state() is QPrinter.PrinterState.Error
        return known.makeAndModel(), "printer.not_ready" if stopped else ""

    def print(self, paper: Paper, name: str) -> None:
        """DeviceError `printer.missing`, `printer.not_ready` (stopped, out of paper), `printer.refused`."""
        known = QPrinterInfo.printerInfo(name)
        if known.isNull():
            raise DeviceError("printer.missing")
        if known.state() is QPrinter.PrinterState.Error:
            raise DeviceError("printer.not_ready", name=name)
        sheet = Sheet(paper)
        device = QPrinter(known)
        device.setDocName(paper.title)
        device.setResolution(DOTS_PER_INCH)
        device.setFullPage(True)
        device.setPageLayout(layout_on(sheet.layout, known.defaultPageSize()))
        sheet.paint_all(device, device.resolution())
