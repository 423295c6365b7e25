"""What central lets a station accept of fingers and eyes, and how long packets stay, within bounds no order can leave.

Must not know how a policy arrives, nor who signed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from station.domain.biometrics import Modality, Part
from station.domain.errors import RuleError

BOUNDS: dict[str, tuple[int, int]] = {
    "finger_quality": (20, 70),
    "iris_quality": (30, 90),
    "tries": (2, 5),
    "retention_days": (0, 90),
    "audit_years": (1, 30),
}
"""Least and most of each figure. A mistake at central must neither open the station to everything nor keep it from
working: prints in water measure below 20, and hardly any hand that works comes above 70; one try would switch the
floors off, and after five nobody's finger gets better. The irises' measure is our own, so its bounds are wide. Packets
that central has finished with stay for three months at most: what is not here cannot be stolen.
"""


@dataclass(frozen=True)
class Policy:
    """The figures captures are judged by; RuleError `policy.bounds` for one out of bounds.

    `issued_at` is when central signed it; None for what holds without a word of central.
    """

    finger_quality: int = 40
    """NFIQ 2, taken without asking from here on."""
    iris_quality: int = 60
    """Our own measure, 0 to 100."""
    tries: int = 3
    """After so many the best one is kept: worn ridges are not an exception."""
    issued_at: datetime | None = None
    retention_days: int = 30
    """How long a packet stays here after central has finished with its record, see `retention.py`."""
    audit_years: int = 5
    """How long the index of records and the audit trail are kept. The program deletes neither: an archivist decides."""

    def __post_init__(self) -> None:
        for name, (least, most) in BOUNDS.items():
            value: object = getattr(self, name)
            if type(value) is not int or not least <= value <= most:  # True is no number here
                raise RuleError("policy.bounds", figure=name, least=least, most=most)

    def floor(self, modality: Modality) -> int:
        """The lowest quality (0-100) taken without asking. A photo and a signature are judged by people."""
        match modality:
            case Modality.FINGER:
                return self.finger_quality
            case Modality.IRIS:
                return self.iris_quality
            case _:
                return 0

    def good_enough(self, part: Part, quality: int) -> bool:
        """True when `quality` reaches the floor of the part's modality (equal counts)."""
        return quality >= self.floor(part.modality)

    @property
    def figures(self) -> dict[str, int]:
        """What central can set, by name."""
        return {name: int(getattr(self, name)) for name in BOUNDS}


STANDARD = Policy()
"""What holds until central says otherwise."""


def policy_from(members: Mapping[str, object], issued_at: datetime | None) -> Policy:
    """The policy in what central wrote: a figure it does not name is the standard one, what nobody knows is left out.

    RuleError `policy.bounds` for a figure that is no whole number within its bounds.
    """
    named = {name: members[name] for name in BOUNDS if name in members}
    return Policy(**named, issued_at=issued_at)  # type: ignore[arg-type]  # judged by Policy itself
