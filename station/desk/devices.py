"""The devices of the station: which one serves each kind, how well it works, what is wrong, what was reported.

Needs no sign-in and knows no person: a device is judged by codes, counts and milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from station.capture.rack import Rack
from station.domain.biometrics import DeviceInfo, Modality
from station.domain.device import GOOD, Fault, Health, Ticket, Use, UseLine, device_id
from station.domain.errors import DeviceError
from station.domain.ports import Driver, Found
from station.store.depot import Depot

CAPTURING: tuple[Modality, ...] = (Modality.FACE, Modality.FINGER, Modality.IRIS)
"""What needs a device of its own; people sign on the screen, a tablet or a pad."""
RECENT = 30
_QUIET_AFTER_CLOSING = timedelta(days=7)


class State(StrEnum):
    """What can be said of the device of one kind at a glance."""

    LOOKING = "looking"
    MISSING = "missing"
    READY = "ready"
    UNTESTED = "untested"
    TROUBLE = "trouble"
    PRACTICE = "practice"
    WORN = "worn"


@dataclass(frozen=True)
class Card:
    """One kind of device. `trouble` is a code: of the last look, or of the last test."""

    kind: Modality
    state: State
    serving: Found | None = None
    health: Health | None = None
    trouble: str = GOOD
    choice: tuple[Found, ...] = ()
    """Everything found that could serve."""


def rack_of(depot: Depot, drivers: Sequence[Driver], *, training: bool) -> Rack:
    """The rack of this station: what was chosen before is chosen again."""

    def keep(chosen: Mapping[Modality, str]) -> None:
        depot.memory.chosen_devices = {kind.value: name for kind, name in chosen.items()}

    kinds = {kind.value: kind for kind in Modality}
    chosen = {kinds[kind]: name for kind, name in depot.memory.chosen_devices.items() if kind in kinds}
    return Rack(drivers, chosen, practising=training, keep=keep)


def cards(depot: Depot, rack: Rack, now: datetime, *, training: bool) -> tuple[Card, ...]:
    """One card per kind that needs a device."""
    return tuple(_card(depot, rack, kind, now, training) for kind in CAPTURING)


def note_use(depot: Depot, use: Use, now: datetime) -> None:
    """Remember what came of a capture. A device that has become twice as slow within a week reports itself."""
    depot.devices.used(use, at=now)
    if use.outcome != GOOD:
        return
    health = depot.devices.health_of(use.device, now=now)
    if health is None or health.ticket is not None or not health.is_wearing_out:
        return
    closed = depot.devices.closed_at(health.device_id)
    if closed is None or now - closed > _QUIET_AFTER_CLOSING:
        depot.devices.open_ticket(health.device_id, Fault.SLOW, at=now, by_trend=True)


def note_seen(depot: Depot, rack: Rack, now: datetime) -> None:
    """Everything the last look found was connected now."""
    for found in rack.found:
        depot.devices.seen(found.info, at=now)


def note_test(depot: Depot, info: DeviceInfo, problem: DeviceError | None, now: datetime) -> None:
    """What a test of this device came to."""
    depot.devices.tested(info, problem.code if problem else GOOD, at=now)


def tested_today(depot: Depot, today: str) -> bool:
    """True when all devices were tested on the local day `today` (ISO)."""
    return depot.memory.devices_tested_on == today


def note_tested_today(depot: Depot, today: str) -> None:
    """All devices were tested, whatever came of it."""
    depot.memory.devices_tested_on = today


def recent(depot: Depot, info: DeviceInfo) -> tuple[UseLine, ...]:
    """The last captures of a device, the newest first."""
    return depot.devices.recent(device_id(info), RECENT)


def report_fault(depot: Depot, info: DeviceInfo, fault: Fault, now: datetime) -> Ticket:
    """Somebody says that it is broken: a ticket, whose age everybody sees until it is closed."""
    depot.devices.seen(info, at=now)
    return depot.devices.open_ticket(device_id(info), fault, at=now)


def close_ticket(depot: Depot, number: int, now: datetime) -> None:
    """It works again."""
    depot.devices.close_ticket(number, at=now)


def _card(depot: Depot, rack: Rack, kind: Modality, now: datetime, training: bool) -> Card:
    serving = rack.serving(kind)
    choice = tuple(found for found in rack.found if found.info.kind is kind)
    if serving is None:
        state = State.MISSING if rack.looked else State.LOOKING
        return Card(kind, state, health=_last_known(depot, kind, now), choice=choice)
    health = depot.devices.health_of(serving.info, now=now)
    state, trouble = _state(serving, health, training)
    return Card(kind, state, serving, health, trouble, choice)


def _state(serving: Found, health: Health | None, training: bool) -> tuple[State, str]:
    if serving.trouble:
        return State.TROUBLE, serving.trouble
    if health is not None and health.failed_test:
        return State.TROUBLE, health.failed_test
    if serving.info.simulated and not training:
        return State.PRACTICE, GOOD
    if health is None or (health.tested_at is None and health.good_at is None):
        return State.UNTESTED, GOOD
    if health.is_wearing_out or health.often_fails:
        return State.WORN, GOOD
    return State.READY, GOOD


def _last_known(depot: Depot, kind: Modality, now: datetime) -> Health | None:
    """The device that served this kind last: its ticket ages on while it is away."""
    mine = [health for health in depot.devices.health(now=now) if health.info.kind is kind]
    used = [health for health in mine if health.good_at is not None or health.ticket is not None]
    return max(used, key=lambda health: health.seen_at, default=None)
