"""The first questions of the connection doctor: adapter, names and ports. Nobody has spoken to central yet.

Must not know who opens the door: that is visit.py.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from station.domain.doctor import Fact, Finding, Remedy, State, Step
from station.domain.outcome import Trouble
from station.sync import verdict
from station.sync.adapters import Adapters, read_adapters
from station.sync.doorway import BROKEN, Door, Way, addresses_of, knock, pass_through
from station.sync.network import Network

PATIENCE_S = 8.0
"""How long one answer may take; the doctor gives up on the step a little later."""


class Approach:
    """Questions on the way to one central. `files` is where those of the operating system begin."""

    def __init__(self, way: Way, network: Network, files: Path = Path("/")) -> None:
        self._way, self._network, self._files = way, network, files

    @property
    def by_proxy(self) -> bool:
        return self._way.proxy is not None

    def adapter(self) -> Finding:
        if self._network.is_cut:
            return Finding(Step.ADAPTER, State.FAILED, {"kind": "training"}, Trouble.OFFLINE, Remedy.NO_CABLE)
        if (self._way.proxy or self._way.central).here:
            return Finding(Step.ADAPTER, State.OK, {"kind": "loopback"})
        return adapter_finding(read_adapters(self._files))

    def name(self) -> Finding:
        return self._name(Step.NAME, self._way.central)

    def proxy_name(self) -> Finding:
        assert self._way.proxy is not None
        return self._name(Step.PROXY_NAME, self._way.proxy)

    def proxy_port(self) -> Finding:
        assert self._way.proxy is not None
        door = self._way.proxy
        return self._port(Step.PROXY_PORT, door, lambda: knock(self._network, door, PATIENCE_S).close())

    def port(self) -> Finding:
        return self._port(
            Step.PORT, self._way.central, lambda: pass_through(self._network, self._way, PATIENCE_S).close()
        )

    def _name(self, step: Step, door: Door) -> Finding:
        facts: dict[str, Fact] = {"host": door.host}
        if not door.name_needed:
            return Finding(step, State.OK, facts | {"address": door.host})
        began = monotonic()
        try:
            found = addresses_of(door)
        except OSError as failure:
            silent = isinstance(failure, socket.gaierror) and failure.errno == socket.EAI_AGAIN
            return verdict.failed(step, failure, facts, Remedy.NAME_SILENT if silent else Remedy.NAME_UNKNOWN)
        except UnicodeError as failure:  # a name that no name can be
            return Finding(step, State.FAILED, facts | {"detail": type(failure).__name__}, None, Remedy.NAME_UNKNOWN)
        return Finding(step, State.OK, facts | {"ms": _since(began), "address": found[0] if found else ""})

    def _port(self, step: Step, door: Door, try_it: Callable[[], None]) -> Finding:
        facts: dict[str, Fact] = {"host": door.host, "port": door.port}
        if step is Step.PORT and self._way.proxy is not None:
            facts["via"] = self._way.proxy.host
        began = monotonic()
        try:
            try_it()
        except BROKEN as failure:
            return verdict.failed(step, failure, facts, _port_remedy(failure))
        return Finding(step, State.OK, facts | {"ms": _since(began)})


def adapter_finding(found: Adapters) -> Finding:
    """What the adapters of a computer come to."""
    if not found.known:
        return Finding(Step.ADAPTER, State.OK)
    best = found.best
    if best is not None:
        facts: dict[str, Fact] = {"name": best.name, "kind": best.kind, "others": len(found.all) - 1}
        if any(one.routed for one in found.all):
            return Finding(Step.ADAPTER, State.OK, facts)
        return Finding(Step.ADAPTER, State.WARNING, facts, Trouble.OFFLINE, Remedy.NO_ROUTE)
    real = {one.kind for one in found.all if one.real}
    remedy = Remedy.NO_CABLE
    if not real:
        remedy = Remedy.NO_ADAPTER
    elif "wifi" in real:
        remedy = Remedy.WIFI_OFF if found.wifi_off else Remedy.WIFI_NOT_JOINED
    return Finding(Step.ADAPTER, State.FAILED, {"others": len(found.all)}, Trouble.OFFLINE, remedy)


def _port_remedy(failure: BaseException) -> Remedy | None:
    """What a closed door means before anybody has spoken."""
    numbers: set[int | None] = set()
    cause: BaseException | None = failure
    while cause is not None:
        numbers |= {cause.errno} if isinstance(cause, OSError) else set()
        cause = cause.__cause__ or cause.__context__
    if numbers & {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}:
        return Remedy.NO_ROUTE
    if errno.ECONNREFUSED in numbers:
        return Remedy.PORT_CLOSED
    timed_out = "Timeout" in type(failure).__name__ or errno.ETIMEDOUT in numbers
    return Remedy.PORT_SILENT if timed_out else None


def _since(began: float) -> int:
    return round((monotonic() - began) * 1000)
