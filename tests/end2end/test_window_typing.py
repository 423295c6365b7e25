"""Nothing typed is lost: whatever stands in a field when the operator goes away is in the draft when they come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from station.desk import recording
from station.domain.draft import Draft
from station.training.mode import PASSWORD
from station.training.people import PEOPLE
from tests.end2end.window import Operator, window_of
from tests.thinned import thinned

pytestmark = pytest.mark.usefixtures("qapp")

TYPED = {
    "name": ("siti aminah con", "SITI AMINAH CON"),
    "birth_date": ("05071990", "1990-07-05"),
    "religion": ("3", "3"),
    "kk": ("99010105", "99010105"),
    "address": ("jl. contoh", "JL. CONTOH"),
    "rt": ("7", "007"),
}
"""What is typed into each field, and what must be in the draft although the field was never left."""


def to_the_records(operator: Operator) -> None:
    operator.player.press(Qt.Key.Key_F3)
    operator.player.find("records")


def to_delivery(operator: Operator) -> None:
    operator.player.press(Qt.Key.Key_F6)
    operator.player.find("sync")


def lock(operator: Operator) -> None:
    operator.player.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    operator.player.find("lock.password")


def lock_and_sign_out(operator: Operator) -> None:
    lock(operator)
    operator.player.click("lock.leave")
    operator.player.find("signin.password")
    operator.sign_in()


def sign_out(operator: Operator) -> None:
    operator.app.window.sign_out()
    operator.player.find("signin.password")
    operator.sign_in()


def close(operator: Operator) -> None:
    operator.restart()
    operator.sign_in()


def stored(operator: Operator, record_id: str) -> Draft:
    return recording.resume(operator.office, record_id)


KINDS = list(TYPED)[:3]
WAYS: Mapping[Callable[[Operator], None], list[str]] = {
    to_the_records: list(TYPED),
    to_delivery: list(TYPED),
    lock: list(TYPED),
    lock_and_sign_out: thinned(KINDS, 1),
    sign_out: thinned(KINDS[1:] + KINDS[:1], 1),
    close: thinned(KINDS[2:] + KINDS[:2], 1),
}
"""How somebody goes away, and which fields they leave so: coming back through a window of its own takes seconds, so
most of the time each of those ways has another kind of field.
"""


def test_what_stands_in_a_field_is_in_the_draft_however_the_operator_goes_away(tmp_path: Path) -> None:
    with window_of(tmp_path) as operator:
        operator.sign_in()
        for leave, keys in WAYS.items():
            record_id = operator.begin(PEOPLE[1])
            for key in keys:
                what_is_typed_is_kept(operator, record_id, key, leave)
            operator.withdraw("salah orang")


def what_is_typed_is_kept(operator: Operator, record_id: str, key: str, leave: Callable[[Operator], None]) -> None:
    """And the field is there again."""
    typed, wanted = TYPED[key]
    assert stored(operator, record_id).answers.get(key, "") != wanted
    operator.write(key, typed)
    leave(operator)
    operator.player.wait_until(
        lambda: stored(operator, record_id).answers.get(key) == wanted,
        f"{key} is in the draft after {leave.__name__}",
        timeout_s=10,
    )
    if leave is lock:
        operator.player.type(PASSWORD, into="lock.password")
        operator.player.enter()
        operator.player.wait_until(lambda: not operator.player.sees("lock.password"), "the lock is open")
    elif leave in (to_the_records, to_delivery):
        operator.player.press(Qt.Key.Key_F2)
    else:
        operator.resume(record_id)
    operator.player.find(f"form.{key}")


def test_a_nik_that_is_being_corrected_is_in_the_draft_after_the_window_was_closed(tmp_path: Path) -> None:
    with window_of(tmp_path) as operator:
        operator.sign_in()
        record_id = operator.begin(PEOPLE[1])
        operator.player.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
        operator.player.find("applicant.nik").setFocus()
        operator.player.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        operator.player.type("99010161")
        operator.restart()
        operator.sign_in()
        assert stored(operator, record_id).answers["nik"] == "99010161"


def test_a_lock_keeps_a_nik_of_which_no_recording_was_begun(tmp_path: Path) -> None:
    with window_of(tmp_path) as operator:
        operator.sign_in()
        operator.player.type("99010161", into="applicant.nik")
        lock(operator)
        operator.player.type(PASSWORD, into="lock.password")
        operator.player.enter()
        assert operator.player.find("applicant.nik", QLineEdit).text() == "9901 0161"
        assert recording.open_drafts(operator.office) == ()
