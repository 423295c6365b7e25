"""What each role sees of the window, the finger after the password, and the officers on the Security screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station.desk import officers, recording, second_factor, signin, waiting_room
from station.desk.office import Office
from station.domain.appointment import end_of
from station.domain.biometrics import Part
from station.domain.errors import AccessError
from station.domain.letter import Remedy
from station.domain.permission import Permission, allows
from station.domain.role import Role
from station.domain.steps import AT_THE_COUNTER, Step
from station.store import known_prints
from station.store import officers as kept
from station.ui import labels, rights, words
from station.ui.context import Context
from station.ui.rooms import SCREENS
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.consent_dialog import ConsentDialog
from station.ui.screens.finger_proof import FingerProof
from station.ui.screens.guard.officer_change import OfficerChange
from station.ui.screens.guard.officers_card import OfficersCard
from tests.fakes.scripted_device import minutiae
from tests.support import PASSWORD, SECOND_PASSWORD, HandClock, Workplace, filled, good_answers
from tests.ui.capture_seat import Seat
from tests.ui.conftest import Hands

SECRET = "sandi-orang-lain-1"
SEES = {
    Role.COUNTER: "capture records trips rosters sync devices",
    Role.OPERATOR: "capture records trips rosters sync devices guard",
    Role.SUPERVISOR: "capture records trips rosters sync devices guard",
    Role.ARCHIVIST: "records trips rosters sync guard",
    Role.TECHNICIAN: "sync devices guard",
    Role.HEAD: "sync devices guard",
    Role.ADMIN: "sync devices guard",
}


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_own_screens(role: Role) -> None:
    assert [kind.key for kind in SCREENS if allows(role, kind.permission)] == SEES[role].split()


@pytest.mark.parametrize("role", Role)
def test_each_role_has_a_name(role: Role) -> None:
    assert labels.role(role) != role.value


def test_what_a_role_may_not_is_switched_off_and_stays_so(lasting_seat: Seat, qtbot: QtBot) -> None:
    """Every name of the table is that of something, and a screen that switches it on again changes nothing."""
    found = set()
    for kind in SCREENS:
        screen = kind(lasting_seat.context)
        qtbot.addWidget(screen)
        rights.hold(screen, lambda _permission: False)
        controls: list[QWidget | QAction] = [*screen.findChildren(QWidget), *screen.findChildren(QAction)]
        for control in controls:
            if control.objectName() in rights.NEEDED:
                found.add(control.objectName())
                control.setEnabled(True)
                assert not control.isEnabled(), control.objectName()
                assert "role" in control.toolTip()
    letters = {f"letter.{remedy.value}" for remedy in Remedy}
    assert found | letters == set(rights.NEEDED)


def test_a_technician_sees_no_recording_and_no_name(signed_in: Hands, place: Workplace) -> None:
    office, window = place.office, signed_in.window
    office.operator = replace(office.operator, role=Role.TECHNICIAN)
    window.open_office(office)
    signed_in.settle()
    assert window.frame is not None
    assert window.frame.current.objectName() == "sync"
    assert window.frame.rail.findChild(QPushButton, "rail.records") is None
    window.frame.wanted.emit("records")
    assert window.frame.current.objectName() == "sync"


def test_who_has_no_screen_for_keys_changes_the_own_password_from_the_top_strip(
    signed_in: Hands, place: Workplace
) -> None:
    office, window = place.office, signed_in.window
    office.operator = replace(office.operator, role=Role.COUNTER)
    window.open_office(office)
    signed_in.settle()
    entry = window.findChild(QAction, "strip.operator.password")
    assert entry is not None
    entry.trigger()
    dialog = signed_in.find(QDialog, "own_password")
    for name, text in (("old", PASSWORD), ("new", SECRET), ("again", SECRET)):
        line = dialog.findChild(QLineEdit, f"own_password.{name}")
        assert line is not None
        line.setText(text)
    dialog.findChild(QPushButton, "own_password.confirm").click()  # type: ignore[union-attr]
    signed_in.settle()
    signed_in.until(window.toast.isVisible)
    signin.check_password(place.depot, office.operator.operator_id, SECRET, place.clock)


def test_who_may_not_is_told_who_may(place: Workplace) -> None:
    """A supervisor is not sent to the supervisor."""
    place.office.operator = replace(place.office.operator, role=Role.SUPERVISOR)
    with pytest.raises(AccessError) as problem:
        place.office.require(Permission.CHANGE_RETENTION)
    said = str(words.of_error(problem.value))
    assert labels.role(Role.ARCHIVIST) in said and labels.role(Role.ADMIN) in said
    assert labels.role(Role.SUPERVISOR) not in said


def test_nobody_is_told_to_ask_in_vain() -> None:
    """Everything that is guarded is allowed to somebody."""
    assert all(labels.who_may(permission) for permission in Permission)


def test_who_may_not_record_is_not_asked_to_begin(signed_in: Hands, place: Workplace) -> None:
    office, window = place.office, signed_in.window
    office.operator = replace(office.operator, role=Role.ARCHIVIST)
    window.open_office(office)
    signed_in.settle()
    screen = window.open_screen("records")
    signed_in.settle()
    assert screen.findChild(QPushButton, "records.start") is None
    said = [item.text() for item in screen.findChildren(QLabel) if item.isVisible()]
    assert not [text for text in said if "F2" in text]


# ------------------------------------------------------------------------------------------------- at the counter


@pytest.fixture
def counter(lasting_seat: Seat, qtbot: QtBot) -> Iterator[CaptureScreen]:
    """The capture screen of somebody who opens no device."""
    office = lasting_seat.place.office
    before = office.operator
    office.operator = replace(before, role=Role.COUNTER)
    screen = CaptureScreen(lasting_seat.context)
    qtbot.addWidget(screen)
    screen.show()
    yield screen
    screen.session.stop()
    office.operator = before


def test_the_counter_prepares_a_person_and_leaves_the_devices_to_others(
    counter: CaptureScreen, lasting_seat: Seat, qtbot: QtBot
) -> None:
    assert tuple(step for step, tab in counter.bench.bar.tabs.items() if not tab.isHidden()) == AT_THE_COUNTER
    office = lasting_seat.place.office
    record_id = recording.start(office).record.record_id
    filled(office, record_id, good_answers(77))
    counter.resume(record_id)
    qtbot.waitUntil(lambda: counter.session.draft is not None)
    counter.go(Step.BIODATA)
    counter.go(Step.PHOTO)
    assert counter.step == Step.BIODATA, "there is no such step at the counter"
    counter.next()
    assert [tab.isChecked() for tab in counter.bench.bar.tabs.values()].index(True) == list(Step).index(Step.DOCUMENTS)
    assert counter.bench.side.next.text() == "Ready for the booth · Enter"
    counter.next()
    qtbot.waitUntil(lambda: counter.session.draft is None)
    assert record_id in {item.record.record_id for item in waiting_room.waiting(office).ready}


# ------------------------------------------------------------------------------------------ after the password


@pytest.fixture
def guarded(place: Workplace) -> Office:
    """Everybody shows a finger; Ani, another supervisor, could stand in."""
    officers.add(place.office, PASSWORD, "Ani K.", Role.SUPERVISOR, SECOND_PASSWORD)
    second_factor.ask_all(place.office, True)
    return place.office


def _type(hands: Hands, name: str, text: str) -> None:
    entry = hands.find(QLineEdit, name)
    entry.setText(text)
    QTest.keyClick(entry, Qt.Key.Key_Return)
    hands.settle()


def _choose_siti(hands: Hands) -> None:
    who = hands.find(QComboBox, "signin.operator")
    who.setCurrentIndex(next(row for row in range(who.count()) if who.itemText(row).startswith("Siti")))


def test_without_a_scanner_a_supervisor_stands_in(guarded: Office, hands: Hands) -> None:
    _choose_siti(hands)
    _type(hands, "signin.password", PASSWORD)
    assert hands.find(FingerProof, "proof").isVisible()
    assert hands.window.frame is None
    _type(hands, "proof.password", "bukan ini")
    assert hands.window.frame is None
    _type(hands, "proof.password", SECOND_PASSWORD)
    hands.until(lambda: hands.window.frame is not None)
    assert not hands.context.desk.unproved
    hands.window.lock_screen()
    _type(hands, "lock.password", PASSWORD)
    hands.until(lambda: not hands.window.lock.isVisible())


def test_ctrl_l_locks_behind_a_dialog_and_closes_an_open_menu(signed_in: Hands, qtbot: QtBot) -> None:
    window = signed_in.window
    dialog = QDialog(window)
    dialog.open()
    menu = QMenu(dialog)
    menu.addAction("a")
    menu.popup(dialog.pos())
    window._idle._find_windows()
    handle = dialog.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.lock.isVisible()
    assert not dialog.isVisible()
    assert not menu.isVisible()
    _type(signed_in, "lock.password", PASSWORD)
    signed_in.until(lambda: not window.lock.isVisible())
    assert dialog.isVisible()


def test_who_gives_up_at_the_finger_was_never_signed_in(guarded: Office, hands: Hands) -> None:
    _choose_siti(hands)
    _type(hands, "signin.password", PASSWORD)
    hands.find(FingerProof, "proof").reject()
    hands.settle()
    assert hands.context.office is None
    assert hands.window.frame is None
    assert hands.find(QLineEdit, "signin.password").isEnabled()


def test_the_right_finger_proves_and_a_strange_one_does_not(lasting_seat: Seat, qtbot: QtBot) -> None:
    seat, office = lasting_seat, lasting_seat.place.office
    seat.qtbot = qtbot
    seat.finger.person = "orang lain"
    owner = known_prints.operator(office.operator.operator_id)
    with office.applicants.write() as connection:
        known_prints.replace(connection, owner, {Part.FINGER_02: minutiae("petugas finger-02")}, office.now())
    office.unproved = True
    asked = second_factor.Asked((Part.FINGER_02,), signin.operators(seat.place.depot))
    dialog = FingerProof(seat.context, office, asked, seat.screen)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.preview.live)
    QTest.keyClick(dialog, Qt.Key.Key_Space)
    seat.until(lambda: "not one of your fingers" in seat.find(QLabel, "proof.state").text())
    assert office.unproved
    seat.finger.person = "petugas"
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog, Qt.Key.Key_Space)
    assert not office.unproved


def test_whose_last_day_ends_while_they_work_is_signed_out_and_told(signed_in: Hands, place: Workplace) -> None:
    office, today = place.office, place.office.context.today
    with office.applicants.write() as connection:
        me = kept.all_of(connection)[office.operator.operator_id]
        kept.change(connection, replace(me, until=end_of(today)))
    signed_in.window._check_rights()
    signed_in.settle()
    assert signed_in.window.frame is not None
    assert isinstance(place.clock, HandClock)
    place.clock.wall += timedelta(days=1)
    signed_in.window._check_rights()
    signed_in.until(lambda: signed_in.window.frame is None)
    place._office = None  # signing out has closed it
    assert f"{today:%d-%m-%Y}" in " ".join(item.text() for item in signed_in.window.toast.findChildren(QLabel))


# ---------------------------------------------------------------------------------------------------- the officers


def test_the_officers_card_sets_a_last_day_and_ends_somebody(context: Context, place: Workplace, qtbot: QtBot) -> None:
    who = officers.add(place.office, PASSWORD, "Budi P.", Role.OPERATOR, SECRET)
    context.office = place.office
    card = OfficersCard(context)
    qtbot.addWidget(card)
    card.show()

    def change() -> OfficerChange:
        card.opened()
        qtbot.waitUntil(lambda: context.tasks.idle)
        card.findChildren(QPushButton, f"guard.officers.change.{who.operator_id}")[-1].click()
        qtbot.waitUntil(lambda: context.tasks.idle)
        return card.findChildren(OfficerChange)[-1]

    dialog = change()
    until = dialog.findChild(QLineEdit, "appointment.until")
    assert until is not None
    keep = dialog.findChild(QPushButton, "appointment.keep")
    assert keep is not None
    until.setText("kapan saja")
    keep.click()
    assert dialog.isVisible()
    until.setText("31122099")
    with qtbot.waitSignal(dialog.changed):
        keep.click()
    qtbot.waitUntil(lambda: context.tasks.idle)
    assert any("31-12-2099" in item.text() for item in card.findChildren(QLabel))

    dialog = change()
    for name in ("appointment.end", "appointment.end.sure"):
        press = dialog.findChild(QPushButton, name)
        assert press is not None
        if name.endswith("sure"):
            with qtbot.waitSignal(dialog.changed):
                press.click()
        else:
            press.click()
    assert [item.name for item in signin.operators(place.depot)] == ["Siti R."]


def test_the_finger_of_everybody_is_chosen_on_the_card(context: Context, place: Workplace, qtbot: QtBot) -> None:
    context.office = place.office
    card = OfficersCard(context)
    qtbot.addWidget(card)
    box = card.findChild(QCheckBox, "guard.officers.finger")
    assert box is not None
    box.click()
    qtbot.waitUntil(lambda: context.tasks.idle and second_factor.of_all(place.office))


def test_a_second_officer_is_asked_where_a_reason_does_not_settle_it(lasting_seat: Seat, qtbot: QtBot) -> None:
    lasting_seat.qtbot = qtbot
    office = lasting_seat.place.office
    second = lasting_seat.place.second_officer()
    done: list[str] = []

    def deed(_office: Office, officer_id: str, password: str) -> str:
        signin.check_password(office.depot, officer_id, password, office.clock)
        return officer_id

    dialog = ConsentDialog(lasting_seat.screen.session, "consent.override", deed, lasting_seat.screen)
    dialog.agreed.connect(done.append)
    dialog.open()
    lasting_seat.until(lambda: bool(dialog.officer.officer_id))
    for password in ("", "bukan ini", SECOND_PASSWORD):
        dialog.officer.password.setText(password)
        lasting_seat.find(QPushButton, "consent.confirm").click()
        lasting_seat.idle()
    assert done == [second.operator_id]
