"""Training's way to the simulator: who sits there, what is wrong, and its devices and no others'."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from station.capture.lab import Lab
from station.domain.biometrics import Modality, Part
from station.domain.errors import DeviceError
from station.domain.ports import Order, Preview
from station.training.patient_device import PatientDevice
from station.training.people import PEOPLE
from station.training.seating import Pace, Seating
from station.training.simulator.faults import Fault
from station.training.simulator.process import Simulator
from tests.contracts.sbi_service import Client, of_face, record
from tests.fakes.scripted_device import ScriptedDevice


@pytest.fixture
def seating(simulator: Simulator) -> Iterator[Seating]:
    made = Seating(PEOPLE[1], Pace(), simulator)
    yield made
    made.close()


def face(client: Client) -> bytes:
    return record(client.capture(of_face())[0]).data


def test_its_devices_are_those_of_its_simulator_also_when_another_program_takes_the_port(
    seating: Seating, simulator: Simulator, lab: Lab
) -> None:
    driver = seating.driver(lab)
    kinds = [found.info.kind for found in driver.look()]
    assert kinds == [Modality.FINGER, Modality.IRIS, Modality.FACE, Modality.FINGER]
    before = simulator.port
    simulator.fault(Fault.PORT_TAKEN)
    assert simulator.port != before
    assert len(driver.look()) == 4


def test_what_is_chosen_is_wrong_and_nothing_else(seating: Seating, lab: Lab) -> None:
    driver = seating.driver(lab)
    assert len(driver.look()) == 4
    for name, count in ((Fault.UNPLUGGED, 0), (Fault.HANG, 4), ("", 4)):
        seating.choose(name)
        seating.seat(PEOPLE[2])
        seating.seat(PEOPLE[1])
        seating.settle()
        assert len(driver.look()) == count


def test_who_sits_down_before_it_runs_and_after_is_who_is_captured(seating: Seating, simulator: Simulator) -> None:
    seating.seat(PEOPLE[3])  # nothing runs yet
    assert seating.simulator is simulator
    client = Client(simulator.port)
    first = face(client)
    seating.seat(PEOPLE[1])
    seating.settle()
    assert face(client) != first
    seating.seat(PEOPLE[3])
    seating.settle()
    assert face(client) == first
    client.close()


def test_a_simulator_that_was_given_outlives_it(simulator: Simulator, lab: Lab) -> None:
    seating = Seating(PEOPLE[1], Pace(), simulator)
    assert seating.driver(lab).look()
    seating.close()
    client = Client(simulator.port)
    assert len(client.discover()) == 4
    client.close()


@pytest.mark.parametrize("look", ["watch", "capture"])
def test_nobody_is_looked_at_before_the_chair_is_taken(look: str) -> None:
    scripted = ScriptedDevice(Modality.FACE)
    before: list[int] = []
    device = PatientDevice(scripted, lambda: before.append(len(scripted.watched) + len(scripted.captured)))
    device.open()

    def enough(_frame: Preview) -> None:
        device.cancel()

    with suppress(DeviceError):  # cancelled
        getattr(device, look)(Order((Part.FACE,)), enough)
    assert before == [0]
    assert len(scripted.watched) + len(scripted.captured) == 1
    device.close()


def test_after_its_end_nobody_is_waited_for(simulator: Simulator) -> None:
    seating = Seating(PEOPLE[1], Pace(), simulator)
    seating.close()
    seating.settle()
