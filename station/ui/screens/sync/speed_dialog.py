"""How fast and when this station sends: a cap, hours, and what a line that costs by the byte may carry."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from station.domain.speed import Metered, SpeedRules
from station.domain.speed_entry import MOST_HOURS, Complaint, HoursEntry, Kind, hours_of, read_rules
from station.i18n import _
from station.ui import speed_words, theme
from station.ui.screens.sync.hours_row import HoursRow
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel

_FIRST_HOURS = HoursEntry("08.00", "16.00", Kind.CAPPED, "256")


class SpeedDialog(QDialog):
    """`chosen` carries SpeedRules that make sense."""

    chosen = Signal(object)

    def __init__(self, rules: SpeedRules, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sync.speed")
        self.setWindowTitle(_("Speed and hours"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(min(theme.px(664), 1000))
        self._count = 0
        self.rows: list[HoursRow] = []
        self.kbps = QLineEdit(str(rules.kbps or ""))
        self.kbps.setObjectName("sync.speed.kbps")
        self.kbps.setMaxLength(9)
        self.kbps.setMaximumWidth(theme.px(180))
        self._cap = FieldLabel(_("Highest speed, kbit/s"), self.kbps, _("Empty: as fast as the line allows."))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self._add = button("sync.speed.add", _("Add hours"), self._add_row)
        self._wrong = label("", "error", wrap=True, name="sync.speed.wrong")
        self._wrong.hide()
        self.metered = QComboBox()
        self.metered.setObjectName("sync.speed.metered")
        for way, text in speed_words.METERED.items():
            self.metered.addItem(_(text), way)
        self.metered.setMaximumWidth(theme.px(320))
        self.metered.setCurrentIndex(list(Metered).index(rules.metered))
        self.records = QCheckBox(_("Send records over such a line too"))
        self.records.setObjectName("sync.speed.records")
        self.records.setChecked(rules.records_over_metered)
        self._save = button("sync.speed.save", _("Save"), self._keep, "primary")
        self._save.setDefault(True)
        self._arrange()
        for window in rules.windows:
            self._put(hours_of(window))
        self.kbps.setFocus()

    def _keep(self) -> None:
        self._say("", None)
        found = read_rules(
            self.kbps.text(),
            [row.entry for row in self.rows],
            Metered(self.metered.currentData()),
            self.records.isChecked(),
        )
        if isinstance(found, Complaint):
            self._complain(found)
            return
        self.chosen.emit(found)
        self.accept()

    def _complain(self, complaint: Complaint) -> None:
        """Say it where it is, and put the keyboard there."""
        text = speed_words.of_fault(complaint.fault)
        if complaint.line < 0:
            self._cap.say(text)
            self.kbps.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._say(text, self.rows[complaint.line].field(complaint.field))

    def _say(self, text: str, field: QLineEdit | None) -> None:
        self._cap.say("")
        self._wrong.setText(text)
        self._wrong.setVisible(bool(text))
        for row in self.rows:
            for entry in (row.start, row.end, row.kbps):
                entry.setProperty("tone", "bad" if entry is field else "")
                entry.setAccessibleDescription(text if entry is field else "")
                theme.restyle(entry)
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            field.selectAll()

    def _add_row(self) -> None:
        row = self._put(_FIRST_HOURS if not self.rows else HoursEntry("", "", Kind.CAPPED))
        row.start.setFocus(Qt.FocusReason.OtherFocusReason)
        row.start.selectAll()

    def _put(self, entry: HoursEntry) -> HoursRow:
        self._count += 1
        row = HoursRow(entry, self._count)
        row.dropped.connect(lambda: self._drop(row))
        before: QWidget = self.rows[-1].drop if self.rows else self.kbps
        self.rows.append(row)
        self._lines.addWidget(row)
        row.show()  # at once: a layout shows what it is given only when events are next looked at
        for widget in (row.start, row.end, row.kind, row.kbps, row.drop, self._add):
            self.setTabOrder(before, widget)
            before = widget
        self._add.setEnabled(len(self.rows) < MOST_HOURS)
        return row

    def _drop(self, row: HoursRow) -> None:
        self.rows.remove(row)
        self._lines.removeWidget(row)
        row.deleteLater()
        self._say("", None)
        self._add.setEnabled(True)
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        column.addWidget(self._cap)
        column.addWidget(label(_("Other hours"), "strong"))
        told = _("Between these times another limit holds, every day. Announcements and receipts always go.")
        column.addWidget(label(told, "muted", wrap=True))
        column.addLayout(self._lines)
        column.addWidget(self._wrong)
        column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(FieldLabel(_("Does the line cost by the byte?"), self.metered))
        column.addWidget(self.records)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(min(theme.px(430), 520))
        area.setWidget(inner)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button("sync.speed.close", _("Cancel"), self.reject))
        foot.addWidget(self._save)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 20, 24, 20)
        outer.setSpacing(12)
        outer.addWidget(label(_("Speed and hours"), "h2"))
        outer.addWidget(area, 1)
        outer.addLayout(foot)
