"""The pretended network cable of training mode: pull it, and see that recording goes on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from station.i18n import _
from station.ui import icons, theme
from station.ui.context import Cable
from station.ui.widgets.card import label


class CableSwitch(QFrame):
    """One button that pulls or plugs; the words above say how it is now."""

    switched = Signal(bool)  # True: plugged in

    def __init__(self, cable: Cable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("banner", True)
        self._cable = cable
        self._state = label(role="strong", name="cable.state")
        self.button = QPushButton()
        self.button.setObjectName("cable.switch")
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self._switch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(4)
        layout.addWidget(label(_("Network cable"), "label"))
        layout.addWidget(self._state)
        layout.addSpacing(4)
        layout.addWidget(self.button)
        self.setFocusProxy(self.button)
        self._show()

    def _switch(self) -> None:
        if self._cable.is_cut:
            self._cable.mend()
        else:
            self._cable.cut()
        self._show()
        self.switched.emit(not self._cable.is_cut)

    def _show(self) -> None:
        cut = self._cable.is_cut
        tone = "warn" if cut else "ok"
        self._state.setText(_("Disconnected") if cut else _("Connected"))
        self.button.setText(_("Plug in") if cut else _("Unplug"))
        self.button.setIcon(icons.icon("mdi6.power-plug-outline" if cut else "mdi6.power-plug-off-outline"))
        self.button.setAccessibleName(f"{_('Network cable')}: {self.button.text()}")
        for widget in (self, self._state):
            widget.setProperty("tone", tone)
            theme.restyle(widget)
