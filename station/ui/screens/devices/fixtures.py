"""What stands at a station without being chosen here: where people sign, document scanners, printers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QInputDevice

from station.capture.scanner import ScannerFound, Scanners
from station.i18n import _
from station.ui.labels import Label
from station.ui.print_room import PrintRoom
from station.ui.screens.devices.device_model import Line
from station.ui.tasks import Tasks


class Fixtures:
    """`lines` as far as they are known; `told` is called when more is."""

    def __init__(self, printers: PrintRoom, told: Callable[[], None]) -> None:
        self._printers = printers
        self._told = told
        self._names: tuple[str, ...] | None = None
        self._scanners: tuple[str, ...] | None = None
        self._source = Scanners()
        self._looking: Tasks | None = None  # scanners may take long to answer: they have a thread of their own

    @property
    def lines(self) -> tuple[Line, ...]:
        return _signing(), _scanning(self._scanners), _printing(self._names)

    def look(self) -> None:
        """Ask for printers and scanners, on their own threads."""
        self._printers.names(self._know, lambda _problem: self._know(()))
        if self._looking is None:
            self._looking = Tasks(name="scanners")
        if self._looking.idle:
            self._looking.run(self._source.look, self._know_scanners, lambda _problem: self._know_scanners(()))

    def stop(self) -> None:
        self._source.stop()
        if self._looking is not None:
            self._looking.stop(0.0)
            self._looking = None

    def _know_scanners(self, found: tuple[ScannerFound, ...]) -> None:
        self._scanners = tuple(item.name for item in found)
        self._told()

    def _know(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._told()


def _signing() -> Line:
    kinds = {device.type() for device in QInputDevice.devices()}
    if QInputDevice.DeviceType.Stylus in kinds:
        found = _("a tablet with a pen")
    elif QInputDevice.DeviceType.TouchScreen in kinds:
        found = _("a finger on the screen")
    else:
        found = _("the mouse; a tablet with a pen is easier for people")
    facts = _("Signing works with whatever is connected: nothing to choose")
    return Line("mdi6.draw", _("Signature"), found, Label(_("Ready"), "ok"), facts)


def _scanning(names: tuple[str, ...] | None) -> Line:
    icon, title = "mdi6.scanner", _("Document scanner")
    facts = _("Documents can be photographed or read from a file as well")
    if names is None:
        return Line(icon, title, "", Label(_("Looking…"), "off"), facts)
    if not names:
        return Line(icon, title, _("no scanner is connected"), Label(_("None"), "off"), facts)
    return Line(icon, title, ", ".join(names), Label(_("Ready"), "ok"), facts)


def _printing(names: tuple[str, ...] | None) -> Line:
    facts = _("Printers are set up in the operating system")
    if names is None:
        return Line("mdi6.printer-outline", _("Printer"), "", Label(_("Looking…"), "off"), facts)
    if not names:
        nothing = _("no printer is set up: receipts can be saved as a file")
        return Line("mdi6.printer-outline", _("Printer"), nothing, Label(_("Not found"), "warn"), facts)
    return Line("mdi6.printer-outline", _("Printer"), ", ".join(names), Label(_("Ready"), "ok"), facts)
