"""What may be wrong with a village or with the table of regions."""

from __future__ import annotations

from station.domain.mark import N_

REGIONS: dict[str, tuple[str, str]] = {
    "village.ended": (
        N_("This village code has ended; the village has another one now."),
        N_("Choose the village again by its name. If the family card still has the old code, choose the reason."),
    ),
    "village.unknown": (
        N_("The region table of this station does not have this village code."),
        N_("Check the code. If the family card says so too, choose the reason."),
    ),
    "regions.refused": (
        N_("The region table is damaged ({why}, row {row})."),
        N_("Call the technician and read out this sentence."),
    ),
}
