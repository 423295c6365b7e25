"""What was said against a picture that was kept all the same, by a device or by our own measuring."""

from __future__ import annotations

from collections.abc import Iterable

from station.domain.biometrics import CAPTURE_FIELD, Modality
from station.domain.clocks import SKEWED
from station.domain.draft import CaptureCard
from station.domain.finding import Finding, warning
from station.domain.policy import Policy
from station.domain.tries import is_weak

COACHED = frozenset(
    {
        "finger.none",
        "finger.dry",
        "finger.wet",
        "finger.partial",
        "iris.none",
        "iris.visible",
        "iris.sharpness",
        "iris.contrast",
        "iris.size",
        "iris.lens",
    }
)
"""What a finger or an eye lacked, so that the next try is better. Whether it must be better the quality says."""

ADVICE = COACHED | {SKEWED}
"""Remarks that are told, and nobody gives a reason for them: those of the coach, and that a device's clock is wrong."""


def check_remarks(cards: Iterable[CaptureCard], policy: Policy) -> list[Finding]:
    """A warning for each remark about a picture: it may stay, with the reason."""
    return [finding for card in cards for finding in _against(card, policy)]


def _against(card: CaptureCard, policy: Policy) -> list[Finding]:
    """One reason is enough: that a picture is weak is only said when nothing says why."""
    field = CAPTURE_FIELD + card.part.value
    found = [warning(remark, field) for remark in card.remarks if remark not in ADVICE]
    if card.part.modality is Modality.FINGER and not card.comparable:
        found.append(warning("capture.not_comparable", field))
    if not found and is_weak(card.part, card.quality, card.attempts, policy):
        found.append(warning("capture.weak", field, quality=card.quality))
    return found
