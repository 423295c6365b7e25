"""Services that claim to be the same device: the one that proves it is taken, and when nobody or several can, none.

What discovery hears is not signed: any program of this computer can say that it is any device. It must not know what a
device is used for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from station.capture.sbi.client import ask_info
from station.capture.sbi.discovery import Spot, called_back, discover
from station.capture.sbi.house import House
from station.capture.sbi.line import Line
from station.domain.device import device_id
from station.domain.errors import DeviceError
from station.log import get_logger

MAX_ASKED = 16
"""So many claims in dispute are asked for proof at one look; who comes later stays in dispute."""
AT_ONCE = 8
_log = get_logger(__name__)


@dataclass(frozen=True)
class Claim:
    """A device and where it is. `rivals` are the ports of all that claim to be it, while it is not known who is."""

    spot: Spot
    rivals: tuple[int, ...] = ()

    @property
    def dispute(self) -> DeviceError | None:
        """Why it cannot be used."""
        if not self.rivals:
            return None
        return DeviceError("sbi.claimed_twice", ports=", ".join(map(str, self.rivals)))


def claims(line: Line, house: House) -> tuple[Claim, ...]:
    """Every device that is claimed, each once."""
    spots: dict[str, list[Spot]] = {}
    for spot in discover(line, house.ports):
        spots.setdefault(device_id(spot.info), []).append(spot)
    disputed = [spot for rivals in spots.values() if len(rivals) > 1 for spot in rivals]
    proven = _proven(line, house, disputed[:MAX_ASKED])
    return tuple(_settled(rivals, proven) for rivals in spots.values())


def _settled(rivals: Sequence[Spot], proven: dict[Spot, bytes]) -> Claim:
    if len(rivals) == 1:
        return Claim(rivals[0])
    ports = tuple(sorted(spot.port for spot in rivals))
    true = sorted((spot for spot in rivals if spot in proven), key=lambda spot: spot.port)
    settled = len({proven[spot] for spot in true}) == 1
    _log.warning(
        "the same %s device is claimed on the ports %s; %s",
        rivals[0].kind.value,
        ", ".join(map(str, ports)),
        f"port {true[0].port} proved it" if settled else "nobody proved it alone, so it is not used",
    )
    return Claim(true[0]) if settled else Claim(rivals[0], ports)


def _proven(line: Line, house: House, spots: Iterable[Spot]) -> dict[Spot, bytes]:
    """Those that show a description signed by a trusted device of that name and for that port, and its key."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sbi-proof") as pool:
        asked = [(spot, pool.submit(_key, line, house, spot)) for spot in spots]
    return {spot: key for spot, answer in asked if (key := answer.result())}


def _key(line: Line, house: House, spot: Spot) -> bytes:
    """The key of the device that is there; empty for one that proves nothing."""
    try:
        entry, who, signed = ask_info(line, spot, house.trust, house.clock.now())
    except DeviceError:
        return b""
    # A description can be recorded and shown elsewhere; what it says of its own place is signed with it.
    here = called_back(entry.callback_id, house.ports) in (None, spot.port)
    same = (who.serial_no, who.type) == (spot.who.serial_no, spot.who.type)
    return signed.key if here and same else b""
