"""A draft with a packet beside it: was it sealed when the power went out, or is the packet older than the draft?

The packet is opened and compared before anything of the draft goes. It must not know why the packet was left.
"""

from __future__ import annotations

from dataclasses import replace

from station.desk import drafting
from station.desk.drafting import note
from station.desk.office import Office
from station.desk.packed import Contents, contents, holds
from station.desk.sealing import finish_seal
from station.domain.delivery import OutboxItem
from station.domain.draft import Draft
from station.domain.errors import StoreError, TrustError
from station.domain.record import RecordKey
from station.log import get_logger
from station.seal.body import open_body
from station.seal.packet import Packet, verify_packet
from station.store import records, seals

log = get_logger(__name__)


def settle(office: Office, item: OutboxItem) -> None:
    """Finish the sealing of a draft when its packet holds what the draft holds; else the draft stays."""
    key = item.key
    _, station_key = office.depot.enrolled()
    try:
        packet = verify_packet(office.depot.packets.read(key), [station_key.public])
    except (TrustError, StoreError) as problem:
        log.error("the packet of draft %s cannot be used (%s); the draft stays", key, problem.code)
        return
    with office.applicants.read() as connection:
        now = contents(connection, drafting.draft_of(connection, key.record_id))
        # As it was on the day it was packed: nobody is asked for a finger after it.
        draft = drafting.as_draft(office, connection, now.stored, packet.manifest.sealed_at.date())
        identity = seals.identity_of(connection, key)
    # A database that knows nothing of the seal is older than the packet: then the packet is believed.
    if identity is None or _same(packet, identity, draft, now):
        finish_seal(office, key, sequence=packet.manifest.sequence, sha256=item.sha256, packed=now)
        log.warning("finished the interrupted sealing of %s", key)
    else:
        _set_aside(office, key)


def _same(packet: Packet, identity: str, draft: Draft, now: Contents) -> bool:
    try:
        body = open_body(packet.body, identity)
    except TrustError as problem:  # packed once more since, under another identity
        log.warning("the packet of draft %s cannot be opened here: %s", draft.record.key, problem.code)
        return False
    return holds(body, draft, now, packet.manifest.sealed_at.date())


def _set_aside(office: Office, key: RecordKey) -> None:
    """The draft stays as it is now. What central may have been told of goes its own way, and the draft follows it."""
    if office.depot.outbox.forget_unoffered(key):
        try:
            office.depot.packets.set_aside(key)
        except StoreError as problem:  # then it is found and compared again at the next start
            log.error("the packet of draft %s cannot be set aside: %s", key, problem.code)
        log.error("the packet of draft %s is not what the draft is now: it was set aside, the draft stays", key)
        return
    with office.applicants.write() as connection:
        stored = drafting.draft_of(connection, key.record_id)
        newest = max(key.revision, seals.newest_revision(connection, key.record_id))
        entry, visit = replace(stored.record, revision=newest + 1, changed_at=office.now()), stored.recapture
        if visit is not None and visit.opened == key.revision:
            visit = replace(visit, opened=entry.revision)  # they came for what this revision holds now
        records.save(connection, replace(stored, record=entry, recapture=visit))
        note(office, connection, "outdated", key.record_id, revision=entry.revision)
    log.error("packet %s was told to central and is not what the draft is now: the draft is the next revision", key)
