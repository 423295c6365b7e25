"""Why a policy of central is refused: read by the technician of a station, and by whoever sets it at central."""

from __future__ import annotations

from station.domain.mark import N_

_DINAS = N_("The policy before it holds. Tell the Dinas.")

POLICY: dict[str, tuple[str, str]] = {
    "policy.bounds": (
        N_("{figure} must be a whole number from {least} to {most}."),
        N_("Nothing was changed. Give another number."),
    ),
    "policy.unreadable": (N_("The policy cannot be read."), _DINAS),
    "policy.signature": (N_("The policy is not signed by your central."), _DINAS),
    "policy.other_central": (N_("The policy is from another central."), _DINAS),
    "policy.other_station": (N_("The policy was made for another station."), _DINAS),
    "policy.older": (N_("The policy is older than the one that holds."), _DINAS),
}
