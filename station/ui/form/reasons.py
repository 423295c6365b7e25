"""The reasons offered for letting a warning stand. What is chosen is stored as shown, with the record."""

from __future__ import annotations

from station.domain.mark import N_

REASONS: tuple[str, ...] = (
    N_("Matches the original family card"),
    N_("Matches the birth certificate"),
    N_("Older data, valid as it is"),
    N_("The applicant confirms it"),
)

CAPTURE_REASONS: tuple[str, ...] = (
    N_("Also after several tries no better picture"),
    N_("Worn skin: work with the hands, or age"),
    N_("The applicant cannot hold it longer"),
    N_("The device does not work now"),
)
"""For what was captured, and for the verification at the end."""

PHOTO_REASONS: tuple[str, ...] = (
    N_("The right cloth is not here"),
    N_("The applicant cannot sit otherwise"),
    N_("There is no better light here"),
    N_("Also after several tries no better picture"),
)
"""For a photo with something wrong."""

SAME_PERSON_REASONS: tuple[str, ...] = (
    N_("The face is that of the photo"),
    N_("Known here, and on the family card"),
)
"""For somebody who has come back and has no finger to compare."""
