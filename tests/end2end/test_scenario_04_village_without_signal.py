"""Village without signal: a clean laptop with the list of a village; who is on it is recorded, who is not is referred,
who is recorded already is stopped; the report closes, and everything arrives once there is a line again.

Two come at the real window, called up from the sheet, one of them through every device; for the others the desk does
the same. The suite records some of the 156, with STATION_SOAK=1 all of them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from station.desk import recording, referrals, rosters, sealing, trip_day, trips
from station.domain.biometrics import Part
from station.domain.delivery import Stage
from station.domain.errors import RuleError
from station.domain.steps import Step
from station.domain.trip import Mark
from station.training.people import Person
from station.ui.screens.trips.screen import TripsScreen
from tests.end2end.listed import VILLAGE, await_listed, call_up, keep_captures, make_list, villagers
from tests.end2end.window import Operator, said, window_of
from tests.support import APPROVED, a_capture, captured, filled
from tests.thinned import thinned

CTRL = Qt.KeyboardModifier.ControlModifier
TARGETS, PRESENT, REFERRED = 400, 156, 3
STRANGERS = ("TAMU CONTOH", "ORANG BARU CONTOH", "PENDATANG CONTOH")


@cache
def everybody() -> list[Person]:
    """Not before they are needed: to draw so many takes seconds."""
    return villagers(TARGETS)


def invited() -> list[Person]:
    return everybody()[:-2]


def already() -> list[Person]:
    return everybody()[-2:]


def coming() -> list[Person]:
    return thinned(invited()[:PRESENT], 8)


@pytest.mark.timeout(600)
def test_400_targets_without_signal_156_captured_3_referred_2_stopped_the_report_closes_and_all_arrives_later(
    tmp_path: Path,
) -> None:
    with window_of(tmp_path) as operator:
        make_list(operator, invited(), recorded=already())
        operator.sign_in()
        await_listed(operator, everybody()[-1])
        operator.player.click("cable.switch")
        assert _on_the_list(operator) == TARGETS
        assert operator.packets() == (), "a clean laptop"
        _the_sheet_holds_whom_the_list_invites(operator)
        _a_trip_with_people_open_is_not_closed(operator)
        _whoever_comes_is_called_up_from_the_sheet_and_recorded(operator)
        _the_others_come_too(operator)
        _who_is_recorded_already_is_stopped(operator)
        _who_is_not_on_the_list_is_referred(operator)
        _who_is_not_marked_at_the_end_of_the_day_was_absent(operator)
        _the_trip_closes_once_it_adds_up(operator)
        _with_the_cable_in_everything_is_receipted(operator)


def _on_the_list(operator: Operator) -> int:
    (card,) = rosters.cards(operator.office)
    return card.people


def _the_sheet_holds_whom_the_list_invites(operator: Operator) -> None:
    player = operator.player
    operator.open("trips")
    player.find("trips.first")
    player.press(Qt.Key.Key_N, CTRL)
    player.find("trips.plan.village")
    player.type(VILLAGE)
    player.enter()
    player.type("Balai desa")
    player.enter()
    today = operator.office.local_now().date()
    player.find("trips.plan.day").setFocus(Qt.FocusReason.TabFocusReason)
    player.press(Qt.Key.Key_A, CTRL)
    player.type(f"{today:%d%m%Y}")
    player.press(Qt.Key.Key_S, CTRL)
    player.find("trips.sheet")
    assert {row.person.nik for row in _sheet(operator).rows} == {person.nik for person in invited()}


def _a_trip_with_people_open_is_not_closed(operator: Operator) -> None:
    player = operator.player
    player.press(Qt.Key.Key_R, CTRL)
    player.find("trips.gaps")
    close = operator.app.window.findChild(QPushButton, "trips.close.close")
    assert close is not None
    assert not close.isEnabled()
    player.click("trips.close.back")


def _whoever_comes_is_called_up_from_the_sheet_and_recorded(operator: Operator) -> None:
    player, finder = operator.player, operator._screen().bench.applicant.finder
    operator._training.expect(coming()[0])
    for person in coming()[:2]:
        _choose(operator, person)
        player.enter()
        player.wait_until(lambda: operator._screen().isVisible() and finder.standing is not None, "called up")
        assert finder.value == person.nik
        player.enter()
        player.wait_until(lambda: operator.step is Step.BIODATA, "the form is open")
        assert not operator.draft.errors
        if person is coming()[0]:
            operator.capture_all(person)
        else:
            keep_captures(operator)
            operator._screen().go(Step.REVIEW)
        operator.seal()
    assert len(operator.packets()) == 2


def _the_others_come_too(operator: Operator) -> None:
    office = operator.office
    for person in coming()[2:]:
        record_id = recording.start(office, person.nik).record.record_id
        filled(office, record_id, person.answers)
        for finding in recording.resume(office, record_id).open_warnings:
            recording.confirm(office, record_id, finding.field, finding.code, "Sesuai KK asli")
        captured(office, record_id, person.nik)
        recording.approve(office, record_id, APPROVED, a_capture(Part.SIGNATURE))
        sealing.seal(office, record_id)
    assert len(operator.packets()) == len(coming())


def _who_is_recorded_already_is_stopped(operator: Operator) -> None:
    """Before any device is opened: at the window it is said, and behind it the desk begins nothing."""
    for person in already():
        call_up(operator, person.nik)
        operator.player.enter()
        operator.player.find("applicant.next")
        operator.await_text("applicant.warning", said("applicant.recorded"))
        operator.player.enter()
        with pytest.raises(RuleError) as stopped:
            recording.start(operator.office, person.nik, "tetap rekam")
        assert stopped.value.code == "applicant.recorded"
    assert recording.open_drafts(operator.office) == ()
    assert len(operator.packets()) == len(coming())


def _who_is_not_on_the_list_is_referred(operator: Operator) -> None:
    """Nothing is found under their name. Each gets a number and a slip, and none a recording."""
    for name in STRANGERS:
        _referred(operator, name)
    found = referrals.today(operator.office)
    assert {referral.name for referral in found} == set(STRANGERS)
    assert {referral.trip_id for referral in found} == {_trip_id(operator)}
    assert len({referral.referral_no for referral in found}) == REFERRED


def _referred(operator: Operator, name: str) -> None:
    player, finder = operator.player, operator._screen().bench.applicant.finder
    player.type(name, into="applicant.nik")
    player.wait_until(lambda: operator.app.context.tasks.idle, "the lists were looked through")
    assert not finder.people.people
    player.press(Qt.Key.Key_N, CTRL)
    player.type(name, into="referral.name")
    player.type("02031990", into="referral.birth_date")
    player.type(VILLAGE, into="referral.village")
    player.click("referral.confirm")
    player.click("print.close")
    player.wait_until(lambda: not player.sees("print.close"), "the slip is put away")
    operator.app.window.activateWindow()  # what a window manager does when a dialog closes
    player.wait_until(operator.app.window.isActiveWindow, "the window has the keyboard again")


def _who_is_not_marked_at_the_end_of_the_day_was_absent(operator: Operator) -> None:
    operator.open("trips")
    operator.player.click("trips.close")
    operator.player.wait_until(lambda: operator.player.sees("trips.rest_absent"), "many are open")
    operator.player.click("trips.rest_absent")
    close = operator.player.find("trips.close.close", QPushButton)
    operator.player.wait_until(close.isEnabled, "nobody is open")
    assert close.hasFocus()
    marks = {row.person.nik: row.mark for row in _sheet(operator).rows}
    here = {person.nik for person in coming()}
    assert marks == {person.nik: Mark.PRESENT if person.nik in here else Mark.ABSENT for person in invited()}


def _the_trip_closes_once_it_adds_up(operator: Operator) -> None:
    player, trip_id = operator.player, _trip_id(operator)
    player.press(Qt.Key.Key_Space)
    player.find("trips.close.sure")
    assert trips.get(operator.office, trip_id).open
    player.press(Qt.Key.Key_Space)
    player.wait_until(lambda: not trips.get(operator.office, trip_id).open, "the trip is closed")
    report = trips.get(operator.office, trip_id).report
    came = len(coming())
    wanted = {
        "invited": len(invited()),
        "present": came,
        "absent": len(invited()) - came,
        "recorded": came,
        "incomplete": 0,
        "walk_ins": 0,
        "people_with_record": came,
        "referrals": REFERRED,
    }
    assert {key: report[key] for key in wanted} == wanted


def _with_the_cable_in_everything_is_receipted(operator: Operator) -> None:
    assert {item.stage for item in operator.packets()} == {Stage.QUEUED}
    operator.player.click("cable.switch")
    operator.player.wait_until(
        lambda: all(item.stage is Stage.RECEIPTED for item in operator.packets()), "central has given every receipt"
    )


def _choose(operator: Operator, person: Person) -> None:
    """Find somebody on the sheet by name; the keyboard is then on their line."""
    operator.open("trips")
    screen = _screen(operator)
    operator.player.find("trips.search")
    operator.player.press(Qt.Key.Key_F, CTRL)
    operator.player.press(Qt.Key.Key_A, CTRL)
    operator.player.type(person.answers["name"])
    operator.player.wait_until(
        lambda: screen.day.row is not None and screen.day.row.person.nik == person.nik, "found on the sheet"
    )
    operator.player.enter()


def _screen(operator: Operator) -> TripsScreen:
    found = operator.app.window.findChild(TripsScreen)
    assert found is not None
    return found


def _trip_id(operator: Operator) -> str:
    return _screen(operator).marking.trip_id


def _sheet(operator: Operator) -> trip_day.Sheet:
    operator.player.wait_until(lambda: bool(_trip_id(operator)), "a trip is open")
    return trip_day.sheet(operator.office, _trip_id(operator))
