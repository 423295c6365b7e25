"""Whether new prints may be what they are taken for: no finger twice, nobody else's, no officer's, no swapped hands.

Pure judgement over scores of a matcher; it has seen no print.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from station.domain.biometrics import Part
from station.domain.errors import RuleError
from station.domain.verification import MATCH_THRESHOLD

_RIGHT_HAND = range(1, 6)


@dataclass(frozen=True)
class Likeness:
    """Scores of the new prints of one capture. `own` holds every new part, with the fingers it was compared with.

    Those are the fingers kept of this person and the others of the same capture. `previous` and `operators` hold the
    best score with anybody's finger, `earlier` the one with the kept try of the same finger, where that tells.
    """

    own: Mapping[Part, Mapping[Part, int]]
    previous: Mapping[Part, int] = field(default_factory=dict)
    operators: Mapping[Part, int] = field(default_factory=dict)
    earlier: Mapping[Part, int] = field(default_factory=dict)


def objection(found: Likeness) -> RuleError | None:
    """Why nothing of this capture may be kept, the gravest reason first; None when it may.

    `other` and `others` are the fingers that were kept before: it may be them that were of another finger.
    """
    for part in found.own:
        if found.operators.get(part, 0) >= MATCH_THRESHOLD:
            return RuleError("capture.operators_finger", part=part.value)
        if found.previous.get(part, 0) >= MATCH_THRESHOLD:
            return RuleError("capture.previous_person", part=part.value)
    same = {part: other for part, scores in found.own.items() if (other := _twin(part, scores)) is not None}
    crossed = {part: other for part, other in same.items() if other not in found.own and _right(part) != _right(other)}
    if len(found.own) > 1 and 2 * len(crossed) > len(found.own):  # most of a slap
        return RuleError("capture.hands_swapped", others=tuple(other.value for other in crossed.values()))
    for part, other in same.items():
        code = "capture.same_finger_here" if other in found.own else "capture.same_finger"
        return RuleError(code, part=part.value, other=other.value)
    if strange := [part.value for part, score in found.earlier.items() if score < MATCH_THRESHOLD]:
        return RuleError("capture.other_than_before", part=strange[0], others=tuple(strange))
    return None


def _twin(part: Part, scores: Mapping[Part, int]) -> Part | None:
    """The other finger that this one is, if it is any."""
    others = {other: score for other, score in scores.items() if other is not part}
    best = max(others, key=others.__getitem__, default=None)
    return best if best is not None and others[best] >= MATCH_THRESHOLD else None


def _right(part: Part) -> bool:
    return part.position in _RIGHT_HAND
