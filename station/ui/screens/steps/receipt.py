"""Bukti perekaman: what was recorded, its number, and what comes next. Optional, free of charge, and no identity card.

It carries no NIK and promises no date but the one the law sets: from when the card of a sixteen-year-old may be made.
"""

from __future__ import annotations

from datetime import date, datetime

from station.desk.office import StationCard
from station.domain.biometrics import FINGERS, IRISES, Part
from station.domain.checklist import missing, wanted
from station.domain.draft import Draft
from station.domain.eligibility import eligibility_of
from station.domain.rows import RecordRow
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import labels
from station.ui.part_names import part_name
from station.ui.printing import escape, letterhead


def receipt_title() -> str:
    return _("Proof of recording")


def receipt(station: StationCard, row: RecordRow, draft: Draft, at: datetime) -> str:
    """The paper as html, from the sealed record and the draft it was."""
    sealed = row.record.sealed_at or at
    facts = [
        (_("Name"), row.record.name),
        (_("Service"), labels.service(draft.service)),
        (_("Recorded at"), f"{shown.day(sealed)} {shown.clock(sealed)}"),
        (_("Recorded"), recorded(draft)),
    ]
    if draft.exceptions:
        facts.append((_("Could not be recorded"), ", ".join(part_name(item.part) for item in draft.exceptions)))
    today = at.astimezone().date()
    gone = missing(draft.papers, wanted(draft.service, draft.answers, today))
    if gone:
        facts.append((_("Papers still missing"), ", ".join(_(item.label) for item in gone)))
    number, after = _("Registration number"), _("What comes next")
    warned = _("This paper is no identity card. Recording and card are free of charge.")
    lines = "".join(f"<tr><td>{escape(what)}</td><td><b>{escape(value)}</b></td></tr>" for what, value in facts)
    return "".join(
        (
            letterhead(station, receipt_title(), at),
            f'<p class="quiet">{escape(number)}</p>',
            f'<p class="large">{escape(row.record.registration_no)}</p>',
            f'<table width="100%" cellspacing="0" style="margin-top: 8px;">{lines}</table>',
            f"<h2>{escape(after)}</h2>",
            "".join(f"<p>{escape(text)}</p>" for text in next_steps(draft, today)),
            f"<p><b>{escape(warned)}</b></p>",
        )
    )


def recorded(draft: Draft) -> str:
    """`Photo, 10 fingerprints, 2 irises, signature`, counting only what is there."""
    fingers, eyes = (sum(part in draft.captures for part in parts) for parts in (FINGERS, IRISES))
    said = [_("photo")] if Part.FACE in draft.captures else []
    said += [ngettext("{count} fingerprint", "{count} fingerprints", fingers).format(count=fingers)] if fingers else []
    said += [ngettext("{count} iris", "{count} irises", eyes).format(count=eyes)] if eyes else []
    said += [_("signature")] if Part.SIGNATURE in draft.captures else []
    return ", ".join(said)


def next_steps(draft: Draft, today: date) -> list[str]:
    """What happens by itself and what the person does."""
    steps = [_("The data are sent to the central server, which checks that nobody is recorded twice.")]
    found = eligibility_of(draft.answers, today=today)
    if found is not None and found.print_from is not None:
        day = shown.day(found.print_from)
        steps.append(_("The KTP-el can be printed from {day}, the 17th birthday.").format(day=day))
    else:
        steps.append(_("The KTP-el is printed when that is done. How long it takes cannot be promised."))
    steps.append(_("Ask at this office and say the registration number; it can be told over the telephone."))
    return steps
