"""When central has ordered this station to be wiped while its window is open: signed out first, then obeyed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from station.desk import obeying
from station.domain.errors import StationError
from station.i18n import _, ngettext
from station.log import get_logger
from station.ui.context import Context
from station.ui.timer import timer

AGAIN_MS = 60_000
_log = get_logger(__name__)


class LostStation(QObject):
    """Looks whenever there is news of delivery. `close_office` signs out; `done` is told when all is gone."""

    def __init__(
        self, context: Context, close_office: Callable[[], None], done: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._close_office, self._done = context, close_office, done
        self._busy = False
        self._again = timer(self, AGAIN_MS, self._rested)
        context.bridge.delivery_changed.connect(self.look)

    def look(self, _delivery: object = None) -> None:
        """Obey what is ordered and not done yet."""
        if self._busy or not obeying.is_ordered(self._context.depot):
            return
        self._busy = True
        self._close_office()
        depot, clock = self._context.depot, self._context.clock
        self._context.tasks.run(lambda: obeying.obey(depot, clock.now()), self._obeyed, self._failed)

    def _obeyed(self, _nothing: None) -> None:
        self._busy = False
        self._done()

    def _failed(self, problem: StationError) -> None:
        _log.error("an order to wipe this station could not be carried out to its end: %s", problem.code)
        self._again.start()

    def _rested(self) -> None:
        self._busy = False
        self.look()


def wiped_sentence(found: obeying.Wiped) -> str:
    """For the sign-in screen: what happened here, and whom to call."""
    said = _("On {day} central had this station wiped ({reason}).").format(
        day=f"{found.at.astimezone():%d-%m-%Y}", reason=found.reason or "–"
    )
    opens = _("Only a code of the Dinas opens it again: call the Dinas.") if found.locked else _("Call the Dinas.")
    if not found.packets_kept:
        return f"{said} {opens}"
    kept = ngettext(
        "{n} record that central did not have stays here, sealed.",
        "{n} records that central did not have stay here, sealed.",
        found.packets_kept,
    )
    return f"{said} {kept.format(n=found.packets_kept)} {opens}"
