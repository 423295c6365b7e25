"""The lanes of delivery as a Qt model: what each does, why it waits and until when. Reads nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt

from station.domain.lane import LaneState
from station.domain.mark import N_
from station.ui import format as shown
from station.ui import lane_words
from station.ui.models.columns import ColumnsModel, Index
from station.ui.widgets.chip_delegate import TONE_ROLE
from station.ui.widgets.plain_tip import plain_tip

COLUMNS = (N_("Lane"), N_("State"), N_("Why"), N_("Last success"))
WIDTHS = (184, 152, 0, 150)
CHIP = 1


class LanesModel(ColumnsModel[LaneState]):
    """One row for each lane that has ever run, in the order of their turns."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, parent)
        self._now = datetime.now().astimezone()

    def replace(self, states: Sequence[LaneState], now: datetime) -> None:
        """What they do now; waits are counted anew."""
        self._now = now
        self.follow(states, lambda state: state.name)
        self.redraw(0, len(self.rows) - 1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        state = self.rows[index.row()]
        if role == TONE_ROLE:
            return lane_words.condition_label(state).tone
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(lane_words.lane_sentence(state, self._now))
        return self._text(state, index.column()) if role == Qt.ItemDataRole.DisplayRole else None

    def _text(self, state: LaneState, column: int) -> str:
        match column:
            case 0:
                return lane_words.lane_label(state.name)
            case 1:
                return lane_words.condition_label(state).text
            case 2:
                return lane_words.lane_sentence(state, self._now)
            case _:
                return shown.when(state.done_at, self._now) if state.done_at else "–"
