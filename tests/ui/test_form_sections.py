"""What the form asks of whom: questions that come and go, folded parts, what the list says, what is locked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from station import i18n
from station.domain.form import FIELDS, shown_answers
from station.domain.outcome import Reason
from station.ui import theme
from station.ui.form.choice_entry import ChoiceEntry
from station.ui.form.form_view import FormView
from tests.ui.test_form import Desk, Villages, editor, focused, note, write

GOOD = shown_answers({field.key: field.good for field in FIELDS})


@pytest.fixture(autouse=True, scope="module")
def look(qapp: QApplication) -> None:
    theme.apply(qapp)
    i18n.use("en")


@pytest.fixture
def form(qtbot: QtBot) -> Iterator[FormView]:
    made = FormView(Villages())
    made.resize(820, 900)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete)


@pytest.fixture
def desk(form: FormView) -> Desk:
    return Desk(form)


def sees(form: FormView, key: str) -> bool:
    return form.boxes[key].isVisible()


def fold_button(form: FormView, section: str) -> QPushButton:
    found = form.findChild(QPushButton, f"form.unfold.{section}")
    assert isinstance(found, QPushButton)
    return found


def press(form: FormView, key: Qt.Key) -> None:
    QTest.keyClick(form.window().focusWidget(), key)


# ------------------------------------------------------------------------------------------ questions come and go


@pytest.mark.parametrize(
    ("key", "typed", "asked", "before"),
    [
        ("religion", "7", "belief", "marital_status"),
        ("marital_status", "2", "marriage_certificate", "occupation"),
        ("marital_status", "3", "divorce_certificate", "occupation"),
        ("citizenship", "2", "permit_kind", "religion"),
    ],
)
def test_an_answer_brings_its_question_and_the_cursor_goes_where_it_would_have_gone(
    qtbot: QtBot, form: FormView, desk: Desk, key: str, typed: str, asked: str, before: str
) -> None:
    assert not sees(form, asked)
    write(qtbot, form, key, typed)
    assert sees(form, asked)
    assert focused(form) == f"form.{before}"


def test_a_question_is_there_before_the_desk_has_answered(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    """Enter must find it: the next field is chosen at the key press, the desk answers later."""
    form.answered.disconnect(desk.answer)
    write(qtbot, form, "occupation", "89")
    assert focused(form) == "form.occupation_text"
    desk.show()  # an older draft, which does not know of it yet
    assert sees(form, "occupation_text")
    assert focused(form) == "form.occupation_text"


def test_a_question_goes_when_its_reason_goes_and_its_answer_comes_back_with_it(
    qtbot: QtBot, form: FormView, desk: Desk
) -> None:
    write(qtbot, form, "religion", "7")
    write(qtbot, form, "belief", "kepercayaan contoh")
    write(qtbot, form, "religion", "1")
    assert not sees(form, "belief")
    write(qtbot, form, "religion", "7")
    assert sees(form, "belief")
    assert editor(form, "belief").text() == "KEPERCAYAAN CONTOH"


def test_what_stands_above_the_cursor_never_moves_when_questions_come(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    form.focus("occupation")
    place = editor(form, "occupation").mapTo(form, editor(form, "occupation").rect().topLeft())
    write(qtbot, form, "religion", "7")
    write(qtbot, form, "marital_status", "2")
    QApplication.processEvents()
    assert editor(form, "occupation").mapTo(form, editor(form, "occupation").rect().topLeft()) == place


def test_another_person_is_asked_what_belongs_to_them(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    write(qtbot, form, "citizenship", "2")
    assert sees(form, "permit_kind")
    other = replace(desk.draft, record=replace(desk.draft.record, record_id="r2"), answers=GOOD, findings=())
    form.show_draft(other)
    assert not sees(form, "permit_kind")


# ------------------------------------------------------------------------------------------------------- folding


def test_what_nobody_needs_is_folded_and_enter_goes_past_it(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    assert not sees(form, "family_relation")
    assert not sees(form, "passport_no")
    assert "optional" in fold_button(form, "family").text()
    form.focus("village")
    with qtbot.waitSignal(form.finished):
        QTest.keyClick(editor(form, "village"), Qt.Key.Key_Return)


def test_f9_opens_it_with_the_cursor_in_its_first_field_and_closes_it_again(form: FormView, desk: Desk) -> None:
    form.focus("nik")
    press(form, Qt.Key.Key_F9)
    assert sees(form, "family_relation")
    assert focused(form) == "form.passport_no"
    press(form, Qt.Key.Key_F9)
    assert not sees(form, "family_relation")
    assert focused(form) == "form.unfold.stay"


def test_an_open_part_is_on_the_way_of_enter(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    button = fold_button(form, "family")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert focused(form) == "form.family_relation"
    assert not sees(form, "passport_no")
    write(qtbot, form, "village", "99.01.01.2001")
    assert focused(form) == "form.family_relation"


def test_a_foreigner_must_answer_what_others_may_leave_folded(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    write(qtbot, form, "citizenship", "2")
    assert sees(form, "passport_no")
    assert not fold_button(form, "stay").isVisible()
    caption = form.findChild(QLabel, "form.section.stay")
    assert isinstance(caption, QLabel)
    assert caption.isVisible()


def test_what_is_wrong_in_a_folded_part_opens_it(form: FormView, desk: Desk) -> None:
    desk.draft = replace(desk.draft, answers={**GOOD, "father_nik": "123"})
    desk.show()
    assert sees(form, "father_nik")
    assert form.focus_first_open()
    assert focused(form) == "form.father_nik"


def test_a_part_never_closes_under_the_cursor(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    desk.draft = replace(desk.draft, answers={**GOOD, "father_nik": "123"})
    desk.show()
    write(qtbot, form, "father_nik", "0")
    assert desk.draft.errors == ()
    assert sees(form, "father_nik")
    assert focused(form) == "form.mother_name"


def test_what_central_refused_in_a_folded_part_is_seen(form: FormView, desk: Desk) -> None:
    desk.draft = replace(desk.draft, answers=GOOD, refused=(Reason("title.unknown", "title", "Gelar salah."),))
    desk.show()
    assert sees(form, "title")
    assert note(form, "title") == "Central: Gelar salah."


def test_the_heading_tells_how_much_is_known_already(form: FormView, desk: Desk) -> None:
    desk.draft = replace(desk.draft, answers={**GOOD, "passport_no": "", "passport_expires": ""})
    desk.show()
    assert "filled in" not in fold_button(form, "stay").text()
    filled = sum(bool(GOOD.get(field.key)) for field in FIELDS if field.section.name == "FAMILY")
    assert f"{filled} filled in" in fold_button(form, "family").text()


def test_a_person_with_everything_in_the_list_leaves_nothing_to_type(form: FormView, desk: Desk) -> None:
    desk.draft = replace(desk.draft, answers=GOOD)
    desk.show()
    assert desk.draft.findings == ()
    assert not form.focus_first_open()


# ------------------------------------------------------------------------------------------- the list, and locks


def test_a_field_that_differs_from_the_list_shows_what_the_list_says(form: FormView, desk: Desk) -> None:
    listed = {"religion": "3", "birth_date": "1988-04-20", "kk": "9901010503190002", "name": GOOD["name"]}
    desk.draft = replace(desk.draft, answers=GOOD, listed=listed)
    desk.show()
    told = {key: form.boxes[key].title.listed for key in listed}
    assert told == {
        "religion": "In the list: KATOLIK",
        "birth_date": "In the list: 20-04-1988",
        "kk": "In the list: 9901 0105 0319 0002",
        "name": "",
    }
    assert "In the list: KATOLIK" in editor(form, "religion").accessibleDescription()


def test_the_mark_goes_when_the_answer_is_put_back(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    desk.draft = replace(desk.draft, answers=GOOD, listed={"rt": "009"})
    desk.show()
    write(qtbot, form, "rt", "9")
    assert form.boxes["rt"].title.listed == ""
    assert editor(form, "rt").accessibleDescription() == ""


def test_a_listed_village_is_named_and_not_only_numbered(qtbot: QtBot, form: FormView, desk: Desk) -> None:
    desk.draft = replace(desk.draft, answers=GOOD, listed={"village": "99.01.02.2001"})
    desk.show()
    qtbot.waitUntil(lambda: "TANJUNG UJI" in form.boxes["village"].title.listed)


@pytest.fixture
def locked(form: FormView, desk: Desk) -> Desk:
    """Somebody from another regency: all the list knows is only read."""
    listed = {key: value for key, value in GOOD.items() if key not in ("blood_type", "phone")}
    desk.draft = replace(desk.draft, answers={**GOOD, "blood_type": ""}, listed=listed, held=frozenset(listed))
    desk.show()
    return desk


def test_a_locked_field_cannot_be_changed_by_any_key(qtbot: QtBot, form: FormView, locked: Desk) -> None:
    for key in ("name", "religion", "village"):
        before = editor(form, key).text()
        form.focus(key)
        for stroke in (Qt.Key.Key_Down, Qt.Key.Key_A, Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            QTest.keyClick(editor(form, key), stroke)
        QTest.mouseClick(editor(form, key), Qt.MouseButton.LeftButton)
        entry = editor(form, key)
        assert not (isinstance(entry, ChoiceEntry) and entry.list_open)
        assert editor(form, key).text() == before
        form.flush()
    assert locked.order == []


def test_a_locked_field_looks_locked_and_enter_goes_past_it(qtbot: QtBot, form: FormView, locked: Desk) -> None:
    assert editor(form, "name").property("read") == "only"
    assert editor(form, "blood_type").property("read") is None
    assert form.focus_first_open()
    assert focused(form) == "form.blood_type"
    QTest.keyClicks(editor(form, "blood_type"), "4")
    QTest.keyClick(editor(form, "blood_type"), Qt.Key.Key_Return)
    assert focused(form) == "form.phone"


def test_what_differs_already_can_be_put_back(form: FormView, locked: Desk) -> None:
    locked.draft = replace(locked.draft, answers={**GOOD, "name": "SITI AMINAH KONTOH"})
    locked.show()
    assert not form.boxes["name"].locked
    assert form.boxes["name"].title.listed == "In the list: SITI AMINAH CONTOH"


def test_a_code_of_tomorrow_is_shown_by_its_number(form: FormView, desk: Desk) -> None:
    desk.draft = replace(desk.draft, answers={**GOOD, "occupation": "95"}, listed={"occupation": "95"})
    desk.show()
    assert editor(form, "occupation").text() == "Kode 95 (tidak dikenal)"
