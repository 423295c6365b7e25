"""Carrying for neighbours on the local network as a technician sees it. No personal data, no address of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RelayReason(StrEnum):
    """What carrying for neighbours is doing now, and why. Words for people are in ui/relay_words.py."""

    OFF = "off"
    STOPPED = "stopped"  # switched on, but nothing delivers for this folder now
    TRAINING = "training"  # in training nothing is handed to anybody
    NO_CARD = "no-card"  # central has not given this station its card yet
    PAUSED = "paused"  # a person pressed Jeda
    BLOCKED = "blocked"  # central will not have this station
    SERVING = "serving"  # the link is good: neighbours may hand over
    LOOKING = "looking"  # no link, and nobody in sight
    HANDING = "handing"  # no link, and somebody carries for us
    WAITING = "waiting"  # central is there and asks to wait, or nothing is known of the link yet
    PORT_TAKEN = "port-taken"  # another program listens on the port
    NO_LOCAL_NETWORK = "no-local-network"  # nothing can be announced or looked for


class NeighbourTrouble(StrEnum):
    """Why nothing goes to a neighbour now."""

    NONE = ""
    UNREACHABLE = "unreachable"
    STRANGER = "stranger"  # not of this office, or not proven by central
    FULL = "full"  # it carries as much as it may
    BUSY = "busy"
    REFUSED = "refused"  # it does not believe us
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Neighbour:
    """A station nearby that offers to carry. `handed`: packets it has taken that are not confirmed yet."""

    station_id: str
    name: str = ""
    """As its card says; '' when the card says none or has not been seen yet."""
    address: str = ""
    seen_at: datetime | None = None
    handed: int = 0
    trouble: NeighbourTrouble = NeighbourTrouble.NONE


@dataclass(frozen=True)
class RelayState:
    """`on`: the switch. `serving`: neighbours can reach this station now.

    `carried_for_others`: packets of other stations that central does not have yet.
    """

    on: bool
    serving: bool
    neighbours: tuple[Neighbour, ...]
    carried_for_others: int
    reason: RelayReason
