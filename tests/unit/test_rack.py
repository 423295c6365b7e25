"""The rack: every driver is asked at once, a choice is remembered, and no driver can hold up another."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from threading import Event

import pytest

from station.capture.lookout import Lookout
from station.capture.rack import MOST_FOUND, Rack
from station.domain.biometrics import DeviceInfo, Modality
from station.domain.device import device_id
from station.domain.errors import DeviceError
from station.domain.ports import CaptureDevice, Found
from tests.fakes.devices import PlainDevice, info

FINGER, FACE, IRIS = Modality.FINGER, Modality.FACE, Modality.IRIS
A, B, CAMERA = info(FINGER, "A"), info(FINGER, "B"), info(FACE, "C")
IRIS_INFO = info(IRIS, "I")
SIMULATOR = info(FINGER, "S", driver="simulated")


class Shelf:
    """A driver that sees what a test has put there."""

    def __init__(self, *infos: DeviceInfo, name: str = "shelf") -> None:
        self.name = name
        self.infos = list(infos)
        self.troubles: dict[str, str] = {}
        self.looks = 0
        self.looked = Event()
        self.made = 0

    def look(self) -> tuple[Found, ...]:
        self.looks += 1
        self.looked.set()
        return tuple(Found(device_id(item), item, self.troubles.get(item.serial, "")) for item in self.infos)

    def device(self, found: Found) -> CaptureDevice:
        self.made += 1
        return PlainDevice(found.info)


class Stuck(Shelf):
    """A driver that never comes back."""

    def __init__(self) -> None:
        super().__init__(CAMERA, name="stuck")
        self.released = Event()

    def look(self) -> tuple[Found, ...]:
        self.released.wait(10)
        return super().look()


class Broken(Shelf):
    """A driver with a bug."""

    def look(self) -> tuple[Found, ...]:
        raise ZeroDivisionError


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    made = Stuck()
    yield made
    made.released.set()


def serial(rack: Rack, kind: Modality) -> str:
    device = rack.device(kind)
    return device.info.serial if device else ""


def test_before_the_first_look_nothing_serves() -> None:
    rack = Rack([Shelf(A)])
    assert not rack.looked
    assert rack.device(FINGER) is None


def test_the_first_device_that_can_be_used_serves_and_stays_the_same_object() -> None:
    shelf = Shelf(A, B)
    shelf.troubles["A"] = "device.busy"
    rack = Rack([shelf])
    rack.look()
    first = rack.device(FINGER)
    assert serial(rack, FINGER) == "B"
    shelf.troubles.clear()
    rack.look()
    assert rack.device(FINGER) is first, "who serves already goes on"
    assert shelf.made == 1


def test_a_choice_is_kept_and_stands_after_a_restart() -> None:
    kept: list[Mapping[Modality, str]] = []
    rack = Rack([Shelf(A, B)], keep=kept.append)
    rack.look()
    assert serial(rack, FINGER) == "A"
    rack.choose(FINGER, device_id(B))
    assert serial(rack, FINGER) == "B"
    again = Rack([Shelf(A, B)], kept[-1])
    again.look()
    assert serial(again, FINGER) == "B"


def test_what_was_not_found_cannot_be_chosen() -> None:
    rack = Rack([Shelf(A)])
    rack.look()
    with pytest.raises(DeviceError) as refused:
        rack.choose(FINGER, device_id(B))
    assert refused.value.code == "device.missing"


def test_while_the_chosen_one_is_away_another_serves_and_it_takes_over_when_it_is_back() -> None:
    shelf = Shelf(A)
    rack = Rack([shelf], {FINGER: device_id(B)})
    rack.look()
    assert serial(rack, FINGER) == "A"
    shelf.infos.append(B)
    rack.look()
    assert serial(rack, FINGER) == "B"


def test_invented_devices_push_out_neither_the_chosen_nor_who_serves_nor_who_was_there(
    said: list[str],
) -> None:
    shelf = Shelf(A, CAMERA)
    rack = Rack([shelf], {IRIS: device_id(IRIS_INFO)})
    rack.look()
    assert serial(rack, FACE) == "C"
    shelf.infos = [*(info(FINGER, f"X{number}") for number in range(500)), IRIS_INFO, CAMERA, A]
    rack.look()
    assert len(rack.found) == MOST_FOUND
    assert [found.info for found in rack.found[-3:]] == [IRIS_INFO, CAMERA, A]
    assert any("sees 503 devices" in line for line in said)


def test_a_simulator_serves_a_real_station_only_when_it_was_chosen() -> None:
    rack = Rack([Shelf(SIMULATOR)])
    rack.look()
    assert rack.device(FINGER) is None
    rack.choose(FINGER, device_id(SIMULATOR))
    assert serial(rack, FINGER) == "S"


def test_in_training_the_simulator_serves_unasked() -> None:
    rack = Rack([Shelf(SIMULATOR)], practising=True)
    rack.look()
    assert serial(rack, FINGER) == "S"


def test_a_driver_that_hangs_or_breaks_costs_only_its_own_devices(
    stuck: Stuck, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    loud: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda thrown: loud.append(thrown.exc_type))
    rack = Rack([stuck, Broken(IRIS_INFO), Shelf(A)])
    rack.look(limit_s=0.2)
    assert serial(rack, FINGER) == "A"
    assert rack.missing([FINGER, FACE, IRIS]) == (FACE, IRIS)
    assert loud == [ZeroDivisionError]
    assert any("looks for devices longer" in line for line in said)


def test_a_driver_that_is_late_keeps_what_it_saw_before_and_is_not_asked_twice(stuck: Stuck, said: list[str]) -> None:
    rack = Rack([stuck])
    stuck.released.set()
    rack.look()
    stuck.released.clear()
    rack.look(limit_s=0.05)
    rack.look(limit_s=0.05)
    assert serial(rack, FACE) == "C"
    assert any("looks for devices longer" in line for line in said)
    stuck.released.set()
    rack.look()
    assert stuck.looks == 2


def test_a_device_that_was_away_or_doubted_is_made_anew() -> None:
    shelf = Shelf(A)
    rack = Rack([shelf])
    rack.look()
    first = rack.device(FINGER)
    rack.doubt(FINGER)
    rack.look()
    second = rack.device(FINGER)
    assert second is not first
    shelf.infos.clear()
    rack.look()
    shelf.infos.append(A)
    rack.look()
    assert rack.device(FINGER) is not second


def test_listeners_hear_of_changes_and_of_nothing_else() -> None:
    shelf, heard = Shelf(A), list[int]()
    rack = Rack([shelf])
    rack.on_change.append(lambda: heard.append(1))
    rack.look()
    rack.look()
    assert len(heard) == 1
    shelf.infos.append(B)
    rack.look()
    assert len(heard) == 2
    rack.choose(FINGER, device_id(B))
    assert len(heard) == 3


def test_devices_that_are_simply_there_need_no_look() -> None:
    device = PlainDevice(A)
    assert Rack.of({FINGER: device}).device(FINGER) is device


def test_the_lookout_looks_again_while_a_device_is_missing_and_on_demand() -> None:
    shelf = Shelf()
    rack = Rack([shelf])
    changed = Event()
    rack.on_change.append(changed.set)
    lookout = Lookout(rack, [FINGER], again_s=0.01)
    lookout.start()
    try:
        assert shelf.looked.wait(5)
        changed.clear()
        shelf.infos.append(A)
        assert changed.wait(5), "it was plugged in later and found"
        shelf.infos.append(B)
        changed.clear()
        lookout.look_now()
        assert changed.wait(5)
    finally:
        lookout.stop()
