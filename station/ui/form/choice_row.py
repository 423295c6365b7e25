"""How a row of the choice list is drawn: one line, or a name with its code and beneath it where that is."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from station.ui import theme

_ONE_LINE = 32
_TWO_LINES = 46
_PADDING = 8
_GAP = 16
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


class ChoiceRow(QStyledItemDelegate):
    """Draws `what it is<tab>its code<line break>where it is`; with `hint` a quiet remark that cannot be chosen."""

    hint = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        two = "\n" in _text(index)
        return QSize(0, theme.px(_TWO_LINES if two else _ONE_LINE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        text = _text(index)
        option.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        head, _line_break, place = text.partition("\n")
        name, _tab, code = head.partition("\t")
        box = option.rect.adjusted(theme.px(_PADDING), 0, -theme.px(_PADDING), 0)
        upper = QRect(box.x(), box.y() + 3, box.width(), box.height() // 2 - 2) if place else box
        marked = bool(option.state & QStyle.StateFlag.State_Selected)
        look = theme.tokens()
        ink = QColor(look.hint if self.hint else look.brand if marked else look.ink)
        quiet = QColor(look.brand if marked else look.ink_2)
        painter.save()
        taken = _write(painter, upper, code, "s", quiet, _RIGHT)
        _write(painter, upper.adjusted(0, 0, -taken, 0), name, "m", ink, _LEFT)
        if place:
            lower = QRect(box.x(), upper.bottom() + 1, box.width(), box.bottom() - upper.bottom() - 3)
            _write(painter, lower, place, "s", quiet, _LEFT)
        painter.restore()


def _write(painter: QPainter, box: QRect, text: str, size: str, colour: QColor, where: Qt.AlignmentFlag) -> int:
    """Write `text` on one line, cut where `box` ends. How much room it took, with a gap."""
    if not text:
        return 0
    painter.setFont(theme.font(size))
    painter.setPen(colour)
    metrics = painter.fontMetrics()
    painter.drawText(box, where, metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width()))
    return min(metrics.horizontalAdvance(text), box.width()) + theme.px(_GAP)


def _text(index: Index) -> str:
    return str(index.data(Qt.ItemDataRole.DisplayRole) or "")
