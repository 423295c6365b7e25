"""Neighbours on the local network: why one is not believed, or cannot be served."""

from __future__ import annotations

from station.domain.mark import N_

NEIGHBOURS: dict[str, tuple[str, str]] = {
    "relay.certificate": (
        N_("The neighbour showed a certificate that is none of a station."),
        N_("Nothing was given to it. Tell the technician which computers are on this network."),
    ),
    "relay.door": (
        N_("This station cannot be reached by its neighbours."),
        N_("Another program uses the port. Ask the technician to choose another one in station.toml."),
    ),
    "relay.other_office": (
        N_("The neighbour is a station of another office."),
        N_("Stations carry only for their own office. Use a stick."),
    ),
    "relay.own_card": (
        N_("The neighbour says that it is this very station."),
        N_("If this station was copied to another computer, tell the Dinas which one is to stay."),
    ),
}
