"""Jemput bola: the list of trips, preparing one, its day, and closing it. Leads from page to page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from station.desk import signin, trip_papers, trips
from station.desk.office import Office
from station.desk.trip_day import Sheet
from station.desk.trips import TripRow
from station.domain.mark import N_
from station.domain.permission import Permission
from station.domain.trip import Trip
from station.ui.context import Context
from station.ui.screen import Screen
from station.ui.screens.trips import papers, taking_away
from station.ui.screens.trips.add_dialog import AddDialog
from station.ui.screens.trips.close_page import ClosePage
from station.ui.screens.trips.day_page import DayPage
from station.ui.screens.trips.list_page import ListPage
from station.ui.screens.trips.marking import Marking
from station.ui.screens.trips.plan_page import PlanPage
from station.ui.timer import timer

_NEWS_MS = 500


class TripsScreen(Screen):
    """`record_wanted` carries the NIK of somebody to record, the others the id of a record to open or to look at."""

    key = "trips"
    title = N_("Village trips")
    icon = "mdi6.van-utility"
    shortcut = "Ctrl+J"
    permission = Permission.READ_PERSON

    record_wanted = Signal(str)
    draft_wanted = Signal(str)
    look_wanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._sheet: Sheet | None = None
        self._asked = False  # whether today's trip was opened by itself once
        self.marking = Marking(context, self)
        self.list = ListPage()
        self.day = DayPage(self.marking)
        self.closing = ClosePage()
        names = [person.name for person in signin.operators(context.depot)]
        self.plan = PlanPage(context, names)
        self.pages = QStackedWidget()
        for page in (self.list, self.plan, self.day, self.closing):
            self.pages.addWidget(page)
        self._news = timer(self, _NEWS_MS, self._read)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self._connect()

    def opened(self) -> None:
        """Today's trip opens by itself the first time; later the page that was left is shown again."""
        self._read()
        self._enter()

    def open_trip(self, trip_id: str) -> None:
        """The sheet of a trip; of a closed one its report."""
        self._sheet = None
        self.marking.open(trip_id)

    # ----------------------------------------------------------------------------------------------------- reading

    def _read(self) -> None:
        office = self.context.desk
        self.context.tasks.run(lambda: _trips(office), self._show_trips)
        self.marking.read()

    def _show_trips(self, rows: Sequence[TripRow]) -> None:
        self.list.show_trips(rows, self.context.clock.now().astimezone().date())
        today = next((row for row in rows if row.current), None)
        if today is not None and not self._asked and not self.marking.trip_id:
            self.open_trip(today.trip.trip_id)
        self._asked = True

    def _show_sheet(self, sheet: Sheet) -> None:
        first = self._sheet is None or self._sheet.trip.trip_id != sheet.trip.trip_id
        self._sheet = sheet
        day_came = sheet.trip.plan.day <= self.context.clock.now().astimezone().date()
        self.day.show_sheet(sheet)
        self.closing.show_sheet(sheet, day_came=day_came)
        if first:
            self._bring(self.day if sheet.trip.open else self.closing)

    def _note_news(self) -> None:
        if self.isVisible() and not self._news.isActive():
            self._news.start()

    # ------------------------------------------------------------------------------------------------- going about

    def _bring(self, page: ListPage | PlanPage | DayPage | ClosePage) -> None:
        self.pages.setCurrentWidget(page)
        self._enter()

    def _enter(self) -> None:
        page = self.pages.currentWidget()
        if isinstance(page, ListPage | PlanPage | DayPage | ClosePage) and self.isVisible():
            page.entered()

    def _all(self) -> None:
        self.marking.trip_id = ""
        self._sheet = None
        self._read()
        self._bring(self.list)

    def _begin(self) -> None:
        self.plan.begin()
        self._bring(self.plan)

    def _edit(self) -> None:
        if self._sheet is not None:
            self.plan.edit(self._sheet.trip)
            self._bring(self.plan)

    def _planned(self, trip: Trip) -> None:
        self.context.bridge.records_changed.emit()
        self.open_trip(trip.trip_id)

    def _leave_plan(self) -> None:
        self._bring(self.day if self._sheet is not None else self.list)

    def _close(self) -> None:
        self._bring(self.closing)

    def _closed(self, _sheet: Sheet) -> None:
        self.context.bridge.records_changed.emit()
        self._bring(self.closing)

    def _person(self, nik: str) -> None:
        self._bring(self.day)
        self.day.show_person(nik)

    def _delete(self, trip_id: str) -> None:
        self.marking.delete(trip_id, self._all)

    # ------------------------------------------------------------------------------------------- dialogs and papers

    def _add(self) -> None:
        sheet = self._sheet
        if sheet is None or not sheet.trip.open:
            return
        dialog = AddDialog(invited=sheet.trip.targets is None, parent=self)
        dialog.given.connect(lambda nik, name, invited: self.marking.add(nik, name, as_invited=invited))
        self.marking.added.connect(dialog.accept)
        self.marking.refused.connect(dialog.refuse)
        dialog.open()

    def _papers(self) -> None:
        if self._sheet is not None:
            taking_away.ListDialog(self.context, self._sheet, self).open()

    def _print_report(self) -> None:
        if self._sheet is not None and not self._sheet.trip.open:
            taking_away.print_report(self.context, self._sheet, self)

    def _file_report(self) -> None:
        if self._sheet is not None:
            name = f"{trip_papers.file_stem(self._sheet.trip)}-laporan.csv"
            taking_away.ask_file(self, name, self.save_report)

    def save_report(self, file: Path) -> None:
        """Write the sums where the person said."""
        assert self._sheet is not None
        data = trip_papers.report_csv(papers.report_lines(self._sheet))
        taking_away.save(self.context, self._sheet, "report", file, data, self.closing.said)

    # --------------------------------------------------------------------------------------------------- made once

    def _connect(self) -> None:
        self.marking.changed.connect(self._show_sheet)
        self.marking.closed.connect(self._closed)
        self.marking.added.connect(self.day.show_person)
        self.list.opened.connect(self.open_trip)
        self.list.new_wanted.connect(self._begin)
        self.list.delete_wanted.connect(self._delete)
        self.plan.saved.connect(self._planned)
        self.plan.left.connect(self._leave_plan)
        day, closing = self.day, self.closing
        for page in (day, closing):
            page.draft_wanted.connect(self.draft_wanted)
        day.record_wanted.connect(self.record_wanted)
        day.look_wanted.connect(self.look_wanted)
        day.add_wanted.connect(self._add)
        day.plan_wanted.connect(self._edit)
        day.papers_wanted.connect(self._papers)
        day.close_wanted.connect(self._close)
        day.left.connect(self._all)
        closing.left.connect(lambda: self._bring(self.day))
        closing.person_wanted.connect(self._person)
        closing.rest_absent.connect(self.marking.mark_rest_absent)
        closing.close_confirmed.connect(self.marking.close)
        closing.print_wanted.connect(self._print_report)
        closing.file_wanted.connect(self._file_report)
        self.context.bridge.records_changed.connect(self._note_news)


def _trips(office: Office) -> tuple[TripRow, ...]:
    """All trips, after wiping the sheets that must not be kept any longer. Runs on the desk thread."""
    trips.forget_people(office)
    return trips.every(office)
