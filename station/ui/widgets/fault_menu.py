"""The faults of training mode: a device misbehaves as the trainer says, and the operator learns what is told then."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from station.domain.mark import N_
from station.i18n import _
from station.ui import icons, theme
from station.ui.context import DeviceFaults

WELL = ""
_WORDS: dict[str, str] = {
    WELL: N_("Nothing is wrong"),
    "unplugged": N_("Device unplugged"),
    "unplug": N_("Cable pulled out while capturing"),
    "hang": N_("Device hangs"),
    "busy": N_("Device is busy"),
    "torn_frames": N_("Live picture is torn"),
    "slow_frames": N_("Live picture is slow"),
    "low_quality": N_("Dry fingers, restless eyes"),
    "wrong_hand": N_("The other hand"),
    "same_finger": N_("The same finger twice"),
    "three_of_four": N_("Three fingers of four"),
    "whole_slap": N_("One picture of the whole hand"),
    "bad_signature": N_("Signature of the device is broken"),
    "expired_certificate": N_("Certificate has expired"),
    "unknown_authority": N_("Maker is not known"),
    "clock_skew": N_("Clock of the device is wrong"),
    "port_taken": N_("Another program is in the way"),
}


class FaultMenu(QPushButton):
    """Says only that something is wrong: what it is, the operator finds out. `chosen` carries its name, '' for none."""

    chosen = Signal(str)

    def __init__(self, faults: DeviceFaults, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._faults = faults
        self._now = WELL
        self.setObjectName("training.faults")
        self.setAutoDefault(True)
        menu = QMenu(self)
        group = QActionGroup(menu)
        for name in (WELL, *faults.names):
            action = QAction(_(_WORDS[name]), group)
            action.setObjectName(f"training.fault.{name}")
            action.setCheckable(True)
            action.setChecked(name == WELL)
            action.triggered.connect(lambda _checked, name=name: self._choose(name))
            menu.addAction(action)
            if name == WELL:
                menu.addSeparator()
        self.setMenu(menu)
        self._show()

    def _choose(self, name: str) -> None:
        self._now = name
        self._faults.choose(name)
        self._show()
        self.chosen.emit(name)

    def _show(self) -> None:
        self.setText(_("A fault is on") if self._now else _("Practise a fault"))
        self.setAccessibleName(_("Practise a fault: {fault}").format(fault=_(_WORDS[self._now])))
        self.setIcon(icons.icon("mdi6.alert-outline" if self._now else "mdi6.flask-outline"))
        self.setProperty("tone", "warn" if self._now else None)
        theme.restyle(self)
