"""Retention: what central has finished with goes after its days, never without proof, and the rest stays for ever."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest

from station import failpoint
from station.desk import healing, records, reopening, resending, retention, signin
from station.domain.clocks import Check
from station.domain.delivery import Stage
from station.domain.errors import AccessError, RuleError
from station.domain.outcome import Reason, Trouble
from station.domain.record import RecordKey
from station.domain.retention import FINAL, Hold
from station.domain.rows import Filter, Happening
from station.failpoint import PowerCut
from station.store import audit, seals, tombstones
from station.store.depot import Depot
from station.store.outbox import set_refused, set_resend
from tests.retaining import STRANGER, believe, confirm, days, finished, hear, receipt, say
from tests.support import HandClock, Workplace

STEPS = ("purge.forgotten", "purge.marked", "purge.deleted", "purge.done")


@pytest.fixture
def place(place: Workplace) -> Workplace:
    believe(place)
    hear(place)
    return place


def here(place: Workplace, key: RecordKey) -> tuple[bool, bool]:
    """Whether the file is here, and whether it can be opened here."""
    with place.office.applicants.read() as connection:
        identity = seals.identity_of(connection, key)
    return place.depot.packets.path(key).exists(), identity is not None


def due(place: Workplace, serial: int = 1) -> RecordKey:
    """A packet whose days are over, and which was announced."""
    key = finished(place, serial)
    days(place, 30)
    retention.announce(place.office)
    days(place, 1)
    return key


def restart(place: Workplace) -> None:
    place.reopen()
    assert place.office.operator.name
    hear(place)


def test_thirty_days_after_print_ready_file_and_identity_go_and_row_hash_and_receipt_stay(place: Workplace) -> None:
    key = due(place)
    before = place.depot.outbox.get(key)
    assert before is not None
    done = retention.run(place.office)
    assert (done.gone, done.gone_bytes, done.held) == (1, before.size, ())
    assert here(place, key) == (False, False)
    after = place.depot.outbox.get(key)
    assert after is not None
    assert (after.stage, after.sha256, after.receipt) == (Stage.RECEIPTED, before.sha256, before.receipt)
    assert after.purged_at == place.clock.now()
    with place.office.applicants.read() as connection:
        line = audit.lines_of(connection, key.record_id)[-1]
        assert audit.first_broken(connection) is None
    assert (line.action, line.operator_id, line.detail["sha256"]) == ("purge", "station", before.sha256)
    assert retention.run(place.office).gone == 0


def test_until_its_days_are_over_and_it_was_announced_a_day_before_nothing_goes(place: Workplace) -> None:
    key = finished(place)
    for _ in range(30):
        retention.announce(place.office)
        assert retention.run(place.office).gone == 0
        days(place, 0.999)
    assert here(place, key) == (True, True)
    days(place, 0.1)
    assert retention.run(place.office).gone == 1


def test_what_was_not_announced_waits_a_day_though_its_days_are_over(place: Workplace) -> None:
    key = finished(place)
    days(place, 60)
    assert retention.run(place.office).gone == 0
    retention.announce(place.office)
    assert retention.run(place.office).gone == 0
    assert here(place, key) == (True, True)
    days(place, 1)
    assert retention.run(place.office).gone == 1


def test_a_person_who_may_can_let_go_what_is_due_without_the_day_of_notice(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished(place)
    days(place, 29)
    second = finished(place, 2)
    days(place, 1)
    with pytest.raises(AccessError) as problem:
        retention.run_now(place.office)
    assert problem.value.code == "access.role"
    monkeypatch.setattr(place.office, "operator", place.office.operator.__class__("op-9", "Arsip", "archivist"))
    assert retention.run_now(place.office).gone == 1
    assert here(place, second) == (True, True)


@pytest.mark.parametrize(
    "code",
    ["", "DUPLICATE_RECORD", "ADJUDICATE_RECORD", "ENROLL_FAILURE_AT_CENTRAL", "SENT_FOR_ENROLLMENT", "DELETED", "PRR"],
)
def test_what_central_has_not_finished_with_stays_however_long(place: Workplace, code: str) -> None:
    key = place.seal().record.key
    confirm(place, key)
    say(place, key, code)
    days(place, 4000)
    retention.announce(place.office)
    days(place, 2)
    assert retention.run(place.office) == retention.Run()
    assert here(place, key) == (True, True)


def test_every_status_from_print_ready_to_issued_is_final() -> None:
    assert "PRINT_READY_RECORD" in FINAL
    assert "CARD_ISSUED" in FINAL
    assert not {"UNREGISTERED", "BIO_CAPTURED", "DUPLICATE_RECORD", "DELETED"} & FINAL


def test_a_row_that_merely_says_that_central_has_it_is_not_believed(place: Workplace, said: list[str]) -> None:
    key = place.seal().record.key
    place.depot.outbox.settle(key, receipt(place, key, by=STRANGER))
    healing.catch_up(place.office)
    say(place, key)
    days(place, 31)
    retention.announce(place.office)
    days(place, 1)
    assert retention.run(place.office).held == ((key, Hold.RECEIPT),)
    assert here(place, key) == (True, True)
    assert any("receipt does not prove" in line for line in said)


def test_a_receipt_of_another_packet_proves_nothing(place: Workplace, said: list[str]) -> None:
    key, other = place.seal(1).record.key, place.seal(2).record.key
    place.depot.outbox.settle(key, receipt(place, other))
    healing.catch_up(place.office)
    say(place, key)
    days(place, 31)
    retention.announce(place.office)
    days(place, 1)
    assert retention.run(place.office).held == ((key, Hold.RECEIPT),)
    assert here(place, key) == (True, True)
    assert said


def test_a_file_that_is_not_what_central_confirmed_stays_for_the_technician(place: Workplace, said: list[str]) -> None:
    key = due(place)
    path = place.depot.packets.path(key)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert retention.run(place.office).held == ((key, Hold.RECEIPT),)
    assert path.exists()
    assert said


def test_what_is_being_corrected_or_refused_stays(place: Workplace) -> None:
    key = due(place)
    with place.depot.outbox.database.write() as connection:
        set_refused(connection, key, [Reason("X", "name")])
    healing.catch_up(place.office)
    assert retention.run(place.office) == retention.Run()
    assert here(place, key) == (True, True)


def test_what_central_wants_again_in_the_last_moment_stays(place: Workplace) -> None:
    key = due(place)
    with place.depot.outbox.database.write() as connection:
        assert set_resend(connection, key, at=place.clock.now()) is None
    assert retention.run(place.office) == retention.Run()
    assert here(place, key) == (True, True)


@pytest.mark.parametrize("jump", [400, -400])
def test_a_clock_that_jumped_destroys_nothing(place: Workplace, jump: int) -> None:
    key = finished(place)
    assert isinstance(place.clock, HandClock)
    place.clock.wall += timedelta(days=jump)
    for _ in range(3):
        retention.announce(place.office)
        place.clock.wall += timedelta(days=2)
        assert retention.run(place.office).gone == 0
    assert here(place, key) == (True, True)


def test_central_whose_clock_jumped_destroys_nothing(place: Workplace) -> None:
    key = finished(place)
    for _ in range(3):
        days(place, 1)
        place.depot.clocks.check = Check(timedelta(days=400), place.clock.now())
        retention.announce(place.office)
        assert retention.run(place.office).gone == 0
    assert here(place, key) == (True, True)


def test_somebody_who_is_to_come_again_keeps_their_packet_for_ninety_days(place: Workplace) -> None:
    key = due(place)
    invited = '[{"part": "iris_left", "code": "bandaged", "reason": "x", "invite_again": "2026-12-30"}]'
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql("UPDATE record SET exceptions = ?", (invited,))
    assert retention.run(place.office).gone == 0
    days(place, 60)
    assert here(place, key) == (True, True)
    assert retention.run(place.office).gone == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_power_cut_at_any_step_is_finished_and_nothing_is_doubled_or_missed(place: Workplace, step: str) -> None:
    key = due(place)

    def cut(name: str) -> None:
        if name == step:
            raise PowerCut

    with failpoint.armed(cut), pytest.raises(PowerCut):
        retention.run(place.office)
    restart(place)
    retention.announce(place.office)
    retention.run(place.office)
    assert here(place, key) == (False, False)
    item = place.depot.outbox.get(key)
    assert item is not None
    assert (item.stage, item.purged_at is not None, bool(item.receipt)) == (Stage.RECEIPTED, True, True)
    assert tombstones.keys(place.depot.packets) == {key}


def test_a_lost_outbox_gets_the_row_and_the_receipt_of_what_is_gone_and_sends_nothing(place: Workplace) -> None:
    key = due(place)
    retention.run(place.office)
    before = place.depot.outbox.get(key)
    place.close()
    for path in place.root.glob("outbox.db*"):
        path.unlink()
    restart(place)
    after = place.depot.outbox.get(key)
    assert before is not None
    assert after is not None
    assert (after.stage, after.receipt, after.purged_at) == (Stage.RECEIPTED, before.receipt, before.purged_at)
    assert (after.sha256, after.sealed_at, after.central_code) == (before.sha256, before.sealed_at, before.central_code)
    assert place.depot.outbox.counts(day_start=place.clock.now()).waiting == 0
    enrolment, _ = place.depot.enrolled()
    assert [item.count for item in place.depot.ledger.sums(enrolment.station_id)] == [1]


def test_an_older_outbox_that_would_send_it_again_does_not(place: Workplace) -> None:
    key = place.seal().record.key
    place.close()
    shutil.copy(place.root / "outbox.db", place.root.parent / "old.db")
    restart(place)
    confirm(place, key)
    say(place, key)
    days(place, 31)
    retention.announce(place.office)
    days(place, 1)
    assert retention.run(place.office).gone == 1
    place.close()
    for path in place.root.glob("outbox.db*"):
        path.unlink()
    shutil.copy(place.root.parent / "old.db", place.root / "outbox.db")
    restart(place)
    item = place.depot.outbox.get(key)
    assert item is not None
    assert (item.stage, item.purged_at is not None) == (Stage.RECEIPTED, True)


def test_an_old_copy_of_files_and_applicants_brings_nothing_back(place: Workplace) -> None:
    key = due(place)
    data = place.depot.packets.read(key)
    place.close()
    shutil.copy(place.root / "applicants.db", place.root.parent / "old.db")
    restart(place)
    assert retention.run(place.office).gone == 1
    place.close()
    for path in place.root.glob("applicants.db*"):
        path.unlink()
    shutil.copy(place.root.parent / "old.db", place.root / "applicants.db")
    place.depot.packets.path(key).write_bytes(data)
    restart(place)
    assert here(place, key) == (False, False)


def test_a_forged_tombstone_neither_hides_a_packet_nor_deletes_it(place: Workplace, said: list[str]) -> None:
    key = due(place)
    retention.run(place.office)
    other = place.seal(2).record.key
    stone = tombstones.read(place.depot.packets, key)
    tombstones.put(place.depot.packets, other, stone)
    restart(place)
    assert place.depot.packets.path(other).exists()
    assert place.stage(other) is Stage.QUEUED
    assert any("not to be believed" in line for line in said)


def test_central_that_asks_for_it_again_is_told_why_not(place: Workplace) -> None:
    key = due(place)
    retention.run(place.office)
    with place.depot.outbox.database.write() as connection:
        assert set_resend(connection, key, at=place.clock.now()) is Trouble.RESEND_PURGED
    assert place.stage(key) is Stage.RECEIPTED
    assert resending.resend(place.office, [key]).left == (key,)


def test_its_metadata_can_be_searched_and_its_page_tells_when_and_with_what_receipt(place: Workplace) -> None:
    key = due(place)
    name = records.timeline(place.office, key.record_id).row.record.name
    retention.run(place.office)
    (row,) = records.search(place.office, name, Filter.ALL, 0, 5).rows
    assert row.packet is not None
    assert row.packet.purged_at == place.clock.now()
    found = records.timeline(place.office, key.record_id)
    assert found.face is None
    moment = next(item for item in found.moments if item.what is Happening.PURGED)
    assert moment.text == row.packet.receipt_no
    with pytest.raises(RuleError):
        reopening.sealed_body(place.office, key)


def test_ten_at_a_time_and_the_rest_with_the_next_look(place: Workplace) -> None:
    keys = [finished(place, serial) for serial in range(1, 4)]
    days(place, 30)
    retention.announce(place.office)
    days(place, 1)
    first = retention.run(place.office, most=2)
    assert (first.gone, first.more) == (2, True)
    second = retention.run(place.office, most=2)
    assert (second.gone, second.more) == (1, False)
    assert [here(place, key) for key in keys] == [(False, False)] * 3


def test_what_is_announced_and_stays_after_all_is_announced_anew(place: Workplace) -> None:
    key = finished(place)
    retention.announce(place.office)
    say(place, key, "DUPLICATE_RECORD")
    retention.announce(place.office)
    days(place, 1)
    say(place, key)
    days(place, 40)
    assert retention.run(place.office).gone == 0
    (parting,) = retention.announce(place.office).partings
    assert parting.announced_at is None


def test_without_sign_in_nothing_is_destroyed(place: Workplace) -> None:
    key = due(place)
    place.close()
    Depot(place.root).close()
    restart(place)
    assert here(place, key) == (True, True)
    assert signin.operators(place.depot)
