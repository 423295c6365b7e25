"""The devices of the station: which one serves each kind, how well it works, what is wrong.

Needs no sign-in and knows no person: a device is judged by codes, counts and milliseconds. What a simulator does on a
real station is remembered nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from station.capture.rack import Rack
from station.desk import clocks, device_faults
from station.domain.biometrics import DeviceInfo, Modality
from station.domain.clocks import Skew
from station.domain.device import GOOD, Health, Use, UseLine, device_id
from station.domain.errors import DeviceError
from station.domain.ports import Driver, Found
from station.store.depot import Depot

CAPTURING: tuple[Modality, ...] = (Modality.FACE, Modality.FINGER, Modality.IRIS)
"""What needs a device of its own; people sign on the screen, a tablet or a pad."""
BESIDE: tuple[Modality, ...] = (Modality.SIGNATURE, Modality.DOCUMENT, Modality.PRINTER)
"""What stands at a station too: recording goes on without scanner and printer, people sign with what is there."""
RECENT = 30
Known = Sequence[Health]


class State(StrEnum):
    """What can be said of the device of one kind at a glance."""

    LOOKING = "looking"
    MISSING = "missing"
    ABSENT = "absent"
    READY = "ready"
    UNTESTED = "untested"
    TROUBLE = "trouble"
    PRACTICE = "practice"
    REPORTED = "reported"
    WORN = "worn"
    TRIED = "tried"


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
    others: tuple[Health, ...] = ()
    """Devices of this kind that do not serve, and of which a fault is reported: nobody else would remember them."""

    skew: Skew | None = None
    """What there is to say about its clock, since its last capture."""

    @property
    def info(self) -> DeviceInfo | None:
        """The device that serves, else the one that served last."""
        if self.serving is not None:
            return self.serving.info
        return self.health.info if self.health is not None else None


def rack_of(depot: Depot, drivers: Sequence[Driver], *, training: bool) -> Rack:
    """The rack of this station: what was chosen before is chosen again."""

    def keep(chosen: Mapping[Modality, str]) -> None:
        depot.memory.chosen_devices = {kind.value: name for kind, name in chosen.items()}

    kinds = {kind.value: kind for kind in Modality}
    chosen = {kinds[kind]: name for kind, name in depot.memory.chosen_devices.items() if kind in kinds}
    return Rack(drivers, chosen, practising=training, keep=keep)


def cards(
    depot: Depot,
    rack: Rack,
    now: datetime,
    *,
    training: bool,
    beside: Mapping[Modality, Found | None] | None = None,
) -> tuple[Card, ...]:
    """One card per kind that needs a device, and of those `beside`, with what is connected of each; None is nothing."""
    known = depot.devices.health(now=now)
    capturing = (_timed(depot, _card(known, rack, kind, training), now) for kind in CAPTURING)
    return (*capturing, *(_beside(known, kind, found) for kind, found in (beside or {}).items()))


def note_use(depot: Depot, use: Use, now: datetime) -> None:
    """Remember what came of a capture."""
    if _counts(depot, use.device):
        good_before = depot.devices.used(use, at=now)
        depot.memory.note_worked(f"{now.astimezone():%Y-%m-%d}")
        device_faults.after_use(depot, use, good_before, now)
        clocks.note_capture(depot, use, now)


def note_seen(depot: Depot, rack: Rack, now: datetime) -> None:
    """Everything the last look found was connected now; what served here and is gone is missed."""
    here = [found.info for found in rack.found if _counts(depot, found.info)]
    depot.devices.seen(*here, at=now)
    if rack.looked:
        depot.memory.note_worked(f"{now.astimezone():%Y-%m-%d}")
        device_faults.miss(depot, here, CAPTURING, now)


def note_test(depot: Depot, info: DeviceInfo, problem: DeviceError | None, now: datetime) -> None:
    """What a test of this device came to."""
    if _counts(depot, info):
        outcome = problem.code if problem else GOOD
        depot.devices.tested(info, outcome, at=now)
        device_faults.after_test(depot, info, outcome, now)


def tested_today(depot: Depot, today: str) -> bool:
    """True when all devices were tested on the local day `today` (ISO)."""
    return depot.memory.devices_tested_on == today


def note_tested_today(depot: Depot, today: str) -> None:
    """All devices were tested, whatever came of it."""
    depot.memory.devices_tested_on = today


def recent(depot: Depot, info: DeviceInfo) -> tuple[UseLine, ...]:
    """The last captures of a device, the newest first."""
    return depot.devices.recent(device_id(info), RECENT)


def _card(known: Known, rack: Rack, kind: Modality, training: bool) -> Card:
    serving, lent = rack.serving(kind), rack.lent(kind)
    # The simulator that is being tried answers to any look at this computer: it is no further choice.
    choice = tuple(item for item in rack.found if item.info.kind is kind and (not lent or not item.info.simulated))
    if serving is None:
        state = State.MISSING if rack.looked else State.LOOKING
        health = _last_known(known, kind)
        return Card(kind, state, health=health, choice=choice, others=_others(known, kind, health))
    health = _health_of(known, serving)
    state, trouble = (State.TRIED, GOOD) if lent is not None else _state(serving, health, training)
    return Card(kind, state, serving, health, trouble, choice, _others(known, kind, health))


def _timed(depot: Depot, card: Card, now: datetime) -> Card:
    """With what its last capture said about its clock: a device that is well otherwise needs care then."""
    skew = clocks.skew_of(depot, card.serving.info, now) if card.serving is not None else None
    if skew is None:
        return card
    state = State.WORN if card.state in (State.READY, State.UNTESTED) else card.state
    return replace(card, skew=skew, state=state)


def _beside(known: Known, kind: Modality, found: Found | None) -> Card:
    if found is None:
        health = _last_known(known, kind)
        return Card(kind, State.ABSENT, health=health, others=_others(known, kind, health))
    health = _health_of(known, found)
    trouble = found.trouble or (health.failed_test if health is not None else GOOD)
    state = State.TROUBLE if trouble else State.READY
    if not trouble and health is not None and (health.ticket is not None or health.often_fails):
        state = State.REPORTED if health.ticket is not None else State.WORN
    return Card(kind, state, found, health, trouble, others=_others(known, kind, health))


def _counts(depot: Depot, info: DeviceInfo) -> bool:
    """False for what drew its people at a station that records real ones."""
    return not info.simulated or (depot.enrolment is not None and depot.enrolment.training)


def _health_of(known: Known, found: Found) -> Health | None:
    return next((item for item in known if item.device_id == device_id(found.info)), None)


def _others(known: Known, kind: Modality, shown: Health | None) -> tuple[Health, ...]:
    mine = (item for item in known if item.info.kind is kind and item.ticket is not None)
    return tuple(item for item in mine if shown is None or item.device_id != shown.device_id)


def _state(serving: Found, health: Health | None, training: bool) -> tuple[State, str]:
    if serving.trouble:
        return State.TROUBLE, serving.trouble
    if health is not None and health.failed_test:
        return State.TROUBLE, health.failed_test
    if serving.info.simulated and not training:
        return State.PRACTICE, GOOD
    if health is not None and health.ticket is not None:
        return State.REPORTED, GOOD
    if health is None or (health.tested_at is None and health.good_at is None):
        return State.UNTESTED, GOOD
    if health.is_wearing_out or health.often_fails:
        return State.WORN, GOOD
    return State.READY, GOOD


def _last_known(known: Known, kind: Modality) -> Health | None:
    """The device that served this kind last: its ticket ages on while it is away."""
    mine = [item for item in known if item.info.kind is kind]
    used = [item for item in mine if item.good_at is not None or item.ticket is not None]
    return max(used, key=lambda item: item.seen_at, default=None)
