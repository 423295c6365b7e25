"""What rules may say against a capture, and against leaving one out."""

from __future__ import annotations

from station.domain.mark import N_

_HANDS = N_("Guide the hand of the applicant, then press Space to capture again. Nothing was kept of this try.")

CAPTURES: dict[str, tuple[str, str]] = {
    "capture.same_finger": (
        N_("{part} is the same as the {other}, which is captured already."),
        N_("Ask for the finger that is shown, then press Space. Was the other one wrong? Repeat it by its ring."),
    ),
    "capture.same_finger_here": (
        N_("{part} and {other} are one and the same finger in this capture."),
        N_("Ask for each finger once, side by side, then press Space. Nothing was kept of this try."),
    ),
    "capture.other_than_before": (
        N_("{part} is not the finger that was captured before."),
        N_("Ask for the finger that is shown, then press Space. Was the earlier one wrong? Delete it first."),
    ),
    "capture.hands_swapped": (
        N_("This is the other hand, which is captured already."),
        N_("Ask for the hand that is shown, then press Space. Nothing was kept of this try."),
    ),
    "capture.previous_person": (
        N_("{part} is a finger of somebody recorded before, or of another recording that is still open."),
        N_(
            "Is the right person sitting here? Clean the glass, then press Space. An open recording of the same person "
            "can be withdrawn. Nothing was kept of this try."
        ),
    ),
    "capture.operators_finger": (
        N_("{part} is a finger of an officer, not of the applicant."),
        _HANDS,
    ),
    "capture.not_comparable": (
        N_("Nothing to compare can be read."),
        N_("Clean the glass, moisten the finger a little and capture it again; or keep it and give the reason."),
    ),
    "capture.weak": (
        N_("The picture is weak: quality {quality}."),
        N_("Capture it again, the best try stays; or keep it so and give the reason."),
    ),
    "capture.simulated": (
        N_("This device shows drawn people, not real ones."),
        N_("Choose a real device on the screen of the devices. Nothing was kept."),
    ),
}
