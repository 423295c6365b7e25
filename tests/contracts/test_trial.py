"""The simulator on a station that records real people: real SBI, its own authority, and nothing of it can be kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from station.capture.drivers import AUTHORITIES, station_drivers
from station.capture.lab import Lab
from station.capture.sbi.trust import Trust
from station.desk import documents, exceptions, officers, recording, verification
from station.domain.biometrics import RIGHT_FOUR, Capture, DeviceInfo, ExceptionCode, Modality, Part
from station.domain.device import device_id
from station.domain.documents import Page
from station.domain.errors import RuleError, StationError
from station.domain.ports import CaptureDevice, Found, Order
from station.training.simulator.process import Simulator
from station.training.trial import MarkedDriver, SimulatorTrial
from tests.fakes.devices import PlainDevice, Shelf, info
from tests.support import Workplace


@pytest.fixture
def trial(lab: Lab, simulator: Simulator) -> Iterator[SimulatorTrial]:
    trial = SimulatorTrial(lab, simulator)
    yield trial
    trial.end()


def device_of(trial: SimulatorTrial, kind: Modality) -> CaptureDevice:
    driver, found = trial.begin()
    return driver.device(next(item for item in found if item.info.kind is kind))


def taken_by(device: CaptureDevice, *parts: Part) -> tuple[Capture, ...]:
    device.open()
    try:
        return device.capture(Order(parts), lambda _frame: None)
    finally:
        device.close()


def as_real(place: Workplace) -> None:
    place.office.station = replace(place.office.station, training=False)


def test_fingers_come_through_real_sbi_say_that_they_are_simulated_and_are_kept_nowhere(
    trial: SimulatorTrial, place: Workplace
) -> None:
    taken = taken_by(device_of(trial, Modality.FINGER), *RIGHT_FOUR)
    assert [item.part for item in taken] == list(RIGHT_FOUR)
    assert all(item.device.simulated and item.device.driver == "simulator" for item in taken)
    as_real(place)
    record_id = recording.start(place.office).record.record_id
    for refuse in (
        lambda: recording.keep(place.office, record_id, taken),
        lambda: verification.verify(place.office, record_id, taken),
        lambda: officers.keep_prints(place.office, taken),
    ):
        with pytest.raises(RuleError, match=r"capture\.simulated"):
            refuse()


def test_no_document_and_no_proof_of_an_exception_comes_from_a_simulated_camera(
    trial: SimulatorTrial, place: Workplace
) -> None:
    _driver, found = trial.begin()
    camera = next(item.info for item in found if item.info.kind is Modality.FACE)
    record_id = recording.start(place.office).record.record_id
    page = Page(b"\xff\xd8" * 2000, 100, 140)
    as_real(place)
    with pytest.raises(RuleError, match=r"capture\.simulated"):
        documents.add(place.office, record_id, "kk", [page], taken_with=camera)
    number = documents.add(place.office, record_id, "kk", [page]).documents[0].number
    with pytest.raises(RuleError, match=r"capture\.simulated"):
        documents.add_page(place.office, record_id, number, page, taken_with=camera)
    with pytest.raises(RuleError, match=r"capture\.simulated"):
        exceptions.grant(
            place.office, record_id, [Part.FINGER_02], ExceptionCode.ABSENT, "Kecelakaan", None, None, b"x", camera
        )  # fmt: skip


def test_the_authority_of_the_simulator_vouches_for_nothing_else(
    trial: SimulatorTrial, simulator: Simulator, lab: Lab, tmp_path: Path
) -> None:
    """What the station's own driver finds at the same port is still not believed."""
    trial.begin()
    assert Trust(tmp_path / AUTHORITIES).anchors() == Trust(tmp_path / "nothing").anchors()
    own = next(item for item in station_drivers(lab, tmp_path, "Developer") if item.name == "sbi")
    seen = [item for item in own.look() if item.info.kind is Modality.FINGER]
    assert seen
    with pytest.raises(StationError):
        taken_by(own.device(seen[0]), *RIGHT_FOUR)


def test_a_device_that_claims_to_be_real_does_not_come_through_the_simulators_way() -> None:
    drawn = DeviceInfo(Modality.FINGER, "SIM-1", "CONTOH", "Simulasi", "sbi")
    marked = MarkedDriver(Shelf(PlainDevice(info(Modality.FACE, "C-3")), PlainDevice(drawn)))
    (found,) = marked.look()
    assert (found.info.serial, found.info.driver) == ("SIM-1", "simulator")
    assert found == Found(device_id(found.info), found.info)


def test_ending_what_was_never_begun_leaves_a_simulator_running_that_was_there_before(
    lab: Lab, simulator: Simulator
) -> None:
    trial = SimulatorTrial(lab, simulator)
    trial.end()
    trial.end()
    _driver, found = trial.begin()
    assert {item.info.kind for item in found} >= {Modality.FINGER, Modality.IRIS, Modality.FACE}
    trial.end()
