"""The start page in the whole window: calling a person up, what stops them, the waiting room; no device connected."""

from __future__ import annotations

from threading import Event

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station.desk import healing, recording, referrals, waiting_room
from station.domain.biometrics import Part
from station.domain.draft import Draft
from station.domain.outcome import Reason
from station.domain.power import PowerState
from station.domain.record import State
from station.domain.steps import Step
from station.domain.target import Target
from station.domain.turn import Because, Why
from station.i18n import _
from station.ui.context import Context
from station.ui.main_window import MainWindow
from station.ui.screens.capture import CaptureScreen
from station.ui.screens.low_power_dialog import LowPowerDialog
from station.ui.screens.records import RecordsScreen
from station.ui.screens.steps.finder import Finder
from station.ui.screens.steps.ready_list import ReadyView
from station.ui.screens.steps.ready_row import FACTS_ROLE
from station.ui.screens.steps.turn_dialog import TurnDialog
from tests.support import APPROVED, Workplace, a_capture, captured, filled, good_answers
from tests.target_lists import put_on_list
from tests.ui.conftest import Hands

SITI = good_answers(1)
NIK = SITI["nik"]
LISTED = {key: value for key, value in SITI.items() if key != "nik"}


def person(serial: int, **changed: str) -> Target:
    answers = {**good_answers(serial), **changed}
    return Target(answers.pop("nik"), answers)


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


class Counter:
    """An operator at the start page."""

    def __init__(self, hands: Hands, place: Workplace) -> None:
        self.hands, self.place = hands, place
        found = hands.window.findChild(CaptureScreen)
        assert isinstance(found, CaptureScreen)
        self.screen = found
        self.finder: Finder = found.bench.applicant.finder
        self.failures: list[object] = []
        found.session.failed.connect(self.failures.append)

    @property
    def focus(self) -> str:
        return focused().objectName()

    @property
    def draft(self) -> Draft | None:
        return self.screen.session.draft

    def at(self, step: Step) -> bool:
        return self.screen.step is step

    def type(self, text: str) -> None:
        QTest.keyClicks(focused(), text)
        self.hands.settle()

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(focused(), key)
        self.hands.settle()

    def enter(self) -> None:
        self.press(Qt.Key.Key_Return)

    def names(self, text: str) -> list[str]:
        """Type letters and wait for the people who fit."""
        self.type(text)
        self.hands.until(lambda: not self.finder.people.isHidden())
        return [item.target.name for item in self.finder.people.people]

    def reads(self, name: str) -> str:
        return self.hands.find(QLabel, name).text()

    def start_page(self) -> None:
        self.screen.bench.applicant.show_start()
        self.finder.take_keyboard()
        self.hands.settle()

    def scan(self, payload: str, *, start_ms: int = 10_000, suffix: tuple[Qt.Key, ...] = (Qt.Key.Key_Return,)) -> None:
        """What a keyboard-wedge scanner does: keys with the times of the input system, faster than any finger."""
        at = start_ms
        for char in payload:
            at += 3
            self._key(Qt.Key.Key_Any, char, at)
        for key in suffix:
            at += 3
            self._key(key, "\t" if key is Qt.Key.Key_Tab else "\r", at)

    def _key(self, key: Qt.Key, text: str, at_ms: int) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            event.setTimestamp(at_ms)
            QCoreApplication.sendEvent(focused(), event)


@pytest.fixture
def counter(context: Context, place: Workplace, qtbot: QtBot) -> Counter:
    window = MainWindow(context)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.open_office(place.office)
    hands = Hands(window, context, qtbot)
    hands.settle()
    return Counter(hands, place)


def drafts(place: Workplace) -> int:
    return len(recording.open_drafts(place.office))


# ------------------------------------------------------------------------------------------------------ calling up


def test_a_listed_person_is_shown_before_enter_and_complete_after_two(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(1))
    counter.type(NIK)
    assert counter.reads("applicant.found.name") == SITI["name"]
    assert "38" in counter.reads("applicant.found.born")
    assert "SUKAMAJU CONTOH" in counter.reads("applicant.found.home")
    assert counter.draft is None, "nothing starts by itself"
    counter.enter()
    assert counter.draft is not None
    assert counter.at(Step.BIODATA)
    assert counter.draft.done(Step.BIODATA)
    assert counter.focus == "capture.next"
    counter.enter()
    assert counter.at(Step.PHOTO)


def test_from_nik_to_seal_takes_no_more_than_25_keys_without_devices(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(1))
    pressed = 0
    for char in NIK:
        counter.type(char)
        pressed += 1
    while not counter.at(Step.REVIEW):
        counter.enter()
        pressed += 1
        if counter.draft is not None and counter.at(Step.PHOTO):  # what the devices would have done
            captured(place.office, counter.draft.record.record_id)
            counter.screen.session.approve(APPROVED, a_capture(Part.SIGNATURE))
            counter.hands.settle()
        assert pressed < 40
    counter.enter()
    pressed += 1
    counter.hands.until(lambda: counter.focus == "sealed.next")
    assert pressed <= 25


def test_a_nik_pasted_with_dots_is_cleaned_and_found(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(1))
    QApplication.clipboard().setText("9901.0161.0488.0001")
    QTest.keyClick(focused(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    counter.hands.settle()
    assert counter.finder.line.text() == "9901 0161 0488 0001"
    assert counter.reads("applicant.found.name") == SITI["name"]


def test_who_is_on_no_list_is_said_calmly_and_typed(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(2))
    counter.type(NIK)
    assert counter.finder.hurdle.isHidden()
    assert not counter.finder.found.isHidden()
    counter.enter()
    assert counter.draft is not None
    assert counter.draft.record.name == ""
    assert counter.at(Step.BIODATA)
    assert counter.focus == "form.kk"


def test_an_early_recording_names_the_day_of_its_card(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(1, birth_date="2010-05-15", marital_status="1"))
    counter.type(NIK)
    assert "15-05-2027" in counter.hands.find(QWidget, "applicant.found.eligible").accessibleName()


# ------------------------------------------------------------------------------------------------------------- names


def test_three_letters_find_people_and_down_enter_picks(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(2, name="UJI DUA"), person(3, name="UJI TIGA"), person(4, name="LAIN"))
    assert sorted(counter.names("uji")) == ["UJI DUA", "UJI TIGA"]
    second = counter.finder.people.people[1].target
    counter.press(Qt.Key.Key_Down)
    counter.enter()
    assert counter.finder.value == second.nik
    assert counter.reads("applicant.found.name") == second.name
    assert counter.draft is None
    counter.enter()
    assert counter.draft is not None
    assert counter.draft.record.nik == second.nik


def test_the_list_masks_every_nik_and_marks_who_is_recorded(counter: Counter, place: Workplace) -> None:
    recorded = Target(good_answers(2)["nik"], {**LISTED, "name": "UJI DUA"}, recorded=True)
    put_on_list(place, person(3, name="UJI TIGA"), recorded)
    counter.names("uji")
    model = counter.finder.people.table.model()
    rows = [[str(model.index(row, column).data()) for column in range(5)] for row in range(model.rowCount())]
    assert {row[0]: row[4] for row in rows} == {"UJI DUA": _("Recorded"), "UJI TIGA": _("May be recorded")}
    assert all(row[3] == "9901••••••••" + row[3][-4:] for row in rows)
    assert all(row[1] == "21-04-1988" and "RT 001" in row[2] for row in rows)


def test_enter_right_after_the_last_letter_waits_for_the_answer(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(2, name="UJI DUA"))
    QTest.keyClicks(focused(), "uji")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    counter.hands.until(lambda: counter.finder.value == good_answers(2)["nik"])
    assert counter.draft is None


def test_with_a_slow_desk_only_the_newest_question_is_answered(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(2, name="UJI DUA"), person(3, name="LAIN TIGA"))
    shown: list[tuple[str, ...]] = []
    counter.finder.rearranged.connect(
        lambda: shown.append(tuple(item.target.name for item in counter.finder.people.people))
    )
    busy = Event()
    counter.hands.context.tasks.run(lambda: busy.wait(20))
    QTest.keyClicks(focused(), "uji")
    counter.hands.qtbot.waitUntil(lambda: not counter.finder._pause.isActive())
    counter.finder.line.selectAll()
    QTest.keyClicks(focused(), "lain")
    counter.hands.qtbot.waitUntil(lambda: not counter.finder._pause.isActive())
    busy.set()
    counter.hands.until(lambda: ("LAIN TIGA",) in shown)
    assert ("UJI DUA",) not in shown


def test_a_late_answer_about_a_name_is_dropped_when_a_nik_is_typed_by_then(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(2, name="UJI DUA"))
    busy = Event()
    counter.hands.context.tasks.run(lambda: busy.wait(20))
    QTest.keyClicks(focused(), "uji")
    counter.hands.qtbot.waitUntil(lambda: not counter.finder._pause.isActive())
    counter.finder.line.selectAll()
    QTest.keyClicks(focused(), NIK)
    busy.set()
    counter.hands.until(lambda: counter.finder.standing is not None)
    assert counter.finder.people.isHidden()


def test_nobody_of_that_name_says_what_to_do(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(2))
    assert counter.names("zulkarnaen") == []
    assert counter.reads("applicant.nobody")
    counter.enter()
    assert counter.draft is None


def test_esc_closes_the_list_and_keeps_what_was_typed(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(2, name="UJI DUA"))
    counter.names("uji")
    counter.press(Qt.Key.Key_Escape)
    assert counter.finder.people.isHidden()
    assert counter.finder.line.text() == "UJI"


# ----------------------------------------------------------------------------------------------------------- scanner

RETURN, KEYPAD, TAB = Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab


@pytest.mark.parametrize(
    ("payload", "suffix"),
    [
        (NIK, (RETURN,)),
        (NIK, (TAB, RETURN)),
        (f"]Q1{NIK}", (RETURN, KEYPAD)),
        (f"https://contoh.invalid/?n={NIK}&t=5", (RETURN, RETURN, TAB)),
        (f"https://contoh.invalid/?n={NIK}&t=5", (TAB,)),
    ],
)
def test_a_scan_starts_once_whatever_the_scanner_sends_around_it(
    counter: Counter, place: Workplace, payload: str, suffix: tuple[Qt.Key, ...]
) -> None:
    put_on_list(place, person(1))
    counter.scan(payload, suffix=suffix)
    counter.hands.until(lambda: counter.draft is not None)
    assert counter.draft is not None
    assert counter.draft.record.nik == NIK
    assert drafts(place) == 1
    assert counter.at(Step.BIODATA), "the scanner's suffix is no Enter of the operator"
    assert counter.failures == []


def test_a_suffix_that_comes_late_is_no_enter_of_the_operator(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(1))
    counter.scan(NIK)
    counter.scan("", start_ms=10_100)  # another Enter, slower than the digits were
    counter.hands.until(lambda: counter.draft is not None and not counter.finder.line._scan_over.isActive())
    assert counter.at(Step.BIODATA)
    assert counter.finder.value == NIK
    assert drafts(place) == 1


def test_a_code_of_several_lines_is_read_to_its_end(counter: Counter, place: Workplace) -> None:
    counter.scan("NAMA: SITI AMINAH CONTOH")
    counter.scan(f"NIK: {NIK}", start_ms=10_080)
    counter.hands.until(lambda: counter.draft is not None)
    assert counter.draft is not None
    assert counter.draft.record.nik == NIK


def test_a_scan_replaces_what_was_typed_before(counter: Counter, place: Workplace) -> None:
    counter.type("990101")
    counter.scan(NIK)
    counter.hands.until(lambda: counter.draft is not None)
    assert counter.draft is not None
    assert counter.draft.record.nik == NIK


def test_a_scan_without_a_nik_says_so_and_starts_nothing(counter: Counter, place: Workplace) -> None:
    none, long = _("The scan has no NIK."), _("The scan is too long for this line.")
    scans = [("12345678901234567", none), (NIK + "x" * 600, long), ("https://contoh.invalid/", none)]
    for number, (payload, told) in enumerate(scans, start=1):
        counter.scan(payload, start_ms=number * 10_000)
        counter.hands.until(lambda told=told: counter.finder._field.below.text().startswith(told))  # type: ignore[misc]
        assert counter.draft is None
        assert counter.finder.line.text() == ""
    counter.type(NIK)
    counter.enter()
    assert counter.draft is not None


def test_a_scan_of_somebody_who_is_recorded_starts_nothing(counter: Counter, place: Workplace) -> None:
    put_on_list(place, Target(NIK, LISTED, recorded=True))
    counter.scan(NIK)
    counter.hands.until(lambda: counter.focus == "applicant.next")
    assert drafts(place) == 0


def test_two_enters_of_an_impatient_finger_start_once(counter: Counter, place: Workplace) -> None:
    counter.type(NIK)
    for _enter in range(3):
        QTest.keyClick(focused(), Qt.Key.Key_Return)
    counter.hands.until(lambda: counter.draft is not None)
    assert drafts(place) == 1
    assert counter.failures == []


# ------------------------------------------------------------------------------------------------------------- stops


def test_a_record_here_leads_to_its_timeline(counter: Counter, place: Workplace) -> None:
    row = place.seal(1)
    counter.type(NIK)
    counter.enter()
    assert counter.focus == "applicant.look"
    assert row.record.registration_no in counter.reads("applicant.facts")
    counter.enter()
    records = counter.hands.window.findChild(RecordsScreen)
    assert isinstance(records, RecordsScreen)
    counter.hands.until(lambda: records.pane.record_id == row.record.record_id)
    assert drafts(place) == 0


def test_who_is_recorded_by_the_list_is_shown_the_status_and_the_way(counter: Counter, place: Workplace) -> None:
    put_on_list(place, Target(NIK, LISTED, central_code="CARD_PRINTED"))
    counter.type(NIK)
    assert not counter.hands.find(QPushButton, "applicant.start").isVisible()
    counter.enter()
    assert counter.focus == "applicant.next"
    assert counter.reads("applicant.facts")
    counter.enter()
    assert counter.focus == "applicant.nik"
    assert counter.finder.line.text() == ""
    assert drafts(place) == 0


def test_who_is_too_young_is_sent_to_the_child_card(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(1, birth_date="2012-08-30", marital_status="1"))
    counter.type(NIK)
    counter.enter()
    assert counter.focus == "applicant.next"
    assert "KIA" in counter.finder.hurdle.accessibleName()
    assert drafts(place) == 0


def test_what_central_refused_is_corrected_from_here(counter: Counter, place: Workplace) -> None:
    key = place.seal(1).record.key
    place.depot.outbox.reject(key, [Reason("name.wrong", "name", "Nama")], at=place.clock.now())
    healing.catch_up(place.office)
    counter.type(NIK)
    counter.enter()
    assert counter.focus == "applicant.correct"
    counter.enter()
    assert counter.draft is not None
    assert (counter.draft.record.record_id, counter.draft.record.revision) == (key.record_id, 2)


def test_another_open_recording_is_continued_first_and_doubled_only_with_a_reason(
    counter: Counter, place: Workplace
) -> None:
    first = recording.start(place.office, NIK).record.record_id
    counter.type(NIK)
    counter.enter()
    assert counter.focus == "applicant.resume_same"
    counter.enter()
    assert counter.draft is not None
    assert counter.draft.record.record_id == first
    counter.screen.session.put_aside()
    counter.hands.settle()
    counter.start_page()
    counter.type(NIK)
    counter.enter()
    counter.press(Qt.Key.Key_Tab)
    counter.enter()
    assert counter.focus == "applicant.reason"
    counter.enter()
    assert drafts(place) == 1, "no reason, no second recording"
    counter.type("draf lama milik orang lain")
    counter.enter()
    assert drafts(place) == 2


def test_same_name_and_birth_date_asks_for_a_reason_before_the_start(counter: Counter, place: Workplace) -> None:
    place.draft(1)
    put_on_list(place, Target(good_answers(2)["nik"], LISTED))
    counter.start_page()
    counter.type(good_answers(2)["nik"])
    counter.enter()
    assert counter.focus == "applicant.next"
    assert drafts(place) == 1


def test_a_draft_whose_nik_turns_out_to_be_recorded_reaches_no_device(counter: Counter, place: Workplace) -> None:
    place.seal(1)
    counter.start_page()
    counter.type(good_answers(2)["nik"])
    counter.enter()
    counter.screen.go(Step.APPLICANT)
    counter.hands.settle()
    counter.finder.line.selectAll()
    counter.type(NIK)
    counter.enter()
    assert counter.at(Step.APPLICANT)
    for step in (Step.PHOTO, Step.FINGERS, Step.IRISES, Step.SIGNATURE):
        counter.screen.go(step)
        counter.hands.settle()
        assert counter.at(Step.APPLICANT)
    assert counter.finder.hurdle.isVisible()
    assert counter.screen.bench.side.problem.isVisible()
    counter.finder.take_keyboard()
    counter.type(good_answers(2)["nik"])
    counter.enter()
    assert counter.at(Step.BIODATA)


# ------------------------------------------------------------------------------------------------------ waiting room


def prepared(place: Workplace, serial: int) -> str:
    record_id = recording.start(place.office).record.record_id
    filled(place.office, record_id, good_answers(serial))
    place.clock.pass_time(60)  # type: ignore[attr-defined]
    waiting_room.make_ready(place.office, record_id)
    return record_id


def test_the_desk_hands_over_with_one_key_and_goes_on_with_the_next(counter: Counter, place: Workplace) -> None:
    put_on_list(place, person(1))
    counter.type(NIK)
    counter.enter()
    counter.press(Qt.Key.Key_F10)
    assert counter.draft is None
    assert counter.focus == "applicant.nik"
    counter.hands.settle()
    assert "1" in counter.reads("applicant.ready.heading")
    assert [draft.record.nik for draft in waiting_room.waiting(place.office).ready] == [NIK]


def test_nobody_is_handed_over_unfinished(counter: Counter, place: Workplace) -> None:
    counter.type(NIK)
    counter.enter()
    assert not counter.hands.find(QPushButton, "capture.ready").isEnabled()
    counter.press(Qt.Key.Key_F10)
    assert counter.draft is not None
    assert waiting_room.waiting(place.office).ready == ()


def test_enter_on_the_empty_line_calls_in_who_waits_longest(counter: Counter, place: Workplace) -> None:
    first, second = prepared(place, 1), prepared(place, 2)
    counter.start_page()
    counter.enter()
    assert counter.draft is not None
    assert counter.draft.record.record_id == first != second
    assert counter.at(Step.PHOTO)


def test_a_typed_number_calls_in_that_person_with_a_reason_and_only_ten_stand_at_the_door(
    counter: Counter, place: Workplace
) -> None:
    people = [prepared(place, serial) for serial in range(1, 13)]
    counter.start_page()
    view = counter.hands.find(ReadyView, "applicant.ready")
    assert view.model().rowCount() == 10
    assert "12" in counter.reads("applicant.ready.heading")
    assert "2" in counter.reads("applicant.ready.rest")
    view.setFocus(Qt.FocusReason.TabFocusReason)
    counter.type("1")
    counter.type("2")
    counter.enter()
    assert counter.draft is None, "eleven wait before"
    assert "11" in counter.reads("turn.consequence")
    reason = counter.hands.find(QComboBox, "turn.why")
    reason.setCurrentIndex(reason.findData(Why.ELDERLY.value))
    counter.hands.find(QPushButton, "turn.call").click()
    counter.hands.settle()
    assert counter.draft is not None
    assert counter.draft.record.record_id == people[11]


def test_who_waits_is_put_right_at_the_form_and_comes_before_a_device_only_when_called(
    counter: Counter, place: Workplace
) -> None:
    first, second = prepared(place, 1), prepared(place, 2)
    counter.screen.resume(second)
    counter.hands.settle()
    assert counter.at(Step.BIODATA)
    counter.screen.go(Step.PHOTO)
    counter.hands.settle()
    assert counter.at(Step.BIODATA), "the dialog asks for a reason first"
    counter.hands.find(TurnDialog, "turn").reject()
    counter.screen.resume(first)
    counter.hands.settle()
    counter.screen.go(Step.PHOTO)
    counter.hands.settle()
    assert counter.at(Step.PHOTO)
    assert counter.draft is not None and counter.draft.ready_at is None


def test_who_stood_in_no_queue_passes_others_to_a_device_with_a_reason_only(counter: Counter, place: Workplace) -> None:
    past = recording.start(place.office).record.record_id
    filled(place.office, past, good_answers(1))
    prepared(place, 2)
    counter.screen.resume(past)
    counter.hands.settle()
    counter.screen.go(Step.SIGNATURE)
    counter.hands.settle()
    assert not counter.at(Step.SIGNATURE), "the dialog asks for a reason first"
    counter.hands.find(QPushButton, "turn.call").click()
    counter.hands.settle()
    assert counter.hands.find(TurnDialog, "turn").isVisible() and not counter.at(Step.SIGNATURE)
    reason = counter.hands.find(QComboBox, "turn.why")
    reason.setCurrentIndex(reason.findData(Why.ELDERLY.value))
    QTest.keyClick(reason, Qt.Key.Key_Return)
    counter.hands.settle()
    assert counter.at(Step.SIGNATURE), "Enter calls once a reason is chosen"
    counter.screen.go(Step.PHOTO)
    counter.hands.settle()
    assert counter.at(Step.PHOTO), "asked once"


def test_who_stood_in_no_queue_is_asked_nothing_when_nobody_waits(counter: Counter, place: Workplace) -> None:
    alone = recording.start(place.office).record.record_id
    filled(place.office, alone, good_answers(1))
    counter.screen.resume(alone)
    counter.hands.settle()
    counter.screen.go(Step.PHOTO)
    assert counter.at(Step.PHOTO)


def test_enter_keeps_the_order_until_a_reason_is_chosen_and_calls_then(counter: Counter, place: Workplace) -> None:
    people = [prepared(place, serial) for serial in (1, 2)]
    counter.screen.bench.applicant.calling.call(people[1])
    counter.hands.settle()
    assert counter.hands.find(QPushButton, "turn.keep").isDefault()
    reason = counter.hands.find(QComboBox, "turn.why")
    reason.setCurrentIndex(reason.findData(Why.OTHER.value))
    words = counter.hands.find(QLineEdit, "turn.words")
    QTest.keyClicks(words, "Ambulans menunggu")
    QTest.keyClick(words, Qt.Key.Key_Return)
    counter.hands.settle()
    assert counter.draft is not None and counter.draft.record.record_id == people[1]


def test_who_waits_is_open_with_their_number_beside_the_step(counter: Counter, place: Workplace) -> None:
    prepared(place, 1)
    second = prepared(place, 2)
    counter.screen.resume(second)
    counter.hands.settle()
    assert counter.reads("capture.registration").endswith("2")
    waiting_room.take(place.office, second, Because(Why.ELDERLY))
    counter.screen.resume(second)
    counter.hands.settle()
    assert counter.draft is not None
    assert counter.reads("capture.registration") == counter.draft.record.registration_no


def test_who_waits_for_power_after_all_can_still_call(
    counter: Counter, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [prepared(place, serial) for serial in (1, 2)]
    counter.screen.bench.applicant.calling.call(people[1])
    counter.hands.settle()
    reason = counter.hands.find(QComboBox, "turn.why")
    reason.setCurrentIndex(reason.findData(Why.ELDERLY.value))
    monkeypatch.setattr(counter.screen.session.power, "state", PowerState.LOW)
    counter.hands.find(QPushButton, "turn.call").click()
    counter.hands.find(LowPowerDialog, "low_power").reject()
    assert counter.draft is None
    assert counter.hands.find(QPushButton, "turn.call").isEnabled()


def test_people_at_the_door_are_told_apart_by_their_birth_date_and_no_nik_is_shown(
    counter: Counter, place: Workplace
) -> None:
    prepared(place, 1)
    other = recording.start(place.office).record.record_id
    filled(place.office, other, {**good_answers(2), "birth_date": "1979-03-02"})
    counter.start_page()
    index = counter.hands.find(ReadyView, "applicant.ready").model().index(0, 0)
    assert index.data(FACTS_ROLE) == "lahir 21-04-1988 · 9901••••••••0001"
    assert "lahir 21-04-1988" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    cards = [item.text() for item in counter.screen.bench.applicant.column.drafts.findChildren(QLabel)]
    assert any(text.startswith("lahir 02-03-1979") for text in cards)
    assert not any(good_answers(2)["nik"][-4:] in text for text in cards)


def test_an_empty_list_of_drafts_is_one_line_and_keeps_no_room(counter: Counter, place: Workplace) -> None:
    drafts_card = counter.screen.bench.applicant.column.drafts
    nobody = counter.hands.find(QLabel, "applicant.drafts.nobody")
    counter.hands.until(lambda: nobody.isVisible() and nobody.height() < 2 * nobody.fontMetrics().height())
    empty = drafts_card.height()
    recording.start(place.office, NIK)
    counter.start_page()
    counter.hands.until(lambda: not nobody.isVisible() and drafts_card.height() > empty)


def test_who_was_called_in_elsewhere_meanwhile_is_said_and_nobody_opens(counter: Counter, place: Workplace) -> None:
    first = prepared(place, 1)
    counter.start_page()
    waiting_room.take(place.office, first)
    counter.enter()
    assert counter.draft is None
    counter.type(NIK[:6])
    assert counter.finder.line.text() == "9901 01", "the page still works"


def test_nobody_waiting_enter_on_the_empty_line_asks_for_a_nik(counter: Counter) -> None:
    counter.enter()
    assert counter.draft is None
    assert counter.focus == "applicant.nik"
    assert counter.finder._field.below.property("tone") == "bad"


# ---------------------------------------------------------------------------------------------------------- referral


def test_somebody_without_a_nik_gets_a_number_and_a_slip(counter: Counter, place: Workplace) -> None:
    counter.type("SUMI UJI")
    QTest.keyClick(focused(), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    counter.hands.until(lambda: counter.focus == "referral.name")
    assert counter.hands.find(QLineEdit, "referral.name").text() == "SUMI UJI"
    counter.enter()
    counter.type("01071950")
    counter.enter()
    counter.type("sukamaju")
    counter.enter()
    counter.hands.until(lambda: counter.focus == "referral.cause")
    assert counter.hands.find(QComboBox, "referral.cause").count() == 5
    counter.hands.find(QPushButton, "referral.confirm").click()
    counter.hands.settle()
    counter.hands.settle()
    made = referrals.today(place.office)
    assert [(item.name, item.village) for item in made] == [("SUMI UJI", "99.01.01.2001")]
    counter.hands.until(lambda: counter.hands.window.findChild(QWidget, "print") is not None)
    assert drafts(place) == 0
    assert counter.hands.window.findChild(QPushButton, f"applicant.slip.{made[0].referral_no}") is not None


def test_what_is_wrong_with_a_referral_is_said_at_its_line_and_nothing_is_kept(
    counter: Counter, place: Workplace
) -> None:
    counter.screen.bench.applicant.ask_referral()
    counter.hands.find(QLineEdit, "referral.name").setText("SUMI2")
    counter.hands.find(QPushButton, "referral.confirm").click()
    counter.hands.settle()
    assert counter.focus == "referral.name"
    assert counter.hands.find(QPushButton, "referral.confirm").isEnabled()
    assert referrals.today(place.office) == ()


def test_what_was_withdrawn_meanwhile_is_no_draft_and_the_page_lives_on(counter: Counter, place: Workplace) -> None:
    first = recording.start(place.office, NIK).record.record_id
    counter.start_page()
    recording.withdraw(place.office, first, "salah")
    button = counter.hands.find(QPushButton, f"applicant.resume.{first}")
    button.click()
    counter.hands.settle()
    assert counter.draft is None
    counter.finder.take_keyboard()
    counter.type(NIK)
    counter.enter()
    assert counter.draft is not None
    assert counter.draft.record.state is State.DRAFT
