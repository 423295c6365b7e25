"""Correcting what central refused: the sealed packet is opened and becomes a draft again, as the next revision."""

from __future__ import annotations

from dataclasses import replace

from station.desk.office import Office
from station.desk.recording import resume
from station.domain.draft import Draft
from station.domain.errors import RuleError, TrustError
from station.domain.record import Move, RecordKey, after
from station.domain.steps import Step
from station.seal.body import Body, open_body
from station.seal.packet import verify_packet
from station.store import audit, captures, records, seals
from station.store.records import Stored


def reopen(office: Office, record_id: str) -> Draft:
    """Open a refused record for correction: everything it held comes back, as the next revision.

    RuleError `record.move` when it is not refused, `record.shredded` when its identity is gone. TrustError
    `packet.changed` when the file is not the one that was sealed here, and others when it cannot be opened; StoreError
    when it cannot be read. After an error the record is as refused as before.
    """
    with office.applicants.read() as connection:
        stored = records.get(connection, record_id)
        identity = seals.identity_of(connection, stored.record.key) if stored else None
    if stored is None:
        raise RuleError("record.unknown")
    state = after(stored.record.state, Move.REOPEN)
    if identity is None:
        raise RuleError("record.shredded")
    body = _sealed_body(office, stored.record.key, identity)
    now = office.now()
    entry = replace(stored.record, revision=stored.record.revision + 1, state=state, sealed_at=None, changed_at=now)
    with office.applicants.write() as connection:
        answers = {key: str(value) for key, value in dict(body.record["answers"]).items()}
        reopened = replace(
            stored, record=entry, answers=answers, exceptions=tuple(body.exceptions), step=_first_wrong(stored)
        )
        records.save(connection, reopened)
        for capture in body.captures:
            captures.put(connection, record_id, capture)
        audit.append(
            connection,
            at=now,
            operator_id=office.operator.operator_id,
            action="reopen",
            record_id=record_id,
            revision=entry.revision,
        )
    office.depot.outbox.replace([stored.record.key])
    return resume(office, record_id)


def _sealed_body(office: Office, key: RecordKey, identity: str) -> Body:
    """What was sealed. The file may have been changed since: it is believed for this station's signature only."""
    _, station_key = office.depot.enrolled()
    data = office.depot.packets.read(key)
    try:
        packet = verify_packet(data, [station_key.public])
    except TrustError as problem:
        if problem.code == "packet.damaged":
            raise
        raise TrustError("packet.changed") from problem
    if (packet.manifest.record_id, packet.manifest.revision) != (key.record_id, key.revision):
        raise TrustError("packet.changed")
    return open_body(packet.body, identity)


def _first_wrong(stored: Stored) -> Step:
    fields = {reason.field for reason in stored.refused}
    return Step.APPLICANT if fields == {"nik"} else Step.BIODATA
