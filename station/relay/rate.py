"""How often one address may ask: a bucket that fills slowly. Knows no network."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from station.relay.bounds import ADDRESSES, BURST, RATE_PER_S


class Rate:
    """Remembers the addresses that asked last. Used by one thread."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, address: str) -> bool:
        """Count one request of `address`; False when it asks too often."""
        now = self._monotonic()
        left, at = self._left.pop(address, (float(BURST), now))
        left = min(float(BURST), left + max(0.0, now - at) * RATE_PER_S)
        allowed = left >= 1
        self._left[address] = (left - 1 if allowed else left, now)
        while len(self._left) > ADDRESSES:
            self._left.popitem(last=False)
        return allowed
