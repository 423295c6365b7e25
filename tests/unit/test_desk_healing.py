"""Healing at sign-in: what a power cut interrupted is finished, and central's word is taken over exactly once."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from station import failpoint
from station.desk import healing, recording, records
from station.domain.delivery import Stage
from station.domain.outcome import Accepted, Note, Reason, Trouble
from station.domain.record import RecordKey, State
from station.failpoint import PowerCut
from station.seal.packet import sha256_of
from station.store import audit
from station.store.outbox import set_refused
from tests.support import TODAY, Workplace, seal

RECEIPT = Accepted("a.b.c", "central-3325-00000001", TODAY + timedelta(hours=2))
REASONS = [Reason("nik.day", "nik", "no such day"), Reason("name.digit", "name")]


def state(place: Workplace, key: RecordKey) -> State:
    return records.timeline(place.office, key.record_id).row.record.state


def actions(place: Workplace, key: RecordKey) -> list[str]:
    with place.office.applicants.read() as connection:
        assert audit.first_broken(connection) is None
        lines = audit.lines_of(connection, key.record_id)
        return [line.action for line in lines if line.action != "draft_open"]


def cut_at(place: Workplace, where: str) -> RecordKey:
    """A draft whose sealing was interrupted at `where`; the station is restarted."""
    record_id = place.draft()

    def cut(reached: str) -> None:
        if reached == where:
            raise PowerCut(where)

    with failpoint.armed(cut), pytest.raises(PowerCut):
        seal(place.office, record_id)
    place.reopen()
    return RecordKey(record_id, 1)


@pytest.mark.parametrize("restart", [False, True])
def test_a_receipt_makes_a_record_accepted_once(place: Workplace, restart: bool) -> None:
    key = place.seal().record.key
    place.depot.outbox.settle(key, RECEIPT)
    if restart:
        place.reopen()
    else:
        assert healing.catch_up(place.office) == 1
        assert healing.catch_up(place.office) == 0
    assert state(place, key) is State.ACCEPTED
    healing.heal(place.office)
    assert actions(place, key) == ["start", "approve", "seal", "accept"]


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("accepted_before", [False, True])
def test_a_refusal_makes_a_record_rejected_with_its_reasons(
    place: Workplace, restart: bool, accepted_before: bool
) -> None:
    key = place.seal().record.key
    if accepted_before:
        place.depot.outbox.settle(key, RECEIPT)
        healing.catch_up(place.office)
        with place.depot.outbox.database.write() as connection:
            set_refused(connection, key, REASONS)
    else:
        place.depot.outbox.reject(key, REASONS, at=TODAY)
    if restart:
        place.reopen()
    else:
        assert healing.catch_up(place.office) == 1
    found = records.timeline(place.office, key.record_id)
    assert found.row.record.state is State.REJECTED
    assert list(found.reasons) == REASONS
    assert actions(place, key)[-1] == "reject"


def test_what_is_only_waiting_or_parked_moves_no_record(place: Workplace) -> None:
    key = place.seal().record.key
    place.depot.outbox.postpone(key, Note(Trouble.BUSY), until=TODAY, at=TODAY, burns=False)
    assert healing.catch_up(place.office) == 0
    place.depot.outbox.park(key, Note(Trouble.KEY_CONFLICT), at=TODAY)
    assert healing.catch_up(place.office) == 0
    place.reopen()
    assert state(place, key) is State.SEALED


def test_central_speaking_of_a_record_this_database_does_not_know_moves_nothing(place: Workplace) -> None:
    key = place.seal().record.key
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql("DELETE FROM seal")
        connection.exec_driver_sql("DELETE FROM record")
    place.depot.outbox.settle(key, RECEIPT)
    assert healing.catch_up(place.office) == 0


def test_a_late_word_about_an_old_revision_does_not_touch_the_new_one(place: Workplace) -> None:
    key = place.seal().record.key
    place.depot.outbox.reject(key, REASONS, at=TODAY)
    healing.catch_up(place.office)
    records.reopen(place.office, key.record_id)
    place.depot.outbox.settle(key, RECEIPT)
    assert healing.catch_up(place.office) == 0
    place.reopen()
    draft = recording.resume(place.office, key.record_id)
    assert (draft.record.revision, draft.record.state) == (2, State.DRAFT)


def test_a_draft_whose_packet_is_on_disk_was_sealed(place: Workplace, said: list[str]) -> None:
    key = cut_at(place, "packet.durable")
    assert state(place, key) is State.SEALED
    assert place.stage(key) is Stage.QUEUED
    assert actions(place, key) == ["start", "approve", "seal"]
    assert any("finished the interrupted sealing" in line for line in said)


@pytest.mark.parametrize("damage", ["cut", "garbage"])
def test_a_packet_that_was_damaged_in_the_power_cut_leaves_the_draft_which_is_sealed_again_and_goes(
    place: Workplace, damage: str, said: list[str]
) -> None:
    record_id = place.draft()

    def cut(reached: str) -> None:
        if reached == "packet.durable":
            raise PowerCut(reached)

    with failpoint.armed(cut), pytest.raises(PowerCut):
        seal(place.office, record_id)
    key = RecordKey(record_id, 1)
    path = place.depot.packets.path(key)
    if damage == "cut":
        os.truncate(path, 100)
    else:
        path.write_bytes(b"garbage")
    place.reopen()
    draft = recording.resume(place.office, record_id)
    assert draft.ready
    assert place.stage(key) is Stage.PARKED
    row = seal(place.office, record_id)
    assert row.packet is not None
    assert (row.packet.stage, row.packet.sha256) == (Stage.QUEUED, sha256_of(path.read_bytes()))
    assert row.packet.last_note is None


def test_healing_twice_changes_nothing(place: Workplace, said: list[str]) -> None:
    key = cut_at(place, "seal.recorded")
    before = actions(place, key)
    with place.office.applicants.read() as connection:
        lines = audit.count(connection)
    healing.heal(place.office)
    healing.heal(place.office)
    with place.office.applicants.read() as connection:
        assert audit.count(connection) == lines
    assert actions(place, key) == before == ["start", "approve", "seal"]


def test_several_refusals_at_once_are_all_taken_over(place: Workplace) -> None:
    keys = [place.seal(number).record.key for number in range(1, 5)]
    for key in keys:
        place.depot.outbox.settle(key, RECEIPT)
    healing.catch_up(place.office)
    with place.depot.outbox.database.write() as connection:
        for key in keys:
            set_refused(connection, key, REASONS)
    assert healing.catch_up(place.office) == 4
    assert {state(place, key) for key in keys} == {State.REJECTED}
