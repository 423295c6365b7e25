"""Central refuses a record: the operator sees why, corrects it, and the next revision is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.desk import healing, recording, records
from station.domain.biometrics import Part
from station.domain.delivery import Stage
from station.domain.record import RecordKey, State
from station.domain.rows import Filter, Happening
from tests.support import HandClock, Workplace, good_answers, seal, workplace

REAL = {"nik": "3325016104880001", "village": "33.25.07.2003"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CentralServer]:
    """A central in earnest: province 99 does not exist for it, while the station is in training."""
    server = CentralServer(tmp_path / "central", options=CentralOptions(training=False), clock=HandClock())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def place(tmp_path: Path, server: CentralServer) -> Iterator[Workplace]:
    with workplace(tmp_path / "station", server) as place:
        yield place


def test_a_refused_record_is_corrected_and_accepted_as_revision_two(server: CentralServer, place: Workplace) -> None:
    row = place.seal()
    record_id, first = row.record.record_id, row.record.key
    place.drain()
    assert healing.catch_up(place.office) == 1
    (refused,) = records.search(place.office, "", Filter.NEEDS_REPAIR, 0, 10).rows
    assert refused.record.state is State.REJECTED
    assert refused.packet is not None
    assert refused.packet.stage is Stage.REJECTED
    reasons = records.timeline(place.office, record_id).reasons
    assert {reason.field for reason in reasons} >= {"nik"}
    assert not any(good_answers()["nik"] in reason.detail for reason in reasons)

    draft = records.reopen(place.office, record_id)
    assert (draft.record.revision, draft.refused) == (2, reasons)
    assert set(draft.captures) == set(Part), "everything it held comes back"
    for field in {reason.field for reason in reasons}:
        draft = recording.answer(place.office, record_id, field, REAL[field])
    assert not draft.errors
    for finding in draft.open_warnings:
        recording.confirm(place.office, record_id, finding.field, finding.code, "diperiksa dengan KK")
    sealed = seal(place.office, record_id)
    assert sealed.record.key == RecordKey(record_id, 2)
    place.drain()
    healing.catch_up(place.office)

    (accepted,) = records.search(place.office, "", Filter.RECEIPTED, 0, 10).rows
    assert accepted.record.key == RecordKey(record_id, 2)
    assert [packet.key for packet in server.central.packets()] == [RecordKey(record_id, 2)]
    assert place.stage(first) is Stage.REPLACED, "nobody needs to look at the first any more"
    assert place.depot.packets.read(first)
    happened = [moment.what for moment in records.timeline(place.office, record_id).moments]
    assert {Happening.SEALED, Happening.REJECTED, Happening.REOPENED, Happening.RECEIPTED} <= set(happened)


def test_a_refusal_survives_a_restart_and_a_lost_outbox(server: CentralServer, place: Workplace) -> None:
    row = place.seal()
    place.drain()
    place.close()
    place.depot.folder.outbox_db.unlink()
    place.reopen()
    place.drain()
    healing.catch_up(place.office)
    assert place.stage(row.record.key) is Stage.REJECTED
    assert records.timeline(place.office, row.record.record_id).row.record.state is State.REJECTED


def test_while_one_record_is_refused_the_next_ones_are_not_held_up(server: CentralServer, place: Workplace) -> None:
    bad = place.seal(1)
    record_id = place.draft(2, **REAL)
    for finding in recording.resume(place.office, record_id).open_warnings:
        recording.confirm(place.office, record_id, finding.field, finding.code, "diperiksa dengan KK")
    good = seal(place.office, record_id)
    place.drain()
    assert place.stage(bad.record.key) is Stage.REJECTED
    assert place.stage(good.record.key) is Stage.RECEIPTED
