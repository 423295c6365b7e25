"""The upload lane: one packet's bytes, offset and receipt at a time, checked against the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from station.domain.delivery import Progress, Stage
from station.domain.outcome import Later, Note, Trouble
from station.domain.record import RecordKey
from station.seal.jws import SigningKey
from station.seal.receipts import issue_receipt
from station.store.packets import MAX_PACKET_BYTES
from station.sync.lanes import Did, Idle, Shared, Step
from station.sync.manifests import ManifestLane
from station.sync.uploads import TELL_EVERY_S, UploadLane
from station.wire import Event, Limits, Problem, Receipt
from tests.fakes import central_faults as faults
from tests.fakes.central_faults import Fault
from tests.sending import Sender, sending

CHUNK = 1024


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    with sending(tmp_path, Limits(chunk_bytes=CHUNK)) as sender:
        yield sender


@pytest.fixture
def shared(sender: Sender) -> Iterator[Shared]:
    shared = sender.shared()
    yield shared
    shared.client.close()


@pytest.fixture
def lane(shared: Shared) -> UploadLane:
    return UploadLane(shared)


def wanted(sender: Sender, shared: Shared, serial: int = 1, filler: int = 2500) -> RecordKey:
    key = sender.packet(serial, filler=filler)
    ManifestLane(shared).step()
    return key


def run(lane: UploadLane, most: int = 60) -> Step:
    for _ in range(most):
        found = lane.step()
        if not isinstance(found, Did):
            return found
    raise AssertionError("the lane never ends")


def sent(sender: Sender) -> int:
    return sum(len(asked.body) for asked in sender.central.asked_for("patch"))


def test_nothing_wanted_is_nothing_asked(sender: Sender, lane: UploadLane) -> None:
    assert isinstance(lane.step(), Idle)
    assert sender.requests() == 0


def test_a_packet_goes_chunk_by_chunk_and_each_byte_once(sender: Sender, shared: Shared, lane: UploadLane) -> None:
    seen: list[Progress] = []

    def told(progress: Progress) -> None:
        seen.append(progress)
        sender.clock.pass_time(TELL_EVERY_S)

    shared.on_progress = told
    key = wanted(sender, shared)
    run(lane)
    size = sender.row(key).size
    assert sent(sender) == size
    assert len(sender.central.asked_for("patch")) == -(-size // CHUNK)
    assert sender.central.asked_for("head") == []  # the manifest has just told the offset
    sender.assert_once(key)
    offsets = [item.offset for item in seen if item.key == key]
    assert offsets == sorted(offsets)
    assert offsets[-1] == size
    assert seen[-1].rate_bps > 0


def test_every_acknowledged_chunk_is_in_the_row(sender: Sender, shared: Shared, lane: UploadLane) -> None:
    key = wanted(sender, shared)
    lane.step()
    assert sender.row(key).offset == CHUNK
    lane.step()
    assert sender.row(key).offset == 2 * CHUNK


def test_a_receipt_that_comes_later_is_asked_for(sender: Sender, shared: Shared, lane: UploadLane) -> None:
    sender.central.verifying = True
    key = wanted(sender, shared)
    run(lane)
    row = sender.row(key)
    assert (row.stage, sender.trouble(key), row.attempts) == (Stage.SENDING, Trouble.VERIFYING, 0)
    assert row.next_attempt_at is not None
    assert 1 <= (row.next_attempt_at - sender.clock.now()).total_seconds() <= 1.25
    sender.central.verify_waiting()
    sender.clock.pass_time(2)
    run(lane)
    sender.assert_once(key)
    assert sent(sender) == row.size, "not a byte was sent again"


def test_what_central_signed_but_is_no_receipt_is_no_answer(sender: Sender, shared: Shared, lane: UploadLane) -> None:
    key = wanted(sender, shared)
    nonsense = faults.other_receipt(lambda true: sender.central.key.sign({"record_id": true.record_id}))
    sender.central.queue("patch", *[nonsense] * 9)
    run(lane)
    row = sender.row(key)
    assert row.last_note is not None
    assert (row.last_note.trouble, row.last_note.detail) == (Trouble.BAD_RECEIPT, "receipt.unreadable")


def receipt_by(sender: Sender, **changes: object) -> Fault:
    key = changes.pop("key", sender.central.key)
    assert isinstance(key, SigningKey)

    def make(true: Receipt) -> str:
        return issue_receipt(key, Receipt.model_validate({**true.model_dump(), **changes}))

    return faults.other_receipt(make)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": SigningKey.generate("f1")}, "signature.invalid"),
        ({"sha256": "0" * 64}, "receipt.other_hash"),
        ({"size": 1}, "receipt.other_hash"),
        ({"record_id": "0" * 8 + "-0000-7000-8000-" + "0" * 12}, "receipt.other_record"),
        ({"revision": 2}, "receipt.other_record"),
        ({"central_id": "central-9999"}, "receipt.other_central"),
    ],
)
@pytest.mark.parametrize("route", ["patch", "receipts", "manifests"])
def test_a_receipt_that_does_not_verify_is_no_answer_wherever_it_comes(
    sender: Sender, shared: Shared, lane: UploadLane, changes: dict[str, object], code: str, route: str
) -> None:
    if route == "receipts":
        sender.central.verifying = True
    key = wanted(sender, shared, filler=0)
    if route == "receipts":
        run(lane)
        sender.central.verify_waiting()
        sender.clock.pass_time(2)
        sender.central.queue("receipts", receipt_by(sender, **changes))
    elif route == "patch":
        sender.central.queue("patch", *[receipt_by(sender, **changes)] * 9)
    else:
        run(lane)
        sender.depot.outbox.retry(key)
        again(sender, key)
        sender.central.queue("manifests", receipt_by(sender, **changes))
        ManifestLane(shared).step()
    if route != "manifests":
        run_until_trouble(lane)
    row = sender.row(key)
    assert row.stage in (Stage.SENDING, Stage.QUEUED)
    assert row.last_note is not None
    assert (row.last_note.trouble, row.last_note.detail) == (Trouble.BAD_RECEIPT, code)
    assert row.attempts == 1


def again(sender: Sender, key: RecordKey) -> None:
    """Central asks for it again."""
    event = Event(kind="record.resend", record_id=key.record_id, revision=1)
    sender.depot.changes.apply("1", [event], at=sender.clock.now())


def run_until_trouble(lane: UploadLane) -> None:
    for _ in range(20):
        if isinstance(lane.step(), Idle):
            return


def test_a_receipt_that_is_no_json_counts_against_the_item(sender: Sender, shared: Shared, lane: UploadLane) -> None:
    sender.central.verifying = True
    key = wanted(sender, shared)
    sender.central.queue("receipts", faults.html_with_echo(), faults.lost_request())
    run(lane)
    assert sender.trouble(key) is Trouble.UNREADABLE
    assert sender.row(key).attempts == 1


def test_no_link_when_asking_for_the_receipt_is_trouble_of_the_link(
    sender: Sender, shared: Shared, lane: UploadLane
) -> None:
    sender.central.verifying = True
    key = wanted(sender, shared)
    sender.central.queue("receipts", *[faults.lost_request()] * 3)
    found = run(lane)
    assert isinstance(found, Later)
    assert found.link
    assert sender.row(key).attempts == 0


@pytest.mark.parametrize("kind", [Problem.PACKET_REFUSED, Problem.UPLOAD_GONE])
def test_the_receipt_route_may_refuse_or_never_have_heard_of_it(
    sender: Sender, shared: Shared, lane: UploadLane, kind: Problem
) -> None:
    sender.central.verifying = True
    key = wanted(sender, shared)
    sender.central.queue("receipts", faults.problem(kind, 422, reasons=[{"code": "nik.date"}]))
    run(lane)
    assert sender.stage(key) is (Stage.REJECTED if kind is Problem.PACKET_REFUSED else Stage.QUEUED)


def test_a_packet_central_refuses_is_rejected_with_its_reasons(
    sender: Sender, shared: Shared, lane: UploadLane
) -> None:
    key = sender.packet(nik="1234")
    ManifestLane(shared).step()
    run(lane)
    row = sender.row(key)
    assert row.stage is Stage.REJECTED
    assert {reason.field for reason in row.reasons} == {"nik"}


@pytest.mark.parametrize("spoil", ["delete", "edit", "truncate", "empty"])
def test_a_file_that_is_not_what_was_sealed_is_parked_and_never_sent(
    sender: Sender, shared: Shared, lane: UploadLane, spoil: str
) -> None:
    key, other = wanted(sender, shared), wanted(sender, shared, 2)
    path = sender.depot.packets.path(key)
    data = path.read_bytes()
    if spoil == "delete":
        path.unlink()
    else:
        path.write_bytes({"edit": b"X" + data[1:], "truncate": data[:-1], "empty": b""}[spoil])
    run(lane)
    assert sender.stage(key) is Stage.PARKED
    assert sender.trouble(key) is (Trouble.FILE_MISSING if spoil == "delete" else Trouble.FILE_CHANGED)
    assert sender.stage(other) is Stage.RECEIPTED
    assert sender.central.accepted == [other]


def test_a_file_the_disk_cannot_read_waits_and_the_others_go_on(
    sender: Sender, shared: Shared, lane: UploadLane
) -> None:
    key, other = wanted(sender, shared), wanted(sender, shared, 2)
    path = sender.depot.packets.path(key)
    data = path.read_bytes()
    path.unlink()
    path.mkdir()  # root may read everything: what cannot be read even so is a folder
    run(lane)
    assert (sender.stage(key), sender.row(key).attempts) == (Stage.SENDING, 1)
    assert sender.stage(other) is Stage.RECEIPTED
    path.rmdir()
    path.write_bytes(data)
    sender.clock.pass_time(31)
    run(lane)
    sender.assert_once(other, key)


def test_a_file_that_has_become_huge_is_parked(sender: Sender, shared: Shared, lane: UploadLane) -> None:
    key = wanted(sender, shared)
    with sender.depot.packets.path(key).open("r+b") as file:
        file.truncate(MAX_PACKET_BYTES + 1)
    run(lane)
    assert (sender.stage(key), sender.trouble(key)) == (Stage.PARKED, Trouble.FILE_CHANGED)


def test_a_packet_that_becomes_due_in_between_is_sent_from_its_own_offset(
    sender: Sender, shared: Shared, lane: UploadLane
) -> None:
    older, newer = wanted(sender, shared, 1), wanted(sender, shared, 2)
    sender.depot.outbox.postpone(
        older, Note(Trouble.VERIFYING), until=sender.clock.now() + timedelta(seconds=5), at=sender.clock.now(),
        burns=False,
    )  # fmt: skip
    lane.step()
    assert sender.row(newer).offset == CHUNK
    sender.clock.pass_time(6)
    run(lane)
    sender.assert_once(older, newer)
    assert sent(sender) == sender.row(older).size + sender.row(newer).size


def test_spoilt_bytes_are_sent_again_once_and_then_parked(sender: Sender, shared: Shared, lane: UploadLane) -> None:
    key = wanted(sender, shared)
    manifests = ManifestLane(shared)
    sender.central.queue("patch", *[faults.problem(Problem.DIGEST_MISMATCH, 422)] * 2)
    run(lane)
    assert sender.stage(key) is Stage.QUEUED
    manifests.step()
    run(lane)
    assert (sender.stage(key), sender.trouble(key)) == (Stage.PARKED, Trouble.DIGEST)


def test_of_two_wanted_packets_the_one_that_fails_does_not_hold_up_the_other(
    sender: Sender, shared: Shared, lane: UploadLane
) -> None:
    bad, good = wanted(sender, shared), wanted(sender, shared, 2)
    sender.central.queue("patch", faults.answer(500))
    run(lane)
    assert sender.row(bad).attempts == 1
    assert sender.central.accepted == [good, bad], "it waited only until central was seen to work"
    sender.assert_once(good, bad)


def test_central_that_corrects_the_offset_to_and_fro_is_not_followed_for_ever(
    sender: Sender, shared: Shared, lane: UploadLane
) -> None:
    key = wanted(sender, shared)
    swings = [faults.problem(Problem.OFFSET_MISMATCH, 409, offset=value) for value in (1, 0) * 40]
    sender.central.queue("patch", *swings)
    run(lane)
    assert len(sender.central.asked_for("patch")) < 5
    assert sender.row(key).attempts == 1


def test_after_a_correction_it_goes_on_at_once(sender: Sender, shared: Shared, lane: UploadLane) -> None:
    key = wanted(sender, shared)
    (upload,) = sender.central.uploads.values()
    upload.data += sender.data(key)[:100]  # a courier was quicker
    run(lane)
    sender.assert_once(key)
    assert [asked.headers["upload-offset"] for asked in sender.central.asked_for("patch")][:2] == ["0", "100"]
