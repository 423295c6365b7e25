"""What becomes of the pictures of a device: they are read in the lab, measured, and made a Capture's contents.

It must not know how they came. Bytes from outside are native code's business: nothing here decodes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from station.capture.lab import Lab
from station.capture.tasks import faces, fingers, frames, irises, whole
from station.domain.biometrics import Modality, Part
from station.domain.errors import DeviceError
from station.domain.ports import Order, Preview


@dataclass(frozen=True)
class Sent:
    """A record of a device, and what must be on it: one part, or all fingers of a slap."""

    record: bytes
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Taken:
    """One part as it will be kept, measured by us and not by the device."""

    part: Part
    image: bytes
    width: int
    height: int
    quality: int
    template: bytes = b""
    remarks: tuple[str, ...] = ()


class Reader(Protocol):
    """Reads what a device sent. DeviceError when a picture is not what it should be."""

    def read(self, sent: Sequence[Sent], order: Order) -> tuple[Taken, ...]: ...

    def preview(self, kind: Modality, jpeg: bytes, order: Order) -> Preview:
        """A live frame, quickly."""
        ...

    def measured(self, kind: Modality, jpeg: bytes, order: Order) -> Preview:
        """A live frame with a hint: that may take a while."""
        ...


class LabReader:
    """The Reader of the program."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def read(self, sent: Sequence[Sent], order: Order) -> tuple[Taken, ...]:
        match sent[0].parts[0].modality:
            case Modality.FINGER:
                return self._fingers(sent)
            case Modality.IRIS:
                return tuple(self._eye(one, order) for one in sent)
            case _:
                return (self._still(sent[0]) if order.still else self._face(sent[0], order),)

    def preview(self, kind: Modality, jpeg: bytes, order: Order) -> Preview:
        return frames.read(self._lab, kind, jpeg, hint=False)

    def measured(self, kind: Modality, jpeg: bytes, order: Order) -> Preview:
        if kind is Modality.FACE and not order.still:
            return faces.preview(self._lab, jpeg, order.background)
        return frames.read(self._lab, kind, jpeg, floor=order.policy.floor(kind))

    def _fingers(self, sent: Sequence[Sent]) -> tuple[Taken, ...]:
        if len(sent) == 1:
            found = fingers.read(self._lab, sent[0].record, sent[0].parts)
        else:
            found = fingers.read_each(self._lab, [one.record for one in sent], [one.parts[0] for one in sent])
        return tuple(
            Taken(one.part, one.wsq, one.width, one.height, one.nfiq2, one.template, _said(one.hint)) for one in found
        )

    def _eye(self, sent: Sent, order: Order) -> Taken:
        eye = irises.read(self._lab, sent.record, sent.parts[0], floor=order.policy.iris_quality)
        return Taken(eye.part, eye.jp2, eye.width, eye.height, eye.quality, remarks=_said(eye.hint))

    def _face(self, sent: Sent, order: Order) -> Taken:
        """Nobody, or two: refused until the operator has tried as often as that makes sense."""
        portrait = faces.crop(self._lab, sent.record, order.background)
        report = portrait.report
        if report.no_portrait and order.attempt < order.policy.tries:
            raise DeviceError(report.no_portrait)
        return Taken(Part.FACE, portrait.jpeg, portrait.width, portrait.height, report.quality, remarks=report.findings)

    def _still(self, sent: Sent) -> Taken:
        jpeg, width, height = whole.read(self._lab, sent.record)
        return Taken(Part.FACE, jpeg, width, height, 0)


def _said(hint: str) -> tuple[str, ...]:
    return (hint,) if hint else ()
