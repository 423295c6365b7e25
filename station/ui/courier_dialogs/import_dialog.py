"""Packets and receipts from a stick: which file, what is in it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from station.desk import courier
from station.desk.courier import Contents, Imported
from station.domain.errors import StationError
from station.i18n import _
from station.ui import courier_words
from station.ui import format as shown
from station.ui.context import Context
from station.ui.courier_dialogs.stick_dialog import StickDialog
from station.ui.courier_dialogs.sticks import Stick, sticks
from station.ui.widgets.button import button
from station.ui.widgets.card import label

NAME = "courier.import"


class ImportDialog(StickDialog):
    """Shows what is in a file before anything of it is taken; after one file the next can be chosen."""

    def __init__(
        self, context: Context, parent: QWidget, look_for_sticks: Callable[[], tuple[Stick, ...]] = sticks
    ) -> None:
        told = _("Packets of other stations are carried from here on; receipts settle what was sent by stick.")
        super().__init__(NAME, _("Import from a stick"), told, parent)
        self._context, self._look = context, look_for_sticks
        self._path: Path | None = None
        self.files = QComboBox()
        self.files.setObjectName(f"{NAME}.files")
        self.files.setAccessibleName(_("File"))
        self.files.currentIndexChanged.connect(lambda _index: self._choose_listed())
        self._nothing = label(_("Looking for files …"), "muted", wrap=True, name=f"{NAME}.nothing")
        self._facts = QWidget()
        self._rows = QFormLayout(self._facts)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(16)
        self._rows.setVerticalSpacing(6)
        self.go = button(f"{NAME}.go", _("Import"), self.start, "primary")
        self.go.setEnabled(False)
        self._form = self._arrange()
        self.foot.addWidget(self.go)
        self.look_again()

    def look_again(self) -> None:
        """Look for files on the sticks that are in this computer."""
        look = self._look

        def work() -> tuple[tuple[Path, datetime], ...]:
            return tuple(
                (path, courier.written_at(path)) for stick in look() for path in courier.bundles_in(stick.path)
            )

        self.ask(work, self._show_files)

    def choose(self, path: Path) -> None:
        """See what is in `path`. An answer about a file that was chosen before is late, and nobody's."""
        self._path = path
        self._list(path)
        self.said.clear()
        self._show_facts(None)
        office = self._context.desk

        def look() -> tuple[Path, Contents | StationError]:
            try:
                return path, courier.look(office, path)
            except StationError as problem:
                return path, problem

        self.ask(look, self._show_look)

    def start(self) -> None:
        """Take what is in the file that is shown."""
        office, path = self._context.desk, self._path
        assert path is not None, "the button is off without a file"
        self.run(
            lambda line: courier.import_bundle(office, path, progress=line.progress, cancelled=lambda: line.cancelled),
            self._show_result,
        )

    def work_changed(self, working: bool) -> None:
        if hasattr(self, "go"):  # the frame lays itself out first
            self.go.setVisible(not working)
            self._form.setEnabled(not working)

    def _show_files(self, files: tuple[tuple[Path, datetime], ...]) -> None:
        now = self._context.clock.now()
        self.files.blockSignals(True)
        self.files.clear()
        for path, at in files:
            self.files.addItem(f"{path.name} · {shown.when(at, now)}", path)
        self.files.blockSignals(False)
        self.files.setVisible(bool(files))
        self._nothing.setText("" if files else _("No file of a station was found on a stick."))
        self._nothing.setVisible(not files)
        self.fit()
        if files:
            self._choose_listed()
            self.files.setFocus(Qt.FocusReason.OtherFocusReason)

    def _list(self, path: Path) -> None:
        """Show `path` in the list as what is chosen: it may lie in a folder that nobody looked into."""
        listed = [self.files.itemData(row) for row in range(self.files.count())]
        self.files.blockSignals(True)
        if path not in listed:
            self.files.addItem(path.name, path)
            listed.append(path)
        self.files.setCurrentIndex(listed.index(path))
        self.files.blockSignals(False)
        self.files.show()
        self._nothing.hide()

    def _choose_listed(self) -> None:
        path = self.files.currentData()
        if isinstance(path, Path):
            self.choose(path)

    def _show_look(self, found: tuple[Path, Contents | StationError]) -> None:
        path, what = found
        if path != self._path:
            return
        if isinstance(what, StationError):
            self.say_problem(what)
        else:
            self._show_facts(what)

    def _show_facts(self, found: Contents | None) -> None:
        while self._rows.rowCount():
            self._rows.removeRow(0)
        if found is not None:
            for name, value in courier_words.contents(found, self._context.clock.now()):
                self._rows.addRow(label(name, "muted"), label(value, "strong", wrap=True))
        self._facts.setVisible(found is not None)
        self.go.setEnabled(found is not None)
        self.fit()

    def _show_result(self, found: Imported) -> None:
        title, tone, lines = courier_words.imported(found)
        self.say(title, "\n".join(lines), tone)
        self.go.setEnabled(found.stopped)
        self.close_button.setText(_("Close"))
        self.close_button.setAccessibleName(_("Close"))
        if not found.stopped:
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self) -> None:
        start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
        dialog = QFileDialog(self, _("Choose a file"), start, _("Files of stations (ktpel*.zip)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.choose(Path(name)))
        dialog.open()

    def _arrange(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        heading = label(_("File"), "label")
        heading.setBuddy(self.files)
        column.addWidget(heading)
        column.addWidget(self.files)
        column.addWidget(self._nothing)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(button(f"{NAME}.again", _("Look again"), self.look_again))
        row.addWidget(button(f"{NAME}.file", _("Another file…"), self._ask))
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._facts)
        for hidden in (self.files, self._facts):
            hidden.hide()
        self.body.addWidget(form)
        return form
