"""Paints one person at the door of the booth: their number, the name and the wait, below them who it is."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from station.ui import theme

NUMBER_ROLE = Qt.ItemDataRole.UserRole + 1
NAME_ROLE = Qt.ItemDataRole.UserRole + 2
FACTS_ROLE = Qt.ItemDataRole.UserRole + 3
WAIT_ROLE = Qt.ItemDataRole.UserRole + 4
_HEIGHT, _SIDE, _BADGE, _WIDE = 44, 8, 22, 40
_LINE, _ABOVE = 19, 3


class ReadyRow(QStyledItemDelegate):
    """Two lines; what does not fit ends in an ellipsis."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme.px(200), theme.px(_HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        look, side = theme.tokens(), theme.px(_SIDE)
        box = QRectF(option.rect).adjusted(side, 0, -side, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = theme.px(_BADGE)
        badge = QRectF(box.left(), box.center().y() - size / 2, theme.px(_WIDE), size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.brand_soft))
        painter.drawRoundedRect(badge, 6, 6)
        self._write(painter, badge, str(index.data(NUMBER_ROLE)), look.brand, bold=True, middle=True)
        line, above = theme.px(_LINE), theme.px(_ABOVE)
        wait_box = QRectF(box.right() - theme.px(58), box.top() + above, theme.px(58), line)
        left = badge.right() + 10
        name_box = QRectF(left, box.top() + above, wait_box.left() - left - 8, line)
        facts_box = QRectF(left, name_box.bottom(), box.right() - left, line)
        self._write(painter, name_box, str(index.data(NAME_ROLE)), look.ink, bold=True)
        self._write(painter, facts_box, str(index.data(FACTS_ROLE)), look.ink_2)
        self._write(painter, wait_box, str(index.data(WAIT_ROLE) or ""), look.ink_2, right=True)
        painter.restore()

    def _write(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        colour: str,
        *,
        bold: bool = False,
        middle: bool = False,
        right: bool = False,
    ) -> None:
        font = theme.font("s", QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        flag = Qt.AlignmentFlag.AlignHCenter if middle else Qt.AlignmentFlag.AlignLeft
        if right:
            flag = Qt.AlignmentFlag.AlignRight
        painter.setFont(font)
        painter.setPen(QColor(colour))
        short = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, round(box.width()) + 1)
        painter.drawText(box, flag | Qt.AlignmentFlag.AlignVCenter, short)
