"""Without a network: the file of the Dinas, and the code that opens it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QWidget

from station.desk import file_enrolment
from station.desk.file_enrolment import SUFFIX, Opened
from station.domain.errors import StationError
from station.i18n import _, ngettext
from station.ui import words
from station.ui.context import Context
from station.ui.courier_dialogs.sticks import sticks
from station.ui.screens.first_start.answers import Answers
from station.ui.screens.first_start.page import Page
from station.ui.widgets.button import button
from station.ui.widgets.field_label import FieldLabel


class FilePage(Page):
    """Files on sticks are found by themselves; opening one spends nothing."""

    key = "file"

    def __init__(self, context: Context, answers: Answers) -> None:
        super().__init__(context, answers)
        said = _("Put in the stick with the file. The code is on paper, or the Dinas says it by telephone.")
        self.intro.setText(said)
        self.list = QComboBox()
        self.list.setObjectName("first.file")
        self.again = button("first.file.again", _("Look again"), self._look)
        self.other = button("first.file.other", _("Another file…"), self._ask)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(FieldLabel(_("File of the Dinas"), self.list), 1)
        for way in (self.again, self.other):
            row.addWidget(way, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(row)
        self.body.addWidget(self.add_entry("file_code", _("One-time code"), _("Such as 7KQ2-M0XD-3RT9")))
        self._show(())

    @property
    def title(self) -> str:
        return _("File and code")

    def stops(self) -> Sequence[QWidget]:
        return [self.list, self.fields["file_code"].control]

    def opened(self) -> None:
        self._look()
        super().opened()

    def choose(self, path: Path) -> None:
        """Take this file, as a person chose it."""
        if self.list.itemData(0) is None:
            self.list.clear()
        self.list.insertItem(0, path.name, path)
        self.list.setCurrentIndex(0)
        self.fields["file_code"].control.setFocus()

    def go_on(self) -> None:
        path = self.list.currentData()
        self.say_nothing()
        if not isinstance(path, Path):
            self.warn(_("No file was chosen."), _("Put in the stick and press Look again."))
            self.again.setFocus()
            return
        if not self.complete():
            return
        depot, code, clock = self.context.depot, self.value("file_code"), self.context.clock
        self.work(_("Opening the file…"))

        def look() -> tuple[bytes, Opened]:
            data = file_enrolment.take(path)
            return data, file_enrolment.look(depot, data, code, clock)

        self.context.tasks.run(look, self._opened, self._refused)

    def _opened(self, found: tuple[bytes, Opened]) -> None:
        self.work("")
        self.answers.file, self.answers.opened = found
        self.answers.code = self.value("file_code")
        self.finished.emit()

    def _refused(self, error: StationError) -> None:
        self.work("")
        if error.code in ("enrolment_file.code", "signin.wait"):
            said, many = words.of_error(error), _("Too many wrong codes.")
            tries = int(str(error.data.get("tries_left", 0)))
            left = ngettext("{n} try left.", "{n} tries left.", tries).format(n=tries)
            self.say("file_code", f"{many} {said.todo}" if error.code == "signin.wait" else f"{said} {left}")
        else:
            self.refuse(error)
            self.list.setFocus()

    def _look(self) -> None:
        def look() -> tuple[Path, ...]:
            return tuple(path for stick in sticks() for path in file_enrolment.files_in(stick.path))

        self.context.tasks.run(look, self._show)

    def _show(self, found: tuple[Path, ...]) -> None:
        chosen = self.list.currentData()
        paths = [*found, *([chosen] if isinstance(chosen, Path) and chosen not in found else [])]
        self.list.clear()
        for path in paths:
            self.list.addItem(path.name, path)
        if not paths:
            self.list.addItem(_("No file found: put the stick in"), None)

    def _ask(self) -> None:
        dialog = QFileDialog(self, _("Choose the file of the Dinas"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        kind = _("Files of the Dinas")
        dialog.setNameFilter(f"{kind} (*{SUFFIX})")
        dialog.fileSelected.connect(lambda name: self.choose(Path(name)))
        dialog.open()
