"""What a service refuses, in the order in which it looks: the first thing that is wrong is the answer.

It must not know how a refusal is sent. Both tables are the order of the reference implementation.
"""

from __future__ import annotations

from collections.abc import Callable

from station.capture.sbi.names import (
    NOT_READY,
    NOT_REGISTERED,
    REGISTRATION,
    TYPE_OF,
    DeviceSub,
    Environment,
    SubType,
    whole_of,
)
from station.domain.biometrics import FINGERS, Modality, Part
from station.training.simulator.asked import CaptureAsked, StreamAsked, is_transaction, names
from station.training.simulator.booth import Booth
from station.training.simulator.device import Device

Wrong = Callable[[Booth, CaptureAsked], bool]
OTHER_PURPOSE, BAD_JSON = "709", "123"
"""Said before anything of the question is looked at."""


def device_of(booth: Booth, asked: CaptureAsked | StreamAsked) -> Device | None:
    """The device that is meant, plugged in or not."""
    return next((device for device in booth.devices if names(device.model, asked.device)), None)


def _with_device(wrong: Callable[[Device, CaptureAsked], bool]) -> Wrong:
    def look(booth: Booth, asked: CaptureAsked) -> bool:
        device = device_of(booth, asked)
        return device is not None and wrong(device, asked)

    return look


def _wrong_parts(device: Device, asked: CaptureAsked) -> bool:
    """Sub-types and exceptions must name parts of that half of the device, each once."""
    modality = device.model.modality
    wanted, excepted = asked.parts("bioSubType", modality), asked.parts("exception", modality)
    if modality is Modality.FACE:
        return False  # none, or what is missing of the hands and eyes that the photo shows
    named = (*wanted, *excepted)
    return None in named or len(set(named)) != len(named) or bool(set(named) - set(_within_reach(device, asked)))


def _wrong_count(device: Device, asked: CaptureAsked) -> bool:
    modality = device.model.modality
    if modality is Modality.FACE:
        return asked.count != 1
    wanted, excepted = asked.parts("bioSubType", modality), asked.parts("exception", modality)
    if asked.count != len(wanted) or not wanted:
        return True
    if device.model.sub_type is SubType.SINGLE:
        return asked.count != 1 or bool(excepted)
    return len(wanted) + len(excepted) != len(_within_reach(device, asked))


def _within_reach(device: Device, asked: CaptureAsked) -> tuple[Part, ...]:
    if device.model.sub_type is SubType.SINGLE:
        return FINGERS
    return whole_of(device.model.modality, asked.sub or DeviceSub.UNKNOWN)


def _watched_elsewhere(booth: Booth, asked: CaptureAsked | StreamAsked) -> bool:
    chosen = device_of(booth, asked)
    return any(device.streams for device in booth.devices if device is not chosen)


CAPTURE_CHECKS: tuple[tuple[str, Wrong], ...] = (
    ("115", lambda _, asked: asked.env not in set(Environment) - {Environment.NONE}),
    ("121", lambda _, asked: asked.purpose != REGISTRATION),
    ("704", lambda _, asked: not asked.device),
    ("114", lambda _, asked: asked.type not in TYPE_OF.values()),
    ("705", lambda booth, asked: device_of(booth, asked) is None),
    ("120", _with_device(lambda device, asked: device.model.type != asked.type)),
    ("706", _with_device(lambda device, asked: asked.sub not in device.model.subs)),
    ("106", _with_device(lambda device, _: not device.plugged)),
    ("702", _watched_elsewhere),
    ("100", _with_device(lambda device, _: device.status == NOT_REGISTERED)),
    ("110", _with_device(lambda device, _: device.status == NOT_READY)),
    ("112", lambda _, asked: not is_transaction(asked.transaction)),
    ("122", _with_device(_wrong_parts)),
    ("109", _with_device(_wrong_count)),
    ("703", _with_device(lambda device, _: device.captures)),
)

STREAM_CHECKS: tuple[tuple[str, Callable[[Booth, StreamAsked], bool]], ...] = (
    ("604", lambda _, asked: not asked.device),
    ("605", lambda booth, asked: device_of(booth, asked) is None),
    ("606", lambda booth, asked: asked.sub not in _known(booth, asked).model.subs),
    ("202", lambda booth, asked: not _known(booth, asked).plugged),
    ("100", lambda booth, asked: _known(booth, asked).status == NOT_REGISTERED),
    ("110", lambda booth, asked: _known(booth, asked).status == NOT_READY),
    ("111", lambda booth, asked: _known(booth, asked).captures),
    ("607", _watched_elsewhere),
)


def _known(booth: Booth, asked: StreamAsked) -> Device:
    device = device_of(booth, asked)
    assert device is not None, "an unknown device is refused before"
    return device


def wrong_with_capture(booth: Booth, asked: CaptureAsked) -> str:
    """The code of the first thing that is wrong, '' when nothing is."""
    return next((code for code, wrong in CAPTURE_CHECKS if wrong(booth, asked)), "")


def wrong_with_stream(booth: Booth, asked: StreamAsked) -> str:
    """The code of the first thing that is wrong, '' when nothing is."""
    return next((code for code, wrong in STREAM_CHECKS if wrong(booth, asked)), "")
