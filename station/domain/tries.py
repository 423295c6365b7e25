"""Best of so many tries, for each finger and eye: what a new capture does to the one that is kept.

Pure judgement of figures; it has seen no picture and knows no device.
"""

from __future__ import annotations

from station.domain.biometrics import Modality, Part, Rank
from station.domain.policy import Policy

_BEST_COUNTS = frozenset({Modality.FINGER, Modality.IRIS})
"""Of a face or a signature the newest counts: a person looked at it and wanted another."""


def takes_the_place(part: Part, new: Rank, kept: Rank | None) -> bool:
    """Whether a capture takes the place of the one that is `kept`: it is as good, or there is none.

    Both are ranks, see `Capture.rank`.
    """
    return kept is None or part.modality not in _BEST_COUNTS or new >= kept


def tells(part: Part, kept: int, policy: Policy) -> bool:
    """Whether a try that is not like the one `kept` with this quality may be of another finger.

    A poor print has too little in common even with a good one of the same finger: it says nothing, and who tries again
    because of it is not told that it was another finger.
    """
    return policy.good_enough(part, kept)


def counted(tries: int, policy: Policy) -> int:
    """The number of tries after one more: a finger that is captured again later has had its tries."""
    return min(tries + 1, policy.tries)


def is_weak(part: Part, quality: int, tries: int, policy: Policy) -> bool:
    """Below the floor, and there are tries left: it is kept, and asked for once more."""
    return part.modality in _BEST_COUNTS and not policy.good_enough(part, quality) and tries < policy.tries
