"""One capture: asked, checked, and its pictures read. It must not know how a device is found or waited for."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from station.capture.sbi.asking import Wanted
from station.capture.sbi.client import ask_capture
from station.capture.sbi.discovery import Spot
from station.capture.sbi.house import House
from station.capture.sbi.line import Line
from station.capture.sbi.names import TIME_FORMAT
from station.capture.sbi.plan import Take
from station.capture.sbi.reader import Sent, Taken
from station.capture.sbi.statement import Expected, Statement, believed
from station.domain.biometrics import MAX_BYTES, Capture
from station.domain.errors import DeviceError
from station.domain.ports import Order

DEVICE_SHARE = 0.75
"""The device itself must give up before we do, so that it can say why."""
PATIENT_TIMES = 2.0


def stated(
    line: Line, spot: Spot, house: House, key: bytes, order: Order, take: Take, previous: str
) -> tuple[Statement, ...]:
    """Ask the device for `take` under a new transaction, and check every word of what it signs, with `key` only."""
    limit_s = house.capture_s * (PATIENT_TIMES if order.patient else 1.0)
    transaction = str(uuid4())
    wanted = Wanted(
        sub=take.sub,
        subtypes=take.subtypes,
        exceptions=take.excepted,
        score=order.policy.floor(spot.kind),
        transaction=transaction,
        previous=previous,
        at=house.clock.now().strftime(TIME_FORMAT),
        timeout_s=limit_s * DEVICE_SHARE,
        environment=house.environment,
    )
    items = ask_capture(line, spot, wanted, limit_s)
    expected = Expected(
        kind=spot.kind,
        take=take,
        transaction=transaction,
        version=spot.address.version,
        environment=house.environment,
        who=spot.who,
        certification=spot.entry.certification,
        device_code=spot.entry.device_code,
        key=key,
        previous=previous,
        at=house.clock.now(),
    )
    return believed(items, expected, house.trust)


def captured(spot: Spot, house: House, order: Order, take: Take, found: Sequence[Statement]) -> list[Capture]:
    """The parts in the statements, read and measured by us: what the device says of their quality does not count."""
    sent = {one: Sent(one.record, take.parts if one.part is None else (one.part,)) for one in found}
    said = {part: one for one in found for part in sent[one].parts}
    taken = house.reader.read(tuple(sent.values()), order)
    if {item.part for item in taken} != set(take.parts):
        raise DeviceError("sbi.wrong_parts", missing=tuple(part.value for part in take.parts))
    return [_capture(item, spot, house, order, said[item.part]) for item in taken]


def _capture(item: Taken, spot: Spot, house: House, order: Order, statement: Statement) -> Capture:
    if len(item.image) > MAX_BYTES[item.part.modality] and not order.still:
        raise DeviceError("device.image_too_large", part=item.part.value, size_bytes=len(item.image))
    return Capture(
        part=item.part,
        image=item.image,
        width=item.width,
        height=item.height,
        quality=item.quality,
        device=spot.info,
        attempts=order.attempt,
        taken_at=house.clock.now(),
        envelope=statement.envelope,
        template=item.template,
        remarks=item.remarks + statement.remarks,
    )
