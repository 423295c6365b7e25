"""A village, found by three letters of its name and shown with its parents; an exact code is taken as it is.

Must not know where villages are kept: it asks a `VillageSource` and is answered later.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from station.domain.region_levels import district_level, village_level
from station.domain.regions import Village, can_be_searched, is_village_code
from station.i18n import _
from station.ui.form.choice_entry import Choice, ChoiceEntry

_ROOM_AROUND = 48
"""Pixels of the line that neither the name nor the remark may use."""


class VillageSource(Protocol):
    """Answers on the GUI thread, never at once."""

    def find_villages(self, typed: str, done: Callable[[tuple[Village, ...]], None]) -> None: ...

    def village(self, code: str, done: Callable[[Village | None], None]) -> None: ...


class VillageEntry(ChoiceEntry):
    """Asks after every letter: an answer takes milliseconds, and one that comes too late is not shown."""

    def __init__(self, source: VillageSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._known: dict[str, Village] = {}
        self._asked = ""  # what the desk has not answered yet
        self._enter_waits: bool | None = None  # True for Shift+Enter
        self.setPlaceholderText(_("Three letters of the village, or its code"))

    def tidied(self, text: str) -> str:
        return text.upper()

    def chosen(self, code: str) -> Choice | None:
        village = self._known.get(code)
        return _choice(village) if village else None

    def show_value(self, value: str) -> None:
        super().show_value(value)
        self._show_parents()
        if is_village_code(value) and value not in self._known:
            self._source.village(value, lambda village: self._arrived(value, village))

    def look_up(self, typed: str) -> None:
        self._asked = ""
        typed = self.tidied(typed) or ("" if self._code in self._known else self.text().strip())
        self._show_parents()
        if is_village_code(typed):
            self.close_list()
        elif can_be_searched(typed):
            self._ask(typed)
        elif typed:
            self._tell(_("Type three letters or more."))
        else:
            self.close_list()

    def pick(self, choice: Choice) -> None:
        super().pick(choice)
        self._show_parents()

    @property
    def list_open(self) -> bool:
        """True when there is something to choose; a remark in the place of the list is not."""
        return super().list_open and bool(self._choices)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter right after the last letter: the answer is on its way, so Enter waits for it. A second one does not.
        if event.text() in ("\r", "\n") and self._asked and self._enter_waits is None:
            self._enter_waits = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            return
        self._enter_waits = None
        if event.key() == Qt.Key.Key_Escape and self._list.isVisible():
            self.close_list()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_parents()

    def _ask(self, typed: str) -> None:
        self._asked = typed
        self._source.find_villages(typed, lambda found: self._found(typed, found))

    def _found(self, typed: str, found: tuple[Village, ...]) -> None:
        if typed != self._asked:
            return
        self._asked = ""
        self._known.update((village.code, village) for village in found)
        self.offer(tuple(_choice(village) for village in found))
        waiting, self._enter_waits = (self._enter_waits if self.hasFocus() else None), None
        if waiting is not None and len(found) == 1:
            self.pick(_choice(found[0]))
            self.entered.emit(waiting)
        elif waiting is not None and not found:
            self.entered.emit(waiting)
        elif not found:
            self._tell(_("No village found. Type fewer letters, the district, or the code."))

    def _tell(self, text: str) -> None:
        """Say in the place of the list why there is none."""
        self.offer(())
        if self.hasFocus():
            self._list.open_with_hint(text)

    def _arrived(self, code: str, village: Village | None) -> None:
        if village is None:
            return
        self._known[code] = village
        if self.value() == code and not self.isModified():
            super().show_value(code)
            self._show_parents()

    def _show_parents(self) -> None:
        """Where the chosen village is: as much as there is room for beside its name."""
        village = self._known.get(self._code)
        if village is None:
            self.set_trailing("")
            return
        place = f"{_old(village)}{village.parents}"
        room = self.width() - self.fontMetrics().horizontalAdvance(self.text()) - _ROOM_AROUND
        whole = f"{place} · {village.code}"
        self.set_trailing(whole if self.fontMetrics().horizontalAdvance(whole) <= room else place)


def _choice(village: Village) -> Choice:
    place = f"{district_level(village.code)} {village.district} · {village.regency} · {village.province}".upper()
    return Choice(
        village.code,
        village.name,
        f"{_old(village)}{village.name}\t{village.code}\n{village_level(village.code).upper()} · {place}",
    )


def _old(village: Village) -> str:
    return _("(old code)") + " " if village.ended else ""
