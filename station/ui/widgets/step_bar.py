"""The seven steps in a row: done, here, careful, open. A click or Alt+number goes there. Knows no draft."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from station.domain.steps import Step
from station.i18n import _
from station.ui import theme
from station.ui.widgets.mark import paint_mark


class StepTab(QAbstractButton):
    """One step: a line, a sign and `n Word`."""

    def __init__(self, number: int, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "off"
        self._said = ""
        self.setText(f"{number} {text}")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"Alt+{number}")

    @property
    def tone(self) -> str:
        return self._tone

    def show_state(self, tone: str, *, here: bool) -> None:
        self.setChecked(here)
        said = {"ok": _("done"), "warn": _("needs attention")}.get(tone, _("not done yet"))
        now = _("open now")
        told = f"{self.text()}: {now if here else said}"
        if (tone, told) != (self._tone, self._said):
            self._tone, self._said = tone, told
            self.setAccessibleName(told)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(130), theme.px(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(70), theme.px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.tokens()
        here, marked = self.isChecked(), self._tone in ("ok", "warn")
        ink = look.brand if here else look.tone(self._tone)[0] if marked else look.hint
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QColor(look.brand))
            painter.setBrush(QColor(look.brand_soft))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        line = ink if here or marked else look.track
        painter.fillRect(QRectF(0, 0, self.width(), theme.px(3)), QColor(line))
        left = 0.0
        if marked:
            size = theme.px(11)
            paint_mark(painter, QRectF(2, theme.px(17) - size / 2, size, size), self._tone)
            left = size + 6
        painter.setPen(QColor(ink if self.isEnabled() else look.ink_3))
        painter.setFont(theme.font("s", QFont.Weight.DemiBold))
        words = QRectF(left, theme.px(5), self.width() - left, theme.px(24))
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


class StepBar(QWidget):
    """`chosen` says where the person wants to go; nobody goes anywhere by itself."""

    chosen = Signal(object)  # Step

    def __init__(self, labels: Mapping[Step, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs: dict[Step, StepTab] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for number, (step, text) in enumerate(labels.items(), start=1):
            tab = StepTab(number, text)
            tab.setObjectName(f"step.{step.value}")
            tab.clicked.connect(lambda _checked=False, step=step: self.chosen.emit(step))
            self.tabs[step] = tab
            row.addWidget(tab)

    def show_steps(self, here: Step, tones: Mapping[Step, str], *, open_: bool) -> None:
        """Where the person is and how each step stands; with `open_` False only the step they are in."""
        for step, tab in self.tabs.items():
            tab.setEnabled(open_ or step is here)
            tab.show_state(tones.get(step, "off"), here=step is here)
