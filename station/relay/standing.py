"""What carrying for neighbours should do now, by the link and the switches. Does nothing itself."""

from __future__ import annotations

from collections.abc import Mapping

from station.domain.delivery import Link, LinkState
from station.domain.lane import Condition, LaneName, LaneState
from station.domain.outcome import Trouble
from station.domain.relay import RelayReason

_NO_LINK = frozenset(
    {
        LinkState.OFFLINE,
        LinkState.PORTAL,
        LinkState.CERTIFICATE,
        LinkState.NAME,
        LinkState.PORT,
        LinkState.PROXY,
        LinkState.CENTRAL_DOWN,
    }
)
"""The way to central does not work from here. Busy, maintenance, slow: central is there, a neighbour helps nobody."""
_UNWANTED = frozenset({Trouble.BLOCKED, Trouble.UNKNOWN_STATION, Trouble.BAD_SIGNATURE})


def standing(*, on: bool, paused: bool, has_card: bool, link: Link, lanes: Mapping[LaneName, LaneState]) -> RelayReason:
    """One word: SERVING, LOOKING, or why neither. A station that central will not have takes part in nothing."""
    if not on:
        return RelayReason.OFF
    if paused:
        return RelayReason.PAUSED
    if link.state is LinkState.BLOCKED or _is_unwanted(lanes.get(LaneName.MANIFESTS)):
        return RelayReason.BLOCKED
    if not has_card:
        return RelayReason.NO_CARD
    if link.state is LinkState.GOOD:
        return RelayReason.SERVING
    return RelayReason.LOOKING if link.state in _NO_LINK else RelayReason.WAITING


def _is_unwanted(manifests: LaneState | None) -> bool:
    if manifests is None or manifests.condition is not Condition.HALTED or manifests.note is None:
        return False
    return manifests.note.trouble in _UNWANTED
