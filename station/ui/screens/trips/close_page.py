"""The end of a trip: the sums, who keeps them from coming out, drafts to be finished later, and closing for good."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.desk.trip_day import Sheet
from station.domain.reconciliation import Counts, Gap
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import labels, trip_words
from station.ui.screens.trips.points_list import PointsList
from station.ui.screens.trips.scrolled import scrolled
from station.ui.screens.trips.sums_card import SumsCard
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label


class ClosePage(QWidget):
    """`person_wanted` carries the NIK of somebody open, `draft_wanted` a record id."""

    person_wanted = Signal(str)
    draft_wanted = Signal(str)
    rest_absent = Signal()
    close_confirmed = Signal()
    print_wanted = Signal()
    file_wanted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = label("", "title", name="trips.close.title")
        self.said = Banner()
        self.said.setObjectName("trips.close.said")
        self.sums = SumsCard()
        self.gaps = PointsList("trips.gaps", _("People who are open"))
        self.unfinished = PointsList("trips.unfinished", _("Recordings to be finished"))
        self._gaps_title = label("", "h2", name="trips.gaps.title")
        self._unfinished_title = label("", "h2")
        self._rest = button("trips.rest_absent", _("All who are not marked were absent"), self.rest_absent.emit)
        self._close = button("trips.close.close", _("Close the trip"), self._ask, "primary")
        self._sure = button("trips.close.sure", _("Yes, close it"), self.close_confirmed.emit, "danger")
        self._print = button("trips.close.print", _("Print · Ctrl+P"), self.print_wanted.emit)
        self._file = button("trips.close.csv", _("Save as CSV…"), self.file_wanted.emit)
        self._back = button("trips.close.back", _("‹ Back to the sheet"), self.left.emit, "link")
        self._gaps_card, self._unfinished_card = Card(), Card()
        QShortcut(QKeySequence("Ctrl+P"), self).activated.connect(self._print.click)
        self._arrange()
        self.gaps.opened.connect(self.person_wanted)
        self.unfinished.opened.connect(self.draft_wanted)

    def entered(self) -> None:
        """Place the focus on what is to be done next."""
        for widget in (self.gaps, self._close, self._print):
            if widget.isVisibleTo(self) and widget.isEnabled():
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def show_sheet(self, sheet: Sheet, *, day_came: bool) -> None:
        """The sums as they are now, or as they were when the trip was closed."""
        here = self.window().focusWidget()
        trip, result = sheet.trip, sheet.result
        village = sheet.village.name if sheet.village else trip.plan.village
        self.title.setText(f"{village} · {shown.day(trip.plan.day)}")
        counts = result.counts if trip.open else Counts.of_report(trip.report)
        self.sums.show_counts(counts)
        gaps = result.gaps if trip.open else ()
        self._show_gaps(sheet)
        self._unfinished_card.setVisible(bool(result.unfinished))
        self._unfinished_title.setText(_("To be finished: {count}").format(count=len(result.unfinished)))
        self.unfinished.show_points(
            [(entry.record_id, _unfinished(sheet, entry.record_id)) for entry in result.unfinished]
        )
        ready = trip.open and counts.adds_up and not gaps and day_came
        self._close.setVisible(trip.open)
        self._close.setEnabled(ready)
        self._rest.setVisible(any(point.gap is Gap.UNMARKED for point in gaps))
        self._sure.hide()
        self._print.setVisible(not trip.open)
        self._file.setVisible(not trip.open)
        self._say(sheet, day_came=day_came)
        if here is not None and self.isAncestorOf(here) and not here.isVisibleTo(self):
            self.entered()  # what had the keyboard is done with: on to what comes next

    def _show_gaps(self, sheet: Sheet) -> None:
        gaps = sheet.result.gaps if sheet.trip.open else ()
        self._gaps_card.setVisible(bool(gaps))
        self._gaps_title.setText(_("Still open: {count}").format(count=shown.thousands(len(gaps))))
        lines = []
        for point in gaps:
            unit = f" · {trip_words.unit(point.person.unit)}" if point.person.unit else ""
            lines.append((point.person.nik, f"{point.person.name}{unit} — {trip_words.gap(point)}"))
        self.gaps.show_points(lines)

    def _say(self, sheet: Sheet, *, day_came: bool) -> None:
        closed_at, gaps = sheet.trip.closed_at, len(sheet.result.gaps)
        if closed_at is not None:
            when = f"{shown.day(closed_at)} {shown.clock(closed_at)}"
            todo = _("Marks and sums stay as they are. Recordings can still be finished.")
            self.said.say(_("Closed on {when}").format(when=when), todo, "ok")
        elif not day_came:
            self.said.say(
                _("The day of this trip has not come yet."), _("It can be closed on its day or later."), "off"
            )
        elif gaps:
            text = ngettext(
                "The sums do not come out: {n} person is open.", "The sums do not come out: {n} people are open.", gaps
            )
            todo = _("Choose a line to go to the person. The trip can be closed when nobody is open.")
            self.said.say(text.format(n=shown.thousands(gaps)), todo, "warn")
        else:
            self.said.say(_("The sums come out."), _("The trip can be closed."), "ok")

    def _ask(self) -> None:
        """Closing cannot be undone, so it takes a second press."""
        self.said.say(
            _("Close the trip for good?"),
            _("Afterwards no mark can be changed and the trip cannot be opened again."),
            "warn",
        )
        self._sure.show()
        self._sure.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        who = QVBoxLayout()
        who.setSpacing(0)
        who.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        who.addWidget(self.title)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addLayout(who, 1)
        for widget in (self._file, self._print, self._close):
            head.addWidget(widget, 0, Qt.AlignmentFlag.AlignBottom)
        self.said.add_button(self._sure)
        gaps_head = QHBoxLayout()
        gaps_head.addWidget(self._gaps_title, 1)
        gaps_head.addWidget(self._rest)
        self._gaps_card.body.addLayout(gaps_head)
        self._gaps_card.body.addWidget(self.gaps, 1)
        self._unfinished_card.body.addWidget(self._unfinished_title)
        self._unfinished_card.body.addWidget(self.unfinished, 1)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.said)
        right.addWidget(self._gaps_card, 3)
        right.addWidget(self._unfinished_card, 2)
        right.addStretch(0)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(scrolled(self.sums, with_keys=True), 2)
        columns.addLayout(right, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 12, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addLayout(columns, 1)


def _unfinished(sheet: Sheet, record_id: str) -> str:
    """`BUDI SANTOSO CONTOH — Continue at: Irises`."""
    entry = next(entry for entry in sheet.result.unfinished if entry.record_id == record_id)
    step = labels.step(entry.next_step) if entry.next_step else ""
    name, ahead = entry.name or _("No name yet"), _("Continue at: {step}").format(step=step)
    return f"{name} — {ahead}"
