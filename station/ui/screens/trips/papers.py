"""Papers of a trip: the invitation and attendance sheet per RT without any NIK, and the report of the closed sums."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from station.desk import trip_papers
from station.desk.office import StationCard
from station.desk.trip_day import Sheet
from station.domain.reconciliation import Counts
from station.domain.trip import WhyNot
from station.i18n import _
from station.ui import format as shown
from station.ui import trip_words
from station.ui.printing import escape, letterhead
from station.ui.screens.trips.sums_card import parts

_GRID = (
    'width="100%" border="1" cellspacing="0" style="border-collapse: collapse; border-color: #999999; margin-top: 8px;"'
)
_BREAK = ' style="page-break-before: always"'


def list_title() -> str:
    """How the list is called, on the paper and as a file."""
    return _("Invitation and attendance list")


def report_title() -> str:
    """How the report is called."""
    return _("Report of the trip")


def list_heads() -> tuple[str, ...]:
    """Headings of the list as a file."""
    return (_("RT/RW"), _("No."), _("Name"), _("Born"), _("Address"))


def list_html(sheet: Sheet, station: StationCard, at: datetime) -> str:
    """One sheet per RT: number, name, birth year, address, boxes to tick and room for a signature."""
    pages: list[str] = []
    for unit, people in trip_papers.rows_by_unit(sheet).items():
        top = letterhead(station, list_title(), at)
        pages.append(f"<div{_BREAK if pages else ''}>{top}{_head(sheet, unit, len(people))}{_attendance(people)}</div>")
    return "".join(pages)


def report_html(sheet: Sheet, station: StationCard, at: datetime) -> str:
    """The closed sums and the reasons, without a name."""
    rows = "".join(
        f'<tr><td>{text}</td><td align="right" width="20%">{number}</td></tr>' for text, number in _lines(sheet)
    )
    crew = ", ".join(sheet.trip.plan.crew)
    who = _("Crew")
    said = f"<p>{escape(who)}: {escape(crew)}</p>" if crew else ""
    return f"{letterhead(station, report_title(), at)}<p>{_where(sheet)}</p>{said}<table {_GRID}>{rows}</table>"


def report_lines(sheet: Sheet) -> list[tuple[str, int]]:
    """The closed sums as pairs, for a file."""
    counts = Counts.of_report(sheet.trip.report)
    lines = []
    for (whole, total), made_of in parts(counts):
        lines.append((whole, total))
        lines.extend((f"{whole}: {text}", number) for text, number in made_of)
    lines.append((_("Referred to the office (no NIK)"), counts.referrals))
    why = _("Not recorded, with a reason")
    lines.extend((f"{why}: {text}", number) for text, number in _reasons(sheet))
    return lines


def _lines(sheet: Sheet) -> list[tuple[str, str]]:
    counts = Counts.of_report(sheet.trip.report)
    lines = []
    for (whole, total), made_of in parts(counts):
        lines.append((f"<b>{escape(whole)}</b>", f"<b>{shown.thousands(total)}</b>"))
        lines.extend((f"&nbsp;&nbsp;{escape(text)}", shown.thousands(number)) for text, number in made_of)
    referred, why = _("Referred to the office (no NIK)"), _("Not recorded, with a reason")
    lines.append((f"<b>{escape(referred)}</b>", f"<b>{counts.referrals}</b>"))
    reasons = _reasons(sheet)
    if reasons:
        lines.append((f"<b>{escape(why)}</b>", ""))
        lines.extend((f"&nbsp;&nbsp;{escape(text)}", shown.thousands(number)) for text, number in reasons)
    return lines


def _reasons(sheet: Sheet) -> list[tuple[str, int]]:
    report = sheet.trip.report
    found = ((trip_words.why_not(why), report.get(f"why.{why.value}", 0)) for why in WhyNot if why is not WhyNot.NONE)
    return [(text, number) for text, number in found if number]


def _where(sheet: Sheet) -> str:
    plan, village = sheet.trip.plan, sheet.village
    name = f"{village.name} · {village.parents}" if village else plan.village
    return escape(" · ".join(part for part in (name, shown.day(plan.day), plan.place) if part))


def _head(sheet: Sheet, unit: str, people: int) -> str:
    number = _("{unit} · {n} people").format(unit=trip_words.unit(unit), n=shown.thousands(people))
    bring = f"{_(trip_words.BRING)} {_(trip_words.FREE)}"
    return f"<h2>{escape(number)}</h2><p>{_where(sheet)}</p><p><b>{escape(bring)}</b></p>"


def _attendance(people: Sequence[tuple[str, str, str]]) -> str:
    ticks = (_("Present"), _("Absent"))
    heads = [(_("No."), 7), (_("Name"), 30), (_("Born"), 8), (_("Address"), 24)]
    heads += [(text, 8) for text in ticks] + [(_("Signature"), 15)]
    head = "".join(f'<th width="{width}%">{escape(text)}</th>' for text, width in heads)
    empty = "<td></td>" * (len(ticks) + 1)
    rows = "".join(
        f"<tr><td>{number}</td><td>{escape(name)}</td><td>{escape(year)}</td><td>{escape(address)}</td>{empty}</tr>"
        for number, (name, year, address) in enumerate(people, start=1)
    )
    return f"<table {_GRID}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
