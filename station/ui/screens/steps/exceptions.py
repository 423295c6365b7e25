"""Exceptions from the operator's side: opens the dialog that asks for one, or shows what was approved.

What was typed stays until it is kept or another person is recorded. Must not know the rules of the desk.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from station.domain.biometrics import Part
from station.domain.draft import Draft
from station.ui.device_thread import DeviceThread
from station.ui.screens.steps.exception_dialog import ExceptionDialog
from station.ui.screens.steps.exception_view import ExceptionView
from station.ui.screens.steps.session import Session


class Exceptions:
    """One for all pages of a recording; `camera` takes the photo that shows why."""

    def __init__(self, session: Session, camera: DeviceThread | None) -> None:
        self._session = session
        self._camera = camera
        self._asked: dict[tuple[Part, ...], ExceptionDialog] = {}
        self._record = ""

    def open(
        self,
        page: QWidget,
        draft: Draft,
        offered: tuple[Part, ...],
        chosen: tuple[Part, ...],
        closed: Callable[[], None],
    ) -> None:
        """Show what was approved of the one chosen part, or ask for a new exception of `chosen`."""
        granted = {item.part: item for item in draft.exceptions}
        if len(chosen) == 1 and chosen[0] in granted:
            self._show(ExceptionView(self._session, granted[chosen[0]], page), closed)
            return
        self._forget_others(draft.record.record_id)
        dialog = self._asked.get(offered)
        if dialog is None:
            dialog = self._asked[offered] = ExceptionDialog(self._session, self._camera, offered, page)
            dialog.accepted.connect(lambda: self._asked.pop(offered).deleteLater())
            dialog.finished.connect(lambda _result: closed())
        dialog.begin(tuple(part for part in offered if part not in granted), chosen)
        dialog.open()

    def _show(self, view: QDialog, closed: Callable[[], None]) -> None:
        view.finished.connect(lambda _result: closed())
        view.open()

    def _forget_others(self, record_id: str) -> None:
        """Nothing typed about one person may be seen with the next."""
        if record_id != self._record:
            for dialog in self._asked.values():
                dialog.deleteLater()
            self._asked.clear()
            self._record = record_id
