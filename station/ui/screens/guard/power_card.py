"""On what the station runs, when it saves power, and what it knows of its clock."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from station.desk import clock_guard
from station.desk.clock_guard import ClockPicture
from station.domain.mark import N_
from station.domain.permission import Permission
from station.domain.power import Saving
from station.i18n import _
from station.ui import clock_words, power_words
from station.ui.context import Context
from station.ui.screens.guard.card import GuardCard
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel

_SHOWN = 5


class PowerCard(GuardCard):
    """The choice is kept at once; delivery is woken."""

    key = "power"
    title = N_("Power and clock")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._power = label(wrap=True, name="guard.power.state")
        self._saving = QComboBox()
        self._saving.setObjectName("guard.power.saving")
        for choice in Saving:
            self._saving.addItem(power_words.saving_label(choice), choice)
        self._saving.activated.connect(self._choose)
        self._saving.setEnabled(context.desk.may(Permission.CHANGE_DELIVERY))
        hint = _("Meanwhile records are not sent and news is asked for less often. Recording goes on.")
        self._clock = label(wrap=True, name="guard.power.clock")
        self._jumps = label(role="small", wrap=True, name="guard.power.jumps")
        self.body.addWidget(self._power)
        self.body.addWidget(FieldLabel(_("Save power"), self._saving))
        self.body.addWidget(label(hint, "small", wrap=True))
        self.body.addWidget(self._clock)
        self.body.addWidget(self._jumps)
        context.power.changed.connect(self._show_power)

    def opened(self) -> None:
        self._show_power()
        office = self.context.desk
        self.context.tasks.run(lambda: clock_guard.picture(office), self._show)

    def _show_power(self) -> None:
        power = self.context.power
        self._power.setText(power_words.power_sentence(power.charge, power.state))

    def _show(self, found: ClockPicture) -> None:
        self._saving.setCurrentIndex(self._saving.findData(found.saving))
        now = self.context.clock.now()
        self._clock.setText(clock_words.of_check(found.check, now))
        self._jumps.setText("\n".join(clock_words.of_jump(jump, now) for jump in found.jumps[:_SHOWN]))
        self._jumps.setVisible(bool(found.jumps))

    def _choose(self) -> None:
        choice, office = Saving(self._saving.currentData()), self.context.desk
        self.context.tasks.run(
            lambda: clock_guard.save_power(office, choice), lambda _none: self.context.bridge.rules_changed.emit()
        )
