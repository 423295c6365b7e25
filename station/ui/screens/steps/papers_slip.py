"""The slip a person takes home: what is missing, what it is for, where to get it. Says no NIK and refuses nobody."""

from __future__ import annotations

from datetime import datetime

from station.desk.office import StationCard
from station.domain.checklist import Document
from station.domain.draft import Draft
from station.i18n import _
from station.ui import labels
from station.ui.printing import escape, letterhead, table


def slip_title() -> str:
    return _("Missing papers")


def slip(station: StationCard, draft: Draft, gone: tuple[Document, ...], at: datetime) -> str:
    """The slip as html. The name may be empty: a list can be asked for before any name is known."""
    name = draft.answers.get("name", "")
    who = _("Dear {name},").format(name=name) if name else _("Dear Sir or Madam,")
    words = _(
        "thank you for coming. For your KTP-el the papers below are still missing. "
        "Please bring them to this office together with this sheet; you need not start again."
    )
    facts = [
        (_("Service"), labels.service(draft.service)),
        (_("Registration number"), draft.record.registration_no),
    ]
    told = "<br>".join(f"{escape(what)}: <b>{escape(value)}</b>" for what, value in facts)
    question = _("Any question? Ask at the counter; nobody may charge you for it.")
    lines = [(_(item.label), _(item.why), _(item.where)) for item in gone]
    return "".join(
        (
            letterhead(station, slip_title(), at),
            f"<p>{escape(who)}</p><p>{escape(words)}</p><p>{told}</p>",
            table([_("Paper"), _("What it is for"), _("Where to get it")], lines),
            f"<p>{escape(question)}</p>",
        )
    )
