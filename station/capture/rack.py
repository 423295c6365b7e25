"""The devices of this station: what every driver sees, which one serves each kind, and a choice that is remembered.

Must not know windows, files or what is captured. A driver that hangs or breaks costs its own devices, never the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from station.capture.driver_look import DriverLook, look_once
from station.capture.fixed import Fixed
from station.domain.biometrics import Modality
from station.domain.errors import DeviceError
from station.domain.ports import CaptureDevice, Driver, Found
from station.log import get_logger

LOOK_S = 8.0
"""What a driver has not found by then is not waited for."""

MOST_FOUND = 16
"""No station has so many devices of one driver."""
_log = get_logger(__name__)


@dataclass(frozen=True)
class Seen:
    """One device as it was last seen, and by whom."""

    found: Found
    driver: Driver

    @property
    def usable(self) -> bool:
        return not self.found.trouble


class Rack:
    """Callable from any thread; only `look` takes time. `on_change` is called by the thread that looked or chose."""

    def __init__(
        self,
        drivers: Sequence[Driver],
        chosen: Mapping[Modality, str] | None = None,
        *,
        practising: bool = False,
        keep: Callable[[Mapping[Modality, str]], None] = lambda _chosen: None,
    ) -> None:
        """`chosen` are device ids by kind, as `keep` was last given them. `practising`: a simulator serves unasked."""
        self._drivers = tuple(drivers)
        self._practising = practising
        self._keep = keep
        self._lock = Lock()
        self._looking = Lock()
        self._chosen = dict(chosen or {})
        self._seen: tuple[Seen, ...] = ()
        self._serving: dict[Modality, tuple[str, CaptureDevice]] = {}
        self._doubted: set[str] = set()
        self._lent: dict[Modality, Seen] = {}
        self._asked: list[DriverLook] = []
        self.looked = False
        self.on_change: list[Callable[[], None]] = []

    @classmethod
    def of(cls, devices: Mapping[Modality, CaptureDevice]) -> Rack:
        """Devices that are simply there: nothing to look for, nothing to choose."""
        rack = cls([Fixed(tuple(devices.values()))], practising=True)
        rack.look()
        return rack

    # ------------------------------------------------------------------------------------------------------ looking

    def look(self, limit_s: float = LOOK_S) -> tuple[Found, ...]:
        """Ask every driver at once what is there; one that takes longer than `limit_s` counts with what it last saw."""
        with self._looking:
            asked = self._asked = [look_once(self._asked, driver) for driver in self._drivers]
            until = monotonic() + limit_s
            for one in asked:
                one.wait(max(0.0, until - monotonic()))
            with self._lock:
                before = self._state()
                self._seen = tuple(seen for one in asked for seen in self._told(one))
                self._forget_gone()
                self._doubted.clear()
                first, self.looked = not self.looked, True
                changed = first or before != self._state()
        if changed:
            self._tell()
        return self.found

    @property
    def waiting(self) -> bool:
        """A driver is still looking: another look soon would hear what it found."""
        return any(one.busy for one in self._asked)

    @property
    def found(self) -> tuple[Found, ...]:
        """What the last look saw."""
        return tuple(seen.found for seen in self._seen)

    def missing(self, kinds: Sequence[Modality]) -> tuple[Modality, ...]:
        """Those of `kinds` that nothing serves now."""
        return tuple(kind for kind in kinds if self.serving(kind) is None)

    def doubt(self, kind: Modality) -> None:
        """Its device stopped answering: the next look may find it under another address, so it is made anew."""
        with self._lock:
            if kind in self._serving:
                self._doubted.add(self._serving[kind][0])

    # ----------------------------------------------------------------------------------------------------- choosing

    def choose(self, kind: Modality, wanted: str) -> None:
        """This device serves `kind` from now on, and again after a restart. DeviceError when it was not found."""
        with self._lock:
            if self._find(kind, wanted) is None:
                raise DeviceError("device.missing")
            self._chosen[kind] = wanted
            chosen = dict(self._chosen)
        self._keep(chosen)
        self._tell()

    def lend(self, driver: Driver, found: Sequence[Found]) -> None:
        """Until `take_back` the first of `found` of each kind serves, whatever was chosen. Nothing of it is kept."""
        with self._lock:
            self._lent = {item.info.kind: Seen(item, driver) for item in reversed(found)}
        self._tell()

    def take_back(self) -> None:
        """Everything serves again as it did before something was lent."""
        with self._lock:
            had, self._lent = bool(self._lent), {}
        if had:
            self._tell()

    def lent(self, kind: Modality) -> Found | None:
        """What serves `kind` only because it was lent."""
        with self._lock:
            seen = self._lent.get(kind)
        return seen.found if seen else None

    def serving(self, kind: Modality) -> Found | None:
        """The device that serves `kind`: the chosen one if it is there, else the first that can be used."""
        with self._lock:
            seen = self._pick(kind)
        return seen.found if seen else None

    def device(self, kind: Modality) -> CaptureDevice | None:
        """The same object as long as the same device serves."""
        with self._lock:
            seen = self._pick(kind)
            if seen is None:
                return None
            serving = self._serving.get(kind)
            if serving is None or serving[0] != seen.found.device_id:
                try:
                    serving = (seen.found.device_id, seen.driver.device(seen.found))
                except DeviceError:  # it went between two looks
                    return None
                self._serving[kind] = serving
            return serving[1]

    def _pick(self, kind: Modality) -> Seen | None:
        """What is lent, the chosen one whatever its state, then who serves already, who can be used, anybody."""
        if kind in self._lent:
            return self._lent[kind]
        chosen = self._find(kind, self._chosen.get(kind, ""))
        if chosen is not None:
            return chosen
        mine = [seen for seen in self._seen if seen.found.info.kind is kind and self._may_serve_unasked(seen)]
        current = self._serving.get(kind, ("", None))[0]
        mine.sort(key=lambda seen: (not seen.usable, seen.found.device_id != current))
        return mine[0] if mine else None

    def _may_serve_unasked(self, seen: Seen) -> bool:
        return self._practising or not seen.found.info.simulated

    def _find(self, kind: Modality, wanted: str) -> Seen | None:
        mine = (seen for seen in self._seen if seen.found.info.kind is kind)
        return next((seen for seen in mine if seen.found.device_id == wanted), None)

    # -------------------------------------------------------------------------------------------------------- inside

    def _told(self, asked: DriverLook) -> tuple[Seen, ...]:
        if asked.found is None:
            return tuple(seen for seen in self._seen if seen.driver is asked.driver)
        # Whoever invents devices by the hundred must not push out those that serve, were chosen or were there before.
        names = {name for name, _device in self._serving.values()} | set(self._chosen.values())
        before = {seen.found.device_id for seen in self._seen}
        first = sorted(asked.found, key=lambda found: (found.device_id not in names, found.device_id not in before))
        if len(first) > MOST_FOUND:
            _log.warning("driver %s sees %d devices; %d of them count", asked.driver.name, len(first), MOST_FOUND)
        return tuple(Seen(found, asked.driver) for found in asked.found if found in first[:MOST_FOUND])

    def _forget_gone(self) -> None:
        """A device that was away may come back under another address: then it is made anew."""
        here = {seen.found.device_id for seen in (*self._seen, *self._lent.values())} - self._doubted
        self._serving = {kind: serving for kind, serving in self._serving.items() if serving[0] in here}

    def _state(self) -> object:
        return self.found, {kind: id(serving[1]) for kind, serving in self._serving.items()}

    def _tell(self) -> None:
        for listener in tuple(self.on_change):
            listener()
