"""The outbox: one row per packet, changed only by what central answered, and never lost by being tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from station.domain.delivery import Counts, OutboxItem, Stage
from station.domain.outcome import Accepted, Note, Reason, Trouble
from station.domain.record import RecordKey
from station.store import letters
from station.store.database import Database
from station.store.migrate import migrate
from station.store.outbox import LONGEST_WAIT, Outbox, set_central_code, set_refused, set_resend
from station.store.technical_log import TechnicalLog
from tests.support import TODAY, an_item

NOTE = Note(Trouble.SERVER_ERROR, "req-1", 500, "what came back")
RECEIPT = Accepted("a.b.c", "central-3325-00000001", TODAY + timedelta(hours=2))
REASON = Reason("nik.day", "nik", "The day does not exist.")
LATER = TODAY + timedelta(hours=1)
ITEM = an_item()
KEY = ITEM.key


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    database = Database(tmp_path / "outbox.db")
    migrate(database, "outbox")
    outbox = Outbox(database)
    outbox.add(ITEM)
    yield outbox
    outbox.close()


def row(outbox: Outbox, key: RecordKey = KEY) -> OutboxItem:
    item = outbox.get(key)
    assert item is not None
    return item


def due(outbox: Outbox, stage: Stage = Stage.QUEUED, now: datetime = TODAY) -> list[RecordKey]:
    return [item.key for item in outbox.due(stage, now=now, limit=50)]


def counts(outbox: Outbox, day_start: datetime = TODAY) -> Counts:
    return outbox.counts(day_start=day_start)


# ------------------------------------------------------------------------------------------------------ what must go


def test_a_sealed_packet_is_queued_as_it_was_given(outbox: Outbox) -> None:
    assert row(outbox) == ITEM
    assert due(outbox) == [KEY]
    assert outbox.keys() == {KEY}


def test_adding_twice_is_harmless_even_after_central_answered(outbox: Outbox) -> None:
    outbox.settle(KEY, RECEIPT)
    before = row(outbox)
    assert outbox.add(ITEM) is False
    assert row(outbox) == before
    assert outbox.add(an_item(2)) is True


def test_another_file_under_a_key_takes_its_place_only_while_nobody_has_been_told_of_it(outbox: Outbox) -> None:
    outbox.park(KEY, Note(Trouble.FILE_CHANGED), at=TODAY)
    again = an_item(sha256="ab" * 32, size=7)
    assert outbox.add(again) is True
    assert row(outbox) == again
    outbox.offer([KEY], at=TODAY)
    assert outbox.add(ITEM) is False
    assert row(outbox).sha256 == "ab" * 32


def test_a_key_nobody_sealed_has_no_row(outbox: Outbox) -> None:
    assert outbox.get(an_item(99).key) is None
    assert outbox.get(RecordKey(KEY.record_id, 2)) is None


def test_fewest_attempts_go_first_then_priority_then_the_oldest(outbox: Outbox) -> None:
    for number in (3, 2, 4):
        outbox.add(an_item(number))
    outbox.add(an_item(9, priority=5))
    outbox.postpone(KEY, NOTE, until=TODAY, at=TODAY, burns=True)
    assert due(outbox) == [an_item(number).key for number in (9, 2, 3, 4, 1)]
    assert len(outbox.due(Stage.QUEUED, now=TODAY, limit=2)) == 2


@pytest.mark.parametrize(
    ("until", "now", "is_due"),
    [
        (LATER, TODAY, False),
        (LATER, LATER, True),
        (LATER, LATER + timedelta(seconds=1), True),
        (TODAY + LONGEST_WAIT, TODAY, False),
        (TODAY + LONGEST_WAIT + timedelta(seconds=1), TODAY, True),  # the clock was wrong when this was planned
        (TODAY + timedelta(days=3650), TODAY, True),
    ],
)
def test_a_wait_is_kept_but_never_one_that_only_a_wrong_clock_can_have_planned(
    outbox: Outbox, until: datetime, now: datetime, is_due: bool
) -> None:
    outbox.postpone(KEY, NOTE, until=until, at=TODAY, burns=False)
    assert due(outbox, now=now) == ([KEY] if is_due else [])
    assert outbox.next_due_at(now=now) == (now if is_due else until)


def test_a_wait_planned_by_a_clock_that_has_been_set_back_since_is_over(outbox: Outbox) -> None:
    outbox.postpone(KEY, NOTE, until=LATER, at=TODAY, burns=False)
    assert due(outbox, now=TODAY - timedelta(seconds=1)) == [KEY]
    assert due(outbox, now=TODAY) == []


def test_a_trouble_that_is_over_ends_the_waits_it_caused_and_no_others(outbox: Outbox) -> None:
    outbox.add(an_item(2))
    outbox.postpone(KEY, NOTE, until=LATER, at=TODAY, burns=True)
    outbox.postpone(an_item(2).key, Note(Trouble.BUSY), until=LATER, at=TODAY, burns=True)
    outbox.retry_troubled(Trouble.SERVER_ERROR)
    assert due(outbox) == [KEY]


def test_nothing_is_planned_when_nothing_is_open(outbox: Outbox) -> None:
    assert outbox.next_due_at(now=TODAY) == TODAY
    outbox.park(KEY, NOTE, at=TODAY)
    assert outbox.next_due_at(now=TODAY) is None


# ------------------------------------------------------------------------------------------------ what central said


def test_an_offer_is_remembered_once_and_changes_nothing_else(outbox: Outbox) -> None:
    outbox.offer([KEY, an_item(99).key], at=TODAY)
    outbox.offer([KEY], at=LATER)
    assert row(outbox).offered_at == TODAY
    assert due(outbox) == [KEY]


def test_a_wanted_packet_is_sent_from_the_byte_central_has(outbox: Outbox) -> None:
    outbox.postpone(KEY, NOTE, until=LATER, at=TODAY, burns=True)
    outbox.wanted(KEY, upload="/v1/uploads/1", offset=300, at=TODAY)
    item = row(outbox)
    assert (item.stage, item.upload, item.offset, item.attempts) == (Stage.SENDING, "/v1/uploads/1", 300, 1)
    assert due(outbox, Stage.SENDING) == [KEY]
    assert due(outbox) == []
    outbox.advance(KEY, offset=700)
    assert row(outbox).offset == 700
    assert counts(outbox).waiting_bytes == 300


def test_bytes_are_not_counted_for_a_packet_that_is_not_being_sent(outbox: Outbox) -> None:
    outbox.advance(KEY, offset=700)
    assert row(outbox).offset == 0


def test_an_upload_that_is_gone_starts_from_the_manifest_and_is_counted(outbox: Outbox) -> None:
    for expected in (1, 2):
        outbox.wanted(KEY, upload="/v1/uploads/1", offset=300, at=TODAY)
        assert outbox.start_over(KEY, at=LATER) == expected
        item = row(outbox)
        assert (item.stage, item.upload, item.offset, item.last_tried_at) == (Stage.QUEUED, None, 0, LATER)


def test_starting_over_brings_nothing_back_that_is_settled_or_unknown(outbox: Outbox) -> None:
    outbox.settle(KEY, RECEIPT)
    assert outbox.start_over(KEY, at=LATER) == 0
    assert row(outbox).stage is Stage.RECEIPTED
    assert outbox.start_over(an_item(99).key, at=LATER) == 0


@pytest.mark.parametrize("sending", [False, True])
def test_a_receipt_settles_a_packet_for_good(outbox: Outbox, sending: bool) -> None:
    if sending:
        outbox.wanted(KEY, upload="/v1/uploads/1", offset=300, at=TODAY)
    outbox.settle(KEY, RECEIPT)
    item = row(outbox)
    assert (item.stage, item.receipt, item.receipt_no) == (Stage.RECEIPTED, "a.b.c", RECEIPT.receipt_no)
    assert (item.received_at, item.offset) == (RECEIPT.received_at, ITEM.size)
    assert due(outbox) == due(outbox, Stage.SENDING) == []


def test_a_second_receipt_changes_nothing(outbox: Outbox) -> None:
    outbox.settle(KEY, RECEIPT)
    before, change = row(outbox), outbox.newest_change()
    outbox.settle(KEY, Accepted("x.y.z", "another", LATER))
    assert (row(outbox), outbox.newest_change()) == (before, change)


def test_a_receipt_for_a_packet_nobody_sealed_changes_nothing(outbox: Outbox) -> None:
    outbox.settle(an_item(99).key, RECEIPT)
    assert outbox.keys() == {KEY}


def test_a_late_receipt_settles_what_was_parked(outbox: Outbox) -> None:
    outbox.park(KEY, NOTE, at=TODAY)
    outbox.settle(KEY, RECEIPT)
    assert row(outbox).stage is Stage.RECEIPTED


@pytest.mark.parametrize("stage", [Stage.REJECTED, Stage.REPLACED, Stage.VOID])
def test_a_receipt_takes_back_nothing_that_was_decided_and_is_kept_beside_it(outbox: Outbox, stage: Stage) -> None:
    with outbox.database.write() as connection:
        set_refused(connection, KEY, [REASON])
    if stage is Stage.REPLACED:
        outbox.replace([KEY])
    elif stage is Stage.VOID:
        assert letters.void(outbox.database, KEY, at=TODAY, trouble="x")
    before = outbox.newest_change()
    outbox.settle(KEY, RECEIPT)
    outbox.settle(KEY, Accepted("x.y.z", "another", LATER))
    item = row(outbox)
    assert (item.stage, item.reasons) == (stage, (REASON,))
    assert (item.receipt, item.receipt_no, item.received_at) == ("a.b.c", RECEIPT.receipt_no, RECEIPT.received_at)
    assert outbox.newest_change() == before + 1, "whoever shows it is told, once"
    told = [line.note.trouble for line in TechnicalLog(outbox.database).lines(9)]
    assert told == ([Trouble.VOID_AT_CENTRAL] if stage is Stage.VOID else [])


def test_what_is_carried_is_refused_at_home_only_and_its_receipt_goes_there(outbox: Outbox) -> None:
    item = an_item(2, carried=True)
    outbox.add(item)
    outbox.reject(item.key, [REASON], at=TODAY)
    outbox.settle(item.key, RECEIPT)
    assert (row(outbox, item.key).stage, row(outbox, item.key).reasons) == (Stage.RECEIPTED, ())


@pytest.mark.parametrize("stage", [Stage.RECEIPTED, Stage.REJECTED, Stage.REPLACED, Stage.VOID])
def test_an_answer_that_comes_late_moves_nothing_that_is_settled(outbox: Outbox, stage: Stage) -> None:
    if stage is Stage.RECEIPTED:
        outbox.settle(KEY, RECEIPT)
    else:
        outbox.reject(KEY, [REASON], at=TODAY)
    if stage is Stage.REPLACED:
        outbox.replace([KEY])
    elif stage is Stage.VOID:
        assert letters.void(outbox.database, KEY, at=TODAY, trouble="x")
    before = row(outbox)
    outbox.wanted(KEY, upload="/v1/uploads/1", offset=0, at=LATER)
    outbox.park(KEY, NOTE, at=LATER)
    outbox.reject(KEY, [], at=LATER)
    outbox.postpone(KEY, NOTE, until=LATER, at=LATER, burns=True)
    if stage is not Stage.RECEIPTED:
        outbox.dispute(KEY, NOTE, at=LATER)
    assert row(outbox) == before


def test_other_bytes_at_central_put_even_a_confirmed_packet_on_hold(outbox: Outbox) -> None:
    outbox.settle(KEY, RECEIPT)
    outbox.dispute(KEY, Note(Trouble.KEY_CONFLICT), at=LATER)
    assert (row(outbox).stage, row(outbox).receipt) == (Stage.PARKED, "a.b.c")


def test_what_leaves_by_stick_or_neighbour_is_marked_before_and_sealed_no_second_time(outbox: Outbox) -> None:
    assert outbox.leave([KEY, an_item(99).key], at=TODAY) == {KEY}
    assert (row(outbox).offered_at, row(outbox).out_at) == (TODAY, TODAY)
    assert not outbox.forget_unoffered(KEY)
    assert outbox.add(an_item(sha256="ab" * 32, size=7)) is False
    outbox.park(KEY, Note(Trouble.DIGEST), at=TODAY)
    assert not letters.void(outbox.database, KEY, at=TODAY, trouble="x")


def test_what_was_given_up_does_not_leave_any_more(outbox: Outbox) -> None:
    outbox.park(KEY, Note(Trouble.DIGEST), at=TODAY)
    assert letters.void(outbox.database, KEY, at=TODAY, trouble="x")
    assert outbox.leave([KEY], at=LATER) == frozenset()


def test_a_refusal_keeps_its_reasons_for_the_operator(outbox: Outbox) -> None:
    outbox.reject(KEY, [REASON, Reason("name.digit", "name")], at=LATER)
    item = row(outbox)
    assert (item.stage, item.last_tried_at) == (Stage.REJECTED, LATER)
    assert item.reasons == (REASON, Reason("name.digit", "name", ""))


def test_later_is_a_planned_moment_that_counts_against_the_item_only_when_it_was_the_items_fault(
    outbox: Outbox,
) -> None:
    assert outbox.postpone(KEY, NOTE, until=LATER, at=TODAY, burns=False) == 0
    assert outbox.postpone(KEY, NOTE, until=LATER, at=TODAY, burns=True) == 1
    assert outbox.postpone(KEY, NOTE, until=LATER, at=TODAY, burns=True) == 2
    item = row(outbox)
    assert (item.stage, item.next_attempt_at, item.last_note, item.last_tried_at) == (Stage.QUEUED, LATER, NOTE, TODAY)


def test_postponing_what_is_not_open_changes_nothing(outbox: Outbox) -> None:
    outbox.settle(KEY, RECEIPT)
    before = row(outbox)
    assert outbox.postpone(KEY, NOTE, until=LATER, at=TODAY, burns=True) == 0
    assert row(outbox) == before
    assert outbox.postpone(an_item(99).key, NOTE, until=LATER, at=TODAY, burns=True) == 0


def test_a_parked_packet_is_kept_shown_and_never_tried_alone(outbox: Outbox) -> None:
    outbox.postpone(KEY, NOTE, until=LATER, at=TODAY, burns=True)
    outbox.park(KEY, Note(Trouble.OUR_BUG, detail="x" * 900), at=LATER)
    item = row(outbox)
    assert (item.stage, item.next_attempt_at, item.last_tried_at) == (Stage.PARKED, None, LATER)
    assert item.last_note == Note(Trouble.OUR_BUG, detail="x" * 500)
    outbox.retry_now()
    assert due(outbox, now=TODAY + timedelta(days=3)) == []


def test_a_person_can_have_a_parked_packet_tried_from_the_beginning(outbox: Outbox) -> None:
    outbox.wanted(KEY, upload="/v1/uploads/1", offset=300, at=TODAY)
    outbox.postpone(KEY, NOTE, until=LATER, at=TODAY, burns=True)
    outbox.park(KEY, NOTE, at=TODAY)
    outbox.retry(KEY)
    item = row(outbox)
    assert (item.stage, item.upload, item.offset, item.attempts) == (Stage.QUEUED, None, 0, 0)
    assert due(outbox) == [KEY]


def test_retrying_touches_only_what_is_parked(outbox: Outbox) -> None:
    outbox.settle(KEY, RECEIPT)
    outbox.retry(KEY)
    assert row(outbox).stage is Stage.RECEIPTED


def test_send_now_ends_every_wait_but_forgives_no_attempt(outbox: Outbox) -> None:
    outbox.postpone(KEY, NOTE, until=LATER, at=TODAY, burns=True)
    outbox.retry_now()
    assert due(outbox) == [KEY]
    assert row(outbox).attempts == 1


# -------------------------------------------------------------------------------------------------- the change feed


def test_what_the_change_feed_says_is_written_into_the_row(outbox: Outbox) -> None:
    with outbox.database.write() as connection:
        set_central_code(connection, KEY, "PRINT_READY_RECORD", LATER, ahead=LATER)
    assert (row(outbox).central_code, row(outbox).central_at) == ("PRINT_READY_RECORD", LATER)
    assert counts(outbox).print_ready == 1
    with outbox.database.write() as connection:
        set_refused(connection, KEY, [REASON])
    assert (row(outbox).stage, row(outbox).reasons) == (Stage.REJECTED, (REASON,))


def test_a_packet_central_wants_again_is_queued_with_its_receipt_still_known(outbox: Outbox) -> None:
    outbox.settle(KEY, RECEIPT)
    with outbox.database.write() as connection:
        assert set_resend(connection, KEY, at=TODAY) is None
    item = row(outbox)
    assert (item.stage, item.offset, item.upload, item.receipt) == (Stage.QUEUED, 0, None, "a.b.c")
    outbox.settle(KEY, Accepted("x.y.z", "second", LATER))
    assert row(outbox).receipt_no == "second"


def test_central_gets_the_same_packet_again_once_a_day_and_no_oftener(outbox: Outbox) -> None:
    outbox.settle(KEY, RECEIPT)
    for at, why, times in [
        (TODAY, None, 1),
        (TODAY, Trouble.RESEND_SOON, 1),
        (TODAY + timedelta(hours=23), Trouble.RESEND_SOON, 1),
        (TODAY + timedelta(hours=24), None, 2),
        (TODAY - timedelta(days=365), None, 3),  # the clock was set back: nobody waits for a year
    ]:
        with outbox.database.write() as connection:
            assert set_resend(connection, KEY, at=at) is why
        assert row(outbox).stage is (Stage.QUEUED if why is None else Stage.RECEIPTED)
        assert row(outbox).resends == times
        outbox.settle(KEY, RECEIPT)


# ------------------------------------------------------------------------------------------------------ to be shown


def test_every_packet_is_counted_in_exactly_one_place(outbox: Outbox) -> None:
    for number in range(2, 8):
        outbox.add(an_item(number, size=100 * number))
    outbox.wanted(an_item(2).key, upload="/u", offset=50, at=TODAY)
    outbox.settle(an_item(3).key, RECEIPT)
    outbox.settle(an_item(4).key, Accepted("a.b.c", "2", TODAY - timedelta(seconds=1)))
    outbox.park(an_item(5).key, NOTE, at=TODAY)
    outbox.reject(an_item(6).key, [REASON], at=TODAY)
    found = counts(outbox)
    assert (found.queued, found.sending, found.receipted, found.parked, found.rejected) == (2, 1, 2, 1, 1)
    assert (found.waiting, found.waiting_bytes) == (3, 1000 + 700 + 150)
    assert found.receipted_today == 1
    assert sum((found.queued, found.sending, found.receipted, found.parked, found.rejected)) == len(outbox.keys())


def test_an_empty_outbox_counts_nothing(outbox: Outbox, tmp_path: Path) -> None:
    database = Database(tmp_path / "other.db")
    migrate(database, "outbox")
    empty = Outbox(database)
    assert counts(empty) == Counts()
    assert (empty.oldest_waiting(), empty.last_receipt_at(), empty.newest_change()) == (None, None, 0)
    assert empty.changed_since(0) == (0, ())
    empty.close()


def test_oldest_waiting_and_last_receipt_look_at_the_right_rows(outbox: Outbox) -> None:
    outbox.add(an_item(2))
    assert (outbox.oldest_waiting(), outbox.last_receipt_at()) == (ITEM.sealed_at, None)
    outbox.settle(KEY, RECEIPT)
    assert (outbox.oldest_waiting(), outbox.last_receipt_at()) == (an_item(2).sealed_at, RECEIPT.received_at)


def test_a_page_shows_what_is_moving_first_and_receipts_newest_first(outbox: Outbox) -> None:
    for number in (2, 3, 4, 5):
        outbox.add(an_item(number))
    outbox.wanted(an_item(3).key, upload="/u", offset=0, at=TODAY)
    outbox.settle(an_item(4).key, RECEIPT)
    outbox.settle(an_item(5).key, Accepted("a.b.c", "2", RECEIPT.received_at + timedelta(minutes=1)))
    waiting = (Stage.QUEUED, Stage.SENDING)

    def page(stages: tuple[Stage, ...], offset: int, limit: int) -> list[RecordKey]:
        return [item.key for item in outbox.page(stages, offset=offset, limit=limit)]

    assert page(waiting, 0, 10) == [an_item(number).key for number in (3, 1, 2)]
    assert page(waiting, 1, 1) == [KEY]
    assert page((Stage.RECEIPTED,), 0, 10) == [an_item(5).key, an_item(4).key]
    assert page((), 0, 10) == []


def test_all_revisions_of_a_record_are_found(outbox: Outbox) -> None:
    second = an_item(revision=2)
    outbox.add(second)
    outbox.add(an_item(7))
    assert outbox.of_records([KEY.record_id]) == {KEY: ITEM, second.key: second}
    assert outbox.of_records([]) == {}


def test_a_refused_packet_whose_record_is_being_corrected_needs_nobody_any_more(outbox: Outbox) -> None:
    outbox.add(an_item(2))
    outbox.reject(KEY, [REASON], at=TODAY)
    outbox.replace([KEY, an_item(2).key, an_item(99).key])
    assert row(outbox).stage is Stage.REPLACED
    assert row(outbox, an_item(2).key).stage is Stage.QUEUED
    assert (counts(outbox).rejected, counts(outbox).queued) == (0, 1)
    outbox.retry(KEY)
    outbox.retry_now()
    assert due(outbox) == [an_item(2).key]


CHANGES: dict[str, Callable[[Outbox], object]] = {
    "add": lambda outbox: outbox.add(an_item(2)),
    "wanted": lambda outbox: outbox.wanted(KEY, upload="/u", offset=0, at=TODAY),
    "start over": lambda outbox: outbox.start_over(KEY, at=TODAY),
    "settle": lambda outbox: outbox.settle(KEY, RECEIPT),
    "reject": lambda outbox: outbox.reject(KEY, [REASON], at=TODAY),
    "postpone": lambda outbox: outbox.postpone(KEY, NOTE, until=LATER, at=TODAY, burns=False),
    "park": lambda outbox: outbox.park(KEY, NOTE, at=TODAY),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whoever_asks_what_changed_gets_each_change_once(outbox: Outbox, change: Callable[[Outbox], object]) -> None:
    seen = outbox.newest_change()
    assert outbox.changed_since(seen) == (seen, ())
    change(outbox)
    now, items = outbox.changed_since(seen)
    assert now == outbox.newest_change() > seen
    assert len(items) == 1
    assert items[0] == row(outbox, items[0].key)
    assert outbox.changed_since(now) == (now, ())


def test_many_changes_come_in_portions_and_none_is_skipped(outbox: Outbox) -> None:
    for number in range(2, 12):
        outbox.add(an_item(number))
    seen, found = 0, []
    while portion := outbox.changed_since(seen, limit=4):
        seen, items = portion
        if not items:
            break
        found += [item.key for item in items]
    assert found == [an_item(number).key for number in range(1, 12)]


def test_a_wait_planned_by_a_clock_that_was_set_back_since_is_over(outbox: Outbox) -> None:
    outbox.postpone(KEY, NOTE, until=LATER, at=TODAY, burns=True)
    assert due(outbox) == []
    assert due(outbox, now=TODAY - timedelta(hours=3)) == [KEY]
