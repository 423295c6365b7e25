"""What was sealed becomes a draft again, as the next revision: the packet is opened, and everything it held comes back.

Correcting what central refused is one reason; the other, somebody who comes again, is in `inviting.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from station.desk.disk_guard import require_room
from station.desk.drafting import note, resume
from station.desk.office import Office
from station.domain.approval import Approval
from station.domain.biometrics import Capture, Part
from station.domain.checklist import Seen, Standing
from station.domain.checklist import stored as with_standing
from station.domain.draft import Confirmation, Draft
from station.domain.errors import RuleError, TrustError
from station.domain.permission import Permission
from station.domain.record import Move, RecordKey, after
from station.domain.service import Service
from station.domain.steps import Step, step_of
from station.domain.verification import VERIFY_FIELD
from station.seal.body import Body, open_body
from station.seal.packet import verify_packet
from station.store import attachments, captures, records, seals
from station.store.database import Connection
from station.store.records import Stored


@dataclass(frozen=True)
class Sealed:
    """What one revision held."""

    stored: Stored
    body: Body


def reopen(office: Office, record_id: str) -> Draft:
    """Open a refused record for correction: everything it held comes back, as the next revision.

    RuleError `record.move` when it is not refused, and everything `open_sealed` may say. After an error the record is
    as refused as before.
    """
    office.require(Permission.CORRECT_RECORD)
    sealed = open_sealed(office, record_id, Move.REOPEN)
    with office.applicants.write() as connection:
        stored = replace(restored(office, sealed, Move.REOPEN), step=_first_wrong(sealed.stored))
        put_back(office, connection, stored, sealed.body.captures, sealed.body, Move.REOPEN)
    office.depot.outbox.replace([sealed.stored.record.key])
    return resume(office, record_id)


def open_sealed(office: Office, record_id: str, move: Move) -> Sealed:
    """What was sealed of a record that `move` makes a draft again.

    StoreError `store.reserve` when the disk has room only for what has begun.
    RuleError `record.unknown`, `record.move`, `record.shredded` when its identity is gone. TrustError `packet.changed`
    when the file is not the one that was sealed here, and others when it cannot be opened; StoreError when it cannot be
    read.
    """
    office.require(Permission.CORRECT_RECORD)
    require_room(office)
    with office.applicants.read() as connection:
        stored = records.get(connection, record_id)
    if stored is None:
        raise RuleError("record.unknown")
    after(stored.record.state, move)
    return Sealed(stored, sealed_body(office, stored.record.key))


def restored(office: Office, sealed: Sealed, move: Move) -> Stored:
    """The draft that was sealed, as the next revision.

    It is verified anew; the signature holds as long as the answers stay as they were.
    """
    stored, body = sealed.stored, sealed.body
    entry = stored.record
    return replace(
        stored,
        record=replace(
            entry,
            revision=_next_revision(office, entry.key),
            state=after(entry.state, move),
            sealed_at=None,
            changed_at=office.now(),
        ),
        answers=answers_of(body),
        exceptions=tuple(body.exceptions),
        confirmed=tuple(item for item in stored.confirmed if not item.field.startswith(VERIFY_FIELD)),
        verification=(),
        approval=_approval(body),
    )


def put_back(
    office: Office, connection: Connection, stored: Stored, captured: Sequence[Capture], body: Body, move: Move
) -> None:
    """Write the draft with everything that was sealed of it, inside the transaction of the deed."""
    record_id = stored.record.record_id
    records.save(connection, stored)
    for capture in captured:
        # Minutiae are never sealed: where they were not read by now, opening the draft does it.
        captures.put(connection, record_id, capture, sought=bool(capture.template))
    attachments.clear(connection, record_id)
    for item in body.attachments:
        attachments.put(connection, record_id, item)
    note(office, connection, move.value, record_id, revision=stored.record.revision)


def answers_of(body: Body) -> dict[str, str]:
    """The form as it was sealed."""
    return {key: str(value) for key, value in dict(body.record["answers"]).items()}


def told_of(body: Body, stored: Stored) -> Stored:
    """`stored` with everything that was told and typed as it was sealed, none of it captured.

    Of documents nobody asked for then the packet says nothing: they stay as they stand.
    """
    record, papers = body.record, dict(stored.papers)
    for line in record.get("papers", ()):
        seen = Seen(line["seen"])
        # Why a missing one was let pass is said by a confirmation, and only copied to its line.
        reason = str(line.get("reason", "")) if seen is Seen.NOT_NEEDED else ""
        papers = with_standing(papers, str(line["key"]), Standing(seen, reason))
    return replace(
        stored,
        answers=answers_of(body),
        exceptions=tuple(body.exceptions),
        service=Service(record.get("kind", stored.service)),
        listed={key: str(value) for key, value in dict(record.get("listed", {})).items()},
        papers=papers,
        confirmed=tuple(Confirmation(**line) for line in record.get("warnings", ())),
    )


def _next_revision(office: Office, key: RecordKey) -> int:
    """Above all that were ever sealed: after a visit that came to nothing there are later ones than this."""
    with office.applicants.read() as connection:
        return max(key.revision, seals.newest_revision(connection, key.record_id)) + 1


def _approval(body: Body) -> Approval | None:
    """What was signed; None in a packet from before the words were bound to the answers."""
    told = body.approval
    if "answers_sha256" not in told:
        return None
    return Approval(str(told["text"]), str(told["answers_sha256"]), datetime.fromisoformat(str(told["signed_at"])))


def sealed_body(office: Office, key: RecordKey) -> Body:
    """What was sealed. The file may have been changed since: it is believed for this station's signature only."""
    office.require(Permission.CORRECT_RECORD)
    with office.applicants.read() as connection:
        identity = seals.identity_of(connection, key)
    if identity is None:
        raise RuleError("record.shredded")
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
    parts = [part for part in Part if part.value in fields]
    if parts and len(parts) == len(fields):
        return step_of(parts[0])
    return Step.APPLICANT if fields == {"nik"} else Step.BIODATA
