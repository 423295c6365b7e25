"""Asks where a list shall be saved as CSV. Writes nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from station.i18n import _


def ask_csv(parent: QWidget, name: str, suggested: str, chosen: Callable[[Path], object]) -> None:
    """`name` is the dialog's object name, `suggested` a file name without anything personal."""
    chooser = QFileDialog(parent, _("Save as CSV…"))
    chooser.setObjectName(name)
    chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    chooser.setNameFilter("CSV (*.csv)")
    chooser.setDefaultSuffix("csv")
    chooser.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    chooser.selectFile(suggested)
    chooser.fileSelected.connect(lambda file: chosen(Path(file)))
    chooser.open()
