"""Why things move or do not: the link in a word, one sentence, the next try, and an estimate of the end."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.desk.delivery import Delivery
from station.domain.delivery import LinkState
from station.i18n import _
from station.ui import format as shown
from station.ui.delivery_words import next_try
from station.ui.link_words import link_label, link_remedy, link_sentence
from station.ui.widgets.card import Card, label
from station.ui.widgets.chip import Chip


class LinkCard(Card):
    """`show_delivery` with a moment; call again each second while a next try is planned."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._state = Chip()
        self._state.setObjectName("sync.link")
        self._sentence = label(role="h2", wrap=True, name="sync.sentence")
        self._detail = label(role="small", wrap=True, name="sync.detail")
        self._estimate = label(role="display", name="sync.estimate")
        self._estimate_of = label(role="small")
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._sentence)
        words.addWidget(self._detail)
        end = QVBoxLayout()
        end.setSpacing(0)
        end.addStretch(1)
        for widget in (self._estimate, self._estimate_of):
            widget.setAlignment(Qt.AlignmentFlag.AlignRight)
            end.addWidget(widget)
        end.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._state)
        row.addLayout(words, 1)
        row.addLayout(end)
        self.body.addLayout(row)

    def show_delivery(self, delivery: Delivery, rate_bps: float, now: datetime) -> None:
        """The picture, with the last measured rate in bytes per second (0: not known)."""
        link, counts = delivery.link, delivery.counts
        state = link_label(link)
        self._state.show_fact(state.text, state.tone)
        self._sentence.setText(link_sentence(link, counts))
        facts = " · ".join(_facts(delivery, now))
        remedy = link_remedy(link) if link.state is not LinkState.GOOD else ""
        self._detail.setText(f"{remedy} {facts[:1].upper()}{facts[1:]}".strip())
        self._detail.setVisible(bool(self._detail.text()))
        known = rate_bps > 0 and counts.waiting_bytes > 0
        self._estimate.setVisible(known)
        self._estimate_of.setVisible(known)
        if known:
            self._estimate.setText(f"≈ {shown.span(timedelta(seconds=counts.waiting_bytes / rate_bps))}")
            good = link.state is LinkState.GOOD
            self._estimate_of.setText(_("to send everything") if good else _("to send everything once connected"))


def _facts(delivery: Delivery, now: datetime) -> list[str]:
    link = delivery.link
    details = [next_try(link, now)]
    if link.until is not None:
        details.append(_("expected until {time}").format(time=shown.when(link.until, now)))
    if delivery.last_receipt_at is not None:
        details.append(_("last receipt {time}").format(time=shown.when(delivery.last_receipt_at, now)))
    if delivery.oldest_waiting_at is not None:
        details.append(_("oldest waits for {span}").format(span=shown.span(now - delivery.oldest_waiting_at)))
    return [detail for detail in details if detail]
