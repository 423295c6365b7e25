"""Words of a referral: why there is no NIK, and the slip the person takes to the Dinas. Knows no widget."""

from __future__ import annotations

from station.desk.office import StationCard
from station.domain.mark import N_
from station.domain.referral import Cause, Referral
from station.domain.regions import Village
from station.i18n import _
from station.ui import format as shown
from station.ui.printing import escape, letterhead, table

CAUSES: dict[Cause, str] = {
    Cause.NEVER_LISTED: N_("In no family card yet"),
    Cause.LOST_TRACK: N_("May have one, but nobody knows it"),
    Cause.MOVED: N_("Moved, and not registered again"),
    Cause.FROM_ABROAD: N_("Came from abroad"),
    Cause.OTHER: N_("Another reason"),
}


def slip_title() -> str:
    """The kind of paper, for the spooler: no name."""
    return _("Referral to the Dinas: no NIK yet")


def slip(referral: Referral, village: Village | None, station: StationCard) -> str:
    """The paper as html."""
    place = f"{village.name} · {village.parents}" if village else referral.village
    rows = [
        (_("Name"), referral.name),
        (_("Date of birth"), shown.iso_day(referral.birth_date)),
        (_("Village"), place),
        (_("Why there is no NIK"), _(CAUSES[referral.cause])),
    ]
    if referral.phone:
        rows.append((_("Telephone"), referral.phone))
    told = _("This is a request number of the office. It is not a NIK.")
    now = _("What to do now")
    take = _("Take this paper and whatever proves who you are to the Dinas.")
    then = _("There you are registered and get a NIK. Then come back to be recorded.")
    return (
        letterhead(station, slip_title(), referral.at)
        + f'<p class="large">{escape(referral.referral_no)}</p>'
        + f'<p class="quiet">{escape(told)}</p>'
        + table((_("About the applicant"), ""), rows)
        + f"<h2>{escape(now)}</h2>"
        + f"<p>{escape(take)} {escape(then)}</p>"
    )
