"""One record beside the list: who, where it stands, what happened, what central wants corrected. Emits intentions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from station.domain.central_status import central_status
from station.domain.delivery import Stage
from station.domain.outcome import Trouble
from station.domain.record import State
from station.domain.rows import Happening, Moment, RecordRow, Timeline
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import labels, theme, words
from station.ui.widgets.banner import Banner
from station.ui.widgets.card import Card, label
from station.ui.widgets.chip import Chip
from station.ui.widgets.empty import Empty
from station.ui.widgets.timeline import Entry, TimelineView

_FACE_WIDTH, _FACE_HEIGHT = 64, 84


class RecordPane(Card):
    """`resume_wanted` and `repair_wanted` carry a record id."""

    resume_wanted = Signal(str)
    repair_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._shown: Timeline | None = None
        self._face = QLabel()
        self._face.setFixedSize(theme.px(_FACE_WIDTH), theme.px(_FACE_HEIGHT))
        self._face.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = label(role="h2", wrap=True, name="records.pane.name")
        self._nik = label(role="muted", name="records.pane.nik")
        self._nik.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._number = label(role="small", wrap=True, name="records.pane.number")
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._state = Chip()
        self._refusal = Banner()
        self._refusal.setObjectName("records.pane.refusal")
        self._moments = TimelineView()
        self._resume = _button("records.pane.resume", _("Continue · Enter"))
        self._resume.clicked.connect(lambda: self._tell(self.resume_wanted))
        self._repair = _button("records.pane.repair", _("Repair · Enter"))
        self._repair.clicked.connect(lambda: self._tell(self.repair_wanted))
        self._empty = Empty("mdi6.card-account-details-outline")
        self._empty.say(_("No record chosen"), _("Choose one in the list to see where it stands."))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._content())
        self.body.addWidget(self._pages)

    def show_timeline(self, timeline: Timeline, people: Mapping[str, str], now: datetime) -> None:
        """Everything about one record. `people` are operators' names by id."""
        self._shown = timeline
        row = timeline.row
        self._name.setText(row.record.name or _("Name not entered yet"))
        self._nik.setText(shown.grouped(row.record.nik) or _("NIK not entered yet"))
        self._number.setText(_facts(row))
        state = labels.record_state(row)
        self._state.show_fact(state.text, state.tone)
        self._show_face(timeline.face)
        self._show_refusal(timeline)
        ahead = _ahead(row)
        entries = [_entry(moment, people, now) for moment in timeline.moments]
        self._moments.show_entries([ahead, *entries] if ahead else entries)
        self._resume.setVisible(row.record.state is State.DRAFT)
        self._repair.setVisible(row.record.state is State.REJECTED)
        self._pages.setCurrentIndex(1)

    def clear(self) -> None:
        """No record."""
        self._shown = None
        self._pages.setCurrentIndex(0)

    @property
    def record_id(self) -> str:
        """The record shown, or nothing."""
        return self._shown.row.record.record_id if self._shown else ""

    def _tell(self, signal: object) -> None:
        if self._shown is not None:
            signal.emit(self.record_id)  # type: ignore[attr-defined]

    def _content(self) -> QWidget:
        who = QVBoxLayout()
        who.setSpacing(4)
        for widget in (self._name, self._nik):
            who.addWidget(widget)
        who.addWidget(self._state, 0, Qt.AlignmentFlag.AlignLeft)
        who.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._face, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(who, 1)
        story = QWidget()
        rows = QVBoxLayout(story)
        rows.setContentsMargins(0, 0, 4, 0)
        rows.setSpacing(12)
        rows.addLayout(head)
        rows.addWidget(self._number)  # below both: at large text a number beside the photo would be cut
        rows.addWidget(self._refusal)
        rows.addWidget(label(_("Journey of this record"), "h2"))
        rows.addWidget(self._moments, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(story)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._resume)
        layout.addWidget(self._repair)
        return content

    def _show_face(self, face: bytes | None) -> None:
        picture = QPixmap()
        ground = theme.tokens().off_soft
        self._face.setStyleSheet(f"background: {ground}; border-radius: 8px; color: {theme.tokens().ink_2};")
        if face and picture.loadFromData(face):
            mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding
            scaled = picture.scaled(self._face.size(), mode, Qt.TransformationMode.SmoothTransformation)
            self._face.setPixmap(scaled)
            self._face.setAccessibleName(_("Photo"))
        else:
            self._face.setPixmap(QPixmap())
            self._face.setText(_("Photo"))

    def _show_refusal(self, timeline: Timeline) -> None:
        if timeline.row.record.state not in (State.REJECTED, State.DRAFT) or not timeline.reasons:
            self._refusal.clear()
            return
        title = ngettext("Central asks for a correction", "Central asks for {n} corrections", len(timeline.reasons))
        said = "\n".join(f"• {words.of_reason(reason)}" for reason in timeline.reasons)
        self._refusal.say(title.format(n=len(timeline.reasons)), said, "bad")


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("look", "primary")
    button.setAutoDefault(True)
    return button


def _facts(row: RecordRow) -> str:
    facts = [row.record.registration_no, _("revision {n}").format(n=row.record.revision)]
    if row.packet is not None:
        facts.append(shown.size(row.packet.size))
    return " · ".join(facts)


def _ahead(row: RecordRow) -> Entry | None:
    """What comes next by itself or is asked of the operator."""
    if row.record.state is State.DRAFT:
        return Entry(_("Not finished"), _("Continue at: {step}").format(step=labels.step(row.step)), "off", ahead=True)
    if row.packet is not None and row.packet.stage is Stage.PARKED:
        return Entry(_("Waits for the technician"), _("Why, and trying again: F6, Needs repair."), "bad", ahead=True)
    if row.record.state is State.SEALED and row.packet is not None and row.packet.received_at is None:
        state = labels.record_state(row)
        return Entry(state.text, _("Goes by itself when the network is there."), state.tone, ahead=True)
    return None


def _entry(moment: Moment, people: Mapping[str, str], now: datetime) -> Entry:
    label_of = labels.happening(moment.what, moment.text)
    detail = shown.when(moment.at, now)
    match moment.what:
        case Happening.CENTRAL:
            said = f"{moment.text} · {_(central_status(moment.text).todo)}"
        case Happening.RECEIPTED:
            said = _("receipt {number}").format(number=moment.text) if moment.text else ""
        case Happening.PARKED:
            said = words.of_trouble(Trouble(moment.text)).title if moment.text else ""
        case _:
            said = people.get(moment.text, moment.text)
    return Entry(label_of.text, f"{detail} · {said}" if said else detail, label_of.tone)
