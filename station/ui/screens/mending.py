"""What is seen while damaged data are put right: nothing to do but to wait for seconds. Knows nothing of how."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from station.i18n import _
from station.ui import theme
from station.ui.widgets.card import label


class Mending(QWidget):
    """It cannot be stopped: half of it would help nobody, and it takes seconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mending")
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setFixedSize(theme.px(320), theme.px(8))
        bar.setAccessibleName(_("Putting the data in order…"))
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(1)
        title = label(_("Putting the data in order…"), "display", name="mending.title")
        said = _("A part of the disk could not be read. Saved records are safe. This takes less than a minute.")
        told = label(said, "muted")
        for widget in (title, told, bar):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
