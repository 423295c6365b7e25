"""Announcing and finding neighbours by mDNS. Nothing found is believed here. Loaded only while relaying is on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from threading import Lock

import ifaddr
from zeroconf import IPVersion, ServiceBrowser, ServiceInfo, ServiceListener, Zeroconf

from station.log import get_logger
from station.relay.bounds import NEIGHBOURS, NEIGHBOURS_EACH
from station.relay.circle import Sighting, announced, circle_of, is_local, sighted
from station.store.enrolment import Enrolment

log = get_logger(__name__)

KIND = "_ktpel-relay._tcp.local."
_ASK_MS = 2000


def local_addresses() -> tuple[str, ...]:
    """The IPv4 addresses of this computer on local networks; its own loopback is none."""
    found = {str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4}
    return tuple(sorted(one for one in found if is_local(one)))


class LocalNetwork:
    """mDNS on these addresses, until `close`. Its threads are those of the library."""

    def __init__(self, enrolment: Enrolment, addresses: Sequence[str], *, loopback: bool = False) -> None:
        """OSError when multicast is not possible here. `loopback`: a neighbour may be on this computer."""
        self.addresses = tuple(addresses)
        self._enrolment = enrolment
        self._zeroconf = Zeroconf(interfaces=list(addresses), ip_version=IPVersion.V4Only)
        self._browser: ServiceBrowser | None = None
        self._finds = Finds(enrolment, loopback=loopback)

    def announce(self, port: int) -> None:
        """Say that neighbours may hand over at `port`."""
        said = announced(self._enrolment)
        info = ServiceInfo(
            KIND,
            f"{said['id']}.{KIND}",
            port=port,
            properties=said,
            parsed_addresses=list(self.addresses),
            server=f"ktpel-{circle_of(self._enrolment)[:8]}-{said['id'][-12:]}.local.",
        )
        self._zeroconf.register_service(info, cooperating_responders=True)

    def look(self) -> None:
        """Watch for neighbours from now on."""
        if self._browser is None:
            self._browser = ServiceBrowser(self._zeroconf, KIND, listener=self._finds)

    def keep(self, proven: Collection[Sighting]) -> None:
        """These were met and are neighbours indeed: whatever else is announced, they are not forgotten."""
        self._finds.keep(proven)

    def sightings(self) -> tuple[Sighting, ...]:
        """Who says to be a neighbour now; nothing of it is proven."""
        return self._finds.all()

    def close(self) -> None:
        """Say goodbye and hear nothing more."""
        if self._browser is not None:
            self._browser.cancel()
        self._zeroconf.close()


class Finds(ServiceListener):
    """What the browser's thread has heard: a few of each address, a few in all, and what was proven before the rest."""

    def __init__(self, enrolment: Enrolment, *, loopback: bool = False) -> None:
        self._enrolment = enrolment
        self._loopback = loopback
        self._proven: frozenset[Sighting] = frozenset()
        self._lock = Lock()
        self._found: OrderedDict[str, Sighting] = OrderedDict()

    def all(self) -> tuple[Sighting, ...]:
        with self._lock:
            return tuple(self._found.values())

    def keep(self, proven: Collection[Sighting]) -> None:
        with self._lock:
            self._proven = frozenset(proven)

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        sighting = self._read(zc.get_service_info(type_, name, timeout=_ASK_MS))
        with self._lock:
            self._found.pop(name, None)
            if sighting is not None:
                self._found[name] = sighting
                self._make_room(
                    [one for one, seen in self._found.items() if seen.host == sighting.host], NEIGHBOURS_EACH
                )
                self._make_room(list(self._found), NEIGHBOURS)

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.add_service(zc, type_, name)

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        with self._lock:
            self._found.pop(name, None)

    def _make_room(self, names: Sequence[str], most: int) -> None:
        """Of `names`, oldest first, only `most` stay: the oldest that nobody has proven goes, else the newest."""
        for _ in range(len(names) - most):
            unproven = [name for name in names if name in self._found and self._found[name] not in self._proven]
            del self._found[unproven[0] if unproven else names[-1]]

    def _read(self, info: ServiceInfo | None) -> Sighting | None:
        if info is None or info.port is None:
            return None
        hosts = [one for one in info.parsed_addresses(IPVersion.V4Only) if is_local(one, loopback=self._loopback)]
        return sighted(info.properties, hosts[0], info.port, self._enrolment) if hosts else None
