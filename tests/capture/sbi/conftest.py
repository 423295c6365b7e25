"""A scripted service, and a device that talks to it. Pictures are taken as they are: no lab is needed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from station.capture.sbi.device import SbiDevice
from station.capture.sbi.driver import SbiDriver
from station.capture.sbi.house import House
from station.capture.sbi.names import Environment
from station.capture.sbi.reader import Sent, Taken
from station.capture.sbi.trust import Trust
from station.domain.biometrics import Modality
from station.domain.ports import Order, Preview
from tests.fakes.sbi_server import SbiServer


class PlainReader:
    """Takes every record for a picture, a whole slap for as many as were wanted."""

    def read(self, sent: Sequence[Sent], order: Order) -> tuple[Taken, ...]:
        return tuple(
            Taken(part, one.record, 4, 4, 50 + order.attempt, b"minutiae") for one in sent for part in one.parts
        )

    def preview(self, kind: Modality, jpeg: bytes, order: Order) -> Preview:
        return Preview(jpeg[:1], 1, 1, 1)

    def measured(self, kind: Modality, jpeg: bytes, order: Order) -> Preview:
        return Preview(jpeg[:1], 1, 1, 1, "finger.dry")


@pytest.fixture
def server() -> Iterator[SbiServer]:
    made = SbiServer()
    yield made
    made.close()


def house_of(server: SbiServer, *others: int, capture_s: float = 5.0) -> House:
    trust = Trust(anchors=[server.authority])
    return House(PlainReader(), trust, Environment.STAGING, ports=(server.port, *others), capture_s=capture_s)


def device_of(house: House) -> SbiDevice:
    driver = SbiDriver(house)
    (found,) = driver.look()
    device = driver.device(found)
    assert isinstance(device, SbiDevice)
    return device


@pytest.fixture
def device(server: SbiServer) -> SbiDevice:
    """Opened."""
    made = device_of(house_of(server))
    made.open()
    return made
