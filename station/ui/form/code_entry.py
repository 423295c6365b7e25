"""A code of the registry, chosen by its number or by letters of its label: `2 · KAWIN`."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from station.domain.codes import CodeList
from station.ui import theme
from station.ui.form.choice_entry import Choice, ChoiceEntry


class CodeEntry(ChoiceEntry):
    """The whole list is known, so it opens at once."""

    def __init__(self, codes: CodeList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._codes = codes
        self._all = tuple(_choice(code, label) for code, label in codes.labels.items())
        self._by_code = {choice.code: choice for choice in self._all}
        self.setTextMargins(0, 0, 20, 0)

    def tidied(self, text: str) -> str:
        return text.upper()

    def chosen(self, code: str) -> Choice | None:
        """The choice; a number that no list here has is shown as unknown, for central may know it."""
        unknown = code.isdigit() and code not in self._by_code
        return Choice(code, self._codes.label(code), code) if unknown else self._by_code.get(code)

    def look_up(self, typed: str) -> None:
        self.offer(fitting(self._all, typed))

    def settle(self) -> bool:
        """Without an open list (pasted, or typed very fast) the best fit counts, if there is one."""
        typed = self.text().strip()
        if not self._code and typed and (found := fitting(self._all, typed)) and not self.list_open:
            self.pick(found[0])
        return super().settle()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isReadOnly():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(theme.tokens().hint), 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        x, y = self.width() - 18, self.height() // 2
        painter.drawPolyline([QPoint(x - 4, y - 2), QPoint(x, y + 2), QPoint(x + 4, y - 2)])
        painter.end()


def fitting(choices: tuple[Choice, ...], typed: str) -> tuple[Choice, ...]:
    """What fits, the best first: same number, number beginning so, label, a word of it, anywhere in it."""
    wanted = typed.upper()
    ranked = [(rank, choice) for choice in choices if (rank := _rank(choice, wanted)) is not None]
    return tuple(choice for _rank_, choice in sorted(ranked, key=lambda pair: pair[0]))


def _rank(choice: Choice, wanted: str) -> int | None:
    name = choice.line.partition(" · ")[2]
    tests = (
        choice.code == wanted,
        choice.line == wanted,
        choice.code.startswith(wanted),
        name.startswith(wanted),
        any(word.startswith(wanted) for word in name.replace("/", " ").split()),
        wanted in choice.line,
    )
    return next((rank for rank, fits in enumerate(tests) if fits), None)


def _choice(code: str, label: str) -> Choice:
    line = f"{code} · {label}"
    return Choice(code, line, line)
