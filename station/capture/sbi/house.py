"""What all SBI devices of a station share. Knows no device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from station.capture.sbi.names import PORTS, Environment
from station.capture.sbi.reader import Reader
from station.capture.sbi.trust import Trust
from station.domain.ports import Clock, SystemClock

CAPTURE_S = 40.0


@dataclass(frozen=True)
class House:
    """How pictures are read, whom the station trusts, what it is for, where it looks, how long a capture may take."""

    reader: Reader
    trust: Trust
    environment: Environment = Environment.PRODUCTION
    clock: Clock = field(default_factory=SystemClock)
    ports: Sequence[int] = PORTS
    capture_s: float = CAPTURE_S
