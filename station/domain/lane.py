"""The lanes of delivery as a technician sees them: each with its own state, reason and next try. No personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.outcome import Note


class LaneName(StrEnum):
    """One kind of traffic, in the order in which their turns come."""

    MANIFESTS = "manifests"
    UPLOADS = "uploads"
    CHANGES = "changes"
    BUNDLES = "bundles"
    RECONCILE = "reconcile"
    HEARTBEAT = "heartbeat"


class Condition(StrEnum):
    """What a lane is doing."""

    IDLE = "idle"  # nothing to do
    WORKING = "working"
    SPREAD = "spread"  # waits its turn after an outage, as central asked
    CLOSED = "closed"  # the rules of this station let it send nothing now: hours, metered line
    RESTING = "resting"  # after trouble of its own; tries again by itself
    HALTED = "halted"  # central will not have this station now


@dataclass(frozen=True)
class LaneState:
    """One lane. `note` is the trouble it rests for; `next_at` when it tries by itself; `until` what central said."""

    name: LaneName
    condition: Condition
    since: datetime
    note: Note | None = None
    tries: int = 0
    next_at: datetime | None = None
    until: datetime | None = None
    done_at: datetime | None = None
    """When central last answered this lane well."""
