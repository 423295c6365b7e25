"""How each verified finger stands, in a sign and a word. Knows no device and no desk."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from station.domain.biometrics import Part
from station.domain.draft import Draft
from station.domain.verification import VERIFY_FIELD
from station.i18n import _
from station.ui import theme
from station.ui.part_names import part_name
from station.ui.widgets.card import label
from station.ui.widgets.mark import Mark

_MOST = 2  # one finger of each hand


class VerifyResults(QWidget):
    """A line for each finger."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Mark, QLabel]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row in range(_MOST):
            mark, text = Mark("off", 13), label("", wrap=True, name=f"review.verify.result.{row + 1}")
            grid.addWidget(mark, row, 0)
            grid.addWidget(text, row, 1)
            self._rows.append((mark, text))

    def show_results(self, draft: Draft, asked: tuple[Part, ...]) -> None:
        for place, (mark, text) in enumerate(self._rows):
            mark.setVisible(place < len(asked))
            text.setVisible(place < len(asked))
            if place < len(asked):
                tone, said = _result(draft, asked[place])
                mark.show_tone(tone)
                text.setText(f"{part_name(asked[place])}: {said}")
                text.setProperty("tone", tone if tone != "off" else None)
                theme.restyle(text)


def _result(draft: Draft, part: Part) -> tuple[str, str]:
    found = draft.verification.get(part)
    field = VERIFY_FIELD + part.value
    reason = next((item.reason for item in draft.confirmed if item.field == field), "")
    if found is not None and found.matched:
        return "ok", _("matches")
    if reason:
        return "off", _("not verified: {reason}").format(reason=reason)
    if found is None:
        return "off", _("not captured again yet")
    return "bad", _("does not match, try again")
