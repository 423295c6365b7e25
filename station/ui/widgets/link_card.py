"""Why things move or do not: the link in a word, one sentence, the next try, and an estimate of the end."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.desk.delivery import Delivery
from station.desk.panel import Panel
from station.domain.comparison import Comparison
from station.domain.delivery import Link, LinkState, Progress
from station.i18n import _
from station.ui import format as shown
from station.ui import speed_words, theme
from station.ui.comparison_words import comparison_findings, comparison_sentence
from station.ui.delivery_words import next_try, under_way
from station.ui.estimate_words import estimate_headline, estimate_remark
from station.ui.link_words import link_label, link_remedy, link_sentence, longest_label
from station.ui.widgets.card import Card, label
from station.ui.widgets.chip import Chip

_GAP = 3
_END = 236
"""Design pixels for the estimate: its words may take two lines, and never push the sentence away."""


class LinkCard(Card):
    """`show_delivery` with a moment; call again each second while a next try is planned."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, margin=12)
        self._state = Chip()
        self._state.setObjectName("sync.link")
        self._sentence = label(role="h2", wrap=True, name="sync.sentence")
        self._detail = label(role="small", wrap=True, name="sync.detail")
        self._compared = label(role="small", wrap=True, name="sync.compared")
        self._estimate = label(role="display", name="sync.estimate")
        self._estimate_of = label(role="small", wrap=True, name="sync.estimate_of")
        words = QVBoxLayout()
        words.setSpacing(_GAP)
        words.addStretch(1)
        for widget in (self._sentence, self._detail, self._compared):
            words.addWidget(widget)
        words.addStretch(1)
        self._end = QWidget()
        self._end.setFixedWidth(min(theme.px(_END), 300))
        end = QVBoxLayout(self._end)
        end.setContentsMargins(0, 0, 0, 0)
        end.setSpacing(0)
        end.addStretch(1)
        for widget in (self._estimate, self._estimate_of):
            widget.setAlignment(Qt.AlignmentFlag.AlignRight)
            end.addWidget(widget)
        end.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._place_of_chip())
        row.addLayout(words, 1)
        row.addWidget(self._end)
        self.body.addLayout(row)
        kept = self._end.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._end.setSizePolicy(kept)

    def _place_of_chip(self) -> QWidget:
        """As wide as the longest word for a link and three lines high, so that no news moves what stands beside it."""
        place = QWidget()
        inside = QHBoxLayout(place)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._state)
        inside.addStretch(1)
        widest = Chip(longest_label())
        widest.ensurePolished()
        place.setFixedWidth(widest.sizeHint().width())
        lines = (theme.font("l"), theme.font("xs"), theme.font("xs"))
        place.setMinimumHeight(sum(QFontMetrics(each).lineSpacing() for each in lines) + 2 * _GAP)
        return place

    def show_delivery(self, delivery: Delivery, progress: Progress, panel: Panel | None, now: datetime) -> None:
        """The picture; `panel` is None until it was read for the first time."""
        link = delivery.link
        state = link_label(link)
        self._state.show_fact(state.text, state.tone)
        self._sentence.setText(link_sentence(link, delivery.counts, under_way(link, delivery.counts, progress)))
        facts = " · ".join(_facts(delivery, panel, now))
        remedy = link_remedy(link) if not link.up else ""
        self._detail.setText(f"{remedy} {facts[:1].upper()}{facts[1:]}".strip())
        self._detail.setVisible(bool(self._detail.text()))
        found = panel.compared if panel else None
        self._compared.setText(" · ".join(_compared(found)) if found else "")
        self._compared.setVisible(found is not None)
        self._show_estimate(panel, link.state)

    def _show_estimate(self, panel: Panel | None, link: LinkState) -> None:
        headline = estimate_headline(panel.estimate) if panel else ""
        remark = estimate_remark(panel.estimate, link) if panel else ""
        self._estimate.setText(headline)
        self._estimate_of.setText(remark)
        self._end.setAccessibleName(f"{headline} {remark}".strip())
        self._end.setVisible(bool(headline))


def _compared(found: Comparison) -> list[str]:
    """When both sides were compared, and whatever was not equal."""
    return [comparison_sentence(found), *comparison_findings(found)]


def _http(link: Link, panel: Panel | None) -> str:
    """The number that the remedy of a proxy speaks of; '' when there is none."""
    notes = [lane.note for lane in panel.lanes if lane.note is not None] if panel and not link.up else []
    return next((f"HTTP {note.http_status}" for note in notes if note.trouble is link.reason and note.http_status), "")


def _facts(delivery: Delivery, panel: Panel | None, now: datetime) -> list[str]:
    link = delivery.link
    details = [_http(link, panel), next_try(link, now)]
    if link.until is not None:
        text = _("blocked until {time}") if link.state is LinkState.BLOCKED else _("expected until {time}")
        details.append(text.format(time=shown.when(link.until, now)))
    if panel is not None and delivery.counts.waiting:
        details.append(speed_words.cap_now(panel.speed, now))
    if delivery.last_receipt_at is not None:
        details.append(_("last receipt {time}").format(time=shown.when(delivery.last_receipt_at, now)))
    if delivery.oldest_waiting_at is not None:
        details.append(_("oldest waits for {span}").format(span=shown.span(now - delivery.oldest_waiting_at)))
    return [detail for detail in details if detail]
