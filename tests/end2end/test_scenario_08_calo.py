"""Scenario 8, a broker's friend at the counter: number 120 before number 40, without a reason.

Refused, kept in a trail that nobody can shorten, and in the report of the day that whoever answers can print.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox

from station.desk import recording, waiting_room
from station.domain.biometrics import Part
from station.domain.ids import new_record_id
from station.domain.steps import Step
from station.domain.turn import Why
from station.store import audit, records
from station.store.audit import AuditLine, Wanted
from station.store.audit_check import examine
from station.ui.print_dialog import PrintDialog
from station.ui.screens.guard.queue_dialog import QueueDialog
from tests.end2end.window import ENGLISH, Operator, window_of
from tests.support import filled, good_answers

NEXT, WANTED = 40, 120


@pytest.fixture
def at_forty(tmp_path: Path) -> Iterator[Operator]:
    """A morning on which 120 numbers were given out, and those before 40 were called in their turn."""
    with window_of(tmp_path, settings=ENGLISH) as operator:
        operator.sign_in()
        for number, record_id in enumerate(prepared(operator), start=1):
            waiting_room.make_ready(operator.office, record_id)
            if number < NEXT:
                waiting_room.take(operator.office, record_id)
        operator.open("records")
        operator.open("capture")
        operator.await_text("applicant.ready.heading", str(WANTED - NEXT + 1))
        yield operator


def prepared(operator: Operator) -> list[str]:
    """Drafts with complete forms, as the desk leaves them: the first as always, the others like it, all at once."""
    office = operator.office
    first = recording.start(office).record.record_id
    filled(office, first, good_answers(1))
    made = [first]
    with office.applicants.write() as connection:
        like = records.get(connection, first)
        assert like is not None
        for serial in range(2, WANTED + 1):
            entry = replace(like.record, record_id=new_record_id(office.now()), registration_no=f"R-{serial}")
            records.add(connection, replace(like, record=entry, answers=good_answers(serial)))
            made.append(entry.record_id)
    return made


def call(operator: Operator, number: int) -> None:
    """Type a number below the list, and Enter."""
    operator.player.type(str(number), into="applicant.ready.number")
    operator.player.enter()


def told(operator: Operator, action: str) -> list[AuditLine]:
    with operator.office.applicants.read() as connection:
        return list(audit.each(connection, Wanted(actions=frozenset({action}))))


def test_number_120_is_not_called_before_40_without_a_reason_and_the_try_is_logged_and_in_the_report(
    at_forty: Operator,
) -> None:
    _it_is_refused_and_said_why(at_forty)
    _it_is_logged(at_forty)
    _a_full_stop_is_no_reason_either(at_forty)
    _forty_is_called_as_if_nothing_had_happened(at_forty)
    _for_a_reason_120_comes_before_others_and_that_is_written_down_too(at_forty)
    _all_of_it_is_in_the_report_of_the_day_and_on_paper(at_forty)


def _it_is_refused_and_said_why(operator: Operator) -> None:
    call(operator, WANTED)
    operator.await_text("turn.question", str(WANTED), str(NEXT))
    operator.await_text("turn.consequence", str(WANTED - NEXT))
    operator.player.click("turn.call")
    operator.await_text("turn.said", f"number {NEXT} is next", "in the report of the day")
    assert operator._screen().session.draft is None, "nobody came before a device"
    assert operator.player.sees("turn.call"), "and the way to give a reason is open"


def _it_is_logged(operator: Operator) -> None:
    (line,) = told(operator, "call_refused")
    assert line.operator_id == operator.office.operator.operator_id
    assert dict(line.detail) == {"ticket": WANTED, "first_ticket": NEXT, "ahead": WANTED - NEXT}
    with operator.office.applicants.read() as connection:
        assert examine(connection, ()).whole, "in the chain of the trail"


def _a_full_stop_is_no_reason_either(operator: Operator) -> None:
    choose(operator, Why.OTHER)
    operator.player.type(".", into="turn.words")
    operator.player.click("turn.call")
    operator.await_text("turn.said", "no reason yet")
    assert len(told(operator, "call_refused")) == 2
    operator.player.click("turn.keep")
    operator.player.wait_until(lambda: not operator.player.sees("turn"), "nobody is called")


def _forty_is_called_as_if_nothing_had_happened(operator: Operator) -> None:
    call(operator, NEXT)
    operator.player.wait_until(lambda: operator.step is Step.PHOTO, "number 40 is in the booth")
    assert operator.draft.ticket == NEXT
    operator._screen().session.put_aside()
    operator.player.find("applicant.nik")
    assert not told(operator, "call_out_of_turn")


def _for_a_reason_120_comes_before_others_and_that_is_written_down_too(operator: Operator) -> None:
    call(operator, WANTED)
    operator.player.find("turn.call")
    choose(operator, Why.PREGNANT)
    operator.player.click("turn.call")
    operator.player.wait_until(lambda: operator.step is Step.PHOTO, "number 120 is in the booth")
    assert operator.draft.ticket == WANTED
    assert Part.FACE not in operator.draft.captures
    (line,) = told(operator, "call_out_of_turn")
    assert (line.detail["why"], line.detail["ahead"]) == (Why.PREGNANT, WANTED - NEXT - 1)


def _all_of_it_is_in_the_report_of_the_day_and_on_paper(operator: Operator) -> None:
    operator.open("guard")
    operator.await_text("guard.queue.said", f"Numbers given: {WANTED}", "2 tries without a reason were refused")
    operator.player.click("guard.queue.report")
    dialog = operator.player.find("queue", QueueDialog)
    operator.await_text("queue.said", f"Called in: {NEXT + 1}, of these in their turn: {NEXT}")
    rows = [[str(dialog.model.index(row, at).data()) for at in range(6)] for row in range(dialog.model.rowCount())]
    officer = operator.office.operator.name
    assert [(row[1], row[2], row[4], row[5]) for row in rows] == [
        (officer, "120", "Tried without a reason: refused", "–"),
        (officer, "120", "Tried without a reason: refused", "–"),
        (officer, "120", "Called before others, with a reason", "Pregnant, or with a baby"),
    ]
    assert "80 people, next was 40" in rows[0][3]
    operator.player.click("queue.print")
    paper = dialog.findChild(PrintDialog)
    assert paper is not None
    html = paper._paper.html
    assert html.count("refused") >= 2 and officer in html
    assert not any(good_answers(number)["name"] in html for number in (NEXT, WANTED)), "numbers, nobody's name"
    paper.reject()
    dialog.reject()


def choose(operator: Operator, why: Why) -> None:
    box = operator.player.find("turn.why", QComboBox)
    box.setCurrentIndex(box.findData(why.value))
