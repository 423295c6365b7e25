"""The way to central in words: a label, one sentence that says why things move or do not, and the remedy."""

from __future__ import annotations

from station.domain.delivery import Counts, Link, LinkState
from station.domain.mark import N_
from station.domain.outcome import Trouble
from station.i18n import _, ngettext
from station.ui.format import thousands
from station.ui.labels import Label, said
from station.ui.words import of_trouble

_LINKS: dict[LinkState, Label] = {
    LinkState.UNKNOWN: Label(N_("Network not tried yet"), "off"),
    LinkState.OFFLINE: Label(N_("No network"), "off"),
    LinkState.PORTAL: Label(N_("Network asks for sign-in"), "warn"),
    LinkState.NAME: Label(N_("Name of central not found"), "warn"),
    LinkState.PORT: Label(N_("Service of central closed"), "warn"),
    LinkState.CERTIFICATE: Label(N_("Certificate not trusted"), "bad"),
    LinkState.PROXY: Label(N_("Proxy in the way"), "warn"),
    LinkState.CENTRAL_DOWN: Label(N_("Central does not answer"), "warn"),
    LinkState.MAINTENANCE: Label(N_("Central under maintenance"), "off"),
    LinkState.BUSY: Label(N_("Central is busy"), "warn"),
    LinkState.BLOCKED: Label(N_("Central does not take anything"), "bad"),
    LinkState.SLOW: Label(N_("Connected, slow"), "warn"),
    LinkState.GOOD: Label(N_("Connected"), "ok"),
    LinkState.PAUSED: Label(N_("Paused"), "warn"),
    LinkState.KEY: Label(N_("Station key is missing"), "bad"),
}
_REASONS: dict[LinkState, str] = {
    LinkState.UNKNOWN: N_("The way to central has not been tried yet."),
    LinkState.OFFLINE: N_("There is no network now."),
    LinkState.PORTAL: N_("This network wants its own sign-in first."),
    LinkState.NAME: N_("The network works, the name of central is not found in it."),
    LinkState.PORT: N_("The machine of central answers, its service does not run."),
    LinkState.CERTIFICATE: N_("What answers cannot prove that it is central."),
    LinkState.PROXY: N_("A proxy on the way answers in the place of central."),
    LinkState.CENTRAL_DOWN: N_("The network works, central does not answer."),
    LinkState.MAINTENANCE: N_("Central is being maintained."),
    LinkState.BUSY: N_("Central is busy and asks to wait."),
    LinkState.BLOCKED: N_("Central takes nothing from this station now."),
    LinkState.PAUSED: N_("Somebody paused sending."),
    LinkState.KEY: N_("The key of this station is not in its safe, so nothing can be sent."),
}


_TODO: dict[LinkState, str] = {
    LinkState.PAUSED: N_("Press Resume to go on sending."),
    LinkState.UNKNOWN: N_("Nothing to do: the station tries by itself in a moment."),
    LinkState.KEY: N_("Sign in once: that puts the key back. If this stays, call the technician."),
}
_USUAL: dict[LinkState, Trouble] = {
    LinkState.OFFLINE: Trouble.OFFLINE,
    LinkState.PORTAL: Trouble.PORTAL,
    LinkState.NAME: Trouble.NAME,
    LinkState.PORT: Trouble.REFUSED,
    LinkState.CERTIFICATE: Trouble.CERTIFICATE,
    LinkState.PROXY: Trouble.PROXY,
    LinkState.CENTRAL_DOWN: Trouble.TIMEOUT,
    LinkState.MAINTENANCE: Trouble.MAINTENANCE,
    LinkState.BUSY: Trouble.BUSY,
    LinkState.BLOCKED: Trouble.BLOCKED,
}
"""What a state means when nobody noted why it is so."""


def longest_label() -> str:
    """The longest of all labels, for whoever keeps room for any of them."""
    return max((said(each).text for each in _LINKS.values()), key=len)


def link_label(link: Link) -> Label:
    """The link in two or three words."""
    return said(_LINKS[link.state])


def link_sentence(link: Link, counts: Counts, moving: int = 0) -> str:
    """One sentence: why things move, or why they do not, and that nothing is lost. `moving` go at this moment."""
    if link.state is LinkState.GOOD:
        return _connected(_("Connected: {what}."), counts, moving)
    if link.state is LinkState.SLOW:
        return _connected(_("Connected over a slow line: {what}."), counts, moving)
    reason = _(_REASONS[link.state])
    if link.state is LinkState.BLOCKED and link.reason is not None:
        reason = f"{of_trouble(link.reason).title}."
    return f"{reason} {_safe(counts)}"


def link_remedy(link: Link) -> str:
    """What a person can do about the link, also when that is nothing; central's own message behind it."""
    if link.state in _TODO:
        todo = _(_TODO[link.state])
    else:
        reason = link.reason or _USUAL.get(link.state)
        todo = of_trouble(reason).todo if reason is not None else ""
    said = _("Central writes: {note}").format(note=link.message) if link.message else ""
    return f"{todo} {said}".strip()


def _connected(told: str, counts: Counts, moving: int) -> str:
    if counts.waiting:
        return told.format(what=_queue(counts.waiting - moving, moving))
    if counts.rejected or counts.parked:
        return _("Everything that can be sent has been sent. Some records need your attention.")
    return _("Everything has been sent; central has confirmed every record.")


def _queue(waiting: int, moving: int) -> str:
    """`21 records wait their turn, 1 is being sent`."""
    wait = ngettext("{n} record waits its turn", "{n} records wait their turn", waiting).format(n=thousands(waiting))
    if not moving:
        return wait
    if not waiting:
        return ngettext("{n} record is being sent", "{n} records are being sent", moving).format(n=moving)
    sent = ngettext("{n} is being sent", "{n} are being sent", moving).format(n=moving)
    return f"{wait}, {sent}"


def _safe(counts: Counts) -> str:
    if not counts.waiting:
        return _("Recording goes on; nothing is waiting.")
    return ngettext(
        "Recording goes on; {n} record is safe at this station.",
        "Recording goes on; {n} records are safe at this station.",
        counts.waiting,
    ).format(n=thousands(counts.waiting))
