"""The test of devices as a person sees it: what is tested now, and in one banner what came of it and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from station.desk import devices
from station.domain.biometrics import DeviceInfo, Modality
from station.domain.errors import DeviceError
from station.i18n import _, ngettext
from station.ui import words
from station.ui.checkup import Checkup
from station.ui.context import Context
from station.ui.screens.devices import device_words
from station.ui.screens.devices.fixtures import Fixtures
from station.ui.widgets.banner import Banner


class Testing(QObject):
    """`changed` when a test begins or has ended. It goes on while another screen is looked at."""

    changed = Signal()

    def __init__(self, context: Context, fixtures: Fixtures, banner: Banner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._banner = banner
        self._fixtures = fixtures
        self._beside = False  # one that has no lane is being tested
        self._checkup = Checkup(context.lanes, self)
        self._failed: list[tuple[Modality, DeviceError]] = []
        self._all = False
        self._checkup.testing.connect(self._testing)
        self._checkup.told.connect(self._tested)
        self._checkup.finished.connect(self._finished)

    @property
    def running(self) -> bool:
        return self._checkup.running or self._beside

    def start_all(self) -> None:
        """The morning's test: every kind in turn."""
        self._start(devices.CAPTURING)

    def start_one(self, kind: Modality) -> None:
        if kind in devices.CAPTURING:
            self._start((kind,))
        elif not self.running:
            self._all, self._beside = False, True
            self._failed.clear()
            self._testing(kind, 0, 1)
            self._fixtures.test(kind, lambda info, problem: self._tested_beside(kind, info, problem))
            self.changed.emit()

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self._beside = False
        self._checkup.stop()

    def _start(self, kinds: Sequence[Modality]) -> None:
        if not self.running:
            self._all = len(kinds) > 1
            self._failed.clear()
            self._checkup.start(kinds)
            self.changed.emit()

    def _testing(self, kind: Modality, done: int, total: int) -> None:
        text = _("Testing {n} of {all}: {device}").format(n=done + 1, all=total, device=device_words.kind(kind))
        self._banner.say(text, _("Less than a minute altogether. Nothing has to be placed on the glass."), "brand")

    def _tested(self, kind: Modality, info: DeviceInfo | None, problem: DeviceError | None) -> None:
        if problem is not None:
            self._failed.append((kind, problem))
        if info is not None:
            depot, now = self._context.depot, self._context.clock.now()
            self._context.tasks.run(lambda: devices.note_test(depot, info, problem, now))

    def _tested_beside(self, kind: Modality, info: DeviceInfo | None, problem: DeviceError | None) -> None:
        if self._beside:
            self._beside = False
            self._tested(kind, info, problem)
            self._finished()

    def _finished(self) -> None:
        if self._all:
            depot, today = self._context.depot, f"{self._context.clock.now().astimezone():%Y-%m-%d}"
            self._context.tasks.run(lambda: devices.note_tested_today(depot, today))
            self._context.bridge.devices_tested.emit()
        self._say_result()
        self.changed.emit()

    def _say_result(self) -> None:
        if not self._failed:
            self._banner.say(_("All devices are well.") if self._all else _("The device is well."), "", "ok")
            return
        count = len(self._failed)
        title = ngettext("{n} device needs attention.", "{n} devices need attention.", count).format(n=count)
        todo = "\n".join(f"{device_words.kind(kind)}: {words.of_error(problem)}" for kind, problem in self._failed)
        self._banner.say(title, todo, "bad")
