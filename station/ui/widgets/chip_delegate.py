"""Paints a table cell as a chip or as a thin progress bar, from text, tone and part. Knows no model."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from station.ui import theme

TONE_ROLE = Qt.ItemDataRole.UserRole + 1
PART_ROLE = Qt.ItemDataRole.UserRole + 2
"""A share from 0.0 to 1.0, for a bar."""

_SIDE, _PADDING, _HEIGHT = 11, 10, 26
_BAR_WIDTH = 150
_ROW = 39
Index = QModelIndex | QPersistentModelIndex


class ChipDelegate(QStyledItemDelegate):
    """A rounded fact, left aligned; too long a text ends in an ellipsis inside the chip.

    `row` is the height in design pixels that a row needs at least. On a chosen row the chip has an outline: its soft
    ground may be that of the row.
    """

    def __init__(self, parent: QObject | None = None, row: int = _ROW) -> None:
        super().__init__(parent)
        self._row = row

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        _ground(self, painter, option, index)
        text = str(index.data() or "")
        if not text:
            return
        ink, soft = theme.tokens().tone(str(index.data(TONE_ROLE) or "off"))
        font = theme.font("s", QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        room = option.rect.width() - 2 * _SIDE
        width = min(metrics.horizontalAdvance(text) + 2 * _PADDING, room)
        height = theme.px(_HEIGHT)
        top = option.rect.top() + (option.rect.height() - height) / 2
        chip = QRectF(option.rect.left() + _SIDE, top, width, height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(QColor(ink), 1) if chosen else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(QColor(soft))
        painter.drawRoundedRect(chip, height / 2, height / 2)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(width - 2 * _PADDING) + 1)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, short)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        metrics = QFontMetrics(theme.font("s", QFont.Weight.DemiBold))
        width = metrics.horizontalAdvance(str(index.data() or "")) + 2 * (_PADDING + _SIDE)
        return QSize(width, theme.px(self._row))


class BarDelegate(QStyledItemDelegate):
    """A thin bar for PART_ROLE; the number stands in another column."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.px(_BAR_WIDTH), theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        _ground(self, painter, option, index)
        part = index.data(PART_ROLE)
        if not isinstance(part, float):
            return
        height = 6.0
        top = option.rect.top() + (option.rect.height() - height) / 2
        track = QRectF(option.rect.left() + _SIDE, top, option.rect.width() - 2 * _SIDE, height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.tokens().track))
        painter.drawRoundedRect(track, 3, 3)
        if part > 0:
            track.setWidth(max(height, track.width() * min(part, 1.0)))
            painter.setBrush(QColor(theme.tokens().brand))
            painter.drawRoundedRect(track, 3, 3)
        painter.restore()


def _ground(delegate: QStyledItemDelegate, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
    """The cell's own ground, selection and line, without its text."""
    empty = QStyleOptionViewItem(option)
    delegate.initStyleOption(empty, index)
    empty.text = ""
    style = option.widget.style()
    style.drawControl(QStyle.ControlElement.CE_ItemViewItem, empty, painter, option.widget)
