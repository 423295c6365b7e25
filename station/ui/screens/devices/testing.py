"""The test of devices as a person sees it: what is tested now, and in one banner what came of it and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from station.desk import devices
from station.domain.biometrics import DeviceInfo, Modality
from station.domain.errors import DeviceError
from station.i18n import _, ngettext
from station.ui import checkup, words
from station.ui.checkup import Checkup
from station.ui.context import Context
from station.ui.screens.devices import device_words
from station.ui.screens.devices.fixtures import Fixtures
from station.ui.timer import timer
from station.ui.widgets.banner import Banner


class Testing(QObject):
    """`changed` when a test begins or has ended. It goes on while another screen is looked at.

    First what captures, then what stands beside it and was found, all within one minute.
    """

    changed = Signal()

    def __init__(self, context: Context, fixtures: Fixtures, banner: Banner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._banner = banner
        self._fixtures = fixtures
        self._open: list[Modality] = []  # beside, and still to be tested
        self._beside: Modality | None = None  # the one of them that is asked now
        self._asked = self._done = 0
        self._checkup = Checkup(context.lanes, self)
        self._failed: list[tuple[Modality, DeviceError]] = []
        self._all = False
        self._limit = timer(self, 0, self._time_up)
        self._checkup.testing.connect(self._testing)
        self._checkup.told.connect(self._tested)
        self._checkup.finished.connect(self._go_on)
        fixtures.changed.connect(self._found_more)

    @property
    def running(self) -> bool:
        return self._checkup.running or bool(self._open)

    def start_all(self) -> None:
        """The morning's test: every kind in turn."""
        self._start(devices.CAPTURING, devices.BESIDE)

    def start_one(self, kind: Modality) -> None:
        if kind in devices.CAPTURING:
            self._start((kind,), ())
        else:
            self._start((), (kind,))

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self._limit.stop()
        self._open, self._beside = [], None
        self._asked += 1
        self._checkup.stop()

    def _start(self, capturing: Sequence[Modality], beside: Sequence[Modality]) -> None:
        if self.running:
            return
        self._all = len(capturing) > 1
        self._failed.clear()
        self._open, self._done = list(beside), 0
        self._limit.start(int(checkup.ALTOGETHER_S * 1000))
        if capturing:
            self._checkup.start(capturing)
        else:
            self._go_on()
        self.changed.emit()

    # ------------------------------------------------------------------------------------------ what stands beside

    def _go_on(self) -> None:
        """To the next one that was found; what is only being looked for comes last."""
        found = self._fixtures.found
        if self._all:
            self._open = [kind for kind in self._open if kind not in found or found[kind] is not None]
        if not self._open or not self._limit.isActive():
            self._finished()
            return
        self._open.sort(key=lambda kind: kind not in found)
        kind = self._open[0]
        self._testing(kind, self._done, self._done + len(self._open))
        if kind in found or not self._all:
            self._ask(kind)

    def _found_more(self) -> None:
        if self._open and self._beside is None and not self._checkup.running:
            self._go_on()

    def _ask(self, kind: Modality) -> None:
        self._beside = kind
        self._asked += 1
        mine = self._asked

        def told(info: DeviceInfo | None, problem: DeviceError | None) -> None:
            if mine == self._asked:  # else it answers when nobody waits any more
                self._told_beside(kind, info, problem)

        self._fixtures.test(kind, told)

    def _told_beside(self, kind: Modality, info: DeviceInfo | None, problem: DeviceError | None) -> None:
        self._asked += 1
        self._beside = None
        self._open.remove(kind)
        self._tested(kind, info, problem)
        self._go_on()

    def _time_up(self) -> None:
        """What does not answer is not well; what was not asked is said."""
        if self._beside is not None:
            found = self._fixtures.found.get(self._beside)
            self._told_beside(self._beside, found.info if found else None, DeviceError("device.no_answer"))
        elif not self._checkup.running:
            self._go_on()

    # ----------------------------------------------------------------------------------------------------- telling

    def _testing(self, kind: Modality, done: int, total: int) -> None:
        if self._checkup.running:
            found = self._fixtures.found
            total += sum(kind not in found or found[kind] is not None for kind in self._open)
        text = _("Testing {n} of {all}: {device}").format(n=done + 1, all=total, device=device_words.kind(kind))
        self._banner.say(text, _("Less than a minute altogether. Nothing has to be placed on the glass."), "brand")

    def _tested(self, kind: Modality, info: DeviceInfo | None, problem: DeviceError | None) -> None:
        self._done += 1
        if problem is not None:
            self._failed.append((kind, problem))
        if info is not None:
            depot, now = self._context.depot, self._context.clock.now()
            self._context.tasks.run(lambda: devices.note_test(depot, info, problem, now))

    def _finished(self) -> None:
        self._limit.stop()
        untested, self._open = tuple(self._open), []
        if self._all:
            depot, today = self._context.depot, f"{self._context.clock.now().astimezone():%Y-%m-%d}"
            self._context.tasks.run(lambda: devices.note_tested_today(depot, today))
            self._context.bridge.devices_tested.emit()
        self._say_result(untested)
        self.changed.emit()

    def _say_result(self, untested: Sequence[Modality]) -> None:
        left_out = ""
        if untested:
            names = ", ".join(device_words.kind(kind) for kind in untested)
            left_out = _("There was no time left to test: {devices}. Choose it in the list and press T.").format(
                devices=names
            )
        if self._failed:
            count = len(self._failed)
            title = ngettext("{n} device needs attention.", "{n} devices need attention.", count).format(n=count)
            todo = [f"{device_words.kind(kind)}: {words.of_error(problem)}" for kind, problem in self._failed]
            self._banner.say(title, "\n".join([*todo, left_out] if left_out else todo), "bad")
        elif left_out:
            self._banner.say(_("What was tested is well."), left_out, "warn")
        else:
            self._banner.say(_("All devices are well.") if self._all else _("The device is well."), "", "ok")
