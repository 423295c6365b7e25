"""Paints one person at the door of the booth: the key to press, the name, the last digits of the NIK, the wait."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from station.ui import theme

NUMBER_ROLE = Qt.ItemDataRole.UserRole + 1
NAME_ROLE = Qt.ItemDataRole.UserRole + 2
NIK_ROLE = Qt.ItemDataRole.UserRole + 3
WAIT_ROLE = Qt.ItemDataRole.UserRole + 4
_HEIGHT, _SIDE, _BADGE = 30, 8, 22


class ReadyRow(QStyledItemDelegate):
    """The name gives way when there is too little room."""

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
        badge = QRectF(box.left(), box.center().y() - size / 2, size, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.brand_soft))
        painter.drawRoundedRect(badge, 6, 6)
        self._write(painter, badge, str(index.data(NUMBER_ROLE)), look.brand, bold=True, middle=True)
        wait = str(index.data(WAIT_ROLE) or "")
        metrics = QFontMetrics(theme.font("s"))
        wait_box = QRectF(box.right() - theme.px(58), box.top(), theme.px(58), box.height())
        nik_box = QRectF(wait_box.left() - theme.px(52), box.top(), theme.px(48), box.height())
        name_box = QRectF(badge.right() + 10, box.top(), nik_box.left() - badge.right() - 18, box.height())
        self._write(painter, name_box, str(index.data(NAME_ROLE)), look.ink, bold=True)
        self._write(painter, nik_box, f"…{index.data(NIK_ROLE)}", look.ink_2)
        shown = metrics.elidedText(wait, Qt.TextElideMode.ElideRight, round(wait_box.width()))
        self._write(painter, wait_box, shown, look.ink_2, right=True)
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
