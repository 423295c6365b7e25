"""A village without signal: a list, people recorded with the cable out, a trip that adds up, delivery afterwards."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from station.desk import recording, referrals, trip_day, trips
from station.domain.delivery import Stage
from station.domain.steps import Step
from station.domain.trip import Mark
from station.training.people import Person
from station.ui.screens.trips.screen import TripsScreen
from tests.end2end.listed import VILLAGE, await_listed, call_up, keep_captures, make_list, villagers
from tests.end2end.window import Operator, window_of

CTRL = Qt.KeyboardModifier.ControlModifier
*COMING, AWAY, DONE = villagers(7)


def test_a_village_without_signal_is_recorded_adds_up_and_arrives_later(tmp_path: Path) -> None:
    with window_of(tmp_path) as operator:
        make_list(operator, [*COMING, AWAY], recorded=[DONE])
        operator.sign_in()
        await_listed(operator, AWAY)
        operator.player.click("cable.switch")
        _the_sheet_holds_whom_the_list_invites(operator)
        _a_trip_with_people_open_is_not_closed(operator)
        _whoever_comes_is_called_up_from_the_sheet_and_recorded(operator)
        _who_is_recorded_already_is_stopped(operator)
        _who_has_no_nik_is_referred(operator)
        _who_is_not_marked_at_the_end_of_the_day_was_absent(operator)
        _the_trip_closes_once_it_adds_up(operator)
        _with_the_cable_in_everything_is_receipted(operator)


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
    invited = {row.person.nik for row in _sheet(operator).rows}
    assert invited == {person.nik for person in (*COMING, AWAY)}


def _a_trip_with_people_open_is_not_closed(operator: Operator) -> None:
    player = operator.player
    player.press(Qt.Key.Key_R, CTRL)
    player.find("trips.gaps")
    assert len(_screen(operator).closing.gaps.lines) == len(COMING) + 1
    close = operator.app.window.findChild(QPushButton, "trips.close.close")
    assert close is not None
    assert not close.isEnabled()
    player.click("trips.close.back")


def _whoever_comes_is_called_up_from_the_sheet_and_recorded(operator: Operator) -> None:
    player, finder = operator.player, operator._screen().bench.applicant.finder
    for person in COMING:
        _choose(operator, person)
        player.enter()
        player.wait_until(lambda: operator._screen().isVisible() and finder.standing is not None, "called up")
        assert finder.value == person.nik
        player.enter()
        player.wait_until(lambda: operator.step is Step.BIODATA, "the form is open")
        assert not operator.draft.errors
        keep_captures(operator)
        operator._screen().go(Step.REVIEW)
        operator.seal()
    assert len(operator.packets()) == len(COMING)


def _who_is_recorded_already_is_stopped(operator: Operator) -> None:
    call_up(operator, DONE.nik)
    operator.player.enter()
    operator.player.find("applicant.next")
    operator.player.enter()
    assert recording.open_drafts(operator.office) == ()


def _who_has_no_nik_is_referred(operator: Operator) -> None:
    player = operator.player
    player.press(Qt.Key.Key_N, CTRL)
    player.type("TAMU CONTOH", into="referral.name")
    player.type("02031990", into="referral.birth_date")
    player.type(VILLAGE, into="referral.village")
    player.click("referral.confirm")
    player.click("print.close")
    (referral,) = referrals.today(operator.office)
    assert referral.trip_id == _trip_id(operator)
    player.wait_until(lambda: not player.sees("print.close"), "the slip is put away")
    operator.app.window.activateWindow()  # what a window manager does when a dialog closes
    player.wait_until(operator.app.window.isActiveWindow, "the window has the keyboard again")


def _who_is_not_marked_at_the_end_of_the_day_was_absent(operator: Operator) -> None:
    operator.open("trips")
    operator.player.click("trips.close")
    operator.player.wait_until(lambda: len(_screen(operator).closing.gaps.lines) == 1, "one is open")
    operator.player.click("trips.rest_absent")
    close = operator.player.find("trips.close.close", QPushButton)
    operator.player.wait_until(close.isEnabled, "nobody is open")
    assert close.hasFocus()
    marks = {row.person.nik: row.mark for row in _sheet(operator).rows}
    assert marks == {**dict.fromkeys((person.nik for person in COMING), Mark.PRESENT), AWAY.nik: Mark.ABSENT}


def _the_trip_closes_once_it_adds_up(operator: Operator) -> None:
    player, trip_id = operator.player, _trip_id(operator)
    player.press(Qt.Key.Key_Space)
    player.find("trips.close.sure")
    assert trips.get(operator.office, trip_id).open
    player.press(Qt.Key.Key_Space)
    player.wait_until(lambda: not trips.get(operator.office, trip_id).open, "the trip is closed")
    report = trips.get(operator.office, trip_id).report
    wanted = {"invited": 6, "present": 5, "absent": 1, "recorded": 5, "walk_ins": 0, "referrals": 1}
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
