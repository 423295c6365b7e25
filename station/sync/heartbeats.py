"""The heartbeat lane: how this station is, told to central now and then. No personal data.

No packet waits for it.
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

from station import __version__
from station.domain.device import Health
from station.domain.lane import LaneName
from station.domain.outcome import Halted, Later
from station.domain.power import Charge
from station.store.depot import Depot
from station.sync.classify import FAILURES, judge, judge_failure, unreadable
from station.sync.lanes import Did, Idle, Shared, Step
from station.sync.reset_seeds import ResetSeeds
from station.wire import HEARTBEAT_DEVICES, AuditHead, Backlog, Battery, DeviceHealth, Disk, Heartbeat

EVERY_S = 300.0
"""At most one in this time, over restarts too."""
PATIENCE_S = 10.0
"""Packets wait while a heartbeat is answered: not for long."""


class HeartbeatLane:
    """Last in turn: everything else goes first."""

    name = LaneName.HEARTBEAT

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._seeds = ResetSeeds(shared)

    def due_in_s(self) -> float:
        """Seconds until the next sign of life."""
        if self._seeds.due:
            return 0.0
        last, now = self._shared.depot.memory.heartbeat_at, self._shared.clock.now()
        if last is None or last > now:  # a moment in the future is a clock that was put right since
            return 0.0
        return max(0.0, (last + timedelta(seconds=EVERY_S) - now).total_seconds())

    def wake(self) -> None:
        """Central wants it no oftener, whoever asks."""

    def step(self) -> Step:
        if self._seeds.due:
            return self._seeds.step()
        return Idle() if self.due_in_s() > 0 else self._beat()

    def _beat(self) -> Step:
        shared = self._shared
        message = heartbeat(shared).model_dump(mode="json")
        try:
            answer = shared.client.post_json("/v1/heartbeats", message, read_timeout_s=PATIENCE_S)
        except FAILURES as failure:
            return judge_failure(failure)
        outcome = judge(answer, shared.clock.now())
        if outcome is None:
            shared.depot.memory.heartbeat_at = shared.clock.now()
            return Did()
        if isinstance(outcome, Later | Halted):
            return outcome
        return Later(getattr(outcome, "note", unreadable(answer).note))  # a central that does not know them yet


def heartbeat(shared: Shared) -> Heartbeat:
    """How this station is now."""
    depot, now = shared.depot, shared.clock.now()
    counts = depot.outbox.counts(day_start=now)
    number, head = depot.memory.audit_head
    return Heartbeat(
        version=__version__,
        backlog=Backlog(count=counts.waiting, bytes=counts.waiting_bytes, oldest=depot.outbox.oldest_waiting()),
        disk=_disk(depot),
        battery=_battery(shared.charge()),
        devices=tuple(_device(health, now) for health in _devices(depot, now)),
        audit=AuditHead(number=number, hash=head) if head else None,
        clock_offset_s=shared.client.clock_offset.total_seconds(),
        policy=depot.policy.issued_at,
    )


def _devices(depot: Depot, now: datetime) -> list[Health]:
    """What is reported broken first, however long nobody has seen it; no simulator of a station that records people."""
    training = depot.enrolment is not None and depot.enrolment.training
    known = [health for health in depot.devices.health(now=now) if training or not health.info.simulated]
    known.sort(key=lambda health: health.ticket is None)
    return known[:HEARTBEAT_DEVICES]


def _device(health: Health, now: datetime) -> DeviceHealth:
    return DeviceHealth(
        kind=health.info.kind.value,
        serial=health.info.serial,
        state=health.condition.value,
        last_good=health.good_at,
        ticket_age_d=health.ticket.days(now) if health.ticket else None,
        model=health.info.model,
        fault=health.ticket.fault.value if health.ticket else "",
        captures=health.uses,
        failures=health.failures,
        median_ms=health.median_ms,
    )


def _disk(depot: Depot) -> Disk:
    usage = shutil.disk_usage(depot.folder.root)
    return Disk(free_bytes=usage.free, total_bytes=usage.total)


def _battery(found: Charge | None) -> Battery | None:
    return None if found is None else Battery(percent=found.percent, plugged=found.plugged)
