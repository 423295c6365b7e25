"""What of a screen belongs to which permission: whoever may not finds it switched off, with the reason.

The desk refuses in any case; this keeps people from pressing what they may not. Must not know who may what.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from station.domain.permission import Permission
from station.i18n import _
from station.ui import labels

NEEDED: dict[str, Permission] = {
    "capture.withdraw": Permission.DELETE_DRAFT,
    "records.start": Permission.ENTER_PERSON,
    "records.pane.resume": Permission.ENTER_PERSON,
    "records.pane.repair": Permission.CORRECT_RECORD,
    "quiet.chosen": Permission.CHANGE_DELIVERY,
    "quiet.all": Permission.CHANGE_DELIVERY,
    "rosters.import": Permission.ENTER_LIST,
    "rosters.first": Permission.ENTER_LIST,
    "rosters.wipe": Permission.ENTER_LIST,
    "trips.new": Permission.ENTER_LIST,
    "trips.first": Permission.ENTER_LIST,
    "trips.delete": Permission.ENTER_LIST,
    "trips.plan": Permission.ENTER_LIST,
    "trips.close.close": Permission.ENTER_LIST,
    "trips.add": Permission.ENTER_PERSON,
    "trips.undo": Permission.ENTER_PERSON,
    "trips.rest_absent": Permission.ENTER_PERSON,
    "trips.person.record": Permission.ENTER_PERSON,
    "trips.person.remove": Permission.ENTER_PERSON,
    "trips.papers": Permission.PRINT_PAPER,
    "trips.close.print": Permission.PRINT_PAPER,
    "trips.close.csv": Permission.PRINT_PAPER,
    "sync.pause": Permission.CHANGE_DELIVERY,
    "sync.send_now": Permission.CHANGE_DELIVERY,
    "sync.speed.open": Permission.CHANGE_DELIVERY,
    "sync.more.speed": Permission.CHANGE_DELIVERY,
    "sync.retry": Permission.CHANGE_DELIVERY,
    "sync.relay": Permission.CHANGE_DELIVERY,
    "sync.quiet.all": Permission.CHANGE_DELIVERY,
    "sync.stick.export": Permission.COPY_PACKETS,
    "sync.stick.import": Permission.ENTER_COURIER,
    "sync.diagnosis": Permission.COPY_DIAGNOSIS,
    "sync.more.diagnosis": Permission.COPY_DIAGNOSIS,
    "sync.open_record": Permission.READ_PERSON,
    "devices.change": Permission.CHANGE_DEVICES,
    "devices.report": Permission.CHANGE_DEVICES,
    "devices.repaired": Permission.CHANGE_DEVICES,
    "devices.try_out": Permission.CHANGE_DEVICES,
    "letter.retry": Permission.CHANGE_DELIVERY,
    "letter.correct": Permission.CORRECT_RECORD,
    "letter.export": Permission.COPY_PACKETS,
    "letter.void": Permission.DELETE_PACKET,
}
"""By the name of a button, switch or entry of a menu."""


class Refused(QObject):
    """Holds something switched off, whatever its screen does with it."""

    def __init__(self, control: QWidget | QAction, needed: Permission) -> None:
        super().__init__(control)
        self._control = control
        if isinstance(control, QAction):
            control.changed.connect(self._hold)
        else:
            control.installEventFilter(self)
        told = _("Your role does not allow this. These may: {roles}.")
        control.setToolTip(told.format(roles=labels.who_may(needed)))
        self._hold()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.EnabledChange:
            self._hold()
        return False

    def _hold(self) -> None:
        if self._control.isEnabled():
            self._control.setEnabled(False)


def hold(inside: QWidget, may: Callable[[Permission], bool]) -> None:
    """Switch off everything inside a screen or dialog that whoever is signed in may not use."""
    controls: list[QWidget | QAction] = [*inside.findChildren(QWidget), *inside.findChildren(QAction)]
    for control in controls:
        needed = NEEDED.get(control.objectName())
        if needed is not None and not may(needed) and not control.findChildren(Refused):
            Refused(control, needed)
