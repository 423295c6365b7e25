"""Whose data is on this station: counted, printed with names for the notice, or saved as a CSV."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from station.desk import inventory
from station.desk.office import Office
from station.domain.errors import StationError
from station.domain.inventory import Inventory
from station.i18n import _
from station.ui import inventory_words, theme, words
from station.ui.context import Context
from station.ui.csv_chooser import ask_csv
from station.ui.printing import escape, print_paper
from station.ui.tasks import Tasks
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.fit import fit_height


class InventoryDialog(QDialog):
    """Packets are opened one by one, in memory, on a thread of its own; closing it stops that."""

    _went_on = Signal(int, int)

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("inventory")
        self.setWindowTitle(_("Whose data is on this station"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(theme.px(640))
        self._context = context
        self.found: Inventory | None = None
        self.bar = QProgressBar()
        self.bar.setObjectName("inventory.bar")
        self.bar.setAccessibleName(_("Records read"))
        self.bar.setRange(0, 0)
        self.summary = label(wrap=True, name="inventory.summary")
        self.closed = label(role="muted", wrap=True, name="inventory.encryption")
        self.said = Banner()
        self.said.setObjectName("inventory.said")
        self.save_button = button("inventory.csv", _("Save as CSV…"), self._ask_file)
        self.print_button = button("inventory.print", _("Print"), self._print, "primary")
        for one in (self.save_button, self.print_button):
            one.setEnabled(False)
        self._lay_out()
        self._stop = Event()
        self._went_on.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)
        context.bridge.signed_out.connect(self.reject)
        office, self._runner = context.desk, Tasks(self, name="inventory")
        self._runner.run(lambda: self._read(office), self._show, self._failed)

    def done(self, result: int) -> None:
        """However it is closed: stop reading first."""
        self._stop.set()
        self._runner.stop()
        super().done(result)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Whose data is on this station"), "h2"))
        column.addWidget(self.bar)
        column.addWidget(self.summary)
        column.addWidget(self.closed)
        column.addWidget(self.said)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(button("inventory.close", _("Close"), self.reject))
        row.addStretch(1)
        row.addWidget(self.save_button)
        row.addWidget(self.print_button)
        column.addLayout(row)

    def _read(self, office: Office) -> Inventory | None:
        return inventory.of_this_station(office, self._went_on.emit, self._stop.is_set)

    def _show_progress(self, done: int, total: int) -> None:
        if self.found is None:
            self.bar.setRange(0, max(1, total))
            self.bar.setValue(done)
            self.bar.setFormat(_("{n} of {all}").format(n=done, all=total))

    def _show(self, found: Inventory | None) -> None:
        if found is None:
            return
        self.found = found
        self.bar.hide()
        self.summary.setText("\n".join((inventory_words.heading(found), "", *inventory_words.summary(found))))
        self.closed.setText(inventory_words.encryption(found))
        fit_height(self)
        for one in (self.save_button, self.print_button):
            one.setEnabled(True)
        self.print_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, problem: StationError) -> None:
        self.bar.hide()
        said = words.of_error(problem)
        self.said.say(said.title, said.todo, "bad")

    def _print(self) -> None:
        found, office = self.found, self._context.desk
        if found is not None:
            self._context.tasks.run(lambda: inventory.note_export(office, "print"))
            print_paper(self, _("Data on a station"), as_html(found), self._context.printer)

    def _ask_file(self) -> None:
        ask_csv(self, "inventory.file", "data-stasiun.csv", self.save)

    def save(self, file: Path) -> None:
        """Write the list where the person said, readable by them only."""
        found, office = self.found, self._context.desk
        if found is None:
            return

        def done(_nothing: None) -> None:
            self.said.say(_("Saved, with names and NIK. Keep the file where only you can read it."), tone="warn")

        data = inventory_words.as_csv(found)
        self._context.tasks.run(lambda: inventory.save(office, file, data), done, self._failed)


def as_html(found: Inventory) -> str:
    """The pages: what is on the station, how it is closed, and every record."""
    said = "".join(f"<li>{escape(line)}</li>" for line in inventory_words.summary(found))
    heads = "".join(f"<th>{escape(_(head))}</th>" for head in inventory_words.HEADS)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in inventory_words.cells(line)) + "</tr>"
        for line in found.lines
    )
    title = _("Data on a station")
    return (
        f"<h1>{escape(title)}</h1><p>{escape(inventory_words.heading(found))}</p><ul>{said}</ul>"
        f"<p>{escape(inventory_words.encryption(found))}</p>"
        f"<table width='100%'><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )
