"""The strip that is always visible: which station, and the facts that matter. A chip asks for the screen behind it.

On a narrow window or with large text it gives way step by step, the least important words first.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from station.desk.delivery import Delivery
from station.desk.office import Operator, StationCard
from station.domain.backup import BackupFacts
from station.domain.isolation import days_alone
from station.domain.ports import Clock
from station.i18n import _
from station.ui import backup_words, delivery_words, labels, theme
from station.ui.labels import Label
from station.ui.link_words import link_label, link_remedy
from station.ui.widgets.card import label
from station.ui.widgets.chip import Chip, ChipButton
from station.ui.widgets.eliding_label import ElidingLabel
from station.ui.widgets.emblem import Emblem

_ALL, _NO_NEXT_TRY, _NO_DISK, _NO_SINCE, _NO_ROLE, _NO_TITLES = range(6)


class TopStrip(QFrame):
    """`wanted` carries the key of a screen; `repair` wants what needs repair; the others are the operator's own."""

    wanted = Signal(str)
    repair = Signal()
    lock = Signal()
    leave = Signal()
    prints = Signal()  # the operator's own fingers
    password = Signal()  # and their own password

    def __init__(self, station: StationCard, operator: Operator, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setFixedHeight(min(theme.px(56), 64))
        self._clock, self._operator = clock, operator
        self._delivery: Delivery | None = None
        self._narrow = _ALL
        self._titles = _titles(station)
        self._link = self._chip("strip.link", lambda: self.wanted.emit("sync"))
        self._alone = self._chip("strip.alone", lambda: self.wanted.emit("sync"))
        self._waiting = self._chip("strip.waiting", lambda: self.wanted.emit("sync"))
        self._repair = self._chip("strip.repair", self.repair.emit)
        self._notice = self._chip("strip.notice", lambda: self.wanted.emit("sync"))
        self._disk = self._chip("strip.disk", lambda: self.wanted.emit("guard"))
        self._battery = self._chip("strip.battery", lambda: self.wanted.emit("guard"))
        self._backup = self._chip("strip.backup", lambda: self.wanted.emit("guard"))
        self._copies: BackupFacts | None = None
        self._who = self._operator_chip()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(18, 0, 18, 0)
        self._row.setSpacing(12)
        self._row.addWidget(Emblem(28))
        self._row.addWidget(self._titles, 1)
        first, others = (self._link, self._alone, self._waiting), (self._repair, self._notice, self._battery)
        for chip in (*first, *others, self._disk, self._backup, self._who):
            self._row.addWidget(chip)
        # The countdown to the next try moves by itself; everything else comes with the delivery's news.
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._show_link)

    def show_delivery(self, delivery: Delivery) -> None:
        """New facts."""
        self._delivery = delivery
        self._fit()
        if delivery.link.next_try_at is None:
            self._second.stop()
        elif not self._second.isActive():
            self._second.start()

    def minimumSizeHint(self) -> QSize:
        # What does not fit gives way, so the strip never keeps the window wide.
        return QSize(0, self.height())

    def show_power(self, fact: Label, explanation: str) -> None:
        """What the battery has left; an empty fact on mains."""
        _show(self._battery, fact, explanation)
        self._fit()

    def show_backup(self, facts: BackupFacts) -> None:
        """How the second copy stands; no chip while all is well."""
        self._copies = facts
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show as much as there is room for."""
        for self._narrow in range(_NO_TITLES + 1):
            self._show_facts()
            self._row.invalidate()
            if self._row.minimumSize().width() <= self.width():
                break
        self._row.activate()

    def _show_facts(self) -> None:
        role = f" · {labels.role(self._operator.role)}" if self._narrow < _NO_ROLE else ""
        self._who.setText(self._operator.name + role)
        self._titles.setVisible(self._narrow < _NO_TITLES)
        if (copies := self._copies) is not None:
            fact = backup_words.backup_fact(copies, self._clock.now(), short=self._narrow >= _NO_SINCE)
            _show(self._backup, fact, backup_words.remedy(copies.standing))
        if self._delivery is not None:
            self._show_link()
            found = self._delivery
            days = days_alone(found.link, found.oldest_waiting_at, self._clock.now())
            _show(self._alone, delivery_words.alone_fact(days), delivery_words.alone_remedy(found.counts))
            _show(self._waiting, delivery_words.waiting_fact(self._delivery.counts))
            _show(self._repair, delivery_words.repair_fact(self._delivery.counts))
            _show(self._notice, delivery_words.notice_fact(self._delivery.unread_notices))
            disk = delivery_words.disk_fact(self._delivery.disk_days)
            _show(self._disk, disk if self._narrow < _NO_DISK or disk.tone != "off" else Label("", "off"))

    def _show_link(self) -> None:
        if self._delivery is None:
            return
        link, now = self._delivery.link, self._clock.now()
        fact = delivery_words.link_fact(link, now) if self._narrow < _NO_SINCE else link_label(link)
        coming = delivery_words.next_try(link, now) if self._narrow < _NO_NEXT_TRY else ""
        _show(self._link, Label(f"{fact.text} · {coming}" if coming else fact.text, fact.tone), link_remedy(link))

    def _chip(self, name: str, action: object) -> ChipButton:
        chip = ChipButton()
        chip.setObjectName(name)
        chip.clicked.connect(action)
        chip.hide()
        return chip

    def _operator_chip(self) -> ChipButton:
        chip = ChipButton("", "brand")
        chip.setObjectName("strip.operator")
        chip.setAccessibleName(f"{self._operator.name}, {labels.role(self._operator.role)}")
        menu = QMenu(chip)
        prints = menu.addAction(_("My fingerprints…"), self.prints.emit)
        prints.setObjectName("strip.operator.prints")
        password = menu.addAction(_("My password…"), self.password.emit)
        password.setObjectName("strip.operator.password")
        menu.addAction(_("Lock screen"), self.lock.emit)
        menu.addAction(_("Sign out"), self.leave.emit)
        chip.setMenu(menu)
        return chip


def _show(chip: ChipButton, fact: Label, explanation: str = "") -> None:
    chip.show_fact(fact.text, fact.tone, explanation)
    chip.setVisible(bool(fact.text))


def _titles(station: StationCard) -> QWidget:
    where = _("{name} · Station {number}").format(name=station.name, number=f"{station.office}-{station.number:02d}")
    head = QHBoxLayout()
    head.setSpacing(8)
    head.addWidget(label(_("KTP-el Recording"), "strong"))
    if station.training:
        badge = Chip(_("TRAINING MODE"), "warn")
        badge.setObjectName("strip.training")
        badge.setProperty("bulk", "small")
        head.addWidget(badge)
    head.addStretch(1)
    below = ElidingLabel(where, "small")
    below.setObjectName("strip.station")
    titles = QWidget()
    rows = QVBoxLayout(titles)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(1)
    rows.addStretch(1)
    rows.addLayout(head)
    rows.addWidget(below)
    rows.addStretch(1)
    return titles
