"""Power in words: what is left, what that means, and when the station saves it. Knows no widget."""

from __future__ import annotations

from station.domain.mark import N_
from station.domain.power import Charge, PowerState, Saving
from station.i18n import _, ngettext
from station.ui.labels import Label

_SAVING: dict[Saving, str] = {
    Saving.ON_BATTERY: N_("While on battery"),
    Saving.ALWAYS: N_("Always"),
    Saving.NEVER: N_("Never"),
}


def saving_label(choice: Saving) -> str:
    """When power is saved."""
    return _(_SAVING[choice])


def power_fact(charge: Charge | None, state: PowerState) -> Label:
    """`Battery 64 %` for the top strip; nothing on mains."""
    if charge is None or state is PowerState.MAINS:
        return Label("", "off")
    tone = "bad" if state is PowerState.LOW else "off"
    return Label(_("Battery {share}").format(share=_share(charge)), tone)


def power_sentence(charge: Charge | None, state: PowerState) -> str:
    """One sentence: on what the station runs, and for how long."""
    if charge is None:
        return _("This computer tells of no battery and no UPS.")
    if state is PowerState.MAINS:
        return _("On mains power; the battery or UPS has {share}.").format(share=_share(charge))
    if charge.minutes is None:
        return _("On battery: {share} left.").format(share=_share(charge))
    text = ngettext(
        "On battery: {share} left, about {n} minute.",
        "On battery: {share} left, about {n} minutes.",
        charge.minutes,
    )
    return text.format(share=_share(charge), n=charge.minutes)


def _share(charge: Charge | None) -> str:
    return f"{0 if charge is None else charge.percent} %"


def low_title(charge: Charge | None) -> str:
    """What is the matter."""
    return _("Only {share} of the battery is left").format(share=_share(charge))


def low_remedy() -> str:
    """What to do about it."""
    return _("What you entered is on the disk. Plug the computer in, or finish this person and stop.")
