"""Scenario 7, a sixteen-year-old: recorded now, told the day of the card, in the print queue from that birthday on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from station.domain.eligibility import CARD_AGE, print_from
from station.domain.record import RecordKey
from station.training.people import PEOPLE, Person
from station.ui.models.records import STATE
from station.ui.print_dialog import PrintDialog
from station.ui.screens.records import RecordsScreen
from tests.end2end.window import ENGLISH, ForwardClock, Operator, texts_below, window_of

DEWI = next(person for person in PEOPLE if person.answers["name"] == "DEWI ANGGRAINI UJI")
DAYS = 2
"""Until the seventeenth birthday."""


def sixteen(clock: ForwardClock) -> tuple[Person, date]:
    """Somebody who turns 17 in two days, and that day: whatever today is, she is sixteen."""
    birthday = clock.now().astimezone().date() + timedelta(days=DAYS)
    if (birthday.month, birthday.day) == (2, 29):
        birthday += timedelta(days=1)  # nobody born in a common year has that birthday
    born = birthday.replace(year=birthday.year - CARD_AGE)
    nik = f"{DEWI.nik[:6]}{born.day + 40:02d}{born:%m%y}{DEWI.nik[12:]}"
    answers = {**DEWI.answers, "nik": nik, "birth_date": born.isoformat()}
    return replace(DEWI, answers=answers, seed=int(nik)), birthday


def test_a_sixteen_year_old_is_recorded_and_stands_in_the_print_queue_from_the_seventeenth_birthday_on(
    tmp_path: Path,
) -> None:
    clock = ForwardClock()
    with window_of(tmp_path, clock=clock, settings=ENGLISH) as operator:
        operator.sign_in()
        person, birthday = sixteen(clock)
        record_id = _the_form_says_from_which_day_the_card_is_printed(operator, person, birthday)
        operator.capture_all(person)
        key = _she_is_sealed_and_takes_the_day_home_on_paper(operator, record_id, birthday)
        _central_calls_her_print_ready_like_anybody(operator, key)
        _she_is_not_in_the_print_queue(operator, key, birthday)
        clock.pass_time(timedelta(days=DAYS - 1).total_seconds())
        _she_is_not_in_the_print_queue(operator, key, birthday)
        clock.pass_time(timedelta(days=1).total_seconds())
        _she_is_in_the_print_queue(operator, key)


@pytest.mark.parametrize(
    ("born", "day_before", "day"),
    [
        ("2010-05-15", "2027-05-14", "2027-05-15"),
        ("2012-02-29", "2029-02-28", "2029-03-01"),  # no leap year: she grows older on 1 March
        ("2012-03-01", "2029-02-28", "2029-03-01"),
        ("2011-12-31", "2028-12-30", "2028-12-31"),
    ],
)
def test_the_day_before_it_is_still_to_come_and_on_the_day_it_is_there(born: str, day_before: str, day: str) -> None:
    answers = {"birth_date": born, "marital_status": "1"}
    assert print_from(answers, date.fromisoformat(day_before)) == date.fromisoformat(day)
    assert print_from(answers, date.fromisoformat(day)) is None


def test_who_is_married_at_sixteen_prints_at_once() -> None:
    assert print_from({"birth_date": "2010-02-20", "marital_status": "2"}, date(2026, 11, 21)) is None


def _the_form_says_from_which_day_the_card_is_printed(operator: Operator, person: Person, birthday: date) -> str:
    record_id = operator.begin(person)
    operator._fill_in(person, shown=False)
    said = " ".join(texts_below(operator._screen().bench.side))
    assert "16 years" in said
    assert f"early recording, print from {birthday:%d-%m-%Y}" in said
    return record_id


def _she_is_sealed_and_takes_the_day_home_on_paper(operator: Operator, record_id: str, birthday: date) -> RecordKey:
    operator._verify()
    operator.player.wait_until(lambda: operator._screen().bench.review.complete, "everything is complete")
    operator.player.click("capture.next")
    operator.player.click("sealed.print")
    paper = operator._screen().findChild(PrintDialog)
    assert paper is not None
    assert f"can be printed from {birthday:%d-%m-%Y}, the 17th birthday" in paper._paper.html
    paper.reject()
    operator.player.click("sealed.next")
    operator.player.find("applicant.nik")
    return RecordKey(record_id, 1)


def _central_calls_her_print_ready_like_anybody(operator: Operator, key: RecordKey) -> None:
    def told() -> bool:
        packet = operator.depot.outbox.get(key)
        return packet is not None and packet.central_code == "PRINT_READY_RECORD"

    operator.player.wait_until(told, "central says print ready")


def _she_is_not_in_the_print_queue(operator: Operator, key: RecordKey, birthday: date) -> None:
    assert state_of(operator, key, f"Print from {birthday:%d-%m-%Y}")
    operator.open("sync")
    operator.await_text("sync.count.print_ready.remark", "1 at the 17th birthday")
    assert operator.read("sync.count.print_ready.number") == "0"


def _she_is_in_the_print_queue(operator: Operator, key: RecordKey) -> None:
    assert state_of(operator, key, "Ready to print")
    operator.open("sync")
    operator.await_text("sync.count.print_ready.number", "1")
    assert "birthday" not in operator.read("sync.count.print_ready.remark")


def state_of(operator: Operator, key: RecordKey, wanted: str) -> bool:
    """The state in the list, read anew when the list is opened."""
    operator.open("records")
    model = operator.player.find("records", RecordsScreen).model

    def shown() -> bool:
        row = model.row_of(key.record_id)
        return row >= 0 and model.index(row, STATE).data() == wanted

    operator.player.wait_until(shown, f"the list says {wanted}")
    return shown()
