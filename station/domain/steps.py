"""The steps of a recording, in order. Any order is allowed; a missing device never closes the others."""

from __future__ import annotations

from enum import StrEnum

from station.domain.biometrics import FINGERS, IRISES, Part


class Step(StrEnum):
    """One screen of the capture flow."""

    APPLICANT = "applicant"
    BIODATA = "biodata"
    PHOTO = "photo"
    FINGERS = "fingers"
    IRISES = "irises"
    SIGNATURE = "signature"
    DOCUMENTS = "documents"
    REVIEW = "review"


AT_THE_COUNTER = (Step.APPLICANT, Step.BIODATA, Step.DOCUMENTS)
"""What can be done before anybody sits down in front of a device."""

PARTS_OF: dict[Step, tuple[Part, ...]] = {
    Step.PHOTO: (Part.FACE,),
    Step.FINGERS: FINGERS,
    Step.IRISES: IRISES,
    Step.SIGNATURE: (Part.SIGNATURE,),
}


def step_of(part: Part) -> Step:
    """The step in which `part` is captured."""
    return next(step for step, parts in PARTS_OF.items() if part in parts)
