"""One line on the start page for an officer whose own fingers are not all known: once at each sign-in, and it leads
there.

Must not know how fingers are captured.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.desk import officers
from station.domain.biometrics import FINGERS, Part
from station.i18n import _, ngettext
from station.ui.context import Context
from station.ui.screens.own_prints import OwnPrints
from station.ui.widgets.banner import Banner
from station.ui.widgets.button import button

PRINTS_KEY = "Ctrl+G"


class PrintsReminder(QWidget):
    """`offer` says whether the start page is in front. Gives way to `before`, the line that is more urgent."""

    def __init__(
        self, context: Context, before: QWidget, back: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        """`back` gives the devices to the screen again, once the fingers are known."""
        super().__init__(parent)
        self.setObjectName("capture.prints")
        self._context, self._before, self._back = context, before, back
        self._wanted = False  # until it is known: nothing flashes up and goes again
        self._offered = self._shown = False
        banner = self._banner = Banner(self)
        self._say(_("Your own fingers are not known to this station"))
        inside = banner.layout()
        assert isinstance(inside, QHBoxLayout)
        record = button("capture.prints.record", _("Record them · {key}").format(key=PRINTS_KEY), self._record)
        inside.addWidget(record)
        inside.addWidget(button("capture.prints.later", _("Later"), self._dismiss))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 16, 22, 0)
        layout.addWidget(banner)
        self._key = QShortcut(QKeySequence(PRINTS_KEY), self)
        self._key.activated.connect(self._record)
        context.bridge.devices_tested.connect(self._offer_again)
        self.hide()

    def _offer_again(self) -> None:
        # A method, since the bridge outlives this: a function of its own would keep the whole screen for ever.
        self.offer(self._offered)

    def read(self) -> None:
        """Ask whether they are known; once it was shown it is not asked again before the next sign-in."""
        if not self._shown:
            office = self._context.desk
            self._context.tasks.run(lambda: officers.prints_wanted(office), self._know)

    def offer(self, start: bool) -> None:
        """Only beside the start page. Whoever goes on recording has seen it."""
        self._offered = start
        if self.isVisible() and not start:
            self._dismiss()
        show = start and self._wanted and self._before.isHidden()
        self._shown = self._shown or show
        self.setVisible(show)

    def _know(self, wanted: tuple[Part, ...]) -> None:
        """Versions of old asked for two fingers only; whoever was known then is asked for the others."""
        self._wanted = bool(wanted)
        title = ngettext(
            "{n} of your own fingers is not known to this station",
            "{n} of your own fingers are not known to this station",
            len(wanted),
        )
        if 0 < len(wanted) < len(FINGERS):
            self._say(title.format(n=len(wanted)))
        else:
            self._say(_("Your own fingers are not known to this station"))
        self.offer(self._offered)

    def _say(self, title: str) -> None:
        todo = _("Record them once (2 minutes): then none of them is ever taken for an applicant's.")
        self._banner.say(title, todo, "brand")

    def _dismiss(self) -> None:
        self._wanted = False
        self.hide()

    def _record(self) -> None:
        self._dismiss()
        dialog = OwnPrints(self._context, self.window())
        dialog.finished.connect(lambda _result: self._back())
        dialog.open()
