"""Looking records up, their timeline, and correcting what central refused."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from station.central.keys import load_keys
from station.central.options import CentralOptions
from station.desk import healing, recording, records
from station.domain.biometrics import Part
from station.domain.delivery import Stage
from station.domain.errors import RuleError, StationError, StoreError, TrustError
from station.domain.outcome import Accepted, Note, Reason, Trouble
from station.domain.record import State
from station.domain.rows import Filter, Happening, Order, View
from station.domain.steps import Step
from station.seal.body import open_body
from station.seal.jws import SigningKey
from station.seal.packet import make_packet, read_packet
from station.wire import Event
from tests.support import TODAY, HandClock, Workplace, a_capture, good_answers, seal

RECEIPT = Accepted("a.b.c", "central-3325-00000001", TODAY + timedelta(hours=2))
REASON = Reason("nik.day", "nik", "no such day")


def rejected(place: Workplace, *reasons: Reason, **changed: str) -> str:
    """A record that central refused."""
    record = place.seal(1, **changed).record
    place.depot.outbox.offer([record.key], at=TODAY)
    place.depot.outbox.reject(record.key, list(reasons or (REASON,)), at=TODAY)
    healing.catch_up(place.office)
    return record.record_id


@pytest.fixture(scope="module")
def register_folder(enrolled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft, one waiting, one receipted, one rejected, one parked, one withdrawn. For copying only."""
    root = Path(shutil.copytree(enrolled_folder, tmp_path_factory.mktemp("register") / "station"))
    place = Workplace(root, "http://127.0.0.1:9", HandClock())
    place.draft(1, name="SATU DRAF")
    place.seal(2, name="DUA MENUNGGU")
    place.depot.outbox.settle(place.seal(3, name="TIGA TERIMA").record.key, RECEIPT)
    place.depot.outbox.reject(place.seal(4, name="EMPAT TOLAK").record.key, [REASON], at=TODAY)
    place.depot.outbox.park(place.seal(5, name="LIMA PARKIR").record.key, Note(Trouble.KEY_CONFLICT), at=TODAY)
    recording.withdraw(place.office, place.draft(6, name="ENAM TARIK"), "pulang")
    healing.catch_up(place.office)
    place.close()
    return root


@pytest.fixture
def register(register_folder: Path, tmp_path: Path, open_place: Callable[[Path], Workplace]) -> Workplace:
    """The register, opened."""
    return open_place(Path(shutil.copytree(register_folder, tmp_path / "register")))


def names(place: Workplace, which: Filter, text: str = "") -> set[str]:
    page = records.search(place.office, text, which, 0, 50)
    assert page.total == len(page.rows)
    return {row.record.name.split()[0] for row in page.rows}


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (Filter.ALL, {"SATU", "DUA", "TIGA", "EMPAT", "LIMA", "ENAM"}),
        (Filter.DRAFT, {"SATU"}),
        (Filter.WAITING, {"DUA"}),
        (Filter.RECEIPTED, {"TIGA"}),
        (Filter.NEEDS_REPAIR, {"EMPAT", "LIMA"}),
        (Filter.QUIET, set()),
    ],
)
def test_each_chip_shows_its_records_and_their_number(register: Workplace, which: Filter, expected: set[str]) -> None:
    assert names(register, which) == expected
    assert records.counts(register.office)[which] == len(expected)


def test_a_search_goes_by_name_nik_or_registration_number_within_the_chip(register: Workplace) -> None:
    assert names(register, Filter.ALL, "menunggu") == {"DUA"}
    assert names(register, Filter.ALL, good_answers(3)["nik"]) == {"TIGA"}
    assert names(register, Filter.DRAFT, "menunggu") == set()
    number = records.search(register.office, "dua", Filter.ALL, 0, 1).rows[0].record.registration_no
    assert names(register, Filter.ALL, number.lower()) == {"DUA"}
    assert names(register, Filter.NEEDS_REPAIR, "lima") == {"LIMA"}


def test_what_central_is_silent_about_for_more_than_fourteen_days_is_counted(register: Workplace) -> None:
    clock = register.clock
    clock.pass_time(14 * 86_400 + 7200)  # type: ignore[attr-defined]
    assert records.counts(register.office)[Filter.QUIET] == 0
    clock.pass_time(1)  # type: ignore[attr-defined]
    assert names(register, Filter.QUIET) == {"TIGA"}
    assert records.counts(register.office)[Filter.QUIET] == 1
    row = records.search(register.office, "", Filter.QUIET, 0, 1).rows[0]
    event = Event(kind="record.status", record_id=row.record.record_id, revision=1, code="CARD_ISSUED", at=TODAY)
    register.depot.changes.apply("1", [event], at=register.clock.now())
    assert records.counts(register.office)[Filter.QUIET] == 0


def test_a_list_is_ordered_and_narrowed_by_its_view(register: Workplace) -> None:
    page = records.search(register.office, "", Filter.ALL, 0, 50, View(Order.NAME, descending=False))
    assert [row.record.name.split()[0] for row in page.rows] == ["DUA", "EMPAT", "ENAM", "LIMA", "SATU", "TIGA"]
    page = records.search(register.office, "", Filter.ALL, 0, 2, View(Order.NEWS))
    assert (page.rows[0].record.name, page.total) == ("TIGA TERIMA", 6)
    nobody = View(operator_id="op-unknown")
    assert records.search(register.office, "", Filter.ALL, 0, 50, nobody).total == 0
    assert set(records.counts(register.office, nobody).values()) == {0}


def test_a_page_brings_each_records_packet(register: Workplace) -> None:
    page = records.search(register.office, "", Filter.ALL, 0, 50)
    stages = {row.record.name.split()[0]: row.packet.stage if row.packet else None for row in page.rows}
    assert stages == {
        "SATU": None,
        "DUA": Stage.QUEUED,
        "TIGA": Stage.RECEIPTED,
        "EMPAT": Stage.REJECTED,
        "LIMA": Stage.PARKED,
        "ENAM": None,
    }
    assert len(records.search(register.office, "", Filter.ALL, 4, 50).rows) == 2


def test_a_timeline_tells_everything_newest_first(place: Workplace) -> None:
    clock = place.clock
    record_id = rejected(place)
    clock.pass_time(60)  # type: ignore[attr-defined]
    records.reopen(place.office, record_id)
    clock.pass_time(60)  # type: ignore[attr-defined]
    row = seal(place.office, record_id)
    place.depot.outbox.settle(row.record.key, RECEIPT)
    event = Event(
        kind="record.status", record_id=record_id, revision=2, code="PRINT_READY_RECORD", at=RECEIPT.received_at
    )
    place.depot.changes.apply("1", [event], at=TODAY)
    healing.catch_up(place.office)
    found = records.timeline(place.office, record_id)
    whats = [moment.what for moment in found.moments]
    assert whats == [
        Happening.CENTRAL,
        Happening.RECEIPTED,
        Happening.QUEUED,
        Happening.SEALED,
        Happening.REOPENED,
        Happening.REJECTED,
        Happening.OFFERED,
        Happening.QUEUED,
        Happening.SEALED,
        Happening.STARTED,
    ]
    assert [moment.at for moment in found.moments] == sorted((m.at for m in found.moments), reverse=True)
    assert [moment.revision for moment in found.moments] == [2] * 5 + [1] * 5
    assert found.face == a_capture(Part.FACE).image
    assert found.row.packet is not None
    assert found.row.packet.central_code == "PRINT_READY_RECORD"
    assert "central-3325-00000001" in {moment.text for moment in found.moments}


def test_a_timeline_tells_why_a_packet_is_parked(place: Workplace) -> None:
    key = place.seal().record.key
    place.depot.outbox.park(key, Note(Trouble.FILE_CHANGED), at=TODAY)
    moments = records.timeline(place.office, key.record_id).moments
    assert [moment.text for moment in moments if moment.what is Happening.PARKED] == ["file-changed"]


def test_a_record_nobody_made_has_no_timeline(place: Workplace) -> None:
    for act in (records.timeline, records.reopen):
        with pytest.raises(RuleError) as problem:
            act(place.office, "01a1fc0b-e380-71fd-afd0-1bb720aff3dd")
        assert problem.value.code == "record.unknown"


# ------------------------------------------------------------------------------------------------------- correcting


def test_a_refused_record_comes_back_whole_as_the_next_revision(place: Workplace) -> None:
    record_id = rejected(place, REASON, name="SUPARMAN CONTOH")
    draft = records.reopen(place.office, record_id)
    assert (draft.record.revision, draft.record.state, draft.record.sealed_at) == (2, State.DRAFT, None)
    assert draft.answers == {**good_answers(1), "name": "SUPARMAN CONTOH"}
    assert draft.refused == (REASON,)
    assert draft.missing == ()
    for part in Part:
        assert recording.image(place.office, record_id, part) == a_capture(part).image
    place.reopen()
    assert recording.resume(place.office, record_id) == draft


@pytest.mark.parametrize(
    ("reasons", "step"),
    [
        ((REASON,), Step.APPLICANT),
        ((Reason("name.digit", "name"),), Step.BIODATA),
        ((REASON, Reason("name.digit", "name")), Step.BIODATA),
        ((Reason("exception.captured", "iris-left"), Reason("approval.differs", "signature")), Step.IRISES),
        ((Reason("exception.captured", "iris-left"), REASON), Step.BIODATA),
    ],
)
def test_it_reopens_where_the_first_mistake_is(place: Workplace, reasons: tuple[Reason, ...], step: Step) -> None:
    assert records.reopen(place.office, rejected(place, *reasons)).step is step


def test_the_corrected_revision_is_a_packet_of_its_own(place: Workplace, enrolled_folder: Path) -> None:
    record_id = rejected(place)
    records.reopen(place.office, record_id)
    recording.answer(place.office, record_id, "name", "BUDI SANTOSO CONTOH")
    row = seal(place.office, record_id)
    keys = load_keys(enrolled_folder.parent / "central", CentralOptions().central_id)
    answered = []
    for key in place.depot.packets.all_keys():
        packet = read_packet(place.depot.packets.read(key))
        body = open_body(packet.body, keys.identity)
        answered.append((packet.manifest.revision, packet.manifest.sequence, body.record["answers"]["name"]))
    assert answered == [(1, 1, "SITI AMINAH CONTOH"), (2, 2, "BUDI SANTOSO CONTOH")]
    assert row.packet is not None
    assert row.packet.stage is Stage.QUEUED
    assert {item.key.revision: item.stage for item in place.depot.outbox.of_records([record_id]).values()} == {
        1: Stage.REPLACED,
        2: Stage.QUEUED,
    }
    assert records.timeline(place.office, record_id).reasons == ()


@pytest.mark.parametrize("state", ["draft", "sealed", "accepted", "withdrawn"])
def test_only_what_central_refused_can_be_reopened(place: Workplace, state: str) -> None:
    record_id = place.draft()
    if state == "withdrawn":
        recording.withdraw(place.office, record_id, "pulang")
    elif state != "draft":
        key = seal(place.office, record_id).record.key
        if state == "accepted":
            place.depot.outbox.settle(key, RECEIPT)
            healing.catch_up(place.office)
    with pytest.raises(RuleError) as problem:
        records.reopen(place.office, record_id)
    assert problem.value.code == "record.move"


def test_a_record_whose_identity_was_destroyed_stays_closed(place: Workplace) -> None:
    record_id = rejected(place)
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql("UPDATE seal SET identity = NULL")
    with pytest.raises(RuleError) as problem:
        records.reopen(place.office, record_id)
    assert problem.value.code == "record.shredded"


DAMAGE: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "gone": (lambda path: path.unlink(), {"packet.missing"}),
    "cut": (lambda path: os.truncate(path, 500), {"packet.damaged"}),
    "garbage": (lambda path: path.write_bytes(b"x" * 2000), {"packet.damaged"}),
}


@pytest.mark.parametrize(("damage", "codes"), DAMAGE.values(), ids=DAMAGE.keys())
def test_a_packet_that_cannot_be_opened_leaves_the_record_refused(
    place: Workplace, damage: Callable[[Path], object], codes: set[str]
) -> None:
    record_id = rejected(place)
    damage(next(place.root.glob("packets/*/*.packet")))
    with pytest.raises(StationError) as problem:
        records.reopen(place.office, record_id)
    assert problem.value.code in codes
    assert records.timeline(place.office, record_id).row.record.state is State.REJECTED


def test_a_packet_of_another_record_is_not_taken_for_this_one(place: Workplace) -> None:
    record_id = rejected(place)
    other = place.seal(2).record
    path = next(place.root.glob(f"packets/*/{record_id}.1.packet"))
    path.write_bytes(place.depot.packets.read(other.key))
    with pytest.raises(StationError) as problem:
        records.reopen(place.office, record_id)
    assert problem.value.code == "packet.changed"
    assert records.timeline(place.office, record_id).row.record.state is State.REJECTED


def test_a_packet_that_somebody_else_signed_is_not_opened(place: Workplace) -> None:
    record_id = rejected(place)
    enrolment, _ = place.depot.enrolled()
    path = next(place.root.glob("packets/*/*.packet"))
    packet = read_packet(path.read_bytes())
    path.write_bytes(make_packet(packet.manifest, packet.body, SigningKey.generate(enrolment.station_id)))
    with pytest.raises(TrustError) as problem:
        records.reopen(place.office, record_id)
    assert problem.value.code == "packet.changed"
    assert records.timeline(place.office, record_id).row.record.state is State.REJECTED


def test_a_disk_that_is_full_while_reopening_leaves_the_record_refused(place: Workplace) -> None:
    record_id = rejected(place)
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON capture BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    with pytest.raises(StoreError) as problem:
        records.reopen(place.office, record_id)
    assert problem.value.code == "store.disk_full"
    assert records.timeline(place.office, record_id).row.record.state is State.REJECTED
    with place.office.applicants.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    assert records.reopen(place.office, record_id).record.revision == 2


def test_a_power_cut_before_the_refused_packet_is_set_aside_is_healed(place: Workplace) -> None:
    record_id = rejected(place)
    with place.depot.outbox.database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER cut BEFORE UPDATE OF stage ON packet WHEN new.stage = 'replaced' "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    with pytest.raises(StoreError):
        records.reopen(place.office, record_id)
    with place.depot.outbox.database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER cut")
    place.reopen()
    assert recording.resume(place.office, record_id).record.revision == 2
    assert {item.stage for item in place.depot.outbox.of_records([record_id]).values()} == {Stage.REPLACED}
