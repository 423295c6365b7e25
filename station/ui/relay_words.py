"""What carrying for neighbours is doing, in one sentence each. Knows no widget."""

from __future__ import annotations

from station.domain.delivery import OutboxItem
from station.domain.mark import N_
from station.domain.relay import Neighbour, NeighbourTrouble, RelayReason
from station.i18n import _

_REASONS = {
    RelayReason.OFF: N_("Switched off. Nothing is offered to neighbours and nothing is looked for."),
    RelayReason.STOPPED: N_("Switched on. It begins as soon as delivery runs here."),
    RelayReason.TRAINING: N_("Not in training: nothing is handed to other stations here."),
    RelayReason.NO_CARD: N_("Waits for this station's card from central. It comes with the next good connection."),
    RelayReason.PAUSED: N_("Rests while sending is paused."),
    RelayReason.BLOCKED: N_("Rests: central does not take anything from this station now."),
    RelayReason.SERVING: N_("Stations of this office nearby can hand over their packets here."),
    RelayReason.LOOKING: N_("No connection to central. Looking for a station of this office nearby that has one."),
    RelayReason.HANDING: N_("No connection to central. A station nearby carries the packets."),
    RelayReason.WAITING: N_("Nothing to do now: this station reaches central itself, or is still trying."),
    RelayReason.PORT_TAKEN: N_("Another program uses the port of this service. Ask the technician to change it."),
    RelayReason.NO_LOCAL_NETWORK: N_("No local network. Connect to the office network or to the hotspot."),
}
_TROUBLES = {
    NeighbourTrouble.NONE: N_("Ready to carry"),
    NeighbourTrouble.UNREACHABLE: N_("Does not answer"),
    NeighbourTrouble.STRANGER: N_("Could not prove that it belongs to this office"),
    NeighbourTrouble.FULL: N_("Has no more room"),
    NeighbourTrouble.BUSY: N_("Is busy; asked again soon"),
    NeighbourTrouble.REFUSED: N_("Did not take packets of this station"),
    NeighbourTrouble.UNREADABLE: N_("Gave an answer that makes no sense"),
}


def of_reason(reason: RelayReason) -> str:
    """One sentence: what it does now and why."""
    return _(_REASONS[reason])


def of_neighbour(near: Neighbour) -> str:
    """How it stands with one neighbour."""
    return _(_TROUBLES[near.trouble])


def name_of(near: Neighbour) -> str:
    """What a neighbour is called: its name, or the end of its id."""
    return near.name or short_id(near.station_id)


def of_handed(item: OutboxItem) -> str:
    """For a packet that a neighbour carries and central has not confirmed: with whom it is; else ''."""
    if item.handed_at is None or item.carried or item.receipt is not None:
        return ""
    return _("Handed to neighbour {station}").format(station=short_id(item.handed_to))


def short_id(station_id: str) -> str:
    """The end of a station's id, which tells stations of one office apart."""
    return "…" + station_id[-6:]
