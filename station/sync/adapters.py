"""The network adapters of this computer as Linux tells of them in files. Another system tells nothing here.

A reason to look closer, never a proof: whether central can be reached is found out by reaching it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_LOOPBACK, _PPP, _TUNNEL = "772", "512", "65534"
_TETHERS = ("rndis_host", "cdc_ether", "cdc_ncm", "huawei_cdc_ncm", "ipheth")
"""Telephones and modems that show themselves as a network card."""
_PRETENDED = ("ifb", "dummy", "docker", "br-", "virbr", "veth")


@dataclass(frozen=True)
class Adapter:
    """`kind`: ethernet, wifi, cellular, tunnel or other. `real`: there is a device behind it."""

    name: str
    kind: str
    up: bool
    real: bool
    routed: bool
    """What goes to strangers leaves by it."""


@dataclass(frozen=True)
class Adapters:
    """All but the loopback. `known` is False where this system says nothing."""

    known: bool
    all: tuple[Adapter, ...] = ()
    wifi_off: bool = False
    """A switch or a key has turned every radio off."""

    @property
    def best(self) -> Adapter | None:
        """The one that is used: up and with a route before up without one."""
        up = [one for one in self.all if one.up]
        return max(up, key=lambda one: (one.routed, one.real), default=None)


def read_adapters(root: Path = Path("/")) -> Adapters:
    """What there is now. `root` is where the files of the system begin."""
    folder = root / "sys/class/net"
    try:
        names = sorted(one.name for one in folder.iterdir())
    except OSError:
        return Adapters(known=False)
    routed = _routed(root / "proc/net/route")
    found = (_adapter(folder / name, name in routed) for name in names if not name.startswith(_PRETENDED))
    return Adapters(True, tuple(one for one in found if one is not None), _radios_off(root / "sys/class/rfkill"))


def _adapter(folder: Path, routed: bool) -> Adapter | None:
    kind_no = _told(folder / "type")
    if kind_no in ("", _LOOPBACK):
        return None
    state = _told(folder / "operstate")
    up = state == "up" or (state == "unknown" and _told(folder / "carrier") == "1")
    return Adapter(folder.name[:40], _kind(folder, kind_no), up, (folder / "device").exists(), routed)


def _kind(folder: Path, kind_no: str) -> str:
    told = _told(folder / "uevent")
    if "DEVTYPE=wlan" in told or (folder / "wireless").exists() or (folder / "phy80211").exists():
        return "wifi"
    driver = folder / "device/driver"
    if "DEVTYPE=wwan" in told or kind_no == _PPP or (driver.exists() and driver.resolve().name in _TETHERS):
        return "cellular"
    if kind_no == _TUNNEL or (folder / "tun_flags").exists():
        return "tunnel"
    return "ethernet" if kind_no == "1" else "other"


def _routed(table: Path) -> frozenset[str]:
    """The adapters that a default route goes through; those of IPv4 say enough."""
    lines = [line.split() for line in _told(table, most=20_000).splitlines()[1:]]
    return frozenset(line[0] for line in lines if len(line) > 2 and line[1] == "00000000")


def _radios_off(folder: Path) -> bool:
    try:
        radios = [one for one in folder.iterdir() if _told(one / "type") == "wlan"]
    except OSError:
        return False
    return bool(radios) and all("1" in (_told(one / "soft"), _told(one / "hard")) for one in radios)


def _told(path: Path, most: int = 4000) -> str:
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            return file.read(most).strip()
    except OSError:
        return ""
