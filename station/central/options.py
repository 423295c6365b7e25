"""How one central is set up: its name, its limits and the numbers of its patience. Knows no database and no HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field

from station.wire import Limits, Pacing

DAY_S = 24 * 3600
ADMITTED_IN_FLIGHT = 2000
"""Requests at a time where stations are let in by turns: slow lines take minutes for what they were promised."""


@dataclass(frozen=True)
class CentralOptions:
    """Set at start and never changed while running; what an operator switches is in switches.py.

    `training` lets province 99 exist. `min_client` is compared with `User-Agent: stasiun-ktpel/<version>`; who does not
    name itself so is let in.
    """

    central_id: str = "central-3325"
    name: str = "Disdukcapil Kab. Contoh"
    training: bool = False
    min_client: str = "0"
    limits: Limits = field(default_factory=Limits)
    pacing: Pacing = field(default_factory=Pacing)
    upload_life_s: float = 7 * DAY_S
    code_life_s: float = 7 * DAY_S
    min_free_bytes: int = 256 * 1024 * 1024
    max_wait_s: float = 25.0
    """Longest long poll."""
    max_waiting: int = 500
    """Long polls at a time; who comes later is answered at once."""
    max_in_flight: int = 64
    """Other requests at a time; who comes later is told `busy`."""
    admit_per_s: float | None = None
    """Most packets accepted in a second, from all stations together; None: as they come. See admission.py."""
    admit_kbps: float | None = None
    """Most kbit/s of packets accepted; None: as they come."""
    body_stall_s: float = 60.0
    """A request body that stops for this long is given up; what came is kept."""
