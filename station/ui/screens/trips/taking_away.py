"""Papers and files that leave the program: only where a person says, after a sentence, and noted in the audit."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk import consents, trip_papers
from station.desk.office import Office
from station.desk.trip_day import Sheet
from station.domain.errors import StationError
from station.i18n import _
from station.ui import words
from station.ui.context import Context
from station.ui.printing import print_paper
from station.ui.screens.consent_dialog import ConsentDialog
from station.ui.screens.steps.lookups import Lookups
from station.ui.screens.trips import papers
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label


class ListDialog(QDialog):
    """What to do with the list of names: print it or save it. It says what is on it and how to keep it."""

    def __init__(self, context: Context, sheet: Sheet, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._sheet, self._window = context, sheet, parent
        self.setObjectName("trips.taking")
        self.setWindowTitle(papers.list_title())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        told = _(
            "The list has names, birth years and addresses, and no NIK. "
            "Give it only to the village office, and destroy it after the trip."
        )
        self.said = Banner()
        self.said.setObjectName("trips.taking.said")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(papers.list_title(), "h2"))
        column.addWidget(label(told, "muted", wrap=True))
        column.addWidget(self.said)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(button("trips.taking.close", _("Close"), self.reject))
        row.addStretch(1)
        row.addWidget(button("trips.taking.csv", _("Save as CSV…"), self._ask_file))
        first = button("trips.taking.print", _("Print"), self._print, "primary")
        row.addWidget(first)
        column.addLayout(row)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _print(self) -> None:
        print_list(self._context, self._sheet, self._window)
        self.accept()

    def _ask_file(self) -> None:
        ask_file(self, f"{trip_papers.file_stem(self._sheet.trip)}-daftar.csv", self.save)

    def save(self, file: Path) -> None:
        """Write the list where the person said; a second officer agrees first, where there is one."""
        data, trip_id = trip_papers.list_csv(self._sheet, papers.list_heads()), self._sheet.trip.trip_id
        office = self._context.desk

        def ask(problem: StationError) -> None:
            if problem.code != "consent.names_taken":
                said = words.of_error(problem)
                self.said.say(said.title, said.todo, "bad")
                return

            def agree(office: Office, officer_id: str, password: str) -> None:
                voucher = consents.vouch_for_names(office, trip_id, officer_id, password)
                trip_papers.save_list(office, trip_id, file, data, voucher)

            dialog = ConsentDialog(Lookups(self._context, self), problem.code, agree, self)
            dialog.agreed.connect(lambda _none: _say_saved(self.said))
            dialog.open()

        self._context.tasks.run(
            lambda: trip_papers.save_list(office, trip_id, file, data), lambda _none: _say_saved(self.said), ask
        )


def print_list(context: Context, sheet: Sheet, parent: QWidget) -> None:
    """Show the invitation list for printing."""
    office, trip_id = context.desk, sheet.trip.trip_id
    html = papers.list_html(sheet, office.station, context.clock.now())
    context.tasks.run(lambda: trip_papers.note_paper(office, trip_id, "list"))
    print_paper(parent, papers.list_title(), html, context.printer)


def print_report(context: Context, sheet: Sheet, parent: QWidget) -> None:
    """Show the report for printing. It has no names, so it is not noted."""
    html = papers.report_html(sheet, context.desk.station, context.clock.now())
    print_paper(parent, papers.report_title(), html, context.printer)


def save(context: Context, sheet: Sheet, kind: str, file: Path, data: bytes, said: Banner) -> None:
    """Write a file on the desk thread and say how it went."""
    office, trip_id = context.desk, sheet.trip.trip_id
    context.tasks.run(lambda: trip_papers.save(office, trip_id, kind, file, data), lambda _none: _say_saved(said))


def _say_saved(said: Banner) -> None:
    told = _("Saved. Keep the file where only you can read it, and delete it when it is not needed any more.")
    said.say(told, "", "ok")


def ask_file(parent: QWidget, name: str, chosen: object) -> None:
    """Where should the file go? The name that is offered has a day and a village, nobody's name."""
    chooser = QFileDialog(parent, _("Save as CSV…"))
    chooser.setObjectName("trips.file")
    chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    chooser.setNameFilter("CSV (*.csv)")
    chooser.setDefaultSuffix("csv")
    chooser.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    chooser.selectFile(name)
    chooser.fileSelected.connect(lambda file: chosen(Path(file)))  # type: ignore[operator]
    chooser.open()
