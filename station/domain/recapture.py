"""Somebody recorded before who has come again, because a finger or an eye could not be captured for a while."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from station.domain.biometrics import BiometricException, Part
from station.domain.errors import RuleError

MAX_REASON = 200


class KnownBy(StrEnum):
    """How it was made sure that this is the same person."""

    FINGER = "finger"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Recapture:
    """The visit, kept with the next revision and its corrections: what the record is again when nothing comes of it.

    `revision` and `sealed_at` are of the record as it was sealed before, `opened` is the revision made of it. `score`
    is the best of fingers that were compared, 0 when none was; `reason` says why a document had to do, and
    `vouched_by` who else has seen it.
    """

    revision: int
    opened: int
    sealed_at: datetime | None
    parts: tuple[Part, ...]
    known_by: KnownBy
    score: int
    reason: str
    at: datetime
    operator_id: str
    vouched_by: str = ""


def closed(visit: Recapture | None, refused: Collection[str] = ()) -> frozenset[Part]:
    """What stays as it was sealed: all but what somebody has come again for, and the signature.

    Open is also what central has `refused` by name of an earlier revision of this visit.
    """
    return frozenset() if visit is None else frozenset(Part) - {*visit.parts, Part.SIGNATURE} - set(refused)


def check_open(visit: Recapture | None, parts: Iterable[Part], refused: Collection[str] = ()) -> None:
    """RuleError `recapture.not_open` when one of `parts` stays as it was sealed."""
    if closed(visit, refused).intersection(parts):
        raise RuleError("recapture.not_open")


def due(exceptions: Iterable[BiometricException], until: date) -> tuple[BiometricException, ...]:
    """Those that have healed by `until`."""
    return tuple(item for item in exceptions if item.invite_again and item.invite_again <= until.isoformat())
