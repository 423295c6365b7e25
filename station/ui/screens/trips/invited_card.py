"""Who is invited: which target list says so, how many of it are recorded already, and the units (RT/RW) to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from station.desk.trips import Preview
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import trip_words
from station.ui.widgets.card import Card, label

_UNIT = Qt.ItemDataRole.UserRole


class InvitedCard(Card):
    """`changed` tells that a unit was ticked. Space ticks, as in every list of ticks."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Invited"), parent)
        self._units: Mapping[str, int] = {}
        self._facts = label(role="small", wrap=True, name="trips.list.facts")
        self._count = label(role="strong", name="trips.invited")
        self.units = QListWidget()
        self.units.setObjectName("trips.units")
        self.units.setAccessibleName(_("RT of the village"))
        self.units.setProperty("look", "list")
        self.units.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.units.itemChanged.connect(lambda _item: self._ticked())
        self.body.addWidget(self._facts)
        self.body.addWidget(self._count)
        self.body.addWidget(self.units, 1)
        self.body.addStretch(0)  # takes the room while there are no units

    def show_preview(self, preview: Preview, rts: Sequence[str] | None) -> None:
        """Another village; `rts` are the units chosen before, None means all."""
        self._units = preview.units
        self._facts.setText(_facts(preview))
        self._facts.setVisible(bool(preview.listed))
        self.units.blockSignals(True)
        self.units.clear()
        for unit, number in preview.units.items():
            people = ngettext("{n} person", "{n} people", number).format(n=shown.thousands(number))
            item = QListWidgetItem(f"{trip_words.unit(unit)} · {people}")
            item.setData(_UNIT, unit)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if rts is None or unit in rts else Qt.CheckState.Unchecked)
            self.units.addItem(item)
        if self.units.count():
            self.units.setCurrentRow(0)
        self.units.blockSignals(False)
        self.units.setVisible(bool(preview.units))
        self._show_count()

    def clear(self, text: str) -> None:
        """No village yet."""
        self._units = {}
        self.units.clear()
        self.units.hide()
        self._facts.hide()
        self._count.setText(text)

    @property
    def rts(self) -> tuple[str, ...] | None:
        """The units that are ticked; None when all of them are, so that units of a later list are in."""
        ticked = self._ticked_units()
        return None if len(ticked) == len(self._units) else ticked

    @property
    def invited(self) -> int:
        return sum(self._units[unit] for unit in self._ticked_units())

    def _ticked_units(self) -> tuple[str, ...]:
        items = [self.units.item(row) for row in range(self.units.count())]
        return tuple(str(item.data(_UNIT)) for item in items if item.checkState() is Qt.CheckState.Checked)

    def _ticked(self) -> None:
        self._show_count()
        self.changed.emit()

    def _show_count(self) -> None:
        number = self.invited
        text = ngettext("{n} person invited", "{n} people invited", number)
        self._count.setText(text.format(n=shown.thousands(number)))


def _facts(preview: Preview) -> str:
    if preview.listed is None:
        return ""
    card = preview.listed.card
    facts = _("Target list version {version}, made {made}, good until {until}").format(
        version=card.version, made=shown.day(card.made_at), until=shown.day(card.expires_at)
    )
    people = _("{people} people of this village, {recorded} recorded already").format(
        people=shown.thousands(len(preview.listed.people)), recorded=shown.thousands(preview.listed.recorded)
    )
    return f"{facts} · {people}"
