"""Saving a diagnosis bundle: what is in it, where it goes, and that it is there. Needs nobody signed in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk import diagnosis
from station.domain.errors import StationError
from station.i18n import _
from station.ui import theme, words
from station.ui.context import Context
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label


class DiagnosisDialog(QDialog):
    """`save` writes into the folder that a person chose."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.setObjectName("diagnosis")
        self.setWindowTitle(_("Diagnosis"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(theme.px(480))
        told = _(
            "One file for the technician: versions, settings, the link, counters, technical notes, the health of "
            "devices and disk, and what the connection doctor found."
        )
        safe = _("No name, no NIK, no picture, no key and no password is in it.")
        self.said = Banner()
        self.said.setObjectName("diagnosis.said")
        self._choose = button("diagnosis.choose", _("Choose a folder…"), self._ask_folder, "primary")
        self._close = button("diagnosis.close", _("Close"), self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Save a diagnosis"), "h2"))
        column.addWidget(label(told, "muted", wrap=True))
        column.addWidget(label(safe, "strong", wrap=True))
        column.addWidget(self.said)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._close)
        row.addStretch(1)
        row.addWidget(self._choose)
        column.addLayout(row)
        self._choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self, folder: Path) -> None:
        """Write it, on the desk's thread, and say where it is or what is in the way."""
        depot, now = self._context.depot, self._context.clock.now()
        self._choose.setEnabled(False)
        self._context.tasks.run(lambda: diagnosis.write(depot, folder, now), self._saved, self._failed)

    def _saved(self, file: Path) -> None:
        self._choose.setEnabled(True)
        told = _("Send it to the technician of the Dinas, by mail or on a stick.")
        self._say(_("Saved: {name}").format(name=file.name), told, "ok")
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, problem: StationError) -> None:
        self._choose.setEnabled(True)
        sentence = words.of_error(problem)
        self._say(sentence.title, sentence.todo, "bad")

    def _say(self, title: str, todo: str, tone: str) -> None:
        self.said.say(title, todo, tone)
        self.adjustSize()  # the words make it taller, and nothing may be cut

    def _ask_folder(self) -> None:
        chooser = QFileDialog(self, _("Choose a folder…"))
        chooser.setObjectName("diagnosis.folder")
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        chooser.fileSelected.connect(lambda folder: self.save(Path(folder)))
        chooser.open()


def save_diagnosis(context: Context, parent: QWidget) -> DiagnosisDialog:
    """Ask where a diagnosis bundle should go, and write it there."""
    dialog = DiagnosisDialog(context, parent)
    dialog.open()
    return dialog
