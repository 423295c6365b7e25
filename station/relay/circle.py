"""Who may carry for whom: stations of one central and one office, training apart from real work.

Knows no network. What is announced says nothing that a stranger can read: a hash and a station id.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass

from station.domain.errors import TrustError
from station.relay.bounds import PROTOCOL
from station.seal.card import StationCard, check_card
from station.store.enrolment import Enrolment

_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_LOCAL = tuple(
    ipaddress.IPv4Network(network) for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")
)
_MARK = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Sighting:
    """A station that says it carries. Nothing of it is proven. `station_id` is '' for an address that somebody gave."""

    host: str
    port: int
    station_id: str = ""


def circle_of(enrolment: Enrolment) -> str:
    """The mark of everybody who may carry for this station: 32 hex digits."""
    kind = "training" if enrolment.training else "real"
    text = "\n".join(("ktpel-relay", str(PROTOCOL), enrolment.central_id, enrolment.office, kind))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def announced(enrolment: Enrolment) -> dict[str, str]:
    """What a station says of itself on the local network."""
    return {"v": str(PROTOCOL), "id": enrolment.station_id, "c": circle_of(enrolment)}


def sighted(said: Mapping[bytes, bytes | None], host: str, port: int, enrolment: Enrolment) -> Sighting | None:
    """A station of our circle, by what it says of itself; None for anybody else, nonsense, and ourselves."""
    version, station_id, circle = (_text(said.get(name)) for name in (b"v", b"id", b"c"))
    if version != str(PROTOCOL) or not _ID.fullmatch(station_id) or not _MARK.fullmatch(circle):
        return None
    if circle != circle_of(enrolment) or station_id == enrolment.station_id or not 0 < port < 65536:
        return None
    return Sighting(host, port, station_id)


def fellow(token: str, enrolment: Enrolment) -> StationCard:
    """The card of another station of this office, signed by our central.

    TrustError: whatever `check_card` says, `relay.other_office`, `relay.own_card`.
    """
    card = check_card(token, enrolment.receipt_keys, enrolment.central_id)
    if card.station_id == enrolment.station_id:
        raise TrustError("relay.own_card")
    if card.office != enrolment.office:
        raise TrustError("relay.other_office")
    return card


def is_local(host: str, *, loopback: bool = False) -> bool:
    """True for an IPv4 address of a private or link-local network: that is where neighbours are.

    Providers have networks of their own between a customer and the internet: those are not local. `loopback` counts
    this very computer in.
    """
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return any(address in network for network in _LOCAL) or (loopback and address.is_loopback)


def _text(value: bytes | None) -> str:
    return (value or b"")[:64].decode("ascii", "replace")
