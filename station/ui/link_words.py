"""The way to central in words: a label, one sentence that says why things move or do not, and the remedy."""

from __future__ import annotations

from station.domain.delivery import Counts, Link, LinkState
from station.domain.mark import N_
from station.i18n import _, ngettext
from station.ui.format import thousands
from station.ui.labels import Label, said
from station.ui.words import of_trouble

_LINKS: dict[LinkState, Label] = {
    LinkState.UNKNOWN: Label(N_("Network not tried yet"), "off"),
    LinkState.OFFLINE: Label(N_("No network"), "off"),
    LinkState.PORTAL: Label(N_("Network asks for sign-in"), "warn"),
    LinkState.CERTIFICATE: Label(N_("Certificate not trusted"), "bad"),
    LinkState.CENTRAL_DOWN: Label(N_("Central does not answer"), "warn"),
    LinkState.MAINTENANCE: Label(N_("Central under maintenance"), "off"),
    LinkState.BUSY: Label(N_("Central is busy"), "warn"),
    LinkState.BLOCKED: Label(N_("Central does not take anything"), "bad"),
    LinkState.GOOD: Label(N_("Connected"), "ok"),
    LinkState.PAUSED: Label(N_("Paused"), "warn"),
}
_REASONS: dict[LinkState, str] = {
    LinkState.UNKNOWN: N_("The way to central has not been tried yet."),
    LinkState.OFFLINE: N_("There is no network now."),
    LinkState.PORTAL: N_("This network wants its own sign-in first."),
    LinkState.CERTIFICATE: N_("What answers cannot prove that it is central."),
    LinkState.CENTRAL_DOWN: N_("The network works, central does not answer."),
    LinkState.MAINTENANCE: N_("Central is being maintained."),
    LinkState.BUSY: N_("Central is busy and asks to wait."),
    LinkState.BLOCKED: N_("Central takes nothing from this station now."),
    LinkState.PAUSED: N_("Somebody paused sending."),
}


def link_label(link: Link) -> Label:
    """The link in two or three words."""
    return said(_LINKS[link.state])


def link_sentence(link: Link, counts: Counts) -> str:
    """One sentence: why things move, or why they do not, and that nothing is lost."""
    if link.state is LinkState.GOOD:
        return _moving(counts)
    reason = _(_REASONS[link.state])
    if link.state is LinkState.BLOCKED and link.reason is not None:
        reason = f"{of_trouble(link.reason).title}."
    return f"{reason} {_safe(counts)}"


def link_remedy(link: Link) -> str:
    """What a person can do about the link; central's own message when it sent one."""
    if link.message:
        return link.message
    return of_trouble(link.reason).todo if link.reason is not None else ""


def _moving(counts: Counts) -> str:
    if counts.waiting:
        return ngettext(
            "Connected: {n} record is on its way.", "Connected: {n} records are on their way.", counts.waiting
        ).format(n=thousands(counts.waiting))
    if counts.rejected or counts.parked:
        return _("Everything that can be sent has been sent. Some records need your attention.")
    return _("Everything has been sent; central has confirmed every record.")


def _safe(counts: Counts) -> str:
    if not counts.waiting:
        return _("Recording goes on; nothing is waiting.")
    return ngettext(
        "Recording goes on; {n} record is safe at this station.",
        "Recording goes on; {n} records are safe at this station.",
        counts.waiting,
    ).format(n=thousands(counts.waiting))
