"""The reasons offered for letting a warning stand. What is chosen is stored as shown, with the record."""

from __future__ import annotations

from station.domain.mark import N_

REASONS: tuple[str, ...] = (
    N_("Matches the original family card"),
    N_("Matches the birth certificate"),
    N_("Older data, valid as it is"),
    N_("The applicant confirms it"),
)
