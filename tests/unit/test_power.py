"""Battery and UPS: what counts as little, what is put off meanwhile, and a driver that hangs holds up nobody."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from station.domain.lane import LaneName
from station.domain.outcome import Trouble
from station.domain.power import Charge, PowerState, Saving, saves, state_of
from station.sync.battery import Supply, read_battery
from tests.sending import sending

MAINS, BATTERY, LOW = PowerState.MAINS, PowerState.BATTERY, PowerState.LOW


def running(percent: int, minutes: int | None = None) -> Charge:
    return Charge(percent, plugged=False, minutes=minutes)


@pytest.mark.parametrize(
    ("charge", "before", "state"),
    [
        (None, LOW, MAINS),
        (Charge(3, plugged=True), LOW, MAINS),
        (running(64), MAINS, BATTERY),
        (running(21), BATTERY, BATTERY),
        (running(20), BATTERY, LOW),
        (running(80, minutes=5), BATTERY, LOW),
        (running(80, minutes=6), BATTERY, BATTERY),
        (running(24), LOW, LOW),
        (running(26), LOW, BATTERY),
        (running(0), MAINS, LOW),
    ],
)
def test_little_is_a_fifth_or_five_minutes_and_does_not_flicker(
    charge: Charge | None, before: PowerState, state: PowerState
) -> None:
    assert state_of(charge, before) is state


@pytest.mark.parametrize(
    ("choice", "charge", "saved"),
    [
        (Saving.ON_BATTERY, running(90), True),
        (Saving.ON_BATTERY, Charge(90, plugged=True), False),
        (Saving.ON_BATTERY, None, False),
        (Saving.ALWAYS, None, True),
        (Saving.NEVER, running(5), False),
    ],
)
def test_power_is_saved_as_somebody_chose(choice: Saving, charge: Charge | None, saved: bool) -> None:
    assert saves(choice, charge) is saved


@pytest.mark.parametrize(
    ("files", "charge"),
    [
        ({"type": "UPS", "capacity": "70", "status": "Discharging", "time_to_empty_now": "660"}, running(70, 11)),
        ({"type": "Battery", "capacity": "50", "status": "Discharging", "energy_now": "20000000",
          "power_now": "10000000"}, running(50, 120)),
        ({"type": "Battery", "capacity": "50", "status": "Discharging", "charge_now": "1000000",
          "current_now": "-2000000"}, running(50, 30)),
        ({"type": "Battery", "capacity": "50", "status": "Discharging", "energy_now": "1", "power_now": "0"},
         running(50)),
        ({"type": "Battery", "capacity": "101", "status": "Discharging"}, None),
    ],
)  # fmt: skip
def test_what_is_left_is_told_in_minutes_where_the_driver_knows(
    tmp_path: Path, files: dict[str, str], charge: Charge | None
) -> None:
    supply = tmp_path / "BAT0"
    supply.mkdir()
    for name, text in files.items():
        (supply / name).write_text(f"{text}\n")
    assert read_battery(tmp_path) == charge


def test_a_driver_that_hangs_holds_up_nobody_and_is_not_asked_twice() -> None:
    hanging, asked = Event(), []

    def read() -> Charge | None:
        asked.append(1)
        assert hanging.wait(60)
        return running(40)

    supply = Supply(read)
    assert supply.charge() is None
    assert supply.charge() is None
    hanging.set()
    assert supply._asking is not None
    supply._asking.join(60)
    assert (supply.charge(), len(asked)) == (running(40), 1)


def test_records_wait_for_mains_while_power_is_saved_and_go_when_somebody_wants_them_to(tmp_path: Path) -> None:
    with sending(tmp_path) as sender:
        key = sender.packet()
        sender.charge = running(60)
        sender.live(120)
        assert sender.central.asked_for("manifests") and not sender.central.asked_for("patch"), "announced, not sent"
        note = sender.lane(LaneName.UPLOADS).note
        assert note is not None and note.trouble is Trouble.POWER
        assert len(sender.central.asked_for("changes")) == 1, "news can wait"
        sender.depot.power.saving = Saving.NEVER
        sender.deliver(key)


def test_a_choice_about_power_outlives_the_program(tmp_path: Path) -> None:
    with sending(tmp_path) as sender:
        assert sender.depot.power.saving is Saving.ON_BATTERY
        sender.depot.power.saving = Saving.ALWAYS
        sender.close()
        sender.restart()
        assert sender.depot.power.saving is Saving.ALWAYS
