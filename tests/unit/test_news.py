"""The changes lane: what central tells is applied exactly once, together with its cursor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from station import failpoint
from station.domain.delivery import Stage
from station.domain.outcome import Halted, Later, Trouble
from station.failpoint import PowerCut
from station.sync.lanes import Did, Idle
from station.sync.news import NewsLane
from station.wire import Pacing, Problem
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.sending import STATION, Sender, sending

EVERY_S = 20.0


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


@pytest.fixture
def lane(sender: Sender) -> Iterator[NewsLane]:
    shared = sender.shared()
    yield NewsLane(shared, EVERY_S)
    shared.client.close()


def told(sender: Sender, record_id: str) -> list[str]:
    return [str(members["code"]) for _, members in sender.depot.changes.of_record(record_id)]


def test_it_asks_at_once_and_then_every_so_often(sender: Sender, lane: NewsLane) -> None:
    assert isinstance(lane.step(), Did)
    assert isinstance(lane.step(), Idle)
    assert lane.due_in_s() == EVERY_S
    sender.clock.pass_time(EVERY_S)
    assert isinstance(lane.step(), Did)
    assert len(sender.central.asked_for("changes")) == 2


def test_after_a_receipt_it_asks_soon(sender: Sender, lane: NewsLane) -> None:
    lane.step()
    lane.soon(1.0)
    assert lane.due_in_s() == 1.0
    lane.soon(3.0)
    assert lane.due_in_s() == 1.0


def test_what_is_told_goes_into_the_row_and_the_history(sender: Sender, lane: NewsLane) -> None:
    key = sender.packet()
    for code in ("RECEIVED_AT_CENTRAL", "DUPLICATE_RECORD"):
        sender.central.tell(STATION, "record.status", record_id=key.record_id, revision=1, code=code)
    lane.step()
    assert sender.row(key).central_code == "DUPLICATE_RECORD"
    assert told(sender, key.record_id) == ["RECEIVED_AT_CENTRAL", "DUPLICATE_RECORD"]


def test_news_of_a_record_nobody_knows_and_of_kinds_nobody_knows_are_kept(sender: Sender, lane: NewsLane) -> None:
    unknown = "0" * 8 + "-0000-7000-8000-" + "0" * 12
    sender.central.tell(STATION, "record.status", record_id=unknown, revision=3, code="NEW")
    sender.central.tell(STATION, "record.moved", record_id=unknown, revision=3, where={"deep": [1, 2]})
    sender.central.tell(STATION, "notice", id="n1", title="Libur", body="x")
    lane.step()
    kept = [members for _, members in sender.depot.changes.of_record(unknown)]
    assert [members["kind"] for members in kept] == ["record.status", "record.moved"]
    assert kept[1]["where"] == {"deep": [1, 2]}
    assert sender.depot.memory.cursor == "3"


@pytest.mark.parametrize("place", ["changes.before_commit", "changes.committed"])
def test_after_a_power_cut_every_event_is_there_exactly_once(sender: Sender, lane: NewsLane, place: str) -> None:
    key = sender.packet()
    for number in range(5):
        sender.central.tell(STATION, "record.status", record_id=key.record_id, revision=1, code=f"C{number}")

    def cut(name: str) -> None:
        if name == place:
            raise PowerCut(name)

    with failpoint.armed(cut), pytest.raises(PowerCut):
        lane.step()
    sender.restart()
    shared = sender.shared()
    NewsLane(shared, EVERY_S).step()
    shared.client.close()
    assert told(sender, key.record_id) == [f"C{number}" for number in range(5)]
    assert sender.row(key).central_code == "C4"


def test_more_than_a_page_is_fetched_without_a_pause(sender: Sender, lane: NewsLane) -> None:
    key = sender.packet()
    for number in range(450):
        sender.central.tell(STATION, "record.status", record_id=key.record_id, revision=1, code=f"C{number}")
    steps = 0
    while isinstance(lane.step(), Did):
        steps += 1
    assert steps == 3
    assert told(sender, key.record_id) == [f"C{number}" for number in range(450)]


def test_more_that_never_moves_on_is_not_asked_for_ever(sender: Sender, lane: NewsLane) -> None:
    sender.central.queue("changes", *[Fault(process=True, rewrite=lambda body: {**body, "more": True})] * 5)
    lane.step()
    lane.step()
    assert isinstance(lane.step(), Idle)


def test_events_that_do_not_move_the_cursor_are_not_applied_again_and_again(sender: Sender, lane: NewsLane) -> None:
    key = sender.packet()
    sender.central.tell(STATION, "record.status", record_id=key.record_id, revision=1, code="C")
    sender.central.queue("changes", None, Fault(process=True, rewrite=lambda _: {"cursor": "1", "events": [
        {"kind": "record.status", "record_id": key.record_id, "revision": 1, "code": "AGAIN"}]}))  # fmt: skip
    lane.step()
    sender.clock.pass_time(EVERY_S)
    lane.step()
    assert told(sender, key.record_id) == ["C"]


def test_the_cursor_is_only_text_to_us(sender: Sender, lane: NewsLane) -> None:
    sender.central.queue("changes", Fault(process=True, rewrite=lambda body: {**body, "cursor": "a b&since=/?#é"}))
    lane.step()
    sender.clock.pass_time(EVERY_S)
    sender.central.queue("changes", faults.answer(200, b'{"cursor": "1"}'))
    lane.step()
    assert sender.central.asked_for("changes")[-1].query["since"] == "a b&since=/?#é"


def test_pacing_is_remembered(sender: Sender, lane: NewsLane) -> None:
    pacing = Pacing(spread_s=10, manifest_spread_s=1)
    change = Fault(process=True, rewrite=lambda body: {**body, "pacing": pacing.model_dump(mode="json")})
    sender.central.queue("changes", change)
    lane.step()
    sender.restart()
    assert sender.depot.memory.pacing == pacing


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (faults.portal(), Trouble.PORTAL),
        (faults.html_with_echo(), Trouble.UNREADABLE),
        (faults.answer(200, b'{"cursor": "9", "events": [{"ki'), Trouble.UNREADABLE),
        (faults.answer(200, b'{"cursor": "9", "events": 7}'), Trouble.UNREADABLE),
        (faults.answer(500), Trouble.SERVER_ERROR),
        (faults.problem(Problem.BUSY, 503), Trouble.BUSY),
        (faults.problem(Problem.MAINTENANCE, 503), Trouble.MAINTENANCE),
    ],
)
def test_an_answer_that_is_none_moves_nothing(sender: Sender, lane: NewsLane, fault: Fault, trouble: Trouble) -> None:
    sender.central.tell(STATION, "notice", id="n1")
    sender.central.queue("changes", fault)
    found = lane.step()
    assert isinstance(found, Later)
    assert found.note.trouble is trouble
    assert sender.depot.memory.cursor == ""
    assert isinstance(lane.step(), Did), "when to ask again is not for this lane to say"
    assert sender.depot.memory.cursor == "1"


def test_an_event_that_cannot_be_read_is_kept_and_does_not_hold_up_those_behind_it(
    sender: Sender, lane: NewsLane
) -> None:
    key = sender.packet()
    events = (
        '{"kind": "record.status", "record_id": 7},'
        f'{{"kind": "record.status", "record_id": "{key.record_id}", "revision": 1, "code": "CARD_PRINTED"}}'
    )
    sender.central.queue("changes", faults.answer(200, f'{{"cursor": "9", "events": [{events}]}}'.encode()))
    assert isinstance(lane.step(), Did)
    assert sender.depot.memory.cursor == "9"
    assert sender.row(key).central_code == "CARD_PRINTED"


def test_no_link_is_told_as_such(sender: Sender, lane: NewsLane) -> None:
    sender.central.stop()
    found = lane.step()
    assert isinstance(found, Later)
    assert found.link


def test_a_halt_is_handed_on_and_an_odd_refusal_is_only_noted(sender: Sender, lane: NewsLane) -> None:
    sender.central.queue(
        "changes",
        faults.problem(Problem.STATION_BLOCKED, 403),
        faults.problem(Problem.MALFORMED, 400),
        faults.problem(Problem.PACKET_REFUSED, 422),
    )
    assert isinstance(lane.step(), Halted)
    for _ in range(2):
        sender.clock.pass_time(EVERY_S)
        assert isinstance(lane.step(), Did)
    assert [line.note.trouble for line in sender.depot.technical_log.lines(10)] == [Trouble.MALFORMED]


def test_a_late_refusal_and_a_wish_to_have_it_again_move_the_row(sender: Sender, lane: NewsLane) -> None:
    key = sender.packet()
    sender.deliver(key)
    reasons = [{"code": "nik.date", "field": "nik", "detail": "x"}]
    sender.central.tell(STATION, "record.refused", record_id=key.record_id, revision=1, reasons=reasons)
    lane.step()
    assert sender.stage(key) is Stage.REJECTED
    assert [reason.code for reason in sender.row(key).reasons] == ["nik.date"]
    sender.central.tell(STATION, "record.resend", record_id=key.record_id, revision=1)
    sender.clock.pass_time(EVERY_S)
    lane.step()
    assert sender.stage(key) is Stage.QUEUED
