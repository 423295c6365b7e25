"""Records, captures, seals and numbers in the encrypted database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from station.domain.biometrics import BiometricException, ExceptionCode, Part
from station.domain.draft import Confirmation
from station.domain.errors import StoreError
from station.domain.outcome import Reason
from station.domain.record import Record, RecordKey, State
from station.domain.steps import Step
from station.store import captures, records, seals
from station.store.database import Connection, Database
from station.store.migrate import migrate
from station.store.records import Stored
from station.store.seals import ChainHead
from tests.support import TODAY, a_capture, good_answers


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    database = Database(tmp_path / "applicants.db", bytes(32))
    migrate(database, "applicants")
    with database.write() as connection:
        yield connection
    database.close()


def stored(number: int = 1, state: State = State.DRAFT, **answers: str) -> Stored:
    filled = {**good_answers(number), **answers}
    moment = TODAY + timedelta(minutes=number)
    record = Record(
        record_id=f"01a1fc0b-e380-71fd-afd0-{number:012x}",
        revision=1,
        state=state,
        registration_no=f"R-990101-01-20261121-{number:04d}-0",
        nik=filled["nik"],
        name=filled["name"],
        village=filled["village"],
        started_at=moment,
        sealed_at=None,
        changed_at=moment,
    )
    return Stored(
        record=record,
        form_version=1,
        answers=filled,
        confirmed=(Confirmation("name", "name.one_word", "sesuai akta"),),
        exceptions=(BiometricException(Part.IRIS_LEFT, ExceptionCode.BLIND, "buta", "op-2", "2027-01-01"),),
        refused=(Reason("nik.day", "nik", "the day"),),
        step=Step.FINGERS,
        operator_id="op-1",
    )


def ids(found: tuple[Stored, ...]) -> list[int]:
    return [int(item.record.record_id[-12:], 16) for item in found]


def test_a_record_is_read_back_exactly_as_it_was_kept(connection: Connection) -> None:
    records.add(connection, stored())
    assert records.get(connection, stored().record.record_id) == stored()
    assert records.get(connection, "another") is None


def test_a_saved_record_shows_what_its_answers_say(connection: Connection) -> None:
    records.add(connection, stored())
    later = TODAY + timedelta(hours=1)
    changed = replace(
        stored(),
        record=replace(stored().record, revision=2, state=State.SEALED, sealed_at=later, changed_at=later),
        answers={"name": "BUDI CONTOH"},
        step=Step.REVIEW,
        refused=(),
    )
    records.save(connection, changed)
    found = records.get(connection, changed.record.record_id)
    assert found is not None
    assert (found.record.name, found.record.nik, found.record.village) == ("BUDI CONTOH", "", "")
    assert (found.record.revision, found.record.state, found.record.sealed_at) == (2, State.SEALED, later)
    assert (found.step, found.refused) == (Step.REVIEW, ())


@pytest.mark.parametrize("text", ["'; DROP TABLE record; --", '"quoted"', "NUR'AINI", "😀", "\x00", "Ω≈ç"])
def test_any_text_survives_in_an_answer(connection: Connection, text: str) -> None:
    records.add(connection, stored(address=text))
    found = records.get(connection, stored().record.record_id)
    assert found is not None
    assert found.answers["address"] == text


def test_a_registration_number_is_given_to_one_record_only(connection: Connection) -> None:
    records.add(connection, stored())
    double = replace(stored(2), record=replace(stored(2).record, registration_no=stored(1).record.registration_no))
    with pytest.raises(Exception, match="UNIQUE"):
        records.add(connection, double)


def test_numbers_of_a_day_go_up_and_every_day_has_its_own(connection: Connection) -> None:
    given = [records.next_sequence(connection, day) for day in ("2026-11-21", "2026-11-21", "2026-11-22", "2026-11-21")]
    assert given == [1, 2, 1, 3]


def test_records_are_found_by_state_newest_change_first(connection: Connection) -> None:
    for number, state in enumerate((State.DRAFT, State.SEALED, State.DRAFT, State.WITHDRAWN), start=1):
        records.add(connection, stored(number, state))
    assert ids(records.with_states(connection, [State.DRAFT])) == [3, 1]
    assert ids(records.with_states(connection, [])) == []


def test_a_second_recording_of_the_same_nik_is_found_unless_it_was_withdrawn(connection: Connection) -> None:
    nik = good_answers(1)["nik"]
    records.add(connection, stored(1))
    records.add(connection, stored(2, State.ACCEPTED, nik=nik))
    records.add(connection, stored(3, State.WITHDRAWN, nik=nik))
    records.add(connection, stored(4))
    assert ids(records.with_nik(connection, nik, besides=stored(1).record.record_id)) == [2]
    assert ids(records.with_nik(connection, nik)) == [2, 1]


@pytest.fixture
def register(connection: Connection) -> Connection:
    """Five people, one of them withdrawn."""
    names = ["BUDI SANTOSO", "SITI AMINAH", "SITI 50%", "A_B CONTOH", "SITI LAIN"]
    for number, name in enumerate(names, start=1):
        state = State.WITHDRAWN if number == 5 else State.DRAFT
        records.add(connection, stored(number, state, name=name))
    return connection


def test_names_are_looked_up_by_id(register: Connection) -> None:
    asked = [stored(2).record.record_id, "another"]
    assert records.names_of(register, asked) == {stored(2).record.record_id: "SITI AMINAH"}


def test_touching_moves_only_the_time_of_change(connection: Connection) -> None:
    later = TODAY + timedelta(days=1)
    assert records.touched(stored(), later) == replace(stored(), record=replace(stored().record, changed_at=later))


def test_captures_are_kept_whole_and_in_the_order_of_the_flow(connection: Connection) -> None:
    records.add(connection, stored())
    record_id = stored().record.record_id
    for part in reversed(Part):
        captures.put(connection, record_id, a_capture(part))
    assert captures.all_of(connection, record_id) == tuple(a_capture(part) for part in Part)
    assert captures.image(connection, record_id, Part.FINGER_03) == a_capture(Part.FINGER_03).image
    cards = captures.cards(connection, record_id)
    assert set(cards) == set(Part)
    assert (cards[Part.FACE].quality, cards[Part.FACE].device_serial) == (60, "UJI-face")


def test_a_second_capture_of_a_part_takes_the_place_of_the_first(connection: Connection) -> None:
    records.add(connection, stored())
    record_id = stored().record.record_id
    captures.put(connection, record_id, a_capture(Part.FACE))
    better = replace(a_capture(Part.FACE, size=500), quality=90, attempts=2, envelope="signed by the device")
    captures.put(connection, record_id, better)
    assert captures.all_of(connection, record_id) == (better,)


def test_forgetting_captures_forgets_those_of_one_record(connection: Connection) -> None:
    for number in (1, 2):
        records.add(connection, stored(number))
        captures.put(connection, stored(number).record.record_id, a_capture(Part.FACE))
    captures.clear(connection, stored(1).record.record_id)
    assert captures.all_of(connection, stored(1).record.record_id) == ()
    assert captures.image(connection, stored(1).record.record_id, Part.FACE) is None
    assert len(captures.all_of(connection, stored(2).record.record_id)) == 1


def test_a_capture_belongs_to_a_record_that_exists(tmp_path: Path) -> None:
    database = Database(tmp_path / "other.db", bytes(32))
    migrate(database, "applicants")
    with pytest.raises(StoreError), database.write() as connection:
        captures.put(connection, "nobody", a_capture(Part.FACE))
    database.close()


def test_the_chain_of_packets_goes_on_from_the_newest_finished_seal(connection: Connection) -> None:
    assert seals.head(connection) is None
    keys = []
    for number in (1, 2, 3):
        records.add(connection, stored(number))
        key = stored(number).record.key
        seals.plan(connection, key, f"AGE-SECRET-KEY-{number}", b"face")
        keys.append(key)
    assert seals.head(connection) is None
    for sequence, key in enumerate(keys[:2], start=1):
        seals.finish(connection, key, sequence=sequence, sha256=f"{sequence:064x}")
    assert seals.head(connection) == ChainHead(2, f"{2:064x}")
    assert seals.identity_of(connection, keys[2]) == "AGE-SECRET-KEY-3"
    assert seals.identity_of(connection, RecordKey(keys[2].record_id, 2)) is None


def test_a_seal_that_is_planned_again_gets_a_new_identity(connection: Connection) -> None:
    records.add(connection, stored())
    key = stored().record.key
    seals.plan(connection, key, "first", b"face")
    seals.plan(connection, key, "second", None)
    assert seals.identity_of(connection, key) == "second"
    assert seals.face_of(connection, key.record_id) is None


def test_the_face_shown_is_that_of_the_newest_revision(connection: Connection) -> None:
    records.add(connection, stored())
    key = stored().record.key
    seals.plan(connection, key, "a", b"old face")
    seals.plan(connection, RecordKey(key.record_id, 2), "b", b"new face")
    assert seals.face_of(connection, key.record_id) == b"new face"
    assert seals.face_of(connection, "another") is None
