"""Where to: one of the sticks that are in this computer, or a folder that a person chooses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.i18n import _
from station.ui import format as shown
from station.ui.courier_dialogs.sticks import Stick
from station.ui.widgets.button import button
from station.ui.widgets.card import label


class PlaceBox(QWidget):
    """`changed` when another place is chosen, or none is left; `chosen` when a person chose a folder of their own.

    `place` is None while there is none.
    """

    changed = Signal()
    chosen = Signal()

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen_by_hand: Path | None = None
        self.list = QComboBox()
        self.list.setObjectName(f"{name}.place")
        self.list.setAccessibleName(text)
        self.list.currentIndexChanged.connect(lambda _index: self.changed.emit())
        heading = label(text, "label")
        heading.setBuddy(self.list)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.list, 1)
        self.again = button(f"{name}.again", _("Look again"))
        row.addWidget(self.again)
        row.addWidget(button(f"{name}.folder", _("Another folder…"), self._ask))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(heading)
        column.addLayout(row)
        self.show_sticks(())

    @property
    def place(self) -> Path | None:
        found = self.list.currentData()
        return found if isinstance(found, Path) else None

    def show_sticks(self, sticks: Sequence[Stick]) -> None:
        """These are here now; a folder that was chosen by hand stays."""
        before = self.place
        self.list.blockSignals(True)
        self.list.clear()
        for stick in sticks:
            self.list.addItem(_text(stick), stick.path)
        if self._chosen_by_hand is not None:
            self.list.addItem(str(self._chosen_by_hand), self._chosen_by_hand)
        if not self.list.count():
            self.list.addItem(_("No stick found: put one in, or choose a folder"), None)
        self.list.setCurrentIndex(max(0, self._index(before)))
        self.list.blockSignals(False)
        self.changed.emit()

    def choose(self, folder: Path) -> None:
        """Take `folder`, as a person chose it."""
        self._chosen_by_hand = folder
        if self._index(folder) < 0:
            if self.place is None:
                self.list.clear()
            self.list.addItem(str(folder), folder)
        self.list.setCurrentIndex(self._index(folder))
        self.changed.emit()
        self.chosen.emit()

    def _index(self, folder: Path | None) -> int:
        """Where `folder` is in the list: Qt compares Python objects by identity, so we look ourselves."""
        places = [self.list.itemData(row) for row in range(self.list.count())]
        return places.index(folder) if folder is not None and folder in places else -1

    def _ask(self) -> None:
        start = str(self.place or QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation))
        dialog = QFileDialog(self, _("Choose a folder"), start)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.choose(Path(name)))
        dialog.open()


def _text(stick: Stick) -> str:
    if not stick.writable:
        return _("{name} · cannot be written to").format(name=stick.name)
    return _("{name} · {free} free").format(name=stick.name, free=shown.size(stick.free))
