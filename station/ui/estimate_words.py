"""The estimate of the end in words: how long, as of when, or honestly that nobody knows. Knows no widget."""

from __future__ import annotations

from station.domain.delivery import LinkState
from station.domain.estimate import Estimate
from station.i18n import _
from station.ui import format as shown

_CENTRAL_SAYS_WHEN = (LinkState.BLOCKED, LinkState.BUSY, LinkState.MAINTENANCE)


def estimate_headline(found: Estimate) -> str:
    """`≈ 14 min`; a dash when nobody can say, and nothing when nothing waits."""
    if not found.waiting_bytes:
        return ""
    return f"≈ {shown.span(found.takes)}" if found.takes is not None else "–"


def estimate_remark(found: Estimate, link: LinkState) -> str:
    """What the number means and how old it is, or why there is none."""
    if not found.waiting_bytes:
        return ""
    if not found.measured:
        return _("no measurement yet")
    if found.takes is None:
        return _("more than 30 days at this rate and these hours")
    measured = _("at {rate}, as of {time}").format(rate=shown.rate(found.rate_bps), time=shown.clock(found.as_of))
    return f"{_from_when(link)}\n{measured}"


def _from_when(link: LinkState) -> str:
    """From what moment on the number counts."""
    if link in (LinkState.GOOD, LinkState.SLOW):
        return _("for everything that waits")
    if link is LinkState.PAUSED:
        return _("for everything, once resumed")
    if link in _CENTRAL_SAYS_WHEN:
        return _("for everything, once central takes it again")
    return _("for everything, once connected")
