"""What the technician sees of delivery, and what they may ask of it."""

from __future__ import annotations

from datetime import timedelta

from station.desk import delivery
from station.domain.delivery import Link, LinkState, Stage
from station.domain.outcome import Accepted, Note, Trouble
from tests.support import TODAY, Workplace, an_item


def test_the_picture_of_a_new_station_is_empty_and_says_that_nothing_was_tried(place: Workplace) -> None:
    found = delivery.delivery(place.depot)
    assert (found.counts.waiting, found.oldest_waiting_at, found.last_receipt_at, found.paused) == (
        0,
        None,
        None,
        False,
    )
    assert found.link.state is LinkState.UNKNOWN
    assert found.disk_days is None


def test_the_picture_counts_what_waits_and_since_when(place: Workplace) -> None:
    first = place.seal(1).record
    place.clock.pass_time(60)  # type: ignore[attr-defined]
    second = place.seal(2).record
    assert delivery.delivery(place.depot).oldest_waiting_at == TODAY
    received = TODAY + timedelta(hours=1)
    place.depot.outbox.settle(first.key, Accepted("a.b.c", "1", received))
    found = delivery.delivery(place.depot)
    assert (found.counts.queued, found.counts.receipted, found.last_receipt_at) == (1, 1, received)
    assert found.oldest_waiting_at == second.sealed_at


def test_a_pause_is_shown_as_such_and_survives_a_restart(place: Workplace) -> None:
    place.depot.memory.set_link(Link(LinkState.GOOD, since=TODAY))
    delivery.set_paused(place.depot, True)
    place.reopen()
    assert delivery.delivery(place.depot).paused
    assert delivery.link(place.depot).state is LinkState.PAUSED
    delivery.set_paused(place.depot, False)
    assert delivery.link(place.depot) == Link(LinkState.GOOD, since=TODAY)


def test_the_queue_and_the_technical_notes_come_in_pages(place: Workplace) -> None:
    for number in range(1, 4):
        place.depot.outbox.add(an_item(number))
    assert len(delivery.queue(place.depot, [Stage.QUEUED], 1, 10)) == 2
    place.depot.technical_log.add(at=TODAY, lane="hello", key=None, note=Note(Trouble.OFFLINE))
    assert [line.note.trouble for line in delivery.log_lines(place.depot, 5)] == [Trouble.OFFLINE]


def test_names_are_shown_only_to_who_has_signed_in_and_empty_for_the_unknown(place: Workplace) -> None:
    key = place.seal().record.key
    assert delivery.names(place.office, [key, an_item(9).key]) == {key: "SITI AMINAH CONTOH", an_item(9).key: ""}
