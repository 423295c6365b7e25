"""A village, found by three letters of its name and shown with its parents; an exact code is taken as it is.

Must not know where villages are kept: it asks a `VillageSource` and is answered later.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from station.domain.regions import Village, is_village_code
from station.i18n import _
from station.ui.form.choice_entry import Choice, ChoiceEntry

LETTERS = 3
_PAUSE_MS = 120


class VillageSource(Protocol):
    """Answers on the GUI thread, never at once."""

    def find_villages(self, typed: str, done: Callable[[tuple[Village, ...]], None]) -> None: ...

    def village(self, code: str, done: Callable[[Village | None], None]) -> None: ...


class VillageEntry(ChoiceEntry):
    """Asks a short moment after the last letter, so that fast typing is one question."""

    def __init__(self, source: VillageSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._known: dict[str, Village] = {}
        self._enter_waits: bool | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.setPlaceholderText(_("Three letters of the village, or its code"))

    def tidied(self, text: str) -> str:
        return text.upper()

    def chosen(self, code: str) -> Choice | None:
        village = self._known.get(code)
        return _choice(village) if village else None

    def show_value(self, value: str) -> None:
        super().show_value(value)
        self._show_parents(self._known.get(value))
        if is_village_code(value) and value not in self._known:
            self._source.village(value, lambda village: self._arrived(value, village))

    def look_up(self, typed: str) -> None:
        self.set_trailing("")
        if is_village_code(typed):
            self._pause.stop()
            self.close_list()
        elif len(typed) >= LETTERS:
            self._pause.start()
        elif typed:
            self._pause.stop()
            self.close_list()
        else:
            self._show_parents(self._known.get(self._code))

    def pick(self, choice: Choice) -> None:
        super().pick(choice)
        self._show_parents(self._known.get(choice.code))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter right after the last letter: the answer is on its way, so Enter waits for it.
        if event.text() in ("\r", "\n") and self._pause.isActive():
            self._enter_waits = False
            self._pause.stop()
            self._ask()
            return
        self._enter_waits = None
        super().keyPressEvent(event)

    def _ask(self) -> None:
        typed = self.text().strip()
        self._source.find_villages(typed, lambda found: self._found(typed, found))

    def _found(self, typed: str, found: tuple[Village, ...]) -> None:
        if typed != self.text().strip() or self._code:
            return
        self._known.update((village.code, village) for village in found)
        self.offer(tuple(_choice(village) for village in found))
        waiting, self._enter_waits = self._enter_waits, None
        if waiting is not None and len(found) == 1:
            self.pick(_choice(found[0]))
            self.entered.emit(waiting)
        elif waiting is not None and not found:
            self.entered.emit(waiting)

    def _arrived(self, code: str, village: Village | None) -> None:
        if village is None:
            return
        self._known[code] = village
        if self.value() == code and not self.isModified():
            super().show_value(code)
            self._show_parents(village)

    def _show_parents(self, village: Village | None) -> None:
        self.set_trailing(f"{village.parents} · {village.code}" if village else "")


def _choice(village: Village) -> Choice:
    return Choice(village.code, village.name, f"{village.name}  —  {village.parents} · {village.code}")
