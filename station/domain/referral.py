"""Somebody without a NIK: sent to the Dinas with a number of ours. A NIK is given by the registry, never made here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Cause(StrEnum):
    """Why there is no NIK. The value is what is stored."""

    NEVER_LISTED = "never_listed"  # in no family card yet
    LOST_TRACK = "lost_track"  # may have one, nobody knows it
    MOVED = "moved"  # left one register and is in no other
    FROM_ABROAD = "from_abroad"
    OTHER = "other"


@dataclass(frozen=True)
class Asked:
    """What the small form asks, as typed. `birth_date` in any usual way, `village` a region code."""

    name: str
    birth_date: str
    village: str
    cause: Cause
    phone: str = ""


@dataclass(frozen=True)
class Referral:
    """One referral. `birth_date` is ISO, `village` a region code, `phone` may be empty."""

    referral_no: str
    at: datetime
    name: str
    birth_date: str
    village: str
    phone: str
    cause: Cause
    trip_id: str = ""
