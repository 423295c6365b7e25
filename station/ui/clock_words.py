"""What to say about two clocks that differ, and whom to call. Knows no widget."""

from __future__ import annotations

from datetime import timedelta

from station.domain.clocks import Skew, Wrong
from station.i18n import ngettext
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
