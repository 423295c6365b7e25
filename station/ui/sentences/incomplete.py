"""What is said of people who were captured in part and come back."""

from __future__ import annotations

from station.domain.mark import N_

INCOMPLETE: dict[str, tuple[str, str]] = {
    "incomplete.who": (
        N_("Is this the same person? Some of it was captured on another day."),
        N_("Capture the fingers shown under Review and save once more. When one matches, go on with what is missing."),
    ),
}
