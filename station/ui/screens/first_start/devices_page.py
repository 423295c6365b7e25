"""The devices, tested one after another as every morning; whoever is in a hurry does it later."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from station.i18n import _
from station.ui.context import Context
from station.ui.screens.devices.fixtures import Fixtures
from station.ui.screens.devices.testing import Testing
from station.ui.screens.first_start.answers import Answers
from station.ui.screens.first_start.page import Page
from station.ui.widgets.button import button


class DevicesPage(Page):
    """Enter tests, and goes on when the test has ended."""

    key = "devices"
    may_go_back = False

    def __init__(self, context: Context, answers: Answers) -> None:
        super().__init__(context, answers)
        self.intro.setText(_("Connect camera, fingerprint scanner and iris camera now, if you have them here."))
        self._fixtures = Fixtures(context.printer, self)
        self.testing = Testing(context, self._fixtures, self.banner, self)
        self.testing.changed.connect(self._changed)
        self._tested = False
        self.skip = button("first.devices.skip", _("Skip, and test them later (F7)"), self.finished.emit, "link")
        self.body.addWidget(self.skip, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def title(self) -> str:
        return _("Test the devices")

    @property
    def next_text(self) -> str:
        return _("Next") if self._tested else _("Test all devices")

    def stops(self) -> Sequence[QWidget]:
        return []

    def opened(self) -> None:
        self._fixtures.look()
        self.context.look_for_devices()

    def go_on(self) -> None:
        if self._tested:
            self.finished.emit()
        else:
            self.testing.start_all()

    def stop(self) -> None:
        self.testing.stop()
        self._fixtures.stop()

    def _changed(self) -> None:
        self._tested = not self.testing.running
        self.skip.setVisible(not self._tested)
        self.work(_("Testing…") if self.testing.running else "")
