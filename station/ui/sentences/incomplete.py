"""What is said of people who were captured in part and come back."""

from __future__ import annotations

from station.domain.mark import N_

INCOMPLETE: dict[str, tuple[str, str]] = {
    "incomplete.who": (
        N_("Is this the same person? Some of it was captured on another day."),
        N_("Capture an index finger once more, under Review and save. When it matches, go on with what is missing."),
    ),
}
