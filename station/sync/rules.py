"""What the rules of this station, and central's, let the upload lane do now: nothing yet, so much a second, or all.

Manifests and small talk are never held back by them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from station.domain.outcome import Trouble
from station.domain.speed import Metered, SpeedRules
from station.domain.speed_entry import LEAST_KBPS
from station.sync.lanes import Closed, Shared

BYTES_OF_KBIT = 125.0


class Rules:
    """`look` reads them; `cap_bps` goes by what was read last, and by the time of day at each call."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._speed = SpeedRules()
        self._last_kbps: float | None = None

    def look(self) -> Closed | None:
        """Why no record may be uploaded now, or None."""
        self._speed = self._shared.depot.memory.speed
        local = self._local()
        if self._speed.cap_kbps(local.time()) == 0:
            opens = self._speed.opens_at(local.replace(tzinfo=None))
            return Closed(None if opens is None else opens.astimezone(UTC), Trouble.HOURS)
        if self._shared.saves_power:
            return Closed(None, Trouble.POWER)
        if self._line_costs() and not self._speed.records_over_metered:
            return Closed(None, Trouble.METERED)
        return None

    def cap_bps(self) -> float | None:
        """Bytes per second that may be written now; None for no cap. A chunk under way when the hours end goes on."""
        own = self._speed.cap_kbps(self._local().time())
        self._last_kbps = self._last_kbps if own == 0 else own
        caps = [kbps for kbps in (self._last_kbps, self._shared.pacing.max_kbps) if kbps]
        # What central asks for may be any number: a smaller one would hold up everything else that this thread does.
        return max(min(caps), LEAST_KBPS) * BYTES_OF_KBIT if caps else None

    def _line_costs(self) -> bool:
        match self._speed.metered:
            case Metered.YES:
                return True
            case Metered.NO:
                return False
            case Metered.SYSTEM:
                return self._shared.is_metered() is True

    def _local(self) -> datetime:
        return self._shared.clock.now().astimezone()
