"""One driver looking for devices on a thread of its own: what it finds, or that it takes too long. Knows no rack."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Thread

from station.domain.errors import DeviceError
from station.domain.ports import Driver, Found
from station.log import get_logger

_log = get_logger(__name__)


class DriverLook:
    """One driver looking, on a thread of its own. `found` stays None when it took too long or broke, which is loud."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.found: tuple[Found, ...] | None = None
        self._thread = Thread(target=self._look, name=f"look-{driver.name}", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        return self._thread.is_alive()

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)
        if self.busy:
            _log.warning("driver %s looks for devices longer than it may", self.driver.name)

    def _look(self) -> None:
        try:
            self.found = tuple(self.driver.look())
        except DeviceError as problem:
            _log.warning("driver %s cannot look for devices: %s", self.driver.name, problem.code)
            self.found = ()


def look_once(before: Sequence[DriverLook], driver: Driver) -> DriverLook:
    """A driver that still hangs from an earlier look is not asked again: its threads would pile up."""
    busy = (one for one in before if one.driver is driver and one.busy)
    return next(busy, None) or DriverLook(driver)
