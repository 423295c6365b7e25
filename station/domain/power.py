"""What the battery or the UPS has left, and what follows from it. Must not know where that is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LOW_PERCENT, LOW_MINUTES = 20, 5
"""Either of them is low: a record may take five minutes."""
ENOUGH_PERCENT = 25
"""Not low any more only above this, so that nothing flickers at the edge."""


@dataclass(frozen=True)
class Charge:
    """`plugged`: it is not running down. `minutes` are those that the system expects, if it says."""

    percent: int
    plugged: bool
    minutes: int | None = None


class PowerState(StrEnum):
    """`MAINS` also when nobody says anything about power."""

    MAINS = "mains"
    BATTERY = "battery"
    LOW = "low"


class Saving(StrEnum):
    """When the station saves power: while it runs on battery, always, or never. A person's choice."""

    ON_BATTERY = "battery"
    ALWAYS = "always"
    NEVER = "never"


def state_of(charge: Charge | None, before: PowerState = PowerState.MAINS) -> PowerState:
    """What this charge means, after what it was."""
    if charge is None or charge.plugged:
        return PowerState.MAINS
    short = charge.minutes is not None and charge.minutes <= LOW_MINUTES
    edge = ENOUGH_PERCENT if before is PowerState.LOW else LOW_PERCENT
    return PowerState.LOW if short or charge.percent <= edge else PowerState.BATTERY


def saves(choice: Saving, charge: Charge | None) -> bool:
    """Whether power is saved now."""
    if choice is Saving.ON_BATTERY:
        return charge is not None and not charge.plugged
    return choice is Saving.ALWAYS
