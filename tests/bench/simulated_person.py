"""One person of the training cast, captured through real SBI from the simulator's process; the signature is drawn."""

from __future__ import annotations

from datetime import UTC, datetime

from station.capture.codecs import encode_png
from station.capture.lab import Lab
from station.capture.sbi.driver import SbiDriver
from station.capture.sbi.house import House
from station.capture.sbi.names import Environment
from station.capture.sbi.reader import LabReader
from station.capture.sbi.trust import Trust
from station.domain.biometrics import IRISES, SLAPS, Capture, DeviceInfo, Modality, Part
from station.domain.ports import Order
from station.training.drawing.signatures import drawn, signature
from station.training.people import Person
from station.training.simulator.process import Simulator

_ORDERS = {Modality.FINGER: SLAPS, Modality.IRIS: (IRISES,), Modality.FACE: ((Part.FACE,),)}


def captured(person: Person, lab: Lab) -> tuple[Capture, ...]:
    """Photo, ten fingers, two irises and signature of `person`, with what the devices signed."""
    simulator = Simulator(capture_ms=0, person=person)
    try:
        house = House(LabReader(lab), Trust(simulator.trust), Environment.DEVELOPER, ports=(simulator.port,))
        driver = SbiDriver(house)
        taken: list[Capture] = []
        for found in driver.look():
            orders = [order for order in _ORDERS[found.info.kind] if not set(order) & {item.part for item in taken}]
            device = driver.device(found)
            device.open()
            for targets in orders:
                taken += device.capture(Order(targets, subject="bench"), lambda _preview: None)
            device.close()
    finally:
        simulator.close()
    return (*taken, signed(person))


def signed(person: Person) -> Capture:
    strokes = signature(person.seed)
    picture = drawn(strokes)
    height, width = picture.shape
    pad = DeviceInfo(Modality.SIGNATURE, "PAD-1", "CONTOH", "Pad", "window")
    return Capture(Part.SIGNATURE, encode_png(picture), width, height, 100, pad, 1, datetime.now(UTC), strokes)
