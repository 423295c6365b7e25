"""Papers for a lost, damaged or changed card: somebody recorded already takes a list home; nothing is recorded."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk.office import StationCard
from station.domain.checklist import Document, wanted
from station.domain.paper import PaperSize
from station.domain.service import Service
from station.domain.standing import Standing
from station.i18n import _
from station.ui import labels, theme
from station.ui.printing import escape, letterhead, print_paper, table
from station.ui.screens.steps.lookups import Lookups
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.field_label import FieldLabel

REPLACEMENTS = (Service.LOST, Service.DAMAGED, Service.CHANGED)


class ReplacementDialog(QDialog):
    """The arrows choose what happened to the card, Enter shows the sheet. Opens no draft and keeps nothing."""

    def __init__(self, session: Lookups, standing: Standing, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("replacement")
        self.setWindowTitle(_("Replacement of the card"))
        self.setMinimumWidth(theme.px(480))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._standing, self._page = session, standing, parent
        self._service = QComboBox()
        self._service.setObjectName("replacement.service")
        for service in REPLACEMENTS:
            self._service.addItem(labels.service(service), service)
        self._service.currentIndexChanged.connect(lambda _index: self._show_papers())
        self._papers = label(role="small", wrap=True, name="replacement.papers")
        self._print = button("replacement.print", _("Print the list…"), self._print_list, "primary")
        self._print.setDefault(True)
        self._close = button("replacement.close", _("Close"), self.reject)
        self._close.setAutoDefault(False)
        self._lay_out()
        self._show_papers()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Replacement of the card"), "h2"))
        told = _(
            "This person is recorded already and is not recorded again. Give them the list of papers to take home."
        )
        column.addWidget(label(told, "muted", wrap=True))
        column.addWidget(FieldLabel(_("What the person has come for"), self._service))
        column.addWidget(self._papers)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self._close)
        row.addWidget(self._print)
        column.addLayout(row)

    @property
    def _chosen(self) -> Service:
        return REPLACEMENTS[self._service.currentIndex()]

    def _asked(self) -> tuple[Document, ...]:
        target = self._standing.target
        answers = {**(target.answers if target else {}), "nik": self._standing.nik}
        return wanted(self._chosen, answers, self._session.clock.now().astimezone().date())

    def _show_papers(self) -> None:
        self._papers.setText("\n".join(f"•  {_(item.label)}" for item in self._asked()))
        self._service.setAccessibleDescription(self._papers.text())

    def _print_list(self) -> None:
        session, standing = self._session, self._standing
        row = standing.record
        name = standing.target.name if standing.target else row.record.name if row else ""
        html = replacement_slip(session.station, name, self._chosen, self._asked(), session.clock.now())
        self.accept()
        dialog = print_paper(self._page, replacement_title(), html, session.printer, size=PaperSize.A5)
        if row is not None:
            record_id = row.record.record_id
            dialog.went_out.connect(lambda way: session.printed(record_id, "replacement_papers", way))


def replacement_title() -> str:
    """The kind of paper, for the spooler: no name."""
    return _("Papers for a replacement card")


def replacement_slip(
    station: StationCard, name: str, service: Service, papers: tuple[Document, ...], at: datetime
) -> str:
    """The sheet as html. It says no NIK and promises no day. `name` may be empty."""
    who = _("Dear {name},").format(name=name) if name else _("Dear Sir or Madam,")
    words = _(
        "you have been recorded already, so you need not be recorded again. "
        "Please prepare the papers below for your request."
    )
    question = _("Any question? Ask at the counter; nobody may charge you for it.")
    now, kind = _("What to do now"), _("Service")
    lines = [(_(item.label), _(item.why), _(item.where)) for item in papers]
    steps = (
        _("Collect the papers of this list."),
        _("Bring them with this sheet to this counter or to Dinas Dukcapil."),
        _("They are checked there and the new card is asked for. It is free of charge."),
    )
    return "".join(
        (
            letterhead(station, replacement_title(), at),
            f"<p>{escape(who)}</p><p>{escape(words)}</p>",
            f"<p>{escape(kind)}: <b>{escape(labels.service(service))}</b></p>",
            table([_("Paper"), _("What it is for"), _("Where to get it")], lines),
            f"<h2>{escape(now)}</h2>",
            "".join(f"<p>{place}. {escape(text)}</p>" for place, text in enumerate(steps, start=1)),
            f"<p>{escape(question)}</p>",
        )
    )
