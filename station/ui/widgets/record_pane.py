"""One record beside the list: who, what happens next, what central wants corrected, its journey. Emits intentions."""

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

from station.domain.record import State
from station.domain.rows import RecordRow, Timeline
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import labels, theme, words
from station.ui.keeping_words import purged_line
from station.ui.labels import Label
from station.ui.moment_words import entry
from station.ui.next_words import next_words
from station.ui.widgets.banner import Banner
from station.ui.widgets.card import Card, label
from station.ui.widgets.chip import Chip
from station.ui.widgets.empty import Empty
from station.ui.widgets.next_card import NextCard
from station.ui.widgets.timeline import TimelineView

_FACE_WIDTH, _FACE_HEIGHT = 64, 84
_CHIP_WIDTH = 170


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
        self._missing = label(role="small", wrap=True, name="records.pane.missing")
        self._refusal = Banner()
        self._refusal.setObjectName("records.pane.refusal")
        self._purged = Banner()
        self._purged.setObjectName("records.pane.purged")
        self._next = NextCard()
        self._moments = TimelineView()
        self._resume = _button("records.pane.resume", _("Continue · Enter"))
        self._resume.clicked.connect(lambda: self._tell(self.resume_wanted))
        self._repair = _button("records.pane.repair", _("Repair · Enter"))
        self._repair.clicked.connect(lambda: self._tell(self.repair_wanted))
        of_others = (self._name, self._nik, self._number, self._state, *_words_of(self._refusal, self._purged))
        for words_of_others in of_others:
            words_of_others.setTextFormat(Qt.TextFormat.PlainText)
        self._empty = Empty("mdi6.card-account-details-outline")
        self._empty.say(_("No record chosen"), _("Choose one in the list to see where it stands."))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._content())
        self.body.addWidget(self._pages)

    def show_timeline(self, timeline: Timeline, people: Mapping[str, str], place: str, now: datetime) -> None:
        """Everything about one record. `people` are operators' names by id, `place` is the name of the village."""
        self._shown = timeline
        row = timeline.row
        self._name.setText(row.record.name or _("Name not entered yet"))
        self._nik.setText(shown.grouped(row.record.nik) or _("NIK not entered yet"))
        self._number.setText(_facts(timeline, place))
        self._show_state(row)
        self._show_face(timeline.face)
        self._show_refusal(timeline)
        self._show_purged(timeline)
        self._next.say(next_words(row, now))
        self._moments.show_entries([entry(moment, people, now) for moment in timeline.moments])
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

    def read_on(self) -> None:
        """Put the focus into the story, so that the arrow keys scroll it."""
        self._story.setFocus()

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
        rows.addWidget(self._missing)
        rows.addWidget(self._number)  # below both: at large text a number beside the photo would be cut
        rows.addWidget(self._purged)
        rows.addWidget(self._next)
        rows.addWidget(self._refusal)
        rows.addWidget(label(_("Journey of this record"), "h2"))
        rows.addWidget(self._moments, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setObjectName("records.pane.story")
        scroll.setAccessibleName(_("Journey of this record"))
        scroll.setProperty("ring", True)
        scroll.setWidget(story)
        self._story = scroll
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._resume)
        layout.addWidget(self._repair)
        return content

    def _show_state(self, row: RecordRow) -> None:
        """What is missing of somebody stands in a line of its own: in the chip large text has no room for it."""
        state = Label(_("Incomplete"), "warn") if row.missing else labels.record_state(row)
        names = ", ".join(map(labels.step, row.missing))
        self._missing.setText(_("Not captured yet: {names}").format(names=names))
        self._missing.setVisible(bool(row.missing))
        room = theme.px(_CHIP_WIDTH)
        short = self._state.fontMetrics().elidedText(state.text, Qt.TextElideMode.ElideRight, room)
        self._state.show_fact(short, state.tone)
        self._state.setAccessibleName(state.text)

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

    def _show_purged(self, timeline: Timeline) -> None:
        packet = timeline.row.packet
        if packet is None or packet.purged_at is None:
            self._purged.clear()
        else:
            self._purged.say(purged_line(packet.purged_at, packet.receipt_no), "", "off")

    def _show_refusal(self, timeline: Timeline) -> None:
        if timeline.row.record.state not in (State.REJECTED, State.DRAFT) or not timeline.reasons:
            self._refusal.clear()
            return
        title = ngettext("Central asks for a correction", "Central asks for {n} corrections", len(timeline.reasons))
        said = "\n".join(f"• {words.of_reason(reason)}" for reason in timeline.reasons)
        self._refusal.say(title.format(n=len(timeline.reasons)), said, "bad")


def _words_of(*banners: Banner) -> list[QLabel]:
    return [each for banner in banners for each in banner.findChildren(QLabel)]


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("look", "primary")
    button.setAutoDefault(True)
    return button


def _facts(timeline: Timeline, place: str) -> str:
    row = timeline.row
    facts = [row.record.registration_no, labels.service(timeline.service)]
    if place:
        facts.append(place)
    if row.record.revision > 1:
        facts.append(_("revision {n}").format(n=row.record.revision))
    if row.packet is not None:
        facts.append(shown.size(row.packet.size))
    return " · ".join(facts)
