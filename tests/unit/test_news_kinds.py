"""What each kind of news does, and that all of it may be told again, out of order, too long or in nonsense."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from station import failpoint
from station.domain.delivery import Stage
from station.domain.outcome import Trouble
from station.domain.stock import Batch, Stock
from station.failpoint import PowerCut
from station.store.changes import KEPT_BYTES, MOST_ODD, ODD_BYTES
from station.store.notices import KEPT_AFTER, LONGEST_LINE, LONGEST_TITLE, MOST_LINES, MOST_NOTICES
from station.sync.lanes import Did, Idle
from station.sync.news import NewsLane
from station.wire import Event, Problem, rfc3339
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.sending import STATION, Sender, sending

EVERY_S = 20.0
HOUR = timedelta(hours=1)


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


@pytest.fixture
def lane(sender: Sender) -> Iterator[NewsLane]:
    shared = sender.shared()
    yield NewsLane(shared, EVERY_S)
    shared.client.close()


def hear(sender: Sender, lane: NewsLane, *events: dict[str, Any]) -> None:
    """Central tells these, and the station listens until there is no more."""
    for event in events:
        sender.central.tell(STATION, **event)
    sender.clock.pass_time(EVERY_S)
    while isinstance(lane.step(), Did):
        pass


def notes(sender: Sender) -> list[tuple[Trouble, str]]:
    return [(line.note.trouble, line.note.detail) for line in reversed(sender.depot.technical_log.lines(50))]


def state(sender: Sender) -> tuple[object, ...]:
    """Everything that news leave behind here, but for the history."""
    depot, now = sender.depot, sender.clock.now()
    return (
        depot.notices.current(now),
        depot.memory.stock,
        depot.policy,
        depot.outbox.page(list(Stage), offset=0, limit=9),
    )


# ------------------------------------------------------------------------------------------------------------ notices


def test_a_notice_is_shown_while_it_holds_and_the_same_id_takes_its_place(sender: Sender, lane: NewsLane) -> None:
    now = sender.clock.now()
    told = {"kind": "notice", "id": "n1", "title": "Libur", "body": "Tutup\nbesok", "audience": "operator"}
    hear(sender, lane, {**told, "from": rfc3339(now + HOUR), "until": rfc3339(now + 3 * HOUR)})
    assert sender.depot.notices.current(sender.clock.now()) == ()
    (shown,) = sender.depot.notices.current(now + 2 * HOUR)
    assert (shown.title, shown.body, shown.audience) == ("Libur", "Tutup\nbesok", "operator")
    assert sender.depot.notices.current(now + 3 * HOUR) == ()
    hear(sender, lane, {**told, "title": "Buka"})
    assert [notice.title for notice in sender.depot.notices.current(now + 30 * HOUR)] == ["Buka"]


def test_a_notice_that_is_long_over_leaves_the_disk_and_one_that_was_taken_back_at_once(
    sender: Sender, lane: NewsLane
) -> None:
    end = sender.clock.now() + HOUR
    hear(
        sender, lane, {"kind": "notice", "id": "a", "until": rfc3339(end)}, {"kind": "notice", "id": "b", "title": "x"}
    )
    sender.clock.pass_time(3600)
    hear(sender, lane, {"kind": "notice", "id": "b", "until": rfc3339(end)})
    assert [notice.notice_id for notice in sender.depot.notices.current(end - HOUR / 2)] == ["a"]
    sender.clock.pass_time(KEPT_AFTER.total_seconds())
    hear(sender, lane, {"kind": "weather"})
    assert sender.depot.notices.current(end - HOUR / 2) == ()


def test_a_notice_holds_by_the_clock_of_central_and_survives_a_jump_of_ours(sender: Sender, lane: NewsLane) -> None:
    here, ahead = sender.clock.now(), timedelta(days=365)
    sender.depot.memory.clock_offset_s = ahead.total_seconds()
    told = Event.model_validate(
        {"kind": "notice", "id": "n", "title": "Libur", "until": rfc3339(here + ahead + HOUR), "event_id": "n"}
    )
    sender.depot.changes.apply("1", [told], at=here, central_now=here + ahead)
    assert len(sender.depot.notices.current(here)) == 1
    assert sender.depot.notices.current(here + HOUR) == ()
    sender.depot.changes.apply("2", [], at=here + 10 * ahead)
    sender.depot.changes.apply("3", [], at=here + 10 * ahead, central_now=here + ahead)
    assert len(sender.depot.notices.current(here)) == 1


def test_of_news_nobody_understands_the_newest_are_kept_and_little_of_each(sender: Sender) -> None:
    now, key = sender.clock.now(), sender.packet()
    about = {"record_id": key.record_id, "revision": 1}
    good = Event.model_validate({"kind": "record.status", "code": "PROCESSING", "event_id": "good", **about})
    odd = [
        Event.model_validate({"kind": f"future.{n % 7}", "event_id": f"e{n}", "blob": "x" * 60_000, **about})
        for n in range(MOST_ODD + 5)
    ]
    sender.depot.changes.apply("1", [good, *odd[:9]], at=now)
    sender.depot.changes.apply("2", odd[9:], at=now)
    kept = [members for _, members in sender.depot.changes.of_record(key.record_id)]
    assert (len(kept), kept[0]["kind"]) == (MOST_ODD + 1, "record.status")
    assert all(len(json.dumps(members)) <= ODD_BYTES for members in kept)
    assert sender.depot.changes.fresh(odd[-MOST_ODD:]) == ()


def test_a_wish_for_the_same_packet_again_and_again_is_told_and_heard_once_a_day(
    sender: Sender, lane: NewsLane
) -> None:
    key = sender.packet()
    sender.deliver(key)
    for n in range(3):
        hear(sender, lane, {"kind": "record.resend", "record_id": key.record_id, "revision": 1, "event_id": f"r{n}"})
        assert sender.stage(key) is (Stage.RECEIPTED if n else Stage.QUEUED)
        sender.deliver(key)
    assert sender.row(key).resends == 1
    assert Trouble.RESEND_SOON in {trouble for trouble, _ in notes(sender)}


def test_a_notice_stays_read_when_it_is_told_word_for_word_and_is_news_when_it_changes(
    sender: Sender, lane: NewsLane
) -> None:
    told = {"kind": "notice", "id": "n", "title": "Libur"}
    hear(sender, lane, told)
    sender.depot.notices.mark_seen("n", sender.clock.now())
    hear(sender, lane, told)
    (notice,) = sender.depot.notices.current(sender.clock.now())
    assert notice.seen_at is not None
    hear(sender, lane, {**told, "body": "Senin"})
    (notice,) = sender.depot.notices.current(sender.clock.now())
    assert notice.seen_at is None


def test_hostile_words_are_cut_and_cleaned_and_no_number_of_notices_fills_the_disk(
    sender: Sender, lane: NewsLane
) -> None:
    body = "\u202e<b>tebal</b>\x00\n" + ("y" * 5000 + "\n") * 200
    hear(sender, lane, {"kind": "notice", "id": "n", "title": "x\n" * 3000, "body": body})
    (notice,) = sender.depot.notices.current(sender.clock.now())
    lines = notice.body.split("\n")
    assert lines[0] == "<b>tebal</b>", "markup is for the reader to see, and shown as plain text"
    assert len(notice.title) <= LONGEST_TITLE
    assert "\n" not in notice.title
    assert (len(lines) <= MOST_LINES, max(map(len, lines)) <= LONGEST_LINE) == (True, True)
    hear(sender, lane, *({"kind": "notice", "id": f"m{n}", "title": str(n)} for n in range(MOST_NOTICES + 5)))
    assert len(sender.depot.notices.current(sender.clock.now())) == MOST_NOTICES


# -------------------------------------------------------------------------------------------------------------- stock


def test_the_newest_stock_is_kept_by_batch(sender: Sender, lane: NewsLane) -> None:
    now = sender.clock.now()
    newer = {
        "kind": "stock",
        "at": rfc3339(now),
        "batches": [{"batch": "A", "blanks": 60}, {"batch": "B", "blanks": 20}],
    }
    older = {"kind": "stock", "at": rfc3339(now - HOUR), "batches": [{"batch": "A", "blanks": 99}]}
    hear(sender, lane, newer, older)
    kept = sender.depot.memory.stock
    assert kept == Stock((Batch("A", 60), Batch("B", 20)), now)
    assert kept.blanks == 80


def test_stock_that_a_wrong_clock_dated_does_not_hold_for_ten_years(sender: Sender, lane: NewsLane) -> None:
    ahead, now = sender.clock.now() + timedelta(days=3650), sender.clock.now()
    hear(sender, lane, {"kind": "stock", "at": rfc3339(ahead), "batches": [{"batch": "A", "blanks": 1}]})
    hear(sender, lane, {"kind": "stock", "at": rfc3339(now), "batches": [{"batch": "A", "blanks": 2}]})
    assert sender.depot.memory.stock == Stock((Batch("A", 2),), now)


# ------------------------------------------------------------------------------------------------ what makes no sense


def test_unknown_kinds_and_nonsense_are_kept_and_told_once_for_each_kind(sender: Sender, lane: NewsLane) -> None:
    nonsense: list[dict[str, Any]] = [
        {"kind": "stock", "batches": [{"batch": "A", "blanks": -1}]},
        {"kind": "notice", "title": "without an id"},
        {"kind": "bundle", "name": "../../etc"},
        {"kind": "record.resend"},
        {"kind": "record.status", "record_id": 7},
    ]
    hear(sender, lane, *nonsense, *({"kind": "weather\u202e", "n": n} for n in range(3)))
    found = notes(sender)
    assert (Trouble.NEWS_UNKNOWN, "weather ×3") in found
    unreadable = [detail for trouble, detail in found if trouble is Trouble.NEWS_UNREADABLE]
    assert sorted(unreadable) == ["bundle", "notice", "record.resend", "record.status", "stock"]
    assert sender.depot.memory.stock is None
    assert sender.depot.memory.cursor == "8"


def test_an_event_of_the_year_one_holds_up_none_behind_it(sender: Sender, lane: NewsLane) -> None:
    """Where a date is missing some write the first of all days, in their own zone: in UTC there is no such day."""
    key = sender.packet()
    status = {"kind": "record.status", "record_id": key.record_id, "revision": 1, "code": "PRINTED"}
    hear(sender, lane, {**status, "at": "0001-01-01T00:00:00+07:00"}, {**status, "code": "DUPLICATE"})
    assert sender.depot.memory.cursor == "2"
    assert len(sender.depot.changes.of_record(key.record_id)) == 2


def test_what_one_event_leaves_on_the_disk_is_bounded(sender: Sender, lane: NewsLane) -> None:
    key = sender.packet()
    hear(sender, lane, {"kind": "essay", "record_id": key.record_id, "revision": 1, "text": "x" * (2 * KEPT_BYTES)})
    ((_, members),) = sender.depot.changes.of_record(key.record_id)
    assert members["kind"] == "essay"
    assert len(str(members)) < KEPT_BYTES


# --------------------------------------------------------------------------------------------- again, in disorder


def everything(sender: Sender) -> list[dict[str, Any]]:
    """News of every kind, about a packet that central has, dated and not."""
    key, now = sender.packet(), sender.clock.now()
    sender.deliver(key)
    about = {"record_id": key.record_id, "revision": 1}
    return [
        {"kind": "record.status", **about, "code": "PROCESSING", "at": rfc3339(now + HOUR)},
        {"kind": "record.status", **about, "code": "CARD_PRINTED", "at": rfc3339(now + 2 * HOUR)},
        {"kind": "notice", "id": "n", "title": "old", "event_id": "n1"},
        {"kind": "notice", "id": "n", "title": "new", "event_id": "n2"},
        {"kind": "notice", "id": "gone", "until": rfc3339(now)},
        {"kind": "stock", "event_id": "s1", "batches": [{"batch": "A", "blanks": 5}]},
        {"kind": "stock", "event_id": "s2", "batches": [{"batch": "A", "blanks": 4}]},
        {"kind": "weather", "event_id": "w"},
    ]


def test_a_central_that_forgot_the_cursor_tells_everything_again_and_nothing_changes(
    sender: Sender, lane: NewsLane
) -> None:
    hear(sender, lane, *everything(sender))
    before, lines = state(sender), notes(sender)
    record_id = sender.depot.outbox.page(list(Stage), offset=0, limit=1)[0].key.record_id
    history = sender.depot.changes.of_record(record_id)
    sender.depot.changes.begin_anew()
    hear(sender, lane)
    assert sender.depot.changes.of_record(record_id) == history
    assert state(sender) == before
    assert notes(sender) == lines


def test_a_central_that_refuses_the_cursor_is_asked_from_the_beginning(sender: Sender, lane: NewsLane) -> None:
    hear(sender, lane, *everything(sender))
    sender.central.queue("changes", faults.problem(Problem.MALFORMED, 400))
    hear(sender, lane)
    assert sender.depot.memory.cursor == ""
    hear(sender, lane)
    assert sender.central.asked_for("changes")[-1].query.get("since", "") == ""
    assert sender.depot.memory.cursor == str(len(sender.central.events[STATION]))


def test_a_page_told_twice_in_one_answer_is_applied_once(sender: Sender, lane: NewsLane) -> None:
    key = sender.packet()
    about = {"kind": "record.status", "record_id": key.record_id, "revision": 1}
    first, second = ({**about, "code": code, "event_id": code} for code in ("PROCESSING", "CARD_PRINTED"))
    again = Fault(process=True, rewrite=lambda body: {**body, "events": [*body["events"], body["events"][0]]})
    sender.central.queue("changes", again)
    hear(sender, lane, first, second)
    assert len(sender.depot.changes.of_record(key.record_id)) == 2
    assert sender.row(key).central_code == "CARD_PRINTED"


def test_a_status_that_is_told_late_does_not_take_back_a_newer_one(sender: Sender, lane: NewsLane) -> None:
    key, now = sender.packet(), sender.clock.now()
    about = {"kind": "record.status", "record_id": key.record_id, "revision": 1}
    hear(sender, lane, {**about, "code": "CARD_PRINTED", "at": rfc3339(now)})
    hear(sender, lane, {**about, "code": "PROCESSING", "at": rfc3339(now - HOUR)})
    assert sender.row(key).central_code == "CARD_PRINTED"
    assert len(sender.depot.changes.of_record(key.record_id)) == 2, "both are in its history"
    ahead = rfc3339(now + timedelta(days=3650))
    hear(
        sender,
        lane,
        {**about, "code": "HOLD", "at": ahead},
        {**about, "code": "CARD_ISSUED", "at": rfc3339(now + HOUR)},
    )
    assert sender.row(key).central_code == "CARD_ISSUED", "a clock ten years ahead does not hold a record for ten years"


def test_a_refusal_moves_no_packet_that_people_have_decided_about(sender: Sender, lane: NewsLane) -> None:
    key = sender.packet()
    sender.depot.outbox.reject(key, (), at=sender.clock.now())
    sender.depot.outbox.replace([key])
    about = {"record_id": key.record_id, "revision": 1}
    hear(sender, lane, {"kind": "record.refused", **about, "reasons": []}, {"kind": "record.resend", **about})
    assert sender.stage(key) is Stage.REPLACED
    assert (Trouble.RESEND_IMPOSSIBLE, "") in notes(sender), "the technician is told what central wants"


def test_a_wish_for_a_packet_nobody_has_here_is_told(sender: Sender, lane: NewsLane) -> None:
    unknown = "0" * 8 + "-0000-7000-8000-" + "0" * 12
    hear(sender, lane, {"kind": "record.resend", "record_id": unknown, "revision": 2})
    (line,) = sender.depot.technical_log.lines(5)
    assert (line.note.trouble, str(line.key)) == (Trouble.RESEND_IMPOSSIBLE, f"{unknown}.2")


@pytest.mark.parametrize("place", ["changes.before_commit", "changes.committed"])
def test_after_a_power_cut_every_kind_is_applied_exactly_once(sender: Sender, place: str) -> None:
    for event in everything(sender):
        sender.central.tell(STATION, **event)

    def cut(name: str) -> None:
        if name == place:
            raise PowerCut(name)

    shared = sender.shared()
    with failpoint.armed(cut), pytest.raises(PowerCut):
        NewsLane(shared, EVERY_S).step()
    shared.client.close()
    sender.restart()
    shared = sender.shared()
    hear(sender, NewsLane(shared, EVERY_S))
    shared.client.close()
    (notice,) = sender.depot.notices.current(sender.clock.now())
    assert notice.title == "new"
    assert sender.depot.memory.stock is not None
    assert sender.depot.memory.stock.blanks == 4
    assert notes(sender) == [(Trouble.NEWS_UNKNOWN, "weather")]


# ----------------------------------------------------------------------------------------------------------- too much


def test_an_event_longer_than_any_answer_is_passed_over_and_the_technician_is_told_where(
    sender: Sender, lane: NewsLane
) -> None:
    key = sender.packet()
    about = {"kind": "record.status", "record_id": key.record_id, "revision": 1}
    codes = [{**about, "code": f"C{n}"} for n in range(30)]
    hear(sender, lane, *codes[:20], {"kind": "essay", "text": "x" * 1_100_000}, *codes[20:])
    told = [members["code"] for _, members in sender.depot.changes.of_record(key.record_id)]
    assert told == [f"C{n}" for n in range(30)]
    assert notes(sender) == [(Trouble.NEWS_TOO_LONG, "20 → 21")]
    limits = [int(asked.query["limit"]) for asked in sender.central.asked_for("changes")]
    assert min(limits) == 1
    assert limits[-1] > 1, "and more are asked for again"


def test_where_not_even_the_position_can_be_read_the_feed_stands_without_a_hot_loop(
    sender: Sender, lane: NewsLane
) -> None:
    body = b'{"events": [{"kind": "essay", "text": "' + b"x" * 1_100_000 + b'"}], "cursor": "9"}'
    sender.central.queue("changes", *[faults.answer(200, body)] * 8)
    steps = 0
    while not isinstance(lane.step(), Idle):
        steps += 1
    assert (steps, sender.depot.memory.cursor) == (5, "")
    hear(sender, lane)
    assert notes(sender) == [(Trouble.NEWS_TOO_LONG, "0")], "one line, however often it is asked"


def test_a_cursor_that_does_not_move_is_told_once(sender: Sender, lane: NewsLane) -> None:
    stuck = Fault(process=True, rewrite=lambda _: {"cursor": "", "events": [{"kind": "notice", "id": "n"}]})
    sender.central.queue("changes", stuck, stuck)
    for _ in range(2):
        hear(sender, lane)
    assert notes(sender) == [(Trouble.NEWS_STUCK, "0")]
    assert sender.depot.notices.current(sender.clock.now()) == ()


def test_the_identity_of_an_event_is_its_name_or_all_of_it(sender: Sender) -> None:
    dated = Event(kind="x", at=sender.clock.now())
    named = [Event.model_validate({"kind": "x", "event_id": name}) for name in ("a", "b")]
    sender.depot.changes.apply("1", [dated, named[0]], at=sender.clock.now())
    again = [dated, *named, Event(kind="x")]
    assert sender.depot.changes.fresh(again) == (named[1], Event(kind="x"))
