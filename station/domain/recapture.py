"""Somebody recorded before who has come again, because a finger or an eye could not be captured for a while."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from station.domain.biometrics import BiometricException, Part

MAX_REASON = 200


class KnownBy(StrEnum):
    """How it was made sure that this is the same person."""

    FINGER = "finger"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Recapture:
    """The visit, kept with the next revision. `revision` and `sealed_at` are of the record as it was sealed before.

    `score` is the best of fingers that were compared, 0 when none was; `reason` says why a document had to do.
    """

    revision: int
    sealed_at: datetime | None
    parts: tuple[Part, ...]
    known_by: KnownBy
    score: int
    reason: str
    at: datetime
    operator_id: str


def due(exceptions: Iterable[BiometricException], until: date) -> tuple[BiometricException, ...]:
    """Those that have healed by `until`."""
    return tuple(item for item in exceptions if item.invite_again and item.invite_again <= until.isoformat())
