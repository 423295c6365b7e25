"""`station devices`: the same facts without the window, for people and for scripts."""

from __future__ import annotations

import json

from PySide6.QtWidgets import QApplication

from station import i18n
from station.domain.biometrics import Modality
from station.domain.device import Use, device_id
from station.domain.fault import Fault
from station.ui.devices_command import run_devices
from tests.fakes.devices import PlainDevice, Shelf, info
from tests.support import Workplace

SCANNER = info(Modality.FINGER, "A-1")
ALL = [PlainDevice(SCANNER), PlainDevice(info(Modality.FACE, "C-3")), PlainDevice(info(Modality.IRIS, "D-4"))]


def test_a_script_reads_what_is_connected_and_how_it_does(qapp: QApplication, place: Workplace) -> None:
    now, said = place.clock.now(), list[str]()
    place.depot.devices.used(Use(SCANNER, 4000), at=now)
    place.depot.device_tickets.open(device_id(SCANNER), Fault.CABLE, at=now)
    assert run_devices(place.depot, [Shelf(*ALL)], now, said.append, as_json=True)
    found = {item["kind"]: item for item in json.loads("\n".join(said))["devices"]}
    assert (found["finger"]["state"], found["finger"]["serial"]) == ("reported", "A-1")
    assert (found["finger"]["captures"], found["finger"]["median_ms"]) == (1, 4000)
    assert found["finger"]["ticket"] == {"fault": "cable", "days": 0, "by_itself": False}
    assert found["iris"]["state"] == "untested"


def test_a_person_reads_what_is_missing_and_what_to_do(qapp: QApplication, place: Workplace) -> None:
    i18n.use("en")
    said = list[str]()
    assert not run_devices(place.depot, [Shelf(*ALL[:2])], place.clock.now(), said.append, as_json=False)
    told = "\n".join(said)
    assert "Fingerprint scanner: Not tested · Model A-1 · A-1" in told
    assert "Iris camera: Not found" in told
    assert "another cable" in told
