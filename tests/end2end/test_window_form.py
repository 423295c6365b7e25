"""The form in the real window: one Enter when nothing is open, a question in time, no change of data away from home."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from station.desk import recording
from station.domain.service import Service
from station.domain.steps import Step
from station.store import records
from station.training.people import EVERYONE, Person
from tests.end2end.window import Operator, window_of


def named(name: str) -> Person:
    return next(person for person in EVERYONE if person.answers["name"] == name)


def put(operator: Operator, person: Person, *, listed: dict[str, str] | None = None, without: str = "") -> str:
    """A draft of `person` at the form, as the desk beside the booth leaves it."""
    record_id = recording.start(operator.office).record.record_id
    for key, value in person.answers.items():
        recording.answer(operator.office, record_id, key, "" if key == without else value)
    with operator.office.applicants.write() as connection:
        stored = records.get(connection, record_id)
        assert stored is not None
        records.save(connection, replace(stored, listed=listed or {}, step=Step.BIODATA))
    operator._screen().resume(record_id)
    operator.player.wait_until(lambda: operator._is_open(record_id), "the form is open")
    return record_id


def cursor(operator: Operator) -> str:
    found: QWidget | None = operator.app.window.focusWidget()
    return found.objectName() if found is not None else ""


def test_the_form_in_the_window(tmp_path: Path) -> None:
    with window_of(tmp_path) as operator:
        operator.sign_in()
        _nothing_open_is_one_enter(operator)
        _a_question_is_met_on_the_way(operator)
        _away_from_home_everything_is_read(operator)
        _only_what_was_asked_is_approved(operator)


def _nothing_open_is_one_enter(operator: Operator) -> None:
    put(operator, named("BUDI SANTOSO CONTOH"))
    assert cursor(operator) == "capture.next"
    operator.player.enter()
    operator.player.wait_until(lambda: operator.step is Step.PHOTO, "one Enter has gone on")


def _a_question_is_met_on_the_way(operator: Operator) -> None:
    """Work that is left has the cursor, and a new answer's own question is the next stop."""
    put(operator, named("WAYAN CONTOH"), without="occupation")
    assert cursor(operator) == "form.occupation"
    operator.player.type("89")
    operator.player.enter()
    assert cursor(operator) == "form.occupation_text"
    operator.player.type("penjaga contoh")
    operator.player.enter()
    operator.player.wait_until(lambda: operator.draft.answers.get("occupation_text") == "PENJAGA CONTOH", "stored")


def _away_from_home_everything_is_read(operator: Operator) -> None:
    person = named("LIM MEI CONTOH")
    listed = {key: person.answers[key] for key in ("nik", "kk", "name", "birth_date", "address", "village")}
    put(operator, person, listed=listed)
    assert operator.draft.service is Service.OUT_OF_DOMICILE
    assert operator.player.sees("biodata.locked")
    name = operator.player.find("form.name", QLineEdit)
    assert name.isReadOnly()
    name.setFocus(Qt.FocusReason.TabFocusReason)
    operator.player.type("X")
    assert name.text() == person.answers["name"]


def _only_what_was_asked_is_approved(operator: Operator) -> None:
    person = named("JOHN EXAMPLE SMITH")
    put(operator, person)
    operator._screen().go(Step.REVIEW)
    operator.player.wait_until(lambda: operator.player.sees("review.permit_no"), "the review shows the permit")
    assert operator.player.find("review.permit_kind", QLabel).text() == "ITAP"
    for key in ("belief", "divorce_date", "mother_name", "disability_kind"):
        assert not operator.player.sees(f"review.{key}"), key
    text = operator._screen().bench.review.reading.text
    assert "2D41AB0001-X" in text
    assert "ITAP" in text
