"""What to say about two clocks that differ, and whom to call. Knows no widget."""

from __future__ import annotations

from datetime import datetime, timedelta

from station.domain.clock_jump import Jump
from station.domain.clocks import TOLERANCE, Check, Skew, Wrong
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import words
from station.ui.words import Words

_MINUTES, _HOURS = timedelta(minutes=90), timedelta(hours=36)


def of_skew(skew: Skew) -> Words:
    """Whose clock is wrong as far as that is known, and what to do."""
    device = " · ".join(part for part in (skew.device.model or skew.device.make, skew.device.serial) if part)
    match skew.wrong:
        case Wrong.COMPUTER:
            code = "clock.computer_slow" if skew.offset > timedelta() else "clock.computer_fast"
            return words.sentence(code, {"span": span(abs(skew.offset))})
        case Wrong.DEVICE:
            return words.sentence("clock.device", {"device": device})
        case Wrong.UNKNOWN:
            return words.sentence("clock.skew", {"device": device})


def of_check(check: Check | None, now: datetime) -> str:
    """One sentence: what central last said of this computer's clock."""
    if check is None:
        return _("Central has not said yet what time it is.")
    at = shown.when(check.at, now)
    if abs(check.offset) <= TOLERANCE:
        return _("The clock of this computer is right (compared with central {at}).").format(at=at)
    text = _("The clock of this computer is {span} slow (compared with central {at}). Let the technician set it.")
    if check.offset < timedelta():
        text = _("The clock of this computer is {span} fast (compared with central {at}). Let the technician set it.")
    return text.format(span=span(abs(check.offset)), at=at)


def of_jump(jump: Jump, now: datetime) -> str:
    """`12-11-2026 10.42: went back by 3 hours`."""
    text = _("{at}: went forward by {span}") if jump.by > timedelta() else _("{at}: went back by {span}")
    return text.format(at=shown.when(jump.at, now), span=span(abs(jump.by)))


def jumped() -> str:
    """What to do about it."""
    return _("Recording goes on; each record says so to central. If nobody set the clock, tell the technician.")


def jumped_title(jump: Jump) -> str:
    """What happened."""
    if jump.by > timedelta():
        return _("The clock of this computer went forward by {span}").format(span=span(jump.by))
    return _("The clock of this computer went back by {span}").format(span=span(-jump.by))


def span(time: timedelta) -> str:
    """`17 minutes`, `5 hours`, `12 days`."""
    if time < _MINUTES:
        n = round(time / timedelta(minutes=1))
        return ngettext("{n} minute", "{n} minutes", n).format(n=n)
    if time < _HOURS:
        n = round(time / timedelta(hours=1))
        return ngettext("{n} hour", "{n} hours", n).format(n=n)
    n = round(time / timedelta(days=1))
    return ngettext("{n} day", "{n} days", n).format(n=n)
