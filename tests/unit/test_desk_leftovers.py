"""A sealing that goes wrong half way leaves a draft or a sealed record, never a packet that eats what is newer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from station import failpoint
from station.central.keys import load_keys
from station.central.options import CentralOptions
from station.desk import healing, recording, records, sealing
from station.domain.biometrics import Part
from station.domain.delivery import Stage
from station.domain.errors import StoreError
from station.domain.policy import Policy
from station.domain.record import RecordKey, State
from station.failpoint import PowerCut
from station.seal.body import open_body
from station.seal.packet import verify_packet
from station.seal.policy import EVERY_STATION, sign_policy
from station.store import captures, seals
from tests.support import Workplace, a_capture, seal

pytestmark = pytest.mark.usefixtures("said")  # every trouble here is in the log

BEFORE_COMMIT = "seal.before_commit"
NEWER = replace(a_capture(Part.FACE), image=b"a newer photo")


@contextmanager
def at(place: str, act: Callable[[], None]) -> Iterator[None]:
    with failpoint.armed(lambda reached: act() if reached == place else None):
        yield


def fail() -> None:
    raise RuntimeError("a bug")


def put_newer(place: Workplace, record_id: str) -> None:
    with place.office.applicants.write() as connection:
        captures.put(connection, record_id, NEWER)


def face_of(place: Workplace, record_id: str) -> bytes | None:
    with place.office.applicants.read() as connection:
        return captures.image(connection, record_id, Part.FACE)


def state_of(place: Workplace, record_id: str) -> State:
    return records.timeline(place.office, record_id).row.record.state


def aside(place: Workplace) -> list[Path]:
    return list(place.root.glob("packets/*/*.packet.aside-*"))


def left_behind(place: Workplace) -> RecordKey:
    """A draft beside whose capture a packet lies that could not be taken back: the disk let nothing be removed."""
    record_id = place.draft()
    key = RecordKey(record_id, 1)
    path = place.depot.packets.path(key)
    kept = path.with_suffix(".kept")

    def stick() -> None:
        path.rename(kept)
        path.mkdir()  # what is no file cannot be unlinked
        raise StoreError("store.io")

    with at(BEFORE_COMMIT, stick), pytest.raises(StoreError) as problem:
        seal(place.office, record_id)
    assert problem.value.code == "packet.left_behind", "the operator learns that something may still be there"
    path.rmdir()
    kept.rename(path)
    assert state_of(place, record_id) is State.DRAFT
    return key


def test_after_any_exception_no_packet_stays_beside_a_draft(place: Workplace) -> None:
    record_id = place.draft()
    with at(BEFORE_COMMIT, fail), pytest.raises(RuntimeError):
        seal(place.office, record_id)
    assert list(place.depot.packets.all_keys()) == []
    assert recording.resume(place.office, record_id).ready


def test_a_packet_left_behind_does_not_eat_what_was_captured_since(place: Workplace, said: list[str]) -> None:
    key = left_behind(place)
    put_newer(place, key.record_id)
    place.reopen()
    assert state_of(place, key.record_id) is State.DRAFT
    assert face_of(place, key.record_id) == NEWER.image
    assert place.stage(key) is None
    assert list(place.depot.packets.all_keys()) == []
    assert len(aside(place)) == 1
    assert any("set aside" in line for line in said)
    assert seal(place.office, key.record_id).record.key == key
    place.reopen()
    assert place.stage(key) is Stage.QUEUED
    assert len(aside(place)) == 1


@pytest.mark.parametrize(
    ("field", "value"), [("address", "JALAN CONTOH 99"), ("phone", "08009999999")], ids=["address", "phone"]
)
def test_an_answer_that_was_changed_since_keeps_the_draft_too(place: Workplace, field: str, value: str) -> None:
    key = left_behind(place)
    recording.answer(place.office, key.record_id, field, value)
    place.reopen()
    assert recording.resume(place.office, key.record_id).answers[field] == value


def test_a_packet_that_holds_what_the_draft_holds_finishes_its_sealing(place: Workplace) -> None:
    key = left_behind(place)
    place.clock.pass_time(40 * 24 * 3600)  # type: ignore[attr-defined]  # what follows from the day alone is no change
    place.reopen()
    assert state_of(place, key.record_id) is State.SEALED
    assert place.stage(key) is Stage.QUEUED
    assert aside(place) == []


def test_a_packet_of_another_identity_is_not_believed(place: Workplace) -> None:
    """The draft was packed once more, and the power went out before that packet was on the disk."""
    key = left_behind(place)

    def cut() -> None:
        raise PowerCut("seal.planned")

    with at("seal.planned", cut), pytest.raises(PowerCut):
        seal(place.office, key.record_id)
    place.reopen()
    assert state_of(place, key.record_id) is State.DRAFT
    assert len(aside(place)) == 1


def test_what_central_may_have_been_told_of_goes_its_own_way_and_the_draft_follows_as_the_next_revision(
    place: Workplace,
) -> None:
    key = left_behind(place)
    put_newer(place, key.record_id)
    assert place.depot.adopt_packets() == 1
    place.depot.outbox.offer([key], at=place.clock.now())
    place.reopen()
    draft = recording.resume(place.office, key.record_id)
    assert (draft.record.revision, draft.record.state) == (2, State.DRAFT)
    assert face_of(place, key.record_id) == NEWER.image
    assert place.stage(key) is Stage.QUEUED
    assert list(place.depot.packets.all_keys()) == [key]
    second = seal(place.office, key.record_id).record.key
    with place.office.applicants.read() as connection:
        identity = seals.identity_of(connection, second)
    assert (second.revision, identity is not None) == (2, True)
    packet = verify_packet(place.depot.packets.read(second), [place.depot.enrolled()[1].public])
    assert NEWER.image in [item.image for item in open_body(packet.body, str(identity)).captures]


# ----------------------------------------------------------------------------------------- sealed, and then trouble


def test_trouble_right_after_the_commit_makes_nothing_unsealed(place: Workplace, said: list[str]) -> None:
    record_id = place.draft()
    committing: list[bool] = []

    def listen() -> None:
        if committing:
            committing.clear()
            fail()

    place.office.applicants.on_commit.append(listen)
    with at(BEFORE_COMMIT, lambda: committing.append(True)):
        row = seal(place.office, record_id)
    assert row.record.state is State.SEALED
    assert row.packet is not None
    assert row.packet.stage is Stage.QUEUED
    assert any("something went wrong right after" in line for line in said)


def hold_outbox(place: Workplace) -> None:
    with place.depot.outbox.database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER held BEFORE INSERT ON packet BEGIN SELECT RAISE(ABORT, 'database is locked'); END"
        )


def let_outbox_go(place: Workplace) -> None:
    with place.depot.outbox.database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER held")


def test_what_the_outbox_could_not_take_is_sealed_and_taken_at_the_next_catch_up(place: Workplace) -> None:
    told = []
    place.office.on_sealed.append(lambda: told.append(len(place.depot.outbox.keys())))
    hold_outbox(place)
    row = place.seal()
    key = row.record.key
    assert (row.record.state, row.packet) == (State.SEALED, None)
    healing.catch_up(place.office)
    assert place.stage(key) is None, "it is still busy"
    let_outbox_go(place)
    healing.catch_up(place.office)
    assert place.stage(key) is Stage.QUEUED
    assert told == [0, 1], "the engine wakes for it"
    healing.catch_up(place.office)
    assert told == [0, 1]


def test_whoever_signs_in_next_also_sends_what_the_outbox_could_not_take(place: Workplace) -> None:
    hold_outbox(place)
    key = place.seal().record.key
    let_outbox_go(place)
    place.office.unqueued.clear()  # somebody else has signed in since, in the same run of the program
    healing.heal(place.office)
    assert place.stage(key) is Stage.QUEUED


def test_a_listener_in_trouble_makes_no_error_of_a_sealed_record(place: Workplace) -> None:
    def busy() -> None:
        raise StoreError("store.busy")

    heard: list[int] = []
    place.office.on_sealed += [busy, lambda: heard.append(1)]
    assert place.seal().record.state is State.SEALED
    assert heard == [1]


# ------------------------------------------------------------------------------------------------------------ policy


def test_a_floor_that_rises_while_somebody_sits_there_does_not_stop_their_sealing(
    place: Workplace, enrolled_folder: Path
) -> None:
    record_id = place.draft()
    options = CentralOptions()
    key, now = load_keys(enrolled_folder.parent / "central", options.central_id).signing, place.clock.now()
    token = sign_policy(
        key, Policy(finger_quality=70), central_id=options.central_id, issued_at=now, audience=EVERY_STATION
    )
    place.depot.changes.apply("next", [], at=now, policy=token)
    assert sealing.seal(place.office, record_id).record.state is State.SEALED
    assert recording.resume(place.office, place.draft(2)).weak, "whoever is opened next is judged by it"
