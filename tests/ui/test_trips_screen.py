"""Jemput bola: preparing, marking with one key, taking back, walk-ins, closing, and papers without a NIK."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station.desk import recording, trip_day, trips
from station.domain.trip import KIT, Mark, Plan, TripPerson, WhyNot
from station.store import trips as store
from station.ui import trip_words
from station.ui.context import Context
from station.ui.main_window import MainWindow
from station.ui.print_dialog import PrintDialog
from station.ui.screens.trips.close_page import ClosePage
from station.ui.screens.trips.day_page import DayPage
from station.ui.screens.trips.list_page import ListPage
from station.ui.screens.trips.plan_page import PlanPage
from station.ui.screens.trips.screen import TripsScreen
from station.ui.screens.trips.sheet_model import MARK, Group
from station.ui.screens.trips.taking_away import ListDialog
from tests.support import Workplace, good_answers
from tests.ui.conftest import Hands

DAY = date(2026, 11, 21)
VILLAGE = "99.01.01.2001"
NAMES = {1: "SITI AMINAH CONTOH", 2: "BUDI SANTOSO CONTOH", 3: "WAYAN CONTOH", 4: "RINI CONTOH MUDA"}
CTRL = Qt.KeyboardModifier.ControlModifier


def nik(serial: int) -> str:
    return good_answers(serial)["nik"]


@pytest.fixture
def hands(context: Context, qtbot: QtBot) -> Hands:
    """The window with the trips alone: devices and other screens have their own tests."""
    window = MainWindow(context, (TripsScreen,))
    qtbot.addWidget(window)
    window.start()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made = Hands(window, context, qtbot)
    made.settle()
    made.settle()
    return made


@pytest.fixture
def screen(signed_in: Hands) -> TripsScreen:
    found = signed_in.window.open_screen("trips")
    assert isinstance(found, TripsScreen)
    signed_in.settle()
    return found


@pytest.fixture
def under_way(hands: Hands, place: Workplace) -> SimpleNamespace:
    """A trip of today with four invited people of two units, on the screen."""
    office = place.office
    trip_id = trips.prepare(office, Plan(DAY, VILLAGE, "Balai desa", ("Siti R.",))).trip_id
    people = [
        TripPerson(nik(serial), name, f"00{1 + serial % 2}", "001", "1988-04-21", "JL. CONTOH")
        for serial, name in NAMES.items()
    ]
    with office.applicants.write() as connection:
        store.put_people(connection, trip_id, people)
    hands.window.open_office(office)
    hands.settle()
    found = hands.window.open_screen("trips")
    assert isinstance(found, TripsScreen)
    hands.until(lambda: found.pages.currentWidget() is found.day)
    return SimpleNamespace(hands=hands, screen=found, day=found.day, trip_id=trip_id, office=office)


def key(widget: QWidget, which: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, which, modifier)


def focused(run: SimpleNamespace) -> QWidget:
    found = run.hands.window.focusWidget()
    assert isinstance(found, QWidget)
    return found


def names(day: DayPage) -> list[str]:
    return [row.person.name for row in day.model.rows]


def marks(run: SimpleNamespace) -> dict[str, Mark]:
    rows = trip_day.sheet(run.office, run.trip_id).rows
    return {row.person.name: row.mark for row in rows if row.person.invited}


# -------------------------------------------------------------------------------------------------------- preparing


def test_without_a_trip_the_screen_offers_to_prepare_one(screen: TripsScreen, signed_in: Hands) -> None:
    assert isinstance(screen.pages.currentWidget(), ListPage)
    first = signed_in.find(QPushButton, "trips.first")
    assert signed_in.window.focusWidget() is first
    first.click()
    assert isinstance(screen.pages.currentWidget(), PlanPage)


def test_a_trip_is_prepared_with_the_keyboard_alone(screen: TripsScreen, signed_in: Hands, place: Workplace) -> None:
    window = signed_in.window
    key(window, Qt.Key.Key_N, CTRL)
    village = signed_in.find(QLineEdit, "trips.plan.village")
    assert window.focusWidget() is village
    QTest.keyClicks(village, VILLAGE)
    key(village, Qt.Key.Key_Return)
    spot = signed_in.find(QLineEdit, "trips.plan.place")
    assert window.focusWidget() is spot
    QTest.keyClicks(spot, "Balai desa")
    key(spot, Qt.Key.Key_Return)
    signed_in.settle()
    QTest.keyClicks(signed_in.find(QLineEdit, "trips.crew.others"), "Wayan, Rini")
    key(signed_in.find(QCheckBox, f"trips.kit.{KIT[0]}"), Qt.Key.Key_Space)
    key(window, Qt.Key.Key_S, CTRL)
    signed_in.until(lambda: screen.pages.currentWidget() is screen.day)
    plan = trips.every(place.office)[0].trip.plan
    assert plan == Plan(
        DAY + timedelta(days=1), VILLAGE, "Balai desa", ("Siti R.", "Wayan", "Rini"), frozenset({KIT[0]})
    )


def test_a_trip_that_is_saved_twice_is_one(screen: TripsScreen, signed_in: Hands, place: Workplace) -> None:
    key(signed_in.window, Qt.Key.Key_N, CTRL)
    village = signed_in.find(QLineEdit, "trips.plan.village")
    QTest.keyClicks(village, VILLAGE)
    key(village, Qt.Key.Key_Return)
    for _ in range(3):
        key(signed_in.window, Qt.Key.Key_S, CTRL)
    signed_in.until(lambda: screen.pages.currentWidget() is screen.day)
    signed_in.settle()
    assert len(trips.every(place.office)) == 1


def test_what_is_missing_is_said_in_sentences(screen: TripsScreen, signed_in: Hands) -> None:
    key(signed_in.window, Qt.Key.Key_N, CTRL)
    village = signed_in.find(QLineEdit, "trips.plan.village")
    QTest.keyClicks(village, VILLAGE)
    key(village, Qt.Key.Key_Return)
    signed_in.settle()
    lines = screen.plan.lacks.lines
    assert any("daftar" in line.lower() or "list" in line.lower() for line in lines)
    assert len(lines) == 3  # no list, no place, the kit
    for item in KIT:
        signed_in.find(QCheckBox, f"trips.kit.{item}").click()
    signed_in.settle()
    assert len(screen.plan.lacks.lines) == 2


def test_a_wrong_day_is_said_at_the_day_and_nothing_is_lost(screen: TripsScreen, signed_in: Hands) -> None:
    key(signed_in.window, Qt.Key.Key_N, CTRL)
    QTest.keyClicks(signed_in.find(QLineEdit, "trips.plan.village"), VILLAGE)
    day = signed_in.find(QLineEdit, "trips.plan.day")
    day.setText("01012020")
    signed_in.find(QPushButton, "trips.plan.save").click()
    signed_in.settle()
    assert signed_in.window.focusWidget() is day
    assert day.property("tone") == "bad"
    assert screen.plan.plan.village == VILLAGE


def test_a_trip_can_be_prepared_further_but_its_village_stays(under_way: SimpleNamespace) -> None:
    run = under_way
    run.hands.find(QPushButton, "trips.plan").click()
    run.hands.settle()
    assert run.hands.find(QLineEdit, "trips.plan.village").isReadOnly()
    run.hands.find(QLineEdit, "trips.plan.place").setText("Sekolah")
    key(run.hands.window, Qt.Key.Key_S, CTRL)
    run.hands.until(lambda: trips.get(run.office, run.trip_id).plan.place == "Sekolah")
    assert run.screen.pages.currentWidget() is run.day
    assert len(run.day.model.rows) == 4


def test_deleting_takes_two_presses(screen: TripsScreen, signed_in: Hands, place: Workplace) -> None:
    trips.prepare(place.office, Plan(DAY + timedelta(days=1), VILLAGE))
    screen.opened()
    signed_in.settle()
    signed_in.find(QPushButton, "trips.delete").click()
    signed_in.settle()
    assert len(trips.every(place.office)) == 1
    sure = signed_in.find(QPushButton, "trips.delete.sure")
    assert signed_in.window.focusWidget() is sure
    sure.click()
    signed_in.until(lambda: trips.every(place.office) == ())
    assert isinstance(screen.pages.currentWidget(), ListPage)


# --------------------------------------------------------------------------------------------------------- the day


def test_todays_trip_opens_by_itself_and_waits_for_a_name(under_way: SimpleNamespace) -> None:
    run = under_way
    assert focused(run) is run.hands.find(QLineEdit, "trips.search")
    assert sorted(names(run.day)) == sorted(NAMES.values())
    assert "21-11-2026" in run.day.title.text()


def test_a_person_is_found_and_marked_without_the_mouse(under_way: SimpleNamespace) -> None:
    run = under_way
    QTest.keyClicks(focused(run), "sit")
    assert names(run.day) == ["SITI AMINAH CONTOH"]
    key(focused(run), Qt.Key.Key_Return)
    assert focused(run) is run.day.table
    key(focused(run), Qt.Key.Key_T)
    run.hands.settle()
    assert marks(run)["SITI AMINAH CONTOH"] is Mark.ABSENT


@pytest.mark.parametrize(("mark", "letter"), trip_words.KEYS.items())
def test_each_mark_has_one_key(under_way: SimpleNamespace, mark: Mark, letter: str) -> None:
    run = under_way
    run.day.table.setFocus()
    first = names(run.day)[0]
    QTest.keyClicks(run.day.table, letter.lower())
    run.hands.settle()
    assert marks(run)[first] is mark
    assert run.day.model.index(0, MARK).data() == trip_words.mark(mark).text


def test_a_mark_goes_on_to_the_next_person_and_is_taken_back_with_ctrl_z(under_way: SimpleNamespace) -> None:
    run = under_way
    run.day.table.setFocus()
    first, second = names(run.day)[:2]
    key(run.day.table, Qt.Key.Key_T)
    run.hands.settle()
    key(run.day.table, Qt.Key.Key_P)
    run.hands.settle()
    assert (marks(run)[first], marks(run)[second]) == (Mark.ABSENT, Mark.MOVED)
    key(run.hands.window, Qt.Key.Key_Z, CTRL)
    run.hands.settle()
    assert (marks(run)[first], marks(run)[second]) == (Mark.ABSENT, Mark.NONE)
    key(run.hands.window, Qt.Key.Key_Z, CTRL)
    run.hands.settle()
    assert marks(run)[first] is Mark.NONE
    assert not run.hands.find(QPushButton, "trips.undo").isEnabled()


def test_present_stays_on_the_person_who_is_recorded_next(under_way: SimpleNamespace, qtbot: QtBot) -> None:
    run = under_way
    run.day.table.setFocus()
    key(run.day.table, Qt.Key.Key_H)
    run.hands.settle()
    assert run.day.table.currentIndex().row() == 0
    with qtbot.waitSignal(run.screen.record_wanted) as wanted:
        key(run.day.table, Qt.Key.Key_Return)
    assert wanted.args == [run.day.model.rows[0].person.nik]


def test_a_mark_that_is_refused_leaves_the_person_chosen(under_way: SimpleNamespace) -> None:
    run = under_way
    recording.start(run.office, run.day.model.rows[0].person.nik)
    run.day.table.setFocus()
    key(run.day.table, Qt.Key.Key_T)
    run.hands.settle()
    assert run.day.table.currentIndex().row() == 0
    assert marks(run)[names(run.day)[0]] is Mark.PRESENT


def test_a_recording_made_meanwhile_appears_by_itself(under_way: SimpleNamespace, qtbot: QtBot) -> None:
    run = under_way
    draft = recording.start(run.office, nik(1)).record.record_id
    run.hands.context.bridge.records_changed.emit()
    run.hands.until(lambda: marks(run)["SITI AMINAH CONTOH"] is Mark.PRESENT and not run.screen._news.isActive())
    run.day.show_person(nik(1))
    with qtbot.waitSignal(run.screen.draft_wanted) as wanted:
        key(run.day.table, Qt.Key.Key_Return)
    assert wanted.args == [draft]


def test_letters_with_ctrl_are_no_marks(under_way: SimpleNamespace) -> None:
    run = under_way
    run.day.table.setFocus()
    key(run.day.table, Qt.Key.Key_M, CTRL)
    run.hands.settle()
    assert set(marks(run).values()) == {Mark.NONE}


def test_chips_and_units_narrow_the_sheet(under_way: SimpleNamespace) -> None:
    run = under_way
    trip_day.mark(run.office, run.trip_id, nik(3), Mark.REFUSED)
    run.screen.opened()
    run.hands.settle()
    run.hands.find(QPushButton, f"trips.group.{Group.REFUSED.value}").click()
    assert names(run.day) == ["WAYAN CONTOH"]
    run.hands.find(QPushButton, f"trips.group.{Group.ALL.value}").click()
    units = run.hands.find(QComboBox, "trips.unit")
    units.setCurrentIndex(units.findData("001/001"))
    assert sorted(names(run.day)) == ["BUDI SANTOSO CONTOH", "RINI CONTOH MUDA"]
    QTest.keyClicks(run.hands.find(QLineEdit, "trips.search"), "wayan")
    assert names(run.day) == []


def test_why_somebody_present_was_not_recorded_is_kept_at_once(under_way: SimpleNamespace) -> None:
    run = under_way
    run.day.table.setFocus()
    person = run.day.model.rows[0].person
    key(run.day.table, Qt.Key.Key_H)
    run.hands.settle()
    reasons = run.hands.find(QComboBox, "trips.why")
    assert reasons.isVisible()
    reasons.setCurrentIndex(reasons.findData(WhyNot.PAPERS))
    reasons.activated.emit(reasons.currentIndex())
    run.hands.settle()
    row = next(row for row in trip_day.sheet(run.office, run.trip_id).rows if row.person.nik == person.nik)
    assert row.person.why_not is WhyNot.PAPERS


@pytest.mark.parametrize("as_invited", [False, True])
def test_somebody_not_on_the_list_is_added_with_ctrl_t(under_way: SimpleNamespace, as_invited: bool) -> None:
    run = under_way
    assert not run.hands.find(QPushButton, "trips.person.remove").isVisible(), "whoever is listed stays"
    key(run.hands.window, Qt.Key.Key_T, CTRL)
    number = run.hands.find(QLineEdit, "trips.adding.nik")
    name = run.hands.find(QLineEdit, "trips.adding.name")
    run.hands.find(QCheckBox, "trips.adding.invited").setChecked(as_invited)
    number.setText("123")
    QTest.keyClicks(name, "tamu contoh")
    key(name, Qt.Key.Key_Return)
    run.hands.settle()
    assert number.property("tone") == "bad"
    number.setText(nik(9))
    key(name, Qt.Key.Key_Return)
    run.hands.until(lambda: "TAMU CONTOH" in names(run.day))
    assert run.day.row is not None
    assert run.day.row.person.name == "TAMU CONTOH"
    remove = run.hands.find(QPushButton, "trips.person.remove")
    assert remove.isVisible()
    remove.click()
    run.hands.until(lambda: "TAMU CONTOH" not in names(run.day))


# --------------------------------------------------------------------------------------------------------- closing


def open_closing(run: SimpleNamespace) -> ClosePage:
    key(run.hands.window, Qt.Key.Key_R, CTRL)
    run.hands.settle()
    page = run.screen.pages.currentWidget()
    assert isinstance(page, ClosePage)
    return page


def test_closing_names_everybody_who_is_open_and_leads_there(under_way: SimpleNamespace) -> None:
    run = under_way
    closing = open_closing(run)
    assert len(closing.gaps.lines) == 4
    assert focused(run) is closing.gaps
    assert not run.hands.find(QPushButton, "trips.close.close").isEnabled()
    third = closing.gaps.item(2).text().split(" · ")[0]
    closing.gaps.setCurrentRow(2)
    key(closing.gaps, Qt.Key.Key_Return)
    assert run.screen.pages.currentWidget() is run.day
    assert run.day.row.person.name == third
    assert focused(run) is run.day.table


def test_a_trip_is_closed_with_two_presses_and_then_only_looked_at(under_way: SimpleNamespace) -> None:
    run = under_way
    trip_day.mark(run.office, run.trip_id, nik(1), Mark.DECEASED)
    draft = recording.start(run.office, nik(2)).record.record_id
    run.screen.opened()
    run.hands.settle()
    closing = open_closing(run)
    assert len(closing.unfinished.lines) == 1
    run.hands.find(QPushButton, "trips.rest_absent").click()
    close = run.hands.find(QPushButton, "trips.close.close")
    run.hands.until(close.isEnabled)
    assert closing.gaps.lines == []
    close.click()
    run.hands.settle()
    assert trips.get(run.office, run.trip_id).open
    run.hands.find(QPushButton, "trips.close.sure").click()
    run.hands.until(lambda: not trips.get(run.office, run.trip_id).open)
    assert not close.isVisible()
    assert run.hands.find(QLabel, "trips.sum.1").text() == "4"
    with run.hands.qtbot.waitSignal(run.screen.draft_wanted) as wanted:
        key(closing.unfinished, Qt.Key.Key_Return)
    assert wanted.args == [draft]
    run.hands.find(QPushButton, "trips.close.back").click()
    before = marks(run)
    run.day.table.setFocus()
    for letter in "htmpw":
        QTest.keyClicks(run.day.table, letter)
    run.hands.settle()
    assert marks(run) == before
    assert not run.hands.find(QPushButton, "trips.add").isVisible()


def test_marking_the_rest_absent_is_taken_back_in_one(under_way: SimpleNamespace) -> None:
    run = under_way
    open_closing(run)
    run.hands.find(QPushButton, "trips.rest_absent").click()
    run.hands.settle()
    run.hands.find(QPushButton, "trips.close.back").click()
    key(run.hands.window, Qt.Key.Key_Z, CTRL)
    run.hands.settle()
    assert set(marks(run).values()) == {Mark.NONE}


def test_a_trip_of_tomorrow_cannot_be_closed_today(screen: TripsScreen, signed_in: Hands, place: Workplace) -> None:
    trip = trips.prepare(place.office, Plan(DAY + timedelta(days=1), VILLAGE))
    screen.open_trip(trip.trip_id)
    signed_in.settle()
    key(signed_in.window, Qt.Key.Key_R, CTRL)
    assert not signed_in.find(QPushButton, "trips.close.close").isEnabled()


def test_a_closed_trip_opens_at_its_report(under_way: SimpleNamespace) -> None:
    run = under_way
    trip_day.mark_rest_absent(run.office, run.trip_id)
    trip_day.close(run.office, run.trip_id)
    run.hands.find(QPushButton, "trips.back").click()
    run.hands.settle()
    assert run.screen.pages.currentWidget() is run.screen.list
    key(run.screen.list.table, Qt.Key.Key_Return)
    run.hands.until(lambda: run.screen.pages.currentWidget() is run.screen.closing)


# ---------------------------------------------------------------------------------------------------------- papers


def printed(run: SimpleNamespace) -> str:
    found = run.screen.findChild(PrintDialog)
    assert found is not None
    text = found._sheet.text
    found.reject()
    return str(text)


def test_the_printed_list_has_names_and_no_nik_and_a_page_for_each_unit(under_way: SimpleNamespace) -> None:
    run = under_way
    key(run.hands.window, Qt.Key.Key_P, CTRL)
    run.hands.find(QPushButton, "trips.taking.print").click()
    dialog = run.screen.findChild(PrintDialog)
    assert dialog is not None
    assert dialog._sheet.pages == 2
    text = printed(run)
    assert all(name in text for name in NAMES.values())
    assert "1988" in text
    assert "21-04-1988" not in text and "04-21" not in text
    assert not any(nik(serial) in text or nik(serial)[-6:] in text for serial in NAMES)
    run.hands.settle()
    with run.office.applicants.read() as connection:
        found = connection.exec_driver_sql("SELECT detail FROM audit WHERE action = 'trip_paper'").scalars().all()
    assert len(found) == 1


def test_the_list_is_saved_where_the_person_said_and_the_name_has_no_person(
    under_way: SimpleNamespace, tmp_path: Path
) -> None:
    run = under_way
    key(run.hands.window, Qt.Key.Key_P, CTRL)
    run.hands.find(QPushButton, "trips.taking.csv").click()
    chooser = run.hands.find(QFileDialog, "trips.file")
    assert Path(chooser.selectedFiles()[0]).name == f"kunjungan-2026-11-21-{VILLAGE}-daftar.csv"
    chooser.reject()
    dialog = run.hands.find(ListDialog, "trips.taking")
    dialog.save(tmp_path / "daftar.csv")
    run.hands.settle()
    text = (tmp_path / "daftar.csv").read_text(encoding="utf-8-sig")
    assert text.count("\n") == 5
    assert not any(nik(serial) in text for serial in NAMES)


def test_the_report_is_saved_and_printed_without_a_name(under_way: SimpleNamespace, tmp_path: Path) -> None:
    run = under_way
    trip_day.explain(run.office, run.trip_id, nik(1), WhyNot.DEVICE)
    trip_day.mark_rest_absent(run.office, run.trip_id)
    trip_day.close(run.office, run.trip_id)
    run.screen.opened()
    run.hands.settle()
    open_closing(run)
    run.screen.save_report(tmp_path / "laporan.csv")
    run.hands.settle()
    text = (tmp_path / "laporan.csv").read_text(encoding="utf-8-sig")
    assert f"{trip_words.why_not(WhyNot.DEVICE)};1" in text
    run.hands.find(QPushButton, "trips.close.print").click()
    paper = printed(run)
    assert not any(name in text or name in paper for name in NAMES.values())
    assert trip_words.why_not(WhyNot.DEVICE) in paper


def test_every_kind_of_reason_mark_and_thing_to_pack_has_words(look: None) -> None:
    assert all(trip_words.why_not(why) for why in WhyNot)
    assert all(trip_words.mark(mark).text for mark in Mark)
    assert all(trip_words.kit(item) for item in KIT)
    assert set(trip_words.KEYS) == set(Mark) - {Mark.NONE}
