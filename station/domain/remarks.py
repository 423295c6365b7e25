"""What a device or our own measuring said against a picture that was kept all the same, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable

from station.domain.biometrics import CAPTURE_FIELD
from station.domain.draft import CaptureCard
from station.domain.finding import Finding, warning

ADVICE = frozenset({"clock.skew"})
"""Remarks about the device, not about the picture: they are for the technician, and nobody gives a reason for them."""


def check_remarks(cards: Iterable[CaptureCard]) -> list[Finding]:
    """A warning for each remark about a picture: it may stay, with the reason."""
    return [
        warning(remark, CAPTURE_FIELD + card.part.value)
        for card in cards
        for remark in card.remarks
        if remark not in ADVICE
    ]
