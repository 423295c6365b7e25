"""How an order becomes requests: which half of the device, which parts, and which to except so that counts fit.

It must not know transport or trust.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from station.capture.sbi.names import SLAP_OF, SUBTYPE_OF, DeviceSub, whole_of
from station.domain.biometrics import Modality, Part

_ORDER = (DeviceSub.RIGHT, DeviceSub.LEFT, DeviceSub.BOTH)


@dataclass(frozen=True)
class Take:
    """One capture of the device: `parts` are wanted, `exceptions` are the rest that it would take too."""

    sub: DeviceSub
    parts: tuple[Part, ...]
    exceptions: tuple[Part, ...] = ()

    @property
    def subtypes(self) -> tuple[str, ...]:
        return _subtypes(self.parts)

    @property
    def excepted(self) -> tuple[str, ...]:
        return _subtypes(self.exceptions)


def takes(targets: Collection[Part], subs: Collection[DeviceSub], *, one_at_a_time: bool) -> tuple[Take, ...]:
    """The captures that together give `targets`, as a device with these sub ids can do them."""
    kind = next(iter(targets)).modality
    if kind is Modality.FACE:
        return (Take(DeviceSub.UNKNOWN, (Part.FACE,)),)
    if kind is Modality.IRIS:
        return _of_eyes(targets, subs, one_at_a_time)
    if one_at_a_time:
        return tuple(Take(_hand(part, subs), (part,)) for part in targets)
    return _of_slaps(targets)


def _of_slaps(targets: Collection[Part]) -> tuple[Take, ...]:
    """A slap for each hand that is in it: also for two index fingers."""
    found = []
    for sub in _ORDER:
        wanted = tuple(part for part in SLAP_OF[sub] if part in targets)
        if wanted:
            found.append(Take(sub, wanted, tuple(part for part in SLAP_OF[sub] if part not in targets)))
    return tuple(found)


def _of_eyes(targets: Collection[Part], subs: Collection[DeviceSub], one_at_a_time: bool) -> tuple[Take, ...]:
    """Both at once where the device can; one eye alone without its neighbour, or with the neighbour excepted."""
    both = whole_of(Modality.IRIS, DeviceSub.BOTH)
    wanted = tuple(part for part in both if part in targets)
    if one_at_a_time or DeviceSub.BOTH not in subs:
        return tuple(Take(_eye(part, subs), (part,)) for part in wanted)
    if len(wanted) == 1 and _eye(wanted[0], subs) is not DeviceSub.UNKNOWN:
        return (Take(_eye(wanted[0], subs), wanted),)
    return (Take(DeviceSub.BOTH, wanted, tuple(part for part in both if part not in wanted)),)


def _eye(part: Part, subs: Collection[DeviceSub]) -> DeviceSub:
    sub = DeviceSub.RIGHT if part is Part.IRIS_RIGHT else DeviceSub.LEFT
    return sub if sub in subs else DeviceSub.UNKNOWN


def _hand(part: Part, subs: Collection[DeviceSub]) -> DeviceSub:
    """A scanner for one finger may know hands, or not."""
    sub = next((sub for sub in _ORDER if part in SLAP_OF[sub]), DeviceSub.UNKNOWN)
    return sub if sub in subs else DeviceSub.UNKNOWN


def _subtypes(parts: Collection[Part]) -> tuple[str, ...]:
    return tuple(SUBTYPE_OF[part] for part in parts if part in SUBTYPE_OF)
