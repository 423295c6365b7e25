"""Paints one device: icon, kind and model, its state as a chip, what it did, a trend, and what is reported of it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from station.ui import icons, theme
from station.ui.labels import Label
from station.ui.screens.devices.device_model import LINE_ROLE, Line
from station.ui.widgets.mark import paint_mark
from station.ui.widgets.sparkline import paint_sparkline

_HEIGHT, _SIDE, _BADGE, _GAP = 90, 16, 40, 14
_CHIP, _MARK, _PADDING = 24, 12, 10
_SPARK_WIDTH = 96


class DeviceRow(QStyledItemDelegate):
    """Three lines left, the state and the trend right; what does not fit ends in an ellipsis."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme.px(200), theme.px(_HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        line = index.data(LINE_ROLE)
        if not isinstance(line, Line):
            return
        box = QRectF(option.rect).adjusted(theme.px(_SIDE), theme.px(10), -theme.px(_SIDE), -theme.px(10))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = _paint_badge(painter, box, line.icon)
        third = box.height() / 3
        chip_left = _paint_chip(painter, box.right(), box.top() + third / 2, line.state)
        _write(painter, QRectF(left, box.top(), chip_left - left - 8, third), line.title, theme.tokens().ink, "l")
        spark_left = box.right() - theme.px(_SPARK_WIDTH)
        known = sum(value is not None for value in line.weeks) >= 2
        room = (spark_left if known else box.right()) - left - 8
        _write(painter, QRectF(left, box.top() + third, room, third), line.who, theme.tokens().ink_2)
        if known and line.ticket is None:
            spark = QRectF(spark_left, box.top() + 1.45 * third, theme.px(_SPARK_WIDTH), 1.2 * third)
            paint_sparkline(painter, spark, line.weeks, line.weeks_tone)
        facts_right = spark_left - 8 if known else box.right()
        if line.ticket is not None:
            facts_right = _paint_chip(painter, box.right(), box.bottom() - third / 2, line.ticket) - 8
        _write(painter, QRectF(left, box.top() + 2 * third, facts_right - left, third), line.facts, theme.tokens().hint)
        painter.restore()


def _paint_badge(painter: QPainter, box: QRectF, icon: str) -> float:
    """The icon on its ground; where the words begin."""
    size = theme.px(_BADGE)
    badge = QRectF(box.left(), box.center().y() - size / 2, size, size)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.tokens().off_soft))
    painter.drawRoundedRect(badge, 10, 10)
    sign = icons.pixmap(icon, 24, theme.tokens().ink_2)
    wide = sign.width() / sign.devicePixelRatio()
    painter.drawPixmap(round(badge.center().x() - wide / 2), round(badge.center().y() - wide / 2), sign)
    return badge.right() + theme.px(_GAP)


def _paint_chip(painter: QPainter, right: float, middle: float, label: Label) -> float:
    """A sign and a word on their ground, ending at `right`; where it begins."""
    look = theme.tokens()
    ink, soft = (look.card, look.ink) if label.tone == "black" else look.tone(label.tone)
    font = theme.font("xs", QFont.Weight.DemiBold)
    mark, padding, height = theme.px(_MARK), theme.px(_PADDING), theme.px(_CHIP)
    width = QFontMetrics(font).horizontalAdvance(label.text) + mark + 6 + 2 * padding
    chip = QRectF(right - width, middle - height / 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(soft))
    painter.drawRoundedRect(chip, height / 2, height / 2)
    sign = "bad" if label.tone == "black" else label.tone
    paint_mark(painter, QRectF(chip.left() + padding, middle - mark / 2, mark, mark), sign)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    words = chip.adjusted(padding + mark + 6, 0, 0, 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, label.text)
    return chip.left()


def _write(painter: QPainter, box: QRectF, text: str, colour: str, size: str = "s") -> None:
    font = theme.font(size, QFont.Weight.Bold if size == "l" else QFont.Weight.Normal)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    short = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0, round(box.width())))
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)
