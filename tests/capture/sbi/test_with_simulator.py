"""Client, lab and simulator, each in its own process: every fault of the simulator comes out under its name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from threading import Thread

import pytest

from station.capture.lab import Lab
from station.capture.sbi.device import SbiDevice
from station.capture.sbi.driver import SbiDriver
from station.capture.sbi.house import House
from station.capture.sbi.names import PORTS, Environment
from station.capture.sbi.reader import LabReader
from station.capture.sbi.trust import Trust
from station.domain.biometrics import IRISES, LEFT_FOUR, RIGHT_FOUR, THUMBS, Capture, Modality, Part
from station.domain.errors import DeviceError
from station.domain.policy import STANDARD
from station.domain.ports import Order, Preview
from station.training.people import PEOPLE
from station.training.simulator.faults import Fault
from station.training.simulator.process import Simulator
from station.ui import words
from station.ui.sentences import SENTENCES

ONE = RIGHT_FOUR[:1]
NUMBER = os.getpid() % 1_000_000  # other simulators may run on this machine


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    made = Simulator(frame_ms=10, capture_ms=0, person=PEOPLE[1], more=f"--number {NUMBER}")
    yield made
    made.close()


@pytest.fixture
def sane(simulator: Simulator) -> Iterator[Simulator]:
    yield simulator
    simulator.mend()


def house_of(simulator: Simulator, lab: Lab, capture_s: float = 20.0) -> House:
    trust = Trust(simulator.trust)
    return House(LabReader(lab), trust, Environment.DEVELOPER, ports=(simulator.port,), capture_s=capture_s)


def opened(house: House, kind: Modality = Modality.FINGER, serial: str = "SIM") -> SbiDevice:
    driver = SbiDriver(house)
    found = next(one for one in driver.look() if one.info.kind is kind and one.info.serial.startswith(serial))
    device = driver.device(found)
    assert isinstance(device, SbiDevice)
    device.open()
    return device


@pytest.fixture
def slap(sane: Simulator, lab: Lab) -> SbiDevice:
    return opened(house_of(sane, lab))


def ignore(_preview: Preview) -> None:
    """Nobody looks."""


def trouble(device: SbiDevice, targets: tuple[Part, ...] = ONE) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        device.capture(Order(targets), ignore)
    assert caught.value.code in SENTENCES
    return caught.value


def test_ten_fingers_two_eyes_and_a_face_fit_into_one_small_set(sane: Simulator, lab: Lab) -> None:
    house = house_of(sane, lab)
    captures: list[Capture] = []
    for kind, orders in (
        (Modality.FINGER, (RIGHT_FOUR, LEFT_FOUR, THUMBS)),
        (Modality.IRIS, (IRISES,)),
        (Modality.FACE, ((Part.FACE,),)),
    ):
        device = opened(house, kind)
        for targets in orders:
            captures += device.capture(Order(targets, subject="one"), ignore)
    assert len({capture.part for capture in captures}) == 13
    assert all(STANDARD.good_enough(capture.part, capture.quality) for capture in captures)
    assert all(bool(capture.template) == (capture.part.modality is Modality.FINGER) for capture in captures)
    assert all(capture.device.simulated for capture in captures)
    size = sum(len(capture.image) + len(capture.envelope or "") for capture in captures)
    assert size <= 350 * 1024


def test_the_newer_version_is_spoken_too(lab: Lab) -> None:
    newer = Simulator(frame_ms=10, capture_ms=0, person=PEOPLE[1], more=f"--number {NUMBER + 1} --spec 1.0")
    try:
        device = opened(house_of(newer, lab), serial="SIMONE")
        device.self_test()
        (capture,) = device.capture(Order(RIGHT_FOUR[:1]), ignore)
        assert '"specVersion":"1.0"' in (capture.envelope or "")
    finally:
        newer.close()


def test_a_scanner_for_one_finger_takes_them_one_after_the_other(sane: Simulator, lab: Lab) -> None:
    device = opened(house_of(sane, lab), serial="SIMONE")
    wanted = (RIGHT_FOUR[0], LEFT_FOUR[0])
    assert tuple(capture.part for capture in device.capture(Order(wanted), ignore)) == wanted


def test_a_whole_slap_in_one_picture_is_split(sane: Simulator, slap: SbiDevice) -> None:
    sane.fault(Fault.WHOLE_SLAP, 1)
    captures = slap.capture(Order(LEFT_FOUR), ignore)
    assert tuple(capture.part for capture in captures) == LEFT_FOUR
    assert len({capture.image for capture in captures}) == 4
    assert len({capture.envelope for capture in captures}) == 1


def test_three_of_four_name_the_finger_that_is_missing(sane: Simulator, slap: SbiDevice) -> None:
    sane.fault(Fault.THREE_OF_FOUR, 1)
    problem = trouble(slap, RIGHT_FOUR)
    assert (problem.code, problem.data["missing"]) == ("sbi.wrong_parts", ("finger-03",))
    assert "…" not in str(words.of_error(problem))
    assert len(slap.capture(Order(ONE), ignore)) == 1  # and the next one is taken


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.BAD_SIGNATURE, "sbi.bad_signature"),
        (Fault.EXPIRED_CERTIFICATE, "sbi.certificate_expired"),
        (Fault.UNKNOWN_AUTHORITY, "sbi.untrusted"),
        (Fault.BUSY, "sbi.busy"),
    ],
)
def test_a_fault_of_the_device_is_told_under_its_name(
    sane: Simulator, slap: SbiDevice, fault: Fault, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.capture.sbi.device.BUSY_WAIT_S", 0.01)
    sane.fault(fault)
    assert trouble(slap).code == code
    sane.mend()
    assert len(slap.capture(Order(ONE), ignore)) == 1


@pytest.mark.parametrize("fault", [Fault.EXPIRED_CERTIFICATE, Fault.UNKNOWN_AUTHORITY, Fault.BAD_SIGNATURE])
def test_a_self_test_finds_what_is_wrong_before_anybody_waits(sane: Simulator, slap: SbiDevice, fault: Fault) -> None:
    sane.fault(fault)
    with pytest.raises(DeviceError, match=r"sbi\."):
        slap.self_test()
    sane.mend()
    slap.self_test()


def test_pulled_out_in_the_middle_and_put_back(sane: Simulator, slap: SbiDevice) -> None:
    sane.fault(Fault.UNPLUG, 1)
    assert trouble(slap).code == "device.unplugged"
    slap.close()
    with pytest.raises(DeviceError, match=r"device\.unplugged"):
        slap.open()
    sane.mend()
    slap.open()
    assert len(slap.capture(Order(ONE), ignore)) == 1


def test_a_device_that_hangs_is_given_up_in_time(sane: Simulator, lab: Lab) -> None:
    device = opened(house_of(sane, lab, capture_s=0.3))
    sane.fault(Fault.HANG, 1)
    assert trouble(device).code == "sbi.no_answer"


def test_nobody_in_front_of_it_is_a_timeout(sane: Simulator, lab: Lab) -> None:
    absent = next(person for person in PEOPLE if person.absent)
    part = absent.absent[0]
    sane.seat(absent)
    try:
        device = opened(house_of(sane, lab, capture_s=3.0), part.modality)
        assert trouble(device, (part,)).code == "device.timeout"
    finally:
        sane.seat(PEOPLE[1])


def test_a_clock_that_is_wrong_is_a_remark(sane: Simulator, slap: SbiDevice) -> None:
    sane.fault(Fault.CLOCK_SKEW, 1)
    assert {capture.remarks for capture in slap.capture(Order(ONE), ignore)} == {("clock.skew",)}


def test_poor_fingers_are_measured_by_us(sane: Simulator, slap: SbiDevice) -> None:
    sane.fault(Fault.LOW_QUALITY, 1)
    (finger,) = slap.capture(Order(ONE), ignore)
    assert finger.quality < STANDARD.finger_quality
    assert finger.remarks == ("finger.dry",)  # what was wrong comes with the picture, not only with the live one
    (better,) = slap.capture(Order(ONE), ignore)
    assert better.remarks == ()


def test_a_poor_eye_says_what_was_wrong_with_it(sane: Simulator, lab: Lab) -> None:
    iris = opened(house_of(sane, lab), Modality.IRIS)
    sane.fault(Fault.LOW_QUALITY, 1)
    for eye in iris.capture(Order(IRISES), ignore):
        assert eye.quality < STANDARD.iris_quality
        (hint,) = eye.remarks
        assert words.hint(hint)


def test_a_service_whose_port_was_taken_is_found_on_its_new_one(sane: Simulator, lab: Lab) -> None:
    house = house_of(sane, lab)
    wide = House(house.reader, house.trust, house.environment, ports=PORTS, capture_s=house.capture_s)
    device = opened(wide, serial=f"SIMSLAP{NUMBER:06d}")
    narrow = opened(house, serial=f"SIMSLAP{NUMBER:06d}")
    sane.fault(Fault.PORT_TAKEN)
    assert len(device.capture(Order(ONE), ignore)) == 1
    assert trouble(narrow).code == "sbi.port_taken"  # it may look nowhere else


@pytest.mark.parametrize("fault", [None, Fault.TORN_FRAMES])
def test_live_frames_are_shown_also_when_some_are_torn(sane: Simulator, slap: SbiDevice, fault: Fault | None) -> None:
    if fault is not None:
        sane.fault(fault)
    seen: list[Preview] = []

    def look(frame: Preview) -> None:
        seen.append(frame)
        if len(seen) == 3:
            slap.cancel()

    watching = Thread(target=slap.watch, args=(Order(RIGHT_FOUR), look))
    watching.start()
    watching.join(20)
    assert not watching.is_alive() and len(seen) >= 3
    assert all(len(frame.pixels) == frame.width * frame.height * frame.channels for frame in seen)
    assert all(frame.received_at > 0 for frame in seen)
    assert len(slap.capture(Order(ONE), ignore)) == 1  # right after watching


def test_a_still_is_the_whole_picture_and_nothing_is_looked_for(sane: Simulator, lab: Lab) -> None:
    device = opened(house_of(sane, lab), Modality.FACE)
    (portrait,) = device.capture(Order((Part.FACE,)), ignore)
    (still,) = device.capture(Order((Part.FACE,), still=True), ignore)
    assert still.image.startswith(b"\xff\xd8") and still.remarks == () and still.quality == 0
    assert still.width * still.height >= portrait.width * portrait.height
