"""The simulated booth: the devices of one service, the person in front of them, and how fast things go.

It must not know of HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import Event

from station.capture.sbi.names import ANY_DEVICE, REGISTRATION, Environment, SpecVersion
from station.training.people import EVERYONE, PEOPLE, Person, people
from station.training.simulator.device import Device
from station.training.simulator.faults import Fault
from station.training.simulator.identity import Authority, Seal
from station.training.simulator.models import models
from station.training.simulator.pictures import Studio
from station.training.strangers import stranger_by_seed

SKEW = timedelta(minutes=17)
_SERIES = 1_000_000
_LAST_STRANGER = 10_000  # strangers are made one after another: a wild seed must not take minutes


@dataclass(frozen=True)
class Options:
    """What is chosen at the start."""

    purpose: str = REGISTRATION
    environment: Environment = Environment.DEVELOPER
    versions: tuple[SpecVersion, ...] = (SpecVersion.V095, SpecVersion.V10)
    number: int = 1
    frame_s: float = 0.05
    capture_s: float = 1.2
    draw_ahead: bool = True


class Booth:
    """`closing` is set when the process ends: nobody waits any longer then."""

    def __init__(self, options: Options, authority: Authority, person: Person = PEOPLE[0]) -> None:
        self.options = options
        self.devices = tuple(Device(model, authority) for model in models(options.number))
        self.studio = Studio(person, ahead=options.draw_ahead)
        self.closing = Event()

    def found(self) -> tuple[Device, ...]:
        """The devices whose cable is in."""
        return tuple(device for device in self.devices if device.plugged)

    def of_type(self, wanted: str, among: Iterable[Device]) -> tuple[Device, ...]:
        return tuple(device for device in among if wanted in (ANY_DEVICE, device.model.type))

    def close(self) -> None:
        self.closing.set()
        self.studio.close()


def person_by_seed(seed: int) -> Person:
    """The person with this body: of the cast, of a NIK that somebody thought of, or the one `people` gives for it."""
    member = next((person for person in EVERYONE if person.seed == seed), None)
    if (known := member or stranger_by_seed(seed)) is not None:
        return known
    series, number = divmod(seed, _SERIES)
    number %= _LAST_STRANGER
    return next(islice(people(number + 1, seed=series), number, None))


def person_by_nik(nik: str) -> Person | None:
    """The member of the cast with this NIK."""
    return next((person for person in EVERYONE if person.nik == nik), None)


def device_time(faults: Iterable[Fault]) -> datetime:
    """What the clock in the device says."""
    return datetime.now(UTC) + (SKEW if Fault.CLOCK_SKEW in faults else timedelta())


def seal(faults: Iterable[Fault]) -> Seal:
    """How the device signs."""
    for fault, kind in (
        (Fault.BAD_SIGNATURE, Seal.BROKEN),
        (Fault.EXPIRED_CERTIFICATE, Seal.EXPIRED),
        (Fault.UNKNOWN_AUTHORITY, Seal.STRANGER),
    ):
        if fault in faults:
            return kind
    return Seal.GOOD
