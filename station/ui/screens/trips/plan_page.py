"""Preparing a trip: day, village, place, crew, kit, who is invited, and what is still missing before leaving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.desk import trip_readiness, trips
from station.desk.trip_readiness import Missing
from station.desk.trips import Preview
from station.domain.errors import StationError
from station.domain.form import parse_date
from station.domain.regions import is_village_code
from station.domain.trip import Plan, Trip
from station.i18n import _
from station.ui import trip_words, words
from station.ui.context import Context
from station.ui.form.date_entry import DateEntry
from station.ui.form.entry import Entry
from station.ui.form.village_entry import VillageEntry
from station.ui.screens.steps.lookups import Lookups
from station.ui.screens.trips.crew_box import CrewBox
from station.ui.screens.trips.invited_card import InvitedCard
from station.ui.screens.trips.kit_card import KitCard
from station.ui.screens.trips.scrolled import scrolled
from station.ui.widgets.button import button
from station.ui.widgets.card import Card, label
from station.ui.widgets.checks_card import Check, CheckList
from station.ui.widgets.field_label import FieldLabel


@dataclass(frozen=True)
class _Found:
    preview: Preview
    missing: tuple[Missing, ...]


class PlanPage(QWidget):
    """`saved` carries the Trip; `left` asks to go back without saving."""

    saved = Signal(object)
    left = Signal()

    def __init__(self, context: Context, operators: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._trip: Trip | None = None
        self._lookups = Lookups(context, self)
        self._title = label("", "title", name="trips.plan.title")
        self.day, self.village, self.place = DateEntry(), VillageEntry(self._lookups), Entry()
        for name, entry in {"day": self.day, "village": self.village, "place": self.place}.items():
            entry.setObjectName(f"trips.plan.{name}")
        self._fields = {
            "day": FieldLabel(_("Day"), self.day, _("dd-mm-yyyy")),
            "village": FieldLabel(_("Village"), self.village),
            "place": FieldLabel(_("Place"), self.place, _("Village hall, school, house of the RT head …")),
        }
        self.crew = CrewBox(operators)
        self.invited = InvitedCard()
        self.kit = KitCard()
        self.lacks = CheckList("trips.lack")
        self._save = button("trips.plan.save", _("Save the trip · Ctrl+S"), self._keep, "primary")
        self._back = button("trips.plan.back", _("Back"), self.left.emit)
        self._connect()
        self._arrange()

    def begin(self) -> None:
        """A new trip, for tomorrow unless another day is typed."""
        self._trip = None
        self._title.setText(_("Prepare a trip"))
        today = self._context.clock.now().astimezone().date()
        self._show(Plan(today + timedelta(days=1), "", crew=(self._context.desk.operator.name,)))

    def edit(self, trip: Trip) -> None:
        """Change a trip that is kept already."""
        self._trip = trip
        self._title.setText(_("Preparation of the trip"))
        self._show(trip.plan)

    def entered(self) -> None:
        """Place the focus where work begins."""
        first = self.place if self._trip else self.village
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def plan(self) -> Plan:
        """What is typed; a day that is none is refused by the desk."""
        return Plan(
            day=parse_date(self.day.value()) or date.min,
            village=self.village.value(),
            place=self.place.text(),
            crew=self.crew.names,
            kit=self.kit.packed,
            rts=self.invited.rts,
        )

    def _show(self, plan: Plan) -> None:
        for field in self._fields.values():
            field.say("")
        self.day.show_value(plan.day.isoformat())
        self.village.show_value(plan.village)
        self.village.setReadOnly(self._trip is not None)
        self.village.setProperty("read", "only" if self._trip else "")
        self.place.show_value(plan.place)
        self.crew.show_names(plan.crew)
        self.kit.show_packed(plan.kit)
        self.invited.clear(_("Choose the village first."))
        self._look()

    def _look(self) -> None:
        """Read who would be invited and what is missing."""
        plan, office = self.plan, self._context.desk
        trip_id = self._trip.trip_id if self._trip else ""
        rts = self._trip.plan.rts if self._trip else None
        if not is_village_code(plan.village):
            self.lacks.show_checks([Check(_("Choose the village to see what is missing."), "off")])
            return

        def read() -> _Found:
            preview = trips.preview(office, plan.village)
            invited = sum(number for unit, number in preview.units.items() if rts is None or unit in rts)
            return _Found(preview, trip_readiness.readiness(office, plan, trip_id, invited))

        self._context.tasks.run(read, lambda found: self._show_found(plan.village, found, rts))

    def _show_found(self, village: str, found: _Found, rts: Sequence[str] | None) -> None:
        if village != self.village.value():
            return  # another village was typed meanwhile
        if found.preview.listed is None:
            self.invited.clear(_("No target list of this village."))
        else:
            self.invited.show_preview(found.preview, rts)
        self._show_missing(found.missing)

    def _village_left(self) -> None:
        """A code becomes a name. Beside the parents there is room for its beginning only, so that is what is shown."""
        if is_village_code(self.village.value()):
            self.village.show_value(self.village.value())
        self.village.setCursorPosition(0)
        self._look()

    def _judge(self) -> None:
        """What is missing, after a tick: who is invited stays as it is shown."""
        plan, office, invited = self.plan, self._context.desk, self.invited.invited
        trip_id = self._trip.trip_id if self._trip else ""

        def show(missing: tuple[Missing, ...]) -> None:
            if invited == self.invited.invited:
                self._show_missing(missing)
            else:  # the people of the village came meanwhile
                self._judge()

        if is_village_code(plan.village):
            work = trip_readiness.readiness
            self._context.tasks.run(lambda: work(office, plan, trip_id, invited), show)

    def _show_missing(self, missing: Sequence[Missing]) -> None:
        said = [trip_words.lack(item) for item in missing]
        checks = [Check(one.text, one.tone) for one in said]
        self.lacks.show_checks(checks or [Check(_("Everything is ready."), "ok")])

    def _keep(self) -> None:
        """Once: a trip that is saved twice would be two."""
        if not self._save.isEnabled():
            return
        self._save.setEnabled(False)
        plan, office, trip = self.plan, self._context.desk, self._trip
        for field in self._fields.values():
            field.say("")
        if trip is None:
            self._context.tasks.run(lambda: trips.prepare(office, plan), self._kept, self._refused)
        else:
            self._context.tasks.run(lambda: trips.change(office, trip.trip_id, plan), self._kept, self._refused)

    def _kept(self, trip: Trip) -> None:
        self._save.setEnabled(True)
        self.saved.emit(trip)

    def _refused(self, error: StationError) -> None:
        """Said at the field it is about; everything typed stays."""
        self._save.setEnabled(True)
        field = self._fields.get(str(getattr(error, "field", "")))
        if field is None:
            self._context.tasks.failed.emit(error)
            return
        said = words.of_error(error)
        field.say(f"{said.title} {said.todo}")
        field.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        for entry in (self.day, self.village, self.place, self.crew.others):
            entry.entered.connect(lambda back: self.focusNextPrevChild(not back))
        self.village.left.connect(self._village_left)
        for entry in (self.day, self.place):
            entry.left.connect(self._judge)
        for signal in (self.crew.changed, self.kit.changed, self.invited.changed):
            signal.connect(self._judge)
        QShortcut(QKeySequence("Ctrl+S"), self).activated.connect(self._keep)
        self._context.bridge.signed_out.connect(self._lookups.stop)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._back)
        head.addWidget(self._save)
        what = Card(_("Trip"), spacing=10)
        for field in self._fields.values():
            what.body.addWidget(field)
        what.body.addWidget(self.crew)
        what.body.addStretch(1)
        missing = Card(_("Before leaving"))
        missing.body.addWidget(self.lacks)
        middle = QVBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.invited, 1)
        middle.addWidget(missing)
        kit = scrolled(self.kit)
        kit.setMinimumWidth(self.kit.minimumSizeHint().width() + kit.verticalScrollBar().sizeHint().width())
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(scrolled(what), 5)
        columns.addLayout(middle, 4)
        columns.addWidget(kit, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addLayout(columns, 1)
