"""The power goes out at every place that sealing passes: a record is a whole draft or a sealed packet, never both.

The places are not listed by hand: a first sealing tells which ones it reaches.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from station import failpoint
from station.desk import recording, records
from station.domain.biometrics import Part
from station.domain.delivery import Stage
from station.domain.record import RecordKey, State
from station.failpoint import PowerCut
from station.seal.packet import sha256_of, verify_packet
from station.store import audit, captures
from tests.support import HandClock, Workplace, a_capture, good_answers, seal

PLACES = (
    "seal.planned",
    "packet.folder_made",
    "packet.written",
    "packet.synced",
    "packet.renamed",
    "packet.durable",
    "seal.before_commit",
    "seal.recorded",
    "seal.queued",
)


@pytest.fixture(scope="module")
def prepared(enrolled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A closed station with one sealed record and two complete drafts, and their ids. For copying only."""
    root = Path(shutil.copytree(enrolled_folder, tmp_path_factory.mktemp("prepared") / "station"))
    place = Workplace(root, "http://127.0.0.1:9", HandClock())
    record_ids = [place.seal(1).record.record_id, place.draft(2), place.draft(3)]
    place.close()
    return root, record_ids


@pytest.fixture
def office(prepared: tuple[Path, list[str]], tmp_path: Path, open_place: Callable[[Path], Workplace]) -> Workplace:
    """The prepared station, opened."""
    return open_place(Path(shutil.copytree(prepared[0], tmp_path / "prepared")))


def cut_while_sealing(place: Workplace, record_id: str, where: str) -> None:
    def cut(reached: str) -> None:
        if reached == where:
            raise PowerCut(where)

    with failpoint.armed(cut), pytest.raises(PowerCut):
        seal(place.office, record_id)


def check_whole(place: Workplace, record_ids: list[str]) -> None:
    """Every record is a whole draft without a packet, or sealed with exactly one packet and one row."""
    packets = list(place.depot.packets.all_keys())
    assert place.depot.outbox.keys() == set(packets)
    for record_id in record_ids:
        own = [key for key in packets if key.record_id == record_id]
        state = records.timeline(place.office, record_id).row.record.state
        with place.office.applicants.read() as connection:
            kept = captures.all_of(connection, record_id)
        if state is State.DRAFT:
            draft = recording.resume(place.office, record_id)
            assert own == []
            assert draft.ready
            assert [replace(item, template=b"") for item in kept] == [a_capture(part) for part in Part]
        else:
            assert state is State.SEALED
            assert own == [RecordKey(record_id, 1)]
            assert kept == ()
            item = place.depot.outbox.get(own[0])
            assert item is not None
            assert (item.stage, item.sha256) == (Stage.QUEUED, sha256_of(place.depot.packets.read(own[0])))
    assert not list(place.root.glob("packets/*/*.tmp"))
    with place.office.applicants.read() as connection:
        assert audit.first_broken(connection) is None


def check_chain(place: Workplace) -> None:
    """Sequence numbers go up by one, and each packet names the hash of the one before."""
    _, key = place.depot.enrolled()
    found = []
    for record in place.depot.packets.all_keys():
        data = place.depot.packets.read(record)
        found.append((verify_packet(data, [key.public]).manifest, sha256_of(data)))
    found.sort(key=lambda item: item[0].sequence)
    previous = None
    for number, (manifest, sha256) in enumerate(found, start=1):
        assert (manifest.sequence, manifest.previous_sha256) == (number, previous)
        previous = sha256


def test_the_places_tested_here_are_all_that_sealing_reaches(place: Workplace) -> None:
    reached: list[str] = []
    record_id = place.draft()
    with failpoint.armed(reached.append):
        seal(place.office, record_id)
    assert tuple(reached) == PLACES


@pytest.mark.parametrize("where", PLACES)
def test_a_power_cut_leaves_a_whole_draft_or_a_sealed_packet_and_the_rest_is_sealed_after_it(
    office: Workplace, prepared: tuple[Path, list[str]], where: str, said: list[str]
) -> None:
    place, (before, hit, waiting) = office, prepared[1]
    cut_while_sealing(place, hit, where)
    place.reopen()
    check_whole(place, [before, hit, waiting])
    for record_id in (waiting, hit):
        if records.timeline(place.office, record_id).row.record.state is State.DRAFT:
            seal(place.office, record_id)
    check_whole(place, [before, hit, waiting])
    check_chain(place)
    assert len(place.depot.outbox.keys()) == 3


@pytest.mark.parametrize("where", PLACES)
def test_the_power_may_go_out_again_while_healing(
    office: Workplace, prepared: tuple[Path, list[str]], where: str, said: list[str]
) -> None:
    place, record_id = office, prepared[1][1]
    cut_while_sealing(place, record_id, where)

    def cut(reached: str) -> None:
        if reached == "seal.before_commit":
            raise PowerCut(reached)

    for _ in range(2):
        place.reopen()
        with failpoint.armed(cut):
            try:
                assert place.office
            except PowerCut:
                continue
    place.reopen()
    check_whole(place, [record_id])
    check_chain(place)


def lose_rename(place: Workplace, key: RecordKey) -> None:
    path = place.depot.packets.path(key)
    path.rename(path.with_suffix(".tmp"))


def lose_file(place: Workplace, key: RecordKey) -> None:
    place.depot.packets.path(key).unlink()


@pytest.mark.parametrize("lost", [lose_rename, lose_file])
def test_a_rename_that_had_not_reached_the_disk_is_a_draft_again(
    place: Workplace, lost: Callable[[Workplace, RecordKey], None]
) -> None:
    record_id = place.draft()
    cut_while_sealing(place, record_id, "packet.renamed")
    lost(place, RecordKey(record_id, 1))
    place.reopen()
    check_whole(place, [record_id])
    seal(place.office, record_id)
    check_whole(place, [record_id])
    check_chain(place)


def test_many_power_cuts_in_a_row_neither_lose_nor_double_a_record(place: Workplace, said: list[str]) -> None:
    record_ids = []
    for number, where in enumerate(PLACES, start=1):
        record_ids.append(place.draft(number))
        cut_while_sealing(place, record_ids[-1], where)
        place.reopen()
        check_whole(place, record_ids)
    for record_id in record_ids:
        if records.timeline(place.office, record_id).row.record.state is State.DRAFT:
            seal(place.office, record_id)
    check_whole(place, record_ids)
    check_chain(place)


def test_a_draft_survives_a_power_cut_with_all_its_answers(folder_copy: Path, place: Workplace) -> None:
    record_id = place.draft(5)
    cut_while_sealing(place, record_id, "seal.planned")
    place.reopen()
    assert recording.resume(place.office, record_id).answers == good_answers(5)
