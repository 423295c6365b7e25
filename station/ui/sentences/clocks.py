"""Clocks of devices and of this computer that differ."""

from __future__ import annotations

from station.domain.mark import N_

_COMPUTER = N_("The capture is kept. Set the date and time of this computer, or ask the technician to.")

CLOCKS: dict[str, tuple[str, str]] = {
    "clock.skew": (
        N_("The clocks of the device and this computer differ."),
        N_("The capture is kept. Compare this computer's clock with a phone. If it is right, tell the technician about "
           "the device: {device}."),
    ),
    "clock.computer_slow": (N_("The clock of this computer is {span} slow."), _COMPUTER),
    "clock.computer_fast": (N_("The clock of this computer is {span} fast."), _COMPUTER),
    "clock.device": (
        N_("The clock of the device is wrong: {device}."),
        N_("The capture is kept. Switch the device off and on again; if it stays, the technician must set its clock."),
    ),
}  # fmt: skip
