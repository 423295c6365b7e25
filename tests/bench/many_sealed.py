"""A station with thousands of sealed records of real size, made from one: the same body under as many manifests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from station.desk import sealing
from station.domain.record import RecordKey
from station.seal.packet import make_packet, read_packet, sha256_of
from station.store import records, seals
from tests.bench.sealed_station import complete_draft
from tests.support import Workplace


def seal_many(place: Workplace, number: int) -> None:
    """So many sealed records in the office of `place`, with packets, portraits, rows of the outbox and one chain."""
    office, folder = place.office, place.depot.packets
    key = sealing.seal(office, complete_draft(place, 1)).record.key
    _enrolment, station_key = place.depot.enrolled()
    first = read_packet(folder.read(key))
    with office.applicants.read() as connection:
        stored, face = records.get(connection, key.record_id), seals.face_of(connection, key.record_id)
        identity = seals.identity_of(connection, key)
    assert stored is not None and identity is not None
    before = sha256_of(folder.read(key))
    with office.applicants.write() as connection:
        for sequence in range(2, number + 1):
            record_id = f"{key.record_id[:-12]}{sequence:012x}"
            manifest = first.manifest.model_copy(
                update={"record_id": record_id, "sequence": sequence, "previous_sha256": before}
            )
            data = make_packet(manifest, first.body, station_key)
            path = folder.path(RecordKey(record_id, 1))
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.write_bytes(data)
            before = sha256_of(data)
            at = stored.record.started_at + timedelta(minutes=sequence)
            entry = replace(stored.record, record_id=record_id, registration_no=f"UJI-{sequence}", changed_at=at)
            records.add(connection, replace(stored, record=entry))
            seals.plan(connection, entry.key, identity, face)
            seals.finish(connection, entry.key, sequence=sequence, sha256=before)
    place.depot.adopt_packets()
