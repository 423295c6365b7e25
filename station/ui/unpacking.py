"""Loads what delivers and what the screens are made of, bit by bit, while somebody types a password. Knows none of it.

On the window's thread, since it makes classes of Qt. What is needed before it is here is loaded by whoever needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from PySide6.QtCore import QObject, Signal

from station.log import get_logger
from station.ui.timer import timer

BEGIN_MS = 100
"""After the sign-in screen is drawn."""
BETWEEN_MS = 15
"""For the keys that are typed meanwhile."""
PARTS = (
    "httpx",
    "station.sync.client",
    "station.sync.engine",
    "station.relay.runner",
    "station.ui.frame",
    "qtawesome",
    "numpy",
    "station.ui.form.code_entry",
    "station.ui.form.field_box",
    "station.desk.recording",
    "station.desk.waiting_room",
    "station.ui.screens.steps.standing",
    "station.ui.screens.steps.finder",
    "station.ui.screens.steps.applicant",
    "station.ui.screens.steps.photo",
    "station.ui.screens.steps.fingers",
    "station.ui.screens.steps.documents",
    "station.ui.screens.steps.review",
    "station.ui.screens.steps.workbench",
    "station.ui.screens.capture",
    "station.ui.screens.records",
    "station.ui.screens.devices.screen",
    "station.ui.screens.rosters.screen",
    "station.ui.screens.sync.board",
    "station.ui.screens.sync.screen",
    "station.ui.screens.trips.screen",
    "station.ui.screens.guard.audit_card",
    "station.ui.screens.guard.officers_card",
    "station.ui.screens.guard.screen",
    "station.ui.rooms",
)
"""In the order of need. What one of them imports is loaded with it: each is a piece that nobody notices."""


_log = get_logger(__name__)


class Unpacking(QObject):
    """`start` it when a sign-in screen is shown; once all is there it does nothing but say so."""

    finished = Signal()

    def __init__(self, parent: QObject, parts: Sequence[str] = PARTS, *, begin_ms: int = BEGIN_MS) -> None:
        super().__init__(parent)
        self._left = list(parts)
        self._timer = timer(self, begin_ms, self._load_one)
        self._begin_ms = begin_ms

    @property
    def done(self) -> bool:
        return not self._left

    def start(self) -> None:
        if self._left:
            self._timer.start(self._begin_ms)

    def _load_one(self) -> None:
        part = self._left.pop(0)
        if self._left:
            self._timer.start(BETWEEN_MS)
        try:
            import_module(part)
        except Exception:  # noqa: BLE001  whoever needs it loads it again, and says what is wrong
            _log.error("%s could not be loaded", part, exc_info=True)
        finally:
            if not self._left:
                self.finished.emit()
