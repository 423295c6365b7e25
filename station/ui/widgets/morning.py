"""One line on the start page until the devices have been tested today: a key, and the test runs. Knows no device."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.desk import devices
from station.i18n import _
from station.ui.context import Context
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button

TEST_KEY = "Ctrl+T"


class Morning(QWidget):
    """`offer` says whether the start page is in front; recording goes on whether or not somebody tests."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("capture.morning")
        self._context = context
        self._tested = True  # until it is known: nothing flashes up and goes again
        self._offered = False
        banner = Banner(self)  # shown with its words, so it must not be a window of its own
        banner.say(
            _("The devices have not been tested today"),
            _("It takes less than a minute and needs nobody: better now than with a queue."),
            "brand",
        )
        test = button("capture.morning.test", _("Test now · {key}").format(key=TEST_KEY), self._test)
        inside = banner.layout()
        assert isinstance(inside, QHBoxLayout)
        inside.addWidget(test)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 16, 22, 0)
        layout.addWidget(banner)
        self._key = QShortcut(QKeySequence(TEST_KEY), self)
        self._key.activated.connect(self._test)
        context.bridge.devices_tested.connect(self._done)
        self.hide()

    def read(self) -> None:
        """Ask whether today's test was done."""
        depot, today = self._context.depot, f"{self._context.clock.now().astimezone():%Y-%m-%d}"
        self._context.tasks.run(lambda: devices.tested_today(depot, today), self._know)

    def offer(self, start: bool) -> None:
        """Only beside the start page: nothing nags while somebody is being recorded."""
        self._offered = start
        self.setVisible(start and not self._tested)

    def _know(self, tested: bool) -> None:
        self._tested = tested
        self.offer(self._offered)

    def _done(self) -> None:
        self._know(True)

    def _test(self) -> None:
        self._context.bridge.devices_test_wanted.emit()
