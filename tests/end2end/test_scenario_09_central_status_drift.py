"""Scenario 9, central talks on: the server returns a code nobody here knows. Shown, listed, and nothing falls over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt

from station.central.server import CentralServer
from station.desk import delivery, records
from station.domain.patience import QUIET_DAYS
from station.domain.record import RecordKey
from station.domain.rows import Filter, Happening, Order, View
from station.training.people import PEOPLE
from station.ui.models.records import STATE
from station.ui.screens.records import RecordsScreen
from tests.end2end.window import ENGLISH, ForwardClock, Operator, texts_below, window_of

NEWS_SOON = "[sync]\nchanges_every_s = 0.3\n"
UNKNOWN = "FOO_BAR"
UGLY = "FOO_BAZ\u202e\x1b[2J\n" + "X" * 150
"""What a server gone wrong may send: it steers a terminal, turns the line, and is longer than any code."""


def test_an_unknown_code_of_central_is_shown_and_listed_and_nothing_crashes(tmp_path: Path) -> None:
    clock = ForwardClock()
    with window_of(tmp_path, clock=clock, settings=ENGLISH + NEWS_SOON) as operator:
        operator.sign_in()
        key, neighbour = (received(operator, operator.seal_prepared(person)) for person in PEOPLE[:2])
        server = operator._training.server
        assert server is not None
        server.central.say_status(key, UNKNOWN, "catatan contoh")
        server.central.say_status(neighbour, "CARD_ISSUED")
        _it_is_shown_as_it_came_beside_what_is_known(operator, key, neighbour)
        _its_page_says_that_nobody_here_knows_it_and_who_asks(operator, key)
        _it_is_listed_sorted_behind_what_is_known_and_found(operator, key)
        _an_ugly_one_stays_on_one_line(operator, server, key)
        _after_a_restart_it_is_there_and_the_next_person_is_recorded(operator, key)
        _after_two_weeks_it_is_on_the_list_of_what_to_follow_up(operator, clock, key, neighbour)


def received(operator: Operator, record_id: str) -> RecordKey:
    """Their key, once central has the packet over HTTP and the receipt is here."""
    operator.player.wait_until(
        lambda: any(item.key.record_id == record_id and item.receipt for item in operator.packets()), "a receipt"
    )
    return RecordKey(record_id, 1)


def list_screen(operator: Operator) -> RecordsScreen:
    operator.open("records")
    return operator.player.find("records", RecordsScreen)


def state_of(screen: RecordsScreen, key: RecordKey) -> str:
    row = screen.model.row_of(key.record_id)
    return str(screen.model.index(row, STATE).data()) if row >= 0 else ""


def _it_is_shown_as_it_came_beside_what_is_known(operator: Operator, key: RecordKey, neighbour: RecordKey) -> None:
    screen = list_screen(operator)
    operator.player.wait_until(lambda: state_of(screen, key) == UNKNOWN, "the list shows the unknown code")
    operator.player.wait_until(lambda: state_of(screen, neighbour) == "Finished", "and the known one in words")


def _its_page_says_that_nobody_here_knows_it_and_who_asks(operator: Operator, key: RecordKey) -> None:
    screen = list_screen(operator)
    screen.show_record(key.record_id)
    operator.player.wait_until(lambda: screen.pane.record_id == key.record_id, "its page is open")
    operator.player.wait_until(lambda: UNKNOWN in texts_below(screen.pane), "with the code")
    # News of the other record may be building the page anew: what is looked for at once need not be there yet.
    operator.player.wait_until(lambda: "The Dinas must act" in " ".join(texts_below(screen.pane)), "and who acts")
    said = " ".join(texts_below(screen.pane))
    assert "Ask the Dinas what this status means and who acts on it." in said
    assert "catatan contoh" in said, "what central wrote beside it"
    moments = records.timeline(operator.office, key.record_id).moments
    told = [moment.text for moment in moments if moment.what is Happening.CENTRAL]
    assert told[0] == UNKNOWN and "PRINT_READY_RECORD" in told, "in its journey, after what came before"


def _it_is_listed_sorted_behind_what_is_known_and_found(operator: Operator, key: RecordKey) -> None:
    ordered = records.search(operator.office, "", Filter.ALL, 0, 10, View(Order.STATE, descending=False))
    assert [row.packet.central_code for row in ordered.rows if row.packet] == ["CARD_ISSUED", UNKNOWN]
    screen = list_screen(operator)
    operator.player.type(PEOPLE[0].answers["name"], into="records.search")
    operator.player.wait_until(lambda: screen.model.total == 1, "it is found by name")
    assert state_of(screen, key) == UNKNOWN
    operator.player.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    operator.player.press(Qt.Key.Key_Delete)
    operator.open("sync")
    counts = delivery.delivery(operator.depot).counts
    assert (counts.receipted, counts.rejected, counts.parked) == (2, 0, 0), "a word moves no packet"


def _an_ugly_one_stays_on_one_line(operator: Operator, server: CentralServer, key: RecordKey) -> None:
    server.central.say_status(key, UGLY)
    screen = list_screen(operator)
    operator.player.wait_until(lambda: state_of(screen, key).startswith("FOO_BAZ"), "the list shows what can be read")
    shown = state_of(screen, key)
    assert shown.isprintable() and len(shown) <= 40
    server.central.say_status(key, UNKNOWN)
    operator.player.wait_until(lambda: state_of(screen, key) == UNKNOWN, "the list shows the last word")


def _after_a_restart_it_is_there_and_the_next_person_is_recorded(operator: Operator, key: RecordKey) -> None:
    operator.restart()
    operator.sign_in()
    screen = list_screen(operator)
    operator.player.wait_until(lambda: state_of(screen, key) == UNKNOWN, "it was kept")
    operator.open("capture")
    person = PEOPLE[2]
    record_id = operator.begin(person)
    operator._fill_in(person, shown=False)
    operator.capture_all(person)
    operator.seal()
    received(operator, record_id)


def _after_two_weeks_it_is_on_the_list_of_what_to_follow_up(
    operator: Operator, clock: ForwardClock, key: RecordKey, neighbour: RecordKey
) -> None:
    clock.pass_time(timedelta(days=QUIET_DAYS + 1).total_seconds())
    screen = list_screen(operator)
    operator.player.click("records.filter.quiet")
    operator.player.wait_until(
        lambda: screen.model.row_of(neighbour.record_id) < 0, "what is finished is not followed up"
    )
    assert state_of(screen, key) == UNKNOWN, "nobody has said more for two weeks"
