"""The admin calls: who sits there, what is wrong, what the devices say. Not part of SBI.

It must not know of HTTP. Each call is a function from the JSON that came to the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from station.capture.sbi.error_codes import SUCCESS
from station.capture.sbi.names import ANY_DEVICE, BUSY, CALLS, NOT_READY, NOT_REGISTERED, READY, SubType
from station.training.people import PEOPLE, Person
from station.training.simulator.answers import error, is_type
from station.training.simulator.booth import Booth, person_by_nik, person_by_seed
from station.training.simulator.device import Device
from station.training.simulator.faults import Fault

Answer = dict[str, object]
Call = Callable[[Booth, Mapping[str, Any]], Answer]
_STATES = (READY, BUSY, NOT_READY, NOT_REGISTERED)
_PROFILES = {"Default": PEOPLE[0], "Profile1": PEOPLE[1], "Profile2": PEOPLE[2]}
_METHODS = frozenset(
    call.verb for calls in CALLS.values() for call in (calls.discover, calls.info, calls.stream, calls.capture)
)
_LONGEST_MS = 600_000


class AskedWronglyError(ValueError):
    """An argument is missing or impossible; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def answer(booth: Booth, path: str, asked: Mapping[str, Any]) -> Answer | None:
    """Do it; None for a path that is no admin call."""
    call = CALLS_BY_PATH.get(path)
    if call is None:
        return None
    try:
        return {**error(SUCCESS), **call(booth, asked)}
    except AskedWronglyError as wrong:
        return dict(error(wrong.code))


def _status(booth: Booth, asked: Mapping[str, Any]) -> Answer:
    status = asked.get("deviceStatus")
    if status not in _STATES:
        raise AskedWronglyError("504")
    for device in _meant(booth, asked):
        device.status = str(status)
    return {}


def _score(booth: Booth, asked: Mapping[str, Any]) -> Answer:
    try:
        score = float(asked.get("qualityScore", ""))
    except (TypeError, ValueError):
        raise AskedWronglyError("505") from None
    if not 0 <= score <= 100:
        raise AskedWronglyError("505")
    for device in _meant(booth, asked):
        device.score = None if asked.get("fromIso") else score
    return {}


def _delay(booth: Booth, asked: Mapping[str, Any]) -> Answer:
    text = str(asked.get("delay", ""))
    if not text.isdecimal() or int(text) > _LONGEST_MS:
        raise AskedWronglyError("506")
    methods = asked.get("method")
    if not isinstance(methods, list) or not methods or not all(method in _METHODS for method in methods):
        raise AskedWronglyError("507")
    for device in _meant(booth, asked):
        device.delays.update(dict.fromkeys(methods, int(text) / 1000))
    return {}


def _profile(booth: Booth, asked: Mapping[str, Any]) -> Answer:
    person = _PROFILES.get(str(asked.get("profileId")))
    if person is None:
        raise AskedWronglyError("551")
    booth.studio.seat(person)
    return {}


def _person(booth: Booth, asked: Mapping[str, Any]) -> Answer:
    booth.studio.seat(_named(asked))
    return {}


def _expect(booth: Booth, asked: Mapping[str, Any]) -> Answer:
    booth.studio.expect(_named(asked))
    return {}


def _fault(booth: Booth, asked: Mapping[str, Any]) -> Answer:
    """`times` captures long; without it, until it is taken back with 0. Fault "none" takes all of them back."""
    devices, times = list(_meant(booth, asked)), asked.get("times")
    if asked.get("fault") == "none":
        for device in devices:
            device.faults.clear()
        return {}
    if asked.get("fault") not in set(Fault) or not (times is None or (isinstance(times, int) and times >= 0)):
        raise AskedWronglyError("504")
    fault = Fault(asked["fault"])
    for device in devices:
        device.faults.switch(fault, times)
        if fault is Fault.UNPLUG and times == 0:
            device.replug()
    return {}


def _meant(booth: Booth, asked: Mapping[str, Any]) -> Iterator[Device]:
    """The devices of the type, or of the sub-type where one is said."""
    wanted, sub_type = asked.get("type", ANY_DEVICE), asked.get("subType", "")
    if not is_type(wanted) or sub_type not in ("", *SubType):
        raise AskedWronglyError("502")
    found = booth.of_type(wanted, booth.devices)
    return (device for device in found if sub_type in ("", device.model.sub_type))


def _named(asked: Mapping[str, Any]) -> Person:
    seed, nik = asked.get("seed"), asked.get("nik")
    if isinstance(seed, int) and not isinstance(seed, bool) and seed >= 0:
        return person_by_seed(seed)
    person = person_by_nik(nik) if isinstance(nik, str) else None
    if person is None:
        raise AskedWronglyError("504")
    return person


CALLS_BY_PATH: dict[str, Call] = {
    "/admin/status": _status,
    "/admin/score": _score,
    "/admin/delay": _delay,
    "/admin/profile": _profile,
    "/admin/person": _person,
    "/admin/expect": _expect,
    "/admin/fault": _fault,
}
