"""What is said when fingers are missing, weak, or were captured under another name. Knows no widget and no device."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from station.domain.biometrics import FINGERS, Part
from station.domain.errors import StationError
from station.i18n import _, ngettext
from station.ui.part_names import part_name
from station.ui.words import Words


def too_few(name: str, error: StationError, wanted: int) -> Words:
    """A slap of which a finger is missing is never taken silently."""
    seen = error.data.get("seen")
    title = _("{name}: not every finger was seen")
    if isinstance(seen, int):
        title = ngettext("{name}: {seen} of {wanted} finger seen", "{name}: {seen} of {wanted} fingers seen", wanted)
    todo = _("Lay all of them flat on the glass. If a finger cannot be captured, make an exception for it.")
    return Words(title.format(name=name, seen=seen, wanted=error.data.get("wanted", wanted)), todo)


def weak(parts: Sequence[Part], remarks: str, best: str) -> Words:
    """They are kept, and asked for once more. `remarks` is what they lacked, `best` what becomes of several tries."""
    if len(parts) == 1:
        title = _("{name} is not good enough yet").format(name=part_name(parts[0]))
    else:
        title = ngettext("{count} finger is not good enough yet", "{count} fingers are not good enough yet", len(parts))
    todo = remarks or _("Clean glass and fingers; moisten dry ones a little.")
    only = _("Only what is missing is repeated.")
    return Words(title.format(count=len(parts)), f"{todo} {only} {best}")


def in_the_way(error: StationError, kept: Collection[Part]) -> tuple[Part, ...]:
    """Perhaps it was the earlier capture that was of another finger: then it stands in the way, and goes."""
    if error.code not in ("capture.same_finger", "capture.hands_swapped", "capture.other_than_before"):
        return ()
    told = error.data.get("others") or (error.data.get("other"),)
    return tuple(part for part in FINGERS if part in kept and isinstance(told, tuple) and part.value in told)
