"""Speed rules in words: what is wrong with them, and what holds now. Knows no widget."""

from __future__ import annotations

from datetime import datetime

from station.domain.mark import N_
from station.domain.speed import Metered, SpeedRules
from station.domain.speed_entry import LEAST_KBPS, Fault, Kind
from station.i18n import _
from station.ui.format import thousands

_FAULTS = {
    Fault.NO_TIME: N_("Write a time such as 07.30."),
    Fault.NO_SPEED: N_("Write a whole number of kbit/s, such as 256."),
    Fault.TOO_SLOW: N_("At least {least} kbit/s. To send nothing, choose No records, or press Pause."),
    Fault.SAME_TIME: N_("From and to are the same time."),
    Fault.OVERLAP: N_("These hours overlap with others above."),
    Fault.NEVER: N_("These hours leave no time of the day to send in."),
}
KINDS = {
    Kind.FREE: N_("No limit"),
    Kind.CAPPED: N_("At most"),
    Kind.CLOSED: N_("No records"),
}
METERED = {
    Metered.SYSTEM: N_("As the operating system says"),
    Metered.YES: N_("Yes, it costs by the byte"),
    Metered.NO: N_("No"),
}


def of_fault(fault: Fault) -> str:
    """What is wrong, and how to write it."""
    return _(_FAULTS[fault]).format(least=LEAST_KBPS)


def cap_now(rules: SpeedRules, now: datetime) -> str:
    """What the rules of this station hold back now; '' when nothing."""
    cap = rules.cap_kbps(now.astimezone().time())
    if cap is None:
        return ""
    if cap == 0:
        return _("no records are sent at this hour")
    return _("limited to {n} kbit/s").format(n=thousands(cap))
