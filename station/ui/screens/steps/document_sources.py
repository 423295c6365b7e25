"""Where pages come from: camera, file or scanner. One is chosen, and stays chosen for the next person.

Knows no page and no desk; what it gives is bytes nobody has looked into yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from station.capture.document_file import read_file
from station.capture.scanner import ScannerFound, Scanners
from station.domain.device import Use, in_use
from station.domain.errors import DeviceError
from station.i18n import _
from station.ui.screens.steps.document_intake import Source

Chosen = Callable[[Sequence[Path]], None]
Chooser = Callable[[QWidget, Chosen], None]
"""Asks for files, and calls back when some were chosen."""


class Way(StrEnum):
    """A way in."""

    CAMERA = "camera"
    FILE = "file"
    SCANNER = "scanner"


class WayBox(QComboBox):
    """The ways in, to choose from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("step.documents.way")
        self.setAccessibleName(_("Take pages from"))
        for way, text in ((Way.CAMERA, _("Camera")), (Way.FILE, _("File…")), (Way.SCANNER, _("Scanner"))):
            self.addItem(text, way)

    @property
    def way(self) -> Way:
        return Way(self.currentData())

    def choose(self, way: Way) -> None:
        self.setCurrentIndex(self.findData(way))


def from_files(files: Sequence[Path]) -> Source:
    """One after another; a name is forgotten when its file has been read."""

    def give() -> Iterator[bytes]:
        for file in files:
            yield read_file(file)

    return give


def from_bytes(data: bytes) -> Source:
    """What a camera took."""
    return lambda: iter((data,))


def from_scanner(scanners: Scanners, used: Callable[[Use], None] = lambda _use: None) -> Source:
    """The first scanner that is there: a counter has one. `used` hears of every page, on the thread that reads it."""

    def give() -> Iterator[bytes]:
        found = scanners.look()
        if not found:
            raise DeviceError("scanner.none")
        yield from _timed(found[0], scanners.scan(found[0].address), used)

    return give


def _timed(scanner: ScannerFound, pages: Iterator[bytes], used: Callable[[Use], None]) -> Iterator[bytes]:
    """The pages as they come, and what each of them came to."""
    while True:
        began = monotonic()
        try:
            page = next(pages, None)
        except DeviceError as problem:
            if in_use(problem.code):
                used(Use(scanner.info, round((monotonic() - began) * 1000), problem.code))
            raise
        if page is None:
            return
        used(Use(scanner.info, round((monotonic() - began) * 1000)))
        yield page


def ask_files(parent: QWidget, chosen: Chosen) -> None:
    """Let a person point at files."""
    names = " (*.jpg *.jpeg *.png *.pdf *.tif *.tiff *.webp *.bmp)"
    dialog = _file_dialog(parent, _("Choose photos or PDF"), _("Photos and PDF") + names)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda names: chosen([Path(name) for name in names]))
    dialog.open()


def ask_photo(parent: QWidget, chosen: Callable[[Path], None]) -> None:
    """Let a person point at one photo."""
    dialog = _file_dialog(parent, _("Choose a photo"), _("Photos") + " (*.jpg *.jpeg *.png)")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    dialog.open()


def _file_dialog(parent: QWidget, title: str, kinds: str) -> QFileDialog:
    """Qt's own dialog: that of the system would remember the names among its recent."""
    dialog = QFileDialog(parent, title)
    dialog.setObjectName("documents.files")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setNameFilters([kinds, _("All files") + " (*)"])
    dialog.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation))
    for part, text in {
        QFileDialog.DialogLabel.LookIn: _("Folder"),
        QFileDialog.DialogLabel.FileName: _("File name"),
        QFileDialog.DialogLabel.FileType: _("File type"),
        QFileDialog.DialogLabel.Accept: _("Open"),
        QFileDialog.DialogLabel.Reject: _("Close"),
    }.items():
        dialog.setLabelText(part, text)
    dialog.finished.connect(dialog.deleteLater)
    return dialog
