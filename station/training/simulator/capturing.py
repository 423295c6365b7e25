"""One registration capture: waiting for the person, taking the parts, stating and chaining them, and the faults.

It must not know of HTTP: whether the client still waits is told by a question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic

from station.capture.iso19794 import SLAP_LEFT, SLAP_RIGHT, SLAP_THUMBS, Coding, ImageRecord, write
from station.capture.sbi.chain import link
from station.capture.sbi.error_codes import ERRORS, SUCCESS
from station.capture.sbi.names import SUBTYPE_OF, TIME_FORMAT, UNKNOWN, DeviceSub, SpecVersion
from station.domain.biometrics import Modality, Part
from station.training.simulator.asked import CaptureAsked
from station.training.simulator.booth import Booth, device_time, seal
from station.training.simulator.device import Device, Stream
from station.training.simulator.faults import Fault
from station.training.simulator.identity import record_coded
from station.training.simulator.pictures import Picture

_LOOK_EVERY_S = 0.03
_POOR_SHARE = 0.4
_ANOTHER_TAKE = 50
_SLAPS = {DeviceSub.LEFT: SLAP_LEFT, DeviceSub.RIGHT: SLAP_RIGHT, DeviceSub.BOTH: SLAP_THUMBS}

Item = Mapping[str, object]


class RefusedError(Exception):
    """The device gives nothing; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NobodyWaitsError(Exception):
    """The client has hung up, or the service ends."""


@dataclass(frozen=True)
class _Taken:
    """One item before it is stated."""

    sub_type: str
    position: int
    picture: Picture


class Capture:
    """Made for one question; `items` does it."""

    def __init__(self, booth: Booth, device: Device, asked: CaptureAsked, gone: Callable[[], bool]) -> None:
        self._booth, self._device, self._asked, self._gone = booth, device, asked, gone
        self._faults: frozenset[Fault] = frozenset()
        wanted = asked.parts("bioSubType", device.model.modality)
        self._parts = tuple(part for part in wanted if part is not None)
        if device.model.modality is Modality.FACE:
            self._parts = (Part.FACE,)

    def items(self) -> list[Item]:
        """What was captured, stated. RefusedError and NobodyWaitsError; BusyError from the device."""
        with self._device.capture() as stream:
            self._faults = self._device.faults.captured()
            if Fault.HANG in self._faults:
                self._wait(float("inf"), None)
            self._wait_for_the_person(stream)
            taken = self._taken()
            self._wait(0, stream)
            self._device.end_stream()  # a capture that succeeds ends the live view
        return self._stated(taken)

    # ------------------------------------------------------------------------------------------------------ waiting

    def _wait_for_the_person(self, stream: Stream | None) -> None:
        limit, usual = self._asked.timeout_s, self._booth.options.capture_s
        if Fault.UNPLUG in self._faults:
            self._wait(min(limit, usual / 2), stream)
            self._device.faults.switch(Fault.UNPLUGGED, None)
            self._device.end_stream()
            raise RefusedError("106")
        if not all(self._booth.studio.sees(part) for part in self._parts) or usual > limit:
            self._wait(limit, stream)
            raise RefusedError("701")
        self._wait(usual, stream)

    def _wait(self, seconds: float, stream: Stream | None) -> None:
        until = monotonic() + seconds
        while True:
            if self._gone() or self._booth.closing.is_set():
                raise NobodyWaitsError
            if stream is not None and not stream.is_open:
                raise RefusedError("700")
            if not self._device.plugged:
                raise RefusedError("106")
            left = until - monotonic()
            if left <= 0:
                return
            self._booth.closing.wait(min(left, _LOOK_EVERY_S))

    # ------------------------------------------------------------------------------------------------------- taking

    @property
    def _poor(self) -> bool:
        worn = self._device.model.modality is Modality.FINGER and self._booth.studio.person.worn
        return Fault.LOW_QUALITY in self._faults or worn

    def _taken(self) -> list[_Taken]:
        studio, poor = self._booth.studio, Fault.LOW_QUALITY in self._faults
        if Fault.WHOLE_SLAP in self._faults and len(self._parts) > 1 and self._parts[0].modality is Modality.FINGER:
            sub = self._asked.sub or DeviceSub.UNKNOWN
            return [_Taken(UNKNOWN, _SLAPS.get(sub, 0), studio.slap(self._parts, poor=poor))]
        taken = []
        for part, shown in shown_for(self._parts, self._faults).items():
            other = _ANOTHER_TAKE if shown is not part else 0
            picture = studio.take(shown, poor=poor, other=other)
            taken.append(_Taken(SUBTYPE_OF.get(part, ""), part.position, picture))
        return taken

    # ------------------------------------------------------------------------------------------------------ stating

    def _stated(self, taken: Iterable[_Taken]) -> list[Item]:
        items: list[Item] = []
        previous = self._asked.previous
        for one in taken:
            record = self._record(one)
            previous = link(previous, record)
            data = self._device.key.state(self._statement(one, record), seal(self._faults))
            items.append(item(self._asked.version, data, previous, SUCCESS))
        return items

    def _record(self, one: _Taken) -> bytes:
        modality, picture = self._device.model.modality, one.picture
        at = device_time(self._faults)
        return write(
            ImageRecord(
                modality=modality,
                position=one.position,
                width=picture.width,
                height=picture.height,
                coding=Coding.JP2,
                data=picture.jp2,
                ppi=500 if modality is Modality.FINGER else 0,
                quality=round(self._natural_score),
                taken_at=at,
            )
        )

    @property
    def _natural_score(self) -> float:
        return self._device.model.score * (_POOR_SHARE if self._poor else 1)

    def _statement(self, one: _Taken, record: bytes) -> dict[str, object]:
        model, asked, at = self._device.model, self._asked, device_time(self._faults)
        score = self._natural_score if self._device.score is None else self._device.score
        return {
            "digitalId": self._device.key.state(model.digital_id(at), seal(self._faults)),
            "deviceCode": model.serial,
            "deviceServiceVersion": asked.version,
            "bioType": model.type,
            "bioSubType": one.sub_type or None,
            "purpose": asked.purpose,
            "env": asked.env,
            "bioValue": record_coded(record),
            "transactionId": asked.transaction,
            "timestamp": at.strftime(TIME_FORMAT),
            "requestedScore": asked.score,
            "qualityScore": f"{score:.2f}",
        }


def shown_for(parts: tuple[Part, ...], faults: Iterable[Fault]) -> dict[Part, Part]:
    """What lies there under the name of each part."""
    shown = {part: part for part in parts}
    if Fault.WRONG_HAND in faults:
        shown = {part: _mirrored(part) for part in parts}
    if Fault.SAME_FINGER in faults:
        second = parts[1] if len(parts) > 1 else parts[0]
        shown[second] = parts[0] if len(parts) > 1 else _neighbour(second)
    if Fault.THREE_OF_FOUR in faults and len(parts) > 1:
        del shown[parts[1]]
    return shown


def item(version: str, data: str, chained: str, code: str) -> Item:
    """One entry of an answer."""
    found: dict[str, object] = {
        "specVersion": version,
        "data": data,
        "hash": chained,
        "error": {"errorCode": code, "errorInfo": ERRORS.get(code, ERRORS["999"])},
    }
    return {**found, "additionalInfo": []} if version == SpecVersion.V10 else found


def _mirrored(part: Part) -> Part:
    match part.modality:
        case Modality.FINGER:
            return Part(f"finger-{(part.position + 4) % 10 + 1:02d}")
        case Modality.IRIS:
            return Part.IRIS_LEFT if part is Part.IRIS_RIGHT else Part.IRIS_RIGHT
        case _:
            return part


def _neighbour(part: Part) -> Part:
    """The finger beside it on the same hand; the other eye."""
    if part.modality is not Modality.FINGER:
        return _mirrored(part)
    first = part.position in (1, 6)
    return Part(f"finger-{part.position + (1 if first else -1):02d}")
