"""Which devices there are: asks every open port of this computer's range. It must not know trust or pictures.

What is found here is only claimed: discovery answers are not signed.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import zip_longest
from selectors import EVENT_WRITE, DefaultSelector
from time import monotonic
from urllib.parse import urlsplit

from station.capture.sbi.asking import Address, discovery_request
from station.capture.sbi.line import Limit, Line
from station.capture.sbi.messages import DeviceEntry, DigitalId, read, read_list
from station.capture.sbi.names import CALLS, HOST, MODALITY_OF, PORTS, SpecVersion, SubType
from station.capture.sbi.plain_json import decoded, loads
from station.domain.biometrics import DeviceInfo, Modality
from station.domain.device import device_id
from station.domain.errors import DeviceError
from station.log import get_logger

DRIVER = "sbi"
PROBE_S = 0.25
ANSWER = Limit(seconds=5.0, size=512 * 1024)
MAX_AT_ONCE = 8
_log = get_logger(__name__)


@dataclass(frozen=True)
class Spot:
    """A device at its service: where to call, how to name it, what discovery said of it."""

    port: int
    address: Address
    kind: Modality
    sub_type: str
    entry: DeviceEntry
    who: DigitalId

    @property
    def takes_one(self) -> bool:
        """It captures one finger or eye at a time."""
        return self.sub_type.lower() == SubType.SINGLE.lower()

    @property
    def info(self) -> DeviceInfo:
        return DeviceInfo(self.kind, self.who.serial_no, self.who.make, self.who.model, DRIVER)


def discover(line: Line, ports: Sequence[int] = PORTS) -> tuple[Spot, ...]:
    """What every service claims to have, the first of each service before the second of any.

    The same device may be claimed by several. A program on a port that is no service is passed over.
    """
    found = open_ports(ports)
    if not found:
        return ()
    with ThreadPoolExecutor(min(MAX_AT_ONCE, len(found)), thread_name_prefix="sbi-discovery") as pool:
        answers = pool.map(lambda port: _ask(line, port, ports), found)
        in_turn = [spot for row in zip_longest(*answers) for spot in row if spot is not None]
    each: dict[tuple[str, int], Spot] = {}
    for spot in in_turn:
        each.setdefault((device_id(spot.info), spot.port), spot)
    return tuple(each.values())


def open_ports(ports: Iterable[int], within_s: float = PROBE_S) -> tuple[int, ...]:
    """Those on which somebody listens, all tried at once: a full scan takes no longer than one try."""
    found: list[int] = []
    with DefaultSelector() as selector, ExitStack() as opened:
        for port in ports:
            probe = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            probe.setblocking(False)
            probe.connect_ex((HOST, port))
            selector.register(probe, EVENT_WRITE, (probe, port))
        until = monotonic() + within_s
        while selector.get_map() and (rest := until - monotonic()) > 0:
            for key, _ in selector.select(rest):
                probe, port = key.data
                selector.unregister(probe)
                if probe.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                    found.append(port)
    return tuple(sorted(found))


def _ask(line: Line, port: int, ports: Sequence[int]) -> tuple[Spot, ...]:
    """The devices of one service; the older verb first: nearly everybody speaks it."""
    until = monotonic() + ANSWER.seconds
    for version in SpecVersion:
        limit = Limit(max(0.1, until - monotonic()), ANSWER.size)
        try:
            answer = line.ask(port, CALLS[version].discover, discovery_request(version), limit)
            entries = read_list(DeviceEntry, answer)
        except DeviceError as problem:
            _log.info("port %d does not answer discovery %s: %s", port, version.value, problem.code)
            if problem.code in ("sbi.not_sbi", "sbi.bad_answer"):
                continue
            return ()
        spots = tuple(_spots(entries, version, port, ports))
        if spots:
            return spots
    return ()


def _spots(entries: Iterable[DeviceEntry], asked: SpecVersion, port: int, ports: Sequence[int]) -> Iterator[Spot]:
    for entry in entries:
        who = unsigned(entry.digital_id)
        kind = MODALITY_OF.get(who.type) if who is not None else None
        if who is None or kind is None or not who.serial_no:
            continue
        version = _version(entry, asked)
        address = Address(version, who.type, entry.device_id, entry.serial_no or who.serial_no)
        if version is SpecVersion.V095 and not entry.device_id:
            continue  # nothing to call it by
        yield Spot(called_back(entry.callback_id, ports) or port, address, kind, who.device_sub_type, entry, who)


def _version(entry: DeviceEntry, asked: SpecVersion) -> SpecVersion:
    """What the service says it speaks: its first version that we speak too, else that of the verb it answered."""
    known = {version.value: version for version in SpecVersion}
    return next((known[name] for name in entry.spec_version if name in known), asked)


def unsigned(digital_id: str) -> DigitalId | None:
    """The digital id of a discovery answer: plain base64url JSON. Some services send the signed one already."""
    parts = digital_id.split(".")
    try:
        return read(DigitalId, loads(decoded(parts[1] if len(parts) == 3 else parts[0])))
    except (ValueError, DeviceError):
        return None


def called_back(address: str, ports: Sequence[int]) -> int | None:
    """The port a service wants to be called at, but only on this computer and in the range; else None."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    here = parts.scheme == "http" and parts.hostname == HOST and parts.username is None
    return port if here and port is not None and port in ports else None
