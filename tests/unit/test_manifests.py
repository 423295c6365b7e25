"""The manifest lane: each verdict for its own packet, and one bad packet found alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from station.domain.delivery import Stage
from station.domain.outcome import Halted, Later, Trouble
from station.domain.record import RecordKey
from station.sync.lanes import Did, Idle, Step
from station.sync.manifests import ManifestLane
from station.wire import Limits, Problem
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.fakes.central_socket import Asked
from tests.sending import Sender, sending


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path) as sender:
        yield sender


@pytest.fixture
def lane(sender: Sender) -> Iterator[ManifestLane]:
    shared = sender.shared()
    yield ManifestLane(shared)
    shared.client.close()


def run(lane: ManifestLane, most: int = 200) -> Step:
    """Step until the lane has nothing to do, or trouble that is not one packet's."""
    for _ in range(most):
        found = lane.step()
        if not isinstance(found, Did):
            return found
    raise AssertionError("the lane never ends")


def batches(sender: Sender) -> list[int]:
    return [len(asked.json["items"]) for asked in sender.central.asked_for("manifests")]


def rewrite(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Fault:
    return Fault(process=True, rewrite=lambda body: {**body, "items": change(body["items"])})


def test_nothing_to_tell_is_nothing_asked(sender: Sender, lane: ManifestLane) -> None:
    assert isinstance(lane.step(), Idle)
    assert sender.requests() == 0


def test_central_is_told_of_everything_in_batches_oldest_first(sender: Sender, lane: ManifestLane) -> None:
    keys = [sender.packet(n) for n in range(1, 26)]
    run(lane)
    assert batches(sender) == [20, 5]
    told = [item["record_id"] for asked in sender.central.asked_for("manifests") for item in asked.json["items"]]
    assert told == [key.record_id for key in keys]
    assert {sender.stage(key) for key in keys} == {Stage.SENDING}
    assert all(sender.row(key).offered_at is not None for key in keys)


def test_a_manifest_holds_no_personal_data(sender: Sender, lane: ManifestLane) -> None:
    sender.packet()
    run(lane)
    (item,) = sender.central.asked_for("manifests")[0].json["items"]
    assert set(item) == {"record_id", "revision", "origin", "sha256", "size", "sealed_at", "kind", "priority"}


def test_batches_are_no_larger_than_central_takes(sender: Sender) -> None:
    shared = sender.shared()
    shared.limits = Limits(manifest_batch=3)
    for number in range(1, 8):
        sender.packet(number)
    run(ManifestLane(shared))
    shared.client.close()
    assert batches(sender) == [3, 3, 1]


def test_a_packet_central_has_already_is_settled_by_the_same_receipt(sender: Sender, said: list[str]) -> None:
    key = sender.packet()
    sender.deliver(key)
    receipt = sender.row(key).receipt
    sender.close()
    sender.depot.folder.outbox_db.unlink()
    sender.restart()
    shared = sender.shared()
    run(ManifestLane(shared))
    shared.client.close()
    assert sender.stage(key) is Stage.RECEIPTED
    assert sender.row(key).receipt == receipt
    sender.assert_once(key)
    assert len(said) == 1, "the rebuilt row is in the log"


def test_an_offered_packet_is_marked_before_central_hears_of_it(sender: Sender, lane: ManifestLane) -> None:
    key = sender.packet()
    offered: list[bool] = []

    def look(asked: Asked) -> None:
        offered.append(sender.row(key).offered_at is not None)

    sender.central.script(look)
    run(lane)
    assert offered[0]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda items: items[1:],
        lambda items: [{**items[0], "record_id": "0" * 8 + "-0000-0000-0000-" + "0" * 12}, *items[1:]],
        lambda items: [{**items[0], "revision": 2}, *items[1:]],
        lambda items: [{**items[0], "verdict": "have", "receipt": None}, *items[1:]],
        lambda items: [{**items[0], "verdict": "refuse"}, *items[1:]],
        lambda items: [{**items[0], "upload": None}, *items[1:]],
        lambda items: [{**items[0], "offset": 10**9}, *items[1:]],
        lambda items: [{**items[0], "upload": "http://evil.example/up"}, *items[1:]],
        lambda items: [{**items[0], "upload": "//evil.example/up"}, *items[1:]],
        lambda items: [{**items[0], "upload": "/v1/../../x"}, *items[1:]],
        lambda items: [{**items[0], "upload": "/v1/x?y=http://evil.example"}, *items[1:]],
        lambda items: [{**items[0], "upload": "/v1/x\n"}, *items[1:]],
        lambda items: [{**items[0], "upload": "/v1/\x00"}, *items[1:]],
        lambda items: [{**items[0], "upload": "@evil.example/"}, *items[1:]],
    ],
    ids=[
        "missing", "unknown record", "other revision", "have without receipt", "refuse without problem", "no upload",
        "offset beyond", "other host", "scheme-relative", "dots", "query", "newline", "nul", "userinfo",
    ],
)  # fmt: skip
def test_a_verdict_that_is_none_is_tried_again_and_spoils_no_other(
    sender: Sender, lane: ManifestLane, spoil: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
) -> None:
    first, second = sender.packet(1), sender.packet(2)
    sender.central.queue("manifests", rewrite(spoil))
    run(lane)
    assert (sender.stage(first), sender.stage(second)) == (Stage.QUEUED, Stage.SENDING)
    assert sender.trouble(first) is Trouble.UNREADABLE
    assert sender.row(first).attempts == 1
    sender.clock.pass_time(31)
    run(lane)
    assert sender.stage(first) is Stage.SENDING


def test_verdicts_in_another_order_find_their_packets(sender: Sender, lane: ManifestLane) -> None:
    keys = [sender.packet(number) for number in range(1, 5)]
    sender.central.queue("manifests", rewrite(lambda items: items[::-1]))
    run(lane)
    uploads = {f"/v1/uploads/{name}": upload.item.record_id for name, upload in sender.central.uploads.items()}
    assert [uploads[sender.row(key).upload or ""] for key in keys] == [key.record_id for key in keys]


def test_verdicts_nobody_asked_for_are_ignored(sender: Sender, lane: ManifestLane) -> None:
    key = sender.packet()
    other = {"record_id": "0" * 8 + "-0000-0000-0000-" + "0" * 12, "revision": 1, "verdict": "want", "upload": "/x"}
    sender.central.queue("manifests", rewrite(lambda items: [other, *items, other]))
    run(lane)
    assert sender.stage(key) is Stage.SENDING
    assert sender.depot.outbox.keys() == {key}


def refuse(key: RecordKey, kind: Problem, **members: Any) -> Fault:
    problem = {"type": kind.urn, **members}

    def change(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {"record_id": key.record_id, "revision": 1, "verdict": "refuse", "problem": problem}
            if item["record_id"] == key.record_id
            else item
            for item in items
        ]

    return rewrite(change)


@pytest.mark.parametrize(
    ("kind", "stage", "trouble"),
    [
        (Problem.PACKET_REFUSED, Stage.REJECTED, None),
        (Problem.KEY_CONFLICT, Stage.PARKED, Trouble.KEY_CONFLICT),
        (Problem.TOO_LARGE, Stage.PARKED, Trouble.TOO_LARGE),
        (Problem.MALFORMED, Stage.PARKED, Trouble.MALFORMED),
    ],
)
def test_a_refusal_settles_its_own_packet_only(
    sender: Sender, lane: ManifestLane, kind: Problem, stage: Stage, trouble: Trouble | None
) -> None:
    first, second = sender.packet(1), sender.packet(2)
    sender.central.queue("manifests", refuse(first, kind, reasons=[{"code": "nik.date", "field": "nik"}]))
    run(lane)
    assert (sender.stage(first), sender.stage(second)) == (stage, Stage.SENDING)
    assert sender.trouble(first) is trouble
    assert [reason.code for reason in sender.row(first).reasons] == (["nik.date"] if stage is Stage.REJECTED else [])


def test_one_verdict_that_halts_stops_the_lane_after_the_others_were_heard(sender: Sender, lane: ManifestLane) -> None:
    first, second = sender.packet(1), sender.packet(2)
    sender.central.queue("manifests", refuse(first, Problem.STATION_BLOCKED))
    assert isinstance(lane.step(), Halted)
    assert (sender.stage(first), sender.stage(second)) == (Stage.QUEUED, Stage.SENDING)
    assert sender.row(first).attempts == 0


@pytest.mark.parametrize("poison_at", [0, 4, 11])
@pytest.mark.parametrize(
    "fault",
    [
        faults.problem(Problem.MALFORMED, 400),
        faults.answer(500),
        faults.problem(Problem.PACKET_REFUSED, 422),
        faults.html_with_echo(),
        faults.answer(418),
    ],
    ids=["malformed", "500", "refused", "html", "418"],
)
def test_a_poison_packet_is_found_by_halving_and_blocks_nobody(
    sender: Sender, lane: ManifestLane, fault: Fault, poison_at: int
) -> None:
    keys = [sender.packet(number) for number in range(1, 13)]
    poison = keys[poison_at]

    def script(asked: Asked) -> Fault | None:
        on_its_way = {item.key for item in lane.current}  # the fake asks before it has read the body
        return fault if asked.route == "manifests" and poison in on_its_way else None

    sender.central.script(script)
    run(lane)
    others = [key for key in keys if key != poison]
    assert {sender.stage(key) for key in others} == {Stage.SENDING}
    assert all(sender.row(key).attempts == 0 for key in others)
    assert sender.stage(poison) is not Stage.SENDING
    assert len(batches(sender)) <= 14


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (faults.problem(Problem.BUSY, 503), Later),
        (faults.problem(Problem.MAINTENANCE, 503), Later),
        (faults.problem(Problem.NO_SPACE, 507), Later),
        (faults.portal(), Later),
        (faults.problem(Problem.UNKNOWN_STATION, 401), Halted),
        (faults.problem(Problem.STATION_BLOCKED, 403), Halted),
        (faults.problem(Problem.CLIENT_TOO_OLD, 426), Halted),
    ],
)
def test_trouble_that_is_not_of_a_packet_burns_nobodys_attempts(
    sender: Sender, lane: ManifestLane, fault: Fault, kind: type
) -> None:
    keys = [sender.packet(number) for number in range(1, 4)]
    sender.central.queue("manifests", fault)
    assert isinstance(lane.step(), kind)
    assert all((sender.row(key).attempts, sender.stage(key)) == (0, Stage.QUEUED) for key in keys)
    assert all(sender.row(key).next_attempt_at is None for key in keys)


@pytest.mark.parametrize("status", [404, 410])
def test_a_central_without_this_route_is_none(sender: Sender, lane: ManifestLane, status: int) -> None:
    sender.packet()
    sender.central.queue("manifests", faults.answer(status))
    found = lane.step()
    assert isinstance(found, Later)
    assert found.note.trouble is Trouble.PORTAL


@pytest.mark.parametrize("at", [0, 1, 40])
def test_a_cut_answer_of_one_packet_counts_against_it_only_when_it_was_central(
    sender: Sender, lane: ManifestLane, at: int
) -> None:
    key = sender.packet()
    sender.central.queue("manifests", *[faults.cut_answer(at)] * 3)
    found = lane.step()
    assert isinstance(found, Later)
    assert found.link
    assert sender.row(key).attempts == 0


def test_batches_grow_again_after_the_poison_is_found(sender: Sender, lane: ManifestLane) -> None:
    for number in range(1, 41):
        sender.packet(number)
    sender.central.queue("manifests", *[faults.answer(500)] * 5)
    run(lane)
    assert batches(sender)[:8] == [20, 10, 5, 2, 1, 1, 2, 4]
