"""What an outcome does to a row: only the item's own failures count against it, and eight of them park it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from station.domain.delivery import Stage
from station.domain.outcome import Accepted, Halted, Later, Note, Parked, Reason, Rejected, Trouble
from station.domain.record import RecordKey
from station.sync.backoff import PARK_AFTER
from station.sync.lanes import Did, Shared
from station.sync.treatment import LANE_TROUBLES, MAX_RESTARTS, park_bug, treat
from tests.sending import Sender, sending

LINK = [Trouble.OFFLINE, Trouble.REFUSED, Trouble.TIMEOUT, Trouble.STALLED, Trouble.CERTIFICATE, Trouble.PORTAL]


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


@pytest.fixture
def shared(sender: Sender) -> Iterator[Shared]:
    shared = sender.shared()
    yield shared
    shared.client.close()


@pytest.fixture
def key(sender: Sender) -> RecordKey:
    return sender.packet()


def later(trouble: Trouble, floor_s: float = 0.0) -> Later:
    return Later(Note(trouble, "r", 500), floor_s=floor_s)


@pytest.mark.parametrize("trouble", [*LINK, *sorted(LANE_TROUBLES)])
def test_trouble_of_the_link_or_the_lane_is_handed_back_and_never_burns(
    sender: Sender, shared: Shared, key: RecordKey, trouble: Trouble
) -> None:
    before = sender.row(key)
    for _ in range(2 * PARK_AFTER):
        assert treat(shared, "uploads", before, later(trouble)) == later(trouble)
    assert sender.row(key) == before


def test_a_halt_is_handed_back(sender: Sender, shared: Shared, key: RecordKey) -> None:
    before = sender.row(key)
    halt = Halted(Note(Trouble.BLOCKED))
    assert treat(shared, "uploads", before, halt) is halt
    assert sender.row(key) == before


def test_a_receipt_settles_and_asks_for_news_soon(sender: Sender, shared: Shared, key: RecordKey) -> None:
    asked: list[bool] = []
    shared.news_soon = lambda: asked.append(True)
    treat(shared, "uploads", sender.row(key), Accepted("a.b.c", "R-1", sender.clock.now()))
    row = sender.row(key)
    assert (row.stage, row.receipt, row.receipt_no, row.offset) == (Stage.RECEIPTED, "a.b.c", "R-1", row.size)
    assert asked == [True]


def test_nothing_central_says_later_undoes_a_receipt_but_a_refusal_of_the_content(
    sender: Sender, shared: Shared, key: RecordKey
) -> None:
    item = sender.row(key)
    treat(shared, "uploads", item, Accepted("a.b.c", "R-1", sender.clock.now()))
    settled = sender.row(key)
    for trouble in (Trouble.UPLOAD_GONE, Trouble.VERIFYING, Trouble.SERVER_ERROR):
        treat(shared, "uploads", item, later(trouble))
        assert sender.row(key) == settled
    treat(shared, "uploads", item, Accepted("d.e.f", "R-2", sender.clock.now()))
    assert sender.row(key) == settled


def test_a_refusal_rejects_with_its_reasons(sender: Sender, shared: Shared, key: RecordKey) -> None:
    treat(shared, "manifests", sender.row(key), Rejected((Reason("nik.date", "nik", "x"),)))
    assert sender.stage(key) is Stage.REJECTED
    assert sender.row(key).reasons == (Reason("nik.date", "nik", "x"),)
    assert sender.depot.technical_log.lines(5) == ()


def test_what_is_parked_is_kept_and_noted(sender: Sender, shared: Shared, key: RecordKey) -> None:
    note = Note(Trouble.KEY_CONFLICT, "r", 409)
    assert isinstance(treat(shared, "manifests", sender.row(key), Parked(note)), Did)
    assert (sender.stage(key), sender.row(key).last_note) == (Stage.PARKED, note)
    (line,) = sender.depot.technical_log.lines(5)
    assert (line.lane, line.key, line.note) == ("manifests", key, note)
    assert sender.data(key)


@pytest.mark.parametrize("trouble", [Trouble.UNREADABLE, Trouble.BAD_RECEIPT])
def test_eight_failures_of_its_own_park_a_packet_and_no_fewer(
    sender: Sender, shared: Shared, key: RecordKey, trouble: Trouble
) -> None:
    for number in range(1, PARK_AFTER + 1):
        assert sender.stage(key) is Stage.QUEUED
        treat(shared, "manifests", sender.row(key), later(trouble))
        assert sender.row(key).attempts == number
    assert sender.stage(key) is Stage.PARKED
    assert sender.trouble(key) is trouble


def test_a_central_that_fails_for_all_puts_no_packet_on_hold_however_long(
    sender: Sender, shared: Shared, key: RecordKey
) -> None:
    for _ in range(3 * PARK_AFTER):
        treat(shared, "manifests", sender.row(key), later(Trouble.SERVER_ERROR))
        sender.clock.pass_time(6 * 3600)
    assert sender.stage(key) is Stage.QUEUED
    assert sender.row(key).attempts == 3 * PARK_AFTER


def test_a_packet_at_which_central_fails_while_others_arrive_is_put_on_hold(
    sender: Sender, shared: Shared, key: RecordKey
) -> None:
    other = sender.packet(2)
    for _ in range(PARK_AFTER - 1):
        treat(shared, "manifests", sender.row(key), later(Trouble.SERVER_ERROR))
        sender.clock.pass_time(60)
    treat(shared, "uploads", sender.row(other), Accepted("r", "no-2", sender.clock.now()))
    sender.clock.pass_time(60)
    treat(shared, "manifests", sender.row(key), later(Trouble.SERVER_ERROR))
    assert (sender.stage(key), sender.trouble(key)) == (Stage.PARKED, Trouble.SERVER_ERROR)


def test_when_central_works_again_nothing_waits_for_its_faults_any_longer(
    sender: Sender, shared: Shared, key: RecordKey
) -> None:
    other = sender.packet(2)
    for _ in range(6):
        treat(shared, "manifests", sender.row(key), later(Trouble.SERVER_ERROR))
    assert sender.row(key).next_attempt_at is not None
    treat(shared, "uploads", sender.row(other), Accepted("r", "no-2", sender.clock.now()))
    assert sender.row(key).next_attempt_at is None


def test_a_person_may_have_a_parked_packet_tried_again_from_the_beginning(
    sender: Sender, shared: Shared, key: RecordKey
) -> None:
    for _ in range(PARK_AFTER):
        treat(shared, "manifests", sender.row(key), later(Trouble.UNREADABLE))
    sender.depot.outbox.retry(key)
    assert (sender.stage(key), sender.row(key).attempts) == (Stage.QUEUED, 0)
    sender.deliver(key)
    sender.assert_once(key)


def test_retry_after_is_a_floor_for_the_item_too(sender: Sender, shared: Shared, key: RecordKey) -> None:
    treat(shared, "manifests", sender.row(key), later(Trouble.SERVER_ERROR, floor_s=3600))
    planned = sender.row(key).next_attempt_at
    assert planned is not None
    assert timedelta(seconds=3600) <= planned - sender.clock.now() <= timedelta(seconds=4500)


def test_even_the_longest_floor_really_waits(sender: Sender, shared: Shared, key: RecordKey) -> None:
    treat(shared, "manifests", sender.row(key), later(Trouble.SERVER_ERROR, floor_s=10**9))
    assert sender.depot.outbox.due(Stage.QUEUED, now=sender.clock.now(), limit=1) == ()


@pytest.mark.parametrize("trouble", [Trouble.VERIFYING, Trouble.OFFSET])
def test_waiting_for_central_is_no_failure(sender: Sender, shared: Shared, key: RecordKey, trouble: Trouble) -> None:
    for _ in range(3 * PARK_AFTER):
        treat(shared, "uploads", sender.row(key), later(trouble))
    row = sender.row(key)
    assert (row.stage, row.attempts) == (Stage.QUEUED, 0)
    assert row.next_attempt_at is not None
    assert row.next_attempt_at > sender.clock.now()


def test_an_upload_that_is_gone_begins_again_and_only_one_that_never_lasts_counts(
    sender: Sender, shared: Shared, key: RecordKey
) -> None:
    for _ in range(MAX_RESTARTS):
        sender.depot.outbox.wanted(key, upload="/v1/uploads/x", offset=7, at=sender.clock.now())
        treat(shared, "uploads", sender.row(key), later(Trouble.UPLOAD_GONE))
        row = sender.row(key)
        assert (row.stage, row.upload, row.offset, row.attempts) == (Stage.QUEUED, None, 0, 0)
    for number in range(1, PARK_AFTER + 1):
        treat(shared, "uploads", sender.row(key), later(Trouble.UPLOAD_GONE))
        assert sender.row(key).attempts == number
    assert sender.stage(key) is Stage.PARKED


def test_bytes_spoilt_once_are_sent_again_and_spoilt_twice_are_parked(
    sender: Sender, shared: Shared, key: RecordKey
) -> None:
    treat(shared, "uploads", sender.row(key), later(Trouble.DIGEST))
    assert (sender.stage(key), sender.row(key).attempts) == (Stage.QUEUED, 0)
    treat(shared, "uploads", sender.row(key), later(Trouble.DIGEST))
    assert sender.stage(key) is Stage.PARKED


def test_our_own_bug_parks_and_is_noted_without_a_novel(sender: Sender, shared: Shared, key: RecordKey) -> None:
    park_bug(shared, sender.row(key), "x" * 900)
    note = sender.row(key).last_note
    assert note is not None
    assert (sender.stage(key), note.trouble, len(note.detail)) == (Stage.PARKED, Trouble.OUR_BUG, 200)
    assert sender.depot.technical_log.lines(1)[0].lane == "engine"
