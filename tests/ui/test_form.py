"""The form as a person meets it: typing, pasting, choosing, leaving fields, letting a doubt stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from station import i18n
from station.domain.codes import MARITAL_STATUS, OCCUPATION
from station.domain.draft import Confirmation, Draft
from station.domain.form import FIELDS, Context, check_form, clean, field_of
from station.domain.outcome import Reason
from station.domain.record import Record, State
from station.domain.regions import Village
from station.domain.steps import Step
from station.store.villages import VillageTable
from station.ui import theme
from station.ui.form.code_entry import CodeEntry, fitting
from station.ui.form.field_box import FieldBox
from station.ui.form.form_view import FormView
from station.ui.form.number_entry import NumberEntry, grouped
from station.ui.form.village_entry import VillageEntry
from tests.support import TODAY


class Villages:
    """The region table of training mode, answering a moment later as the desk does."""

    def __init__(self) -> None:
        self.table = VillageTable(training=True)
        self.asked: list[str] = []

    def find_villages(self, typed: str, done: Callable[[tuple[Village, ...]], None]) -> None:
        self.asked.append(typed)
        QTimer.singleShot(0, lambda: done(self.table.find(typed, 20)))

    def village(self, code: str, done: Callable[[Village | None], None]) -> None:
        QTimer.singleShot(0, lambda: done(self.table.get(code)))


class Desk:
    """Stores answers in a draft and shows it again: what the session does, without disk."""

    def __init__(self, form: FormView) -> None:
        self.form = form
        entry = Record("r1", 1, State.DRAFT, "R-1", "", "", "", TODAY, None, TODAY)
        self.draft = Draft(entry, {"citizenship": "1"}, Step.BIODATA, {}, (), (), (), ())
        self.order: list[str] = []
        form.answered.connect(self.answer)
        form.confirmed.connect(self.confirm)
        self.show()

    def answer(self, key: str, raw: str) -> None:
        self.order.append(key)
        self.draft = replace(self.draft, answers={**self.draft.answers, key: clean(field_of(key), raw)})
        self.show()

    def confirm(self, field: str, code: str, reason: str) -> None:
        self.draft = replace(self.draft, confirmed=(*self.draft.confirmed, Confirmation(field, code, reason)))
        self.show()

    def show(self) -> None:
        found = check_form(self.draft.answers, Context(date(2026, 11, 21), training=True))
        self.draft = replace(self.draft, findings=tuple(found))
        self.form.show_draft(self.draft)


@pytest.fixture(autouse=True, scope="module")
def look(qapp: QApplication) -> None:
    theme.apply(qapp)
    i18n.use("en")


@pytest.fixture
def villages() -> Villages:
    return Villages()


@pytest.fixture
def form(qtbot: QtBot, villages: Villages) -> Iterator[FormView]:
    made = FormView(villages)
    made.resize(820, 600)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete)


@pytest.fixture
def desk(form: FormView) -> Desk:
    return Desk(form)


def editor(form: FormView, key: str) -> QLineEdit:
    found = form.findChild(QLineEdit, f"form.{key}")
    assert isinstance(found, QLineEdit)
    return found


def note(form: FormView, key: str) -> str:
    return form.boxes[key].note.text


def focused(form: FormView) -> str:
    widget = form.focusWidget()
    return widget.objectName() if isinstance(widget, QWidget) else ""


def write(qtbot: QtBot, form: FormView, key: str, text: str, *, enter: bool = True) -> None:
    form.focus(key)
    QTest.keyClicks(editor(form, key), text)
    if enter:
        QTest.keyClick(editor(form, key), Qt.Key.Key_Return)


def test_every_field_of_the_domain_is_drawn_with_a_name_for_screen_readers(form: FormView) -> None:
    assert list(form.boxes) == [field.key for field in FIELDS]
    assert all(editor(form, field.key).accessibleName() == field.label for field in FIELDS)


def test_a_pasted_nik_is_cleaned_and_grouped(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    QGuiApplication.clipboard().setText("9901.0161-0488 0001")
    form.focus("nik")
    editor(form, "nik").paste()
    QTest.keyClick(editor(form, "nik"), Qt.Key.Key_Return)
    assert desk.draft.answers["nik"] == "9901016104880001"
    assert editor(form, "nik").text() == "9901 0161 0488 0001"
    assert focused(form) == "form.kk"


def test_typing_a_number_groups_it_and_counts_its_digits(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    write(qtbot, form, "nik", "990101610", enter=False)
    entry = editor(form, "nik")
    assert isinstance(entry, NumberEntry)
    assert entry.text() == "9901 0161 0"
    assert entry.trailing == "9/16"
    QTest.keyClick(entry, Qt.Key.Key_Backspace)
    assert entry.text() == "9901 0161"


@pytest.mark.parametrize(
    ("number", "shown"), [("", ""), ("9901", "9901"), ("99010161", "9901 0161"), ("99A", "99A"), ("9901 1", "9901 1")]
)
def test_only_digits_are_grouped(number: str, shown: str) -> None:
    assert grouped(number) == shown


def test_a_name_is_upper_case_as_it_is_typed_and_the_cursor_stays(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    write(qtbot, form, "name", "siti aminah", enter=False)
    entry = editor(form, "name")
    assert entry.text() == "SITI AMINAH"
    entry.setCursorPosition(4)
    QTest.keyClicks(entry, "x")
    assert entry.text() == "SITIX AMINAH"
    assert entry.cursorPosition() == 5


def test_a_date_typed_in_one_go_is_written_out_on_leaving(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    write(qtbot, form, "birth_date", "05071990")
    assert editor(form, "birth_date").text() == "05-07-1990"
    assert desk.draft.answers["birth_date"] == "1990-07-05"


def test_what_is_no_date_stays_as_typed_and_is_named(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    write(qtbot, form, "birth_date", "31-02-1990")
    assert editor(form, "birth_date").text() == "31-02-1990"
    assert "not a date" in note(form, "birth_date")


@pytest.mark.parametrize(("typed", "code"), [("2", "2"), ("kaw", "2"), ("mati", "4"), ("1", "1")])
def test_a_code_is_chosen_by_number_or_by_letters(
    qtbot: QtBot, form: FormView, desk: Desk, typed: str, code: str
) -> None:
    write(qtbot, form, "marital_status", typed)
    assert desk.draft.answers["marital_status"] == code
    assert editor(form, "marital_status").text() == f"{code} · {MARITAL_STATUS.label(code)}"
    assert focused(form) == "form.occupation"


def test_the_exact_number_comes_before_numbers_that_begin_with_it() -> None:
    entry = CodeEntry(OCCUPATION)
    assert [choice.code for choice in fitting(entry._all, "8")[:3]] == ["8", "80", "81"]
    assert fitting(entry._all, "guru")[0].code == "65"
    assert fitting(entry._all, "qqq") == ()


def test_what_is_no_code_is_kept_and_named(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    write(qtbot, form, "religion", "zz")
    assert desk.draft.answers["religion"] == "ZZ"
    assert "does not exist" in note(form, "religion")


def test_leaving_a_code_with_tab_takes_the_marked_choice(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    write(qtbot, form, "marital_status", "cerai h", enter=False)
    QTest.keyClick(editor(form, "marital_status"), Qt.Key.Key_Tab)
    assert not editor(form, "marital_status").hasFocus()
    assert desk.draft.answers["marital_status"] == "3"


def test_the_list_is_walked_with_arrows_and_closed_by_esc(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    form.focus("marital_status")
    entry = editor(form, "marital_status")
    assert isinstance(entry, CodeEntry)
    QTest.keyClick(entry, Qt.Key.Key_Down)
    assert entry.list_open
    QTest.keyClick(entry, Qt.Key.Key_Escape)
    assert not entry.list_open
    QTest.keyClick(entry, Qt.Key.Key_Down)
    QTest.keyClick(entry, Qt.Key.Key_Down)
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert desk.draft.answers["marital_status"] == "2"
    assert not entry.list_open


def test_a_choice_is_taken_with_the_mouse(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    entry = editor(form, "marital_status")
    QTest.mouseClick(entry, Qt.MouseButton.LeftButton)
    choices = form.findChild(QListView, "form.marital_status.list")
    assert isinstance(choices, QListView)
    place = choices.visualRect(choices.model().index(3, 0)).center()
    QTest.mouseClick(choices.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.draft.answers["marital_status"] == "4"


def test_three_letters_find_a_village_and_show_its_parents(
    qtbot: QtBot, form: FormView, desk: Desk, villages: Villages
) -> None:
    write(qtbot, form, "village", "suk", enter=False)
    entry = editor(form, "village")
    assert isinstance(entry, VillageEntry)
    qtbot.waitUntil(lambda: entry.list_open)
    assert villages.asked == ["SUK"]
    with qtbot.waitSignal(form.finished):
        QTest.keyClick(entry, Qt.Key.Key_Return)
    assert desk.draft.answers["village"] == "99.01.01.2001"
    assert entry.text() == "SUKAMAJU CONTOH"
    assert "UJI UTARA" in entry.trailing
    assert "99.01.01.2001" in entry.trailing


def test_enter_before_the_villages_arrived_waits_for_them(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    write(qtbot, form, "village", "tanjung uji", enter=False)
    with qtbot.waitSignal(form.finished):
        QTest.keyClick(editor(form, "village"), Qt.Key.Key_Return)
    assert desk.draft.answers["village"] == "99.01.02.2001"


def test_an_exact_village_code_is_taken_as_it_is(qtbot: QtBot, form: FormView, desk: Desk, villages: Villages) -> None:
    with qtbot.waitSignal(form.finished):
        write(qtbot, form, "village", "99.01.01.2001")
    assert desk.draft.answers["village"] == "99.01.01.2001"
    assert "99.01.01.2001" not in villages.asked
    qtbot.waitUntil(lambda: editor(form, "village").text() == "SUKAMAJU CONTOH")


def test_enter_walks_through_all_fields_that_are_asked_and_shift_enter_back(
    qtbot: QtBot, form: FormView, desk: Desk
) -> None:
    form.focus("nik")
    stops = [field for field in FIELDS if form.boxes[field.key].isVisible()]
    assert [field.key for field in stops][-3:] == ["rw", "phone", "village"]
    for field in stops[:-1]:
        assert focused(form) == f"form.{field.key}"
        QTest.keyClick(editor(form, field.key), Qt.Key.Key_Return)
    with qtbot.waitSignal(form.finished):
        QTest.keyClick(editor(form, stops[-1].key), Qt.Key.Key_Return)
    form.focus("kk")
    QTest.keyClick(editor(form, "kk"), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert focused(form) == "form.nik"
    with qtbot.waitSignal(form.back):
        QTest.keyClick(editor(form, "nik"), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)


def test_an_empty_field_is_marked_only_when_asked_for(form: FormView, desk: Desk) -> None:
    assert note(form, "address") == ""
    form.reveal()
    assert "still empty" in note(form, "address")


def test_a_warning_may_stand_with_a_reason_from_the_list(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    write(qtbot, form, "name", "siti")
    assert "single word" in note(form, "name")
    button = form.findChild(QPushButton, "form.name.reason")
    assert isinstance(button, QPushButton)
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    menu = form.findChild(QMenu, "form.name.reason.menu")
    assert isinstance(menu, QMenu)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert [item.code for item in desk.draft.confirmed] == ["name.one_word"]
    assert note(form, "name") == "Reason kept: Matches the original family card"
    assert not button.isVisible()


def test_a_reason_in_own_words(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    write(qtbot, form, "name", "siti")
    form.boxes["name"].note._ask_own()
    own = form.findChild(QLineEdit, "form.name.own_reason")
    assert isinstance(own, QLineEdit)
    QTest.keyClick(own, Qt.Key.Key_Return)
    assert not desk.draft.confirmed
    QTest.keyClicks(own, "akta lama")
    QTest.keyClick(own, Qt.Key.Key_Return)
    assert desk.draft.confirmed[0].reason == "akta lama"


def test_what_is_being_typed_is_not_overwritten_by_an_older_draft(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    write(qtbot, form, "name", "siti amin", enter=False)
    desk.show()
    assert editor(form, "name").text() == "SITI AMIN"
    form.flush()
    assert desk.draft.answers["name"] == "SITI AMIN"


def test_what_could_not_be_stored_is_handed_over_again(qtbot: QtBot, form: FormView) -> None:
    entry = Record("r1", 1, State.DRAFT, "R-1", "", "", "", TODAY, None, TODAY)
    form.show_draft(Draft(entry, {}, Step.BIODATA, {}, (), (), (), ()))
    with qtbot.waitSignal(form.answered):
        write(qtbot, form, "name", "siti")
    form.not_stored()
    with qtbot.waitSignal(form.answered) as again:
        form.flush()
    assert again.args == ["name", "SITI"]


def test_what_is_typed_while_the_answer_before_is_stored_at_last_stays(qtbot: QtBot, form: FormView) -> None:
    entry = Record("r1", 1, State.DRAFT, "R-1", "", "", "", TODAY, None, TODAY)
    form.show_draft(Draft(entry, {}, Step.BIODATA, {}, (), (), (), ()))
    with qtbot.waitSignal(form.answered):
        write(qtbot, form, "name", "siti")
    form.not_stored()
    form.focus("name")
    QTest.keyClicks(editor(form, "name"), "rini")
    form.show_draft(Draft(entry, {"name": "SITI"}, Step.BIODATA, {}, (), (), (), ()))
    assert editor(form, "name").text() == "RINI"
    assert form.boxes["name"].note.text != "Not stored yet"
    with qtbot.waitSignal(form.answered) as again:
        form.flush()
    assert again.args == ["name", "RINI"]


def test_nothing_is_stored_when_nothing_was_typed(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    form.focus("name")
    QTest.keyClick(editor(form, "name"), Qt.Key.Key_Return)
    assert desk.order == []


def test_what_central_refused_stands_beside_its_field(form: FormView, desk: Desk) -> None:
    reason = Reason("kk.unknown", "kk", "Nomor KK tidak ditemukan.")
    desk.draft = replace(desk.draft, answers={"kk": "9901010503190001"}, refused=(reason,))
    desk.show()
    assert note(form, "kk") == "Central: Nomor KK tidak ditemukan."
    assert form.boxes["kk"].editor.property("tone") == "bad"


def test_another_person_never_sees_what_was_typed_for_the_one_before(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    write(qtbot, form, "name", "siti amin", enter=False)
    other = replace(desk.draft, record=replace(desk.draft.record, record_id="r2"), answers={})
    form.show_draft(other)
    box = form.boxes["name"]
    assert isinstance(box, FieldBox)
    assert editor(form, "name").text() == ""


def test_looking_at_the_list_and_enter_keep_the_answer(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    desk.answer("marital_status", "3")
    field = editor(form, "marital_status")
    field.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.draft.answers["marital_status"] == "3"


def test_after_the_last_reason_the_keyboard_is_in_the_next_field(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    desk.answer("name", "SUPARMAN")
    button = form.findChild(QPushButton, "form.name.reason")
    assert isinstance(button, QPushButton)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Return)
    menu = form.findChild(QMenu, "form.name.reason.menu")
    assert isinstance(menu, QMenu)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert [item.field for item in desk.draft.confirmed] == ["name"]
    assert QApplication.focusWidget() is editor(form, "sex")


def test_esc_keeps_a_reason_that_is_being_typed(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    desk.answer("name", "SUPARMAN")
    line = form.boxes["name"].note
    line._ask_own()
    own = form.findChild(QLineEdit, "form.name.own_reason")
    assert isinstance(own, QLineEdit)
    QTest.keyClicks(own, "nama satu kata di akta")
    QTest.keyClick(own, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is form.findChild(QPushButton, "form.name.reason")
    line._ask_own()
    assert own.text() == "nama satu kata di akta"
