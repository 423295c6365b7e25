"""What stands at a station without being chosen here: where people sign, document scanners, printers."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QInputDevice

from station.capture.scanner import ScannerFound, Scanners
from station.domain.biometrics import DeviceInfo, Modality
from station.domain.device import device_id
from station.domain.errors import DeviceError, StationError
from station.domain.ports import Found
from station.ui.print_room import PrintRoom
from station.ui.tasks import Tasks

Tested = Callable[[DeviceInfo | None, DeviceError | None], None]
_POINTERS = (
    (QInputDevice.DeviceType.Stylus, "pen"),
    (QInputDevice.DeviceType.TouchScreen, "touch"),
)


class Fixtures(QObject):
    """`found` holds what is known so far of each kind, None for nothing there; `changed` when more is known."""

    changed = Signal()

    def __init__(self, printers: PrintRoom, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._printers = printers
        self._source = Scanners()
        self._scanners: tuple[ScannerFound, ...] = ()
        self._looking: Tasks | None = None  # scanners may take long to answer: they have a thread of their own
        self.found: dict[Modality, Found | None] = {Modality.SIGNATURE: _as_found(_signing())}

    def look(self) -> None:
        """Ask for printers and scanners, on their own threads. What was not there before may be there now."""
        self.found = {kind: found for kind, found in self.found.items() if found is not None}
        self.found[Modality.SIGNATURE] = _as_found(_signing())
        self._printers.names(self._know_printers, lambda _problem: self._know(Modality.PRINTER, None))
        looking = self._thread()
        if looking.idle:
            looking.run(self._source.look, self._know_scanners, lambda _problem: self._know(Modality.DOCUMENT, None))

    def test(self, kind: Modality, tested: Tested) -> None:
        """Ask one of them whether it works; nothing moves and nothing is printed."""
        found = self.found.get(kind)
        if found is None:
            tested(None, DeviceError("device.missing"))
        elif kind is Modality.DOCUMENT and self._scanners:
            address = self._scanners[0].address
            self._thread().run(
                lambda: self._source.test(address),
                lambda _well: tested(found.info, None),
                lambda problem: tested(found.info, _of_device(problem)),
            )
        elif kind is Modality.PRINTER:
            self._printers.names(
                lambda names: self._test_printer(names, tested), lambda problem: tested(found.info, _of_device(problem))
            )
        else:
            tested(found.info, None)  # whatever people sign with has nothing that could be asked

    def stop(self) -> None:
        self._source.stop()
        if self._looking is not None:
            self._looking.stop(0.0)
            self._looking = None

    def _test_printer(self, names: tuple[str, ...], tested: Tested) -> None:
        found = self.found.get(Modality.PRINTER)
        if found is None or not names:
            tested(None, DeviceError("printer.missing"))
            return
        self._printers.describe(
            names[0],
            lambda told: tested(found.info, DeviceError(told[1], name=names[0]) if told[1] else None),
            lambda problem: tested(found.info, _of_device(problem)),
        )

    def _thread(self) -> Tasks:
        if self._looking is None:
            self._looking = Tasks(name="scanners")
        return self._looking

    def _know_scanners(self, found: tuple[ScannerFound, ...]) -> None:
        self._scanners = found
        self._know(Modality.DOCUMENT, _as_found(found[0].info) if found else None)

    def _know_printers(self, names: tuple[str, ...]) -> None:
        if not names:
            self._know(Modality.PRINTER, None)
            return
        self._printers.describe(names[0], self._know_printer, lambda _problem: self._know(Modality.PRINTER, None))

    def _know_printer(self, told: tuple[str, str]) -> None:
        """Its make and model, never the name somebody gave it here: that could be the name of a person."""
        self._know(Modality.PRINTER, _as_found(DeviceInfo(Modality.PRINTER, "", "", told[0], "printer"), told[1]))

    def _know(self, kind: Modality, found: Found | None) -> None:
        self.found[kind] = found
        if shiboken6.isValid(self):  # the answer of a spooler may come when the screen has gone
            self.changed.emit()


def _signing() -> DeviceInfo:
    """The best that people can sign with here."""
    connected = {device.type(): device.name() for device in QInputDevice.devices()}
    for kind, driver in _POINTERS:
        if kind in connected:
            return DeviceInfo(Modality.SIGNATURE, "", "", connected[kind][:64] if driver == "pen" else "", driver)
    return DeviceInfo(Modality.SIGNATURE, "", "", "", "mouse")


def _as_found(info: DeviceInfo, trouble: str = "") -> Found:
    return Found(device_id(info), info, trouble)


def _of_device(problem: StationError) -> DeviceError:
    return problem if isinstance(problem, DeviceError) else DeviceError("device.broken")
