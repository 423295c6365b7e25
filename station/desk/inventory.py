"""Whose data was on this station, which parts, and was it sealed: from its own databases, or from a copy of them.

The answer that has to be given within three days when a station is lost, made in a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from station.desk import trail
from station.desk.office import Office
from station.desk.opened_copy import OpenedCopy
from station.desk.staff import RECOVERY
from station.domain.delivery import OutboxItem
from station.domain.errors import StationError, StoreError
from station.domain.inventory import Held, Inventory, Kinds, Line, kinds_of
from station.domain.permission import Permission
from station.domain.record import RecordKey, State
from station.seal.body import open_body
from station.seal.packet import read_packet
from station.store import holdings
from station.store.folder import write_file
from station.store.keyring import load_keyring
from station.store.packets import PacketFolder
from station.store.records import Stored

Progress = Callable[[int, int], None]
_MORE_EVERY = 25


def of_this_station(
    office: Office, progress: Progress = lambda _done, _all: None, stopped: Callable[[], bool] = lambda: False
) -> Inventory | None:
    """Of the open office, noted in its audit trail; None when it was stopped. AccessError `access.role`."""
    office.require(Permission.READ_AUDIT)
    enrolment, _ = office.depot.enrolled()
    holders = load_keyring(office.depot.folder.keyring).holders
    copy = OpenedCopy(
        office.applicants,
        office.depot.outbox.database,
        office.depot.packets,
        enrolment,
        office.now(),
        sum(item.role != RECOVERY for item in holders),
    )
    found = of_copy(copy, source="station", progress=progress, stopped=stopped)
    if found is not None:
        trail.note_deed(office, "inventory", records=len(found.lines))
    return found


def note_export(office: Office, way: str) -> None:
    """The list left the program, by `way`."""
    office.require(Permission.READ_AUDIT)
    trail.note_deed(office, "inventory_export", way=way)


def save(office: Office, file: Path, data: bytes) -> None:
    """Write the list, readable by its owner only. StoreError `audit.not_saved`."""
    note_export(office, "csv")
    try:
        write_file(file, data)
    except StoreError as problem:
        raise StoreError("audit.not_saved") from problem


def of_copy(
    copy: OpenedCopy,
    *,
    source: str = "backup",
    progress: Progress = lambda _done, _all: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Inventory | None:
    """Everything in this copy; None when it was stopped. Slow: packets are opened, one by one, in memory."""
    with copy.applicants.read() as connection:
        entries = holdings.records(connection)
        captured, documents = holdings.captured(connection), holdings.documents(connection)
        lists, trips = holdings.lists(connection), holdings.trip_people(connection)
        referrals, identities = holdings.referrals(connection), holdings.identities(connection)
    packets = holdings.own_packets(copy.outbox) if copy.outbox is not None else {}
    sealed = _Sealed(copy.packets, packets, identities)
    lines: list[Line] = []
    for done, stored in enumerate(entries):
        if done % _MORE_EVERY == 0:
            progress(done, len(entries))
            if stopped():
                return None
        record_id, state = stored.record.record_id, stored.record.state
        if state in (State.DRAFT, State.WITHDRAWN):
            kinds = kinds_of(captured.get(record_id, ()), documents.get(record_id, 0))
            lines.append(_line(stored, Held.DRAFT if state is State.DRAFT else Held.WITHDRAWN, kinds))
        if state is not State.DRAFT or stored.record.revision > 1:
            lines += sealed.lines(stored)
    lines += sealed.later({stored.record.record_id for stored in entries})
    progress(len(entries), len(entries))
    return Inventory(
        station_id=copy.enrolment.station_id,
        station_name=copy.enrolment.station_name,
        office=copy.enrolment.office,
        source=source,
        as_of=copy.as_of,
        lines=tuple(lines),
        lists=lists,
        trip_people=trips,
        referrals=referrals,
        carried=holdings.carried(copy.outbox) if copy.outbox is not None else 0,
        officers=copy.officers,
    )


class _Sealed:
    """What was sealed of each record, in every revision that is here."""

    def __init__(
        self, folder: PacketFolder, packets: Mapping[RecordKey, OutboxItem], identities: Mapping[RecordKey, str]
    ) -> None:
        self._folder, self._packets, self._identities = folder, packets, identities
        self._keys: dict[str, list[RecordKey]] = {}
        for key in sorted({*packets, *identities}, key=str):
            self._keys.setdefault(key.record_id, []).append(key)

    def lines(self, stored: Stored) -> list[Line]:
        """One for each revision. Of a sealed record there is one at least, whatever this copy lacks."""
        found = [self._one(stored, key) for key in self._keys.get(stored.record.record_id, ())]
        if found or stored.record.state in (State.DRAFT, State.WITHDRAWN):
            return found
        held = Held.RECEIVED if stored.record.state is State.ACCEPTED else Held.WAITING
        return [replace(_line(stored, held, None), sealed_at=stored.record.sealed_at)]

    def later(self, known: Collection[str]) -> list[Line]:
        """Packets that were sealed after the copy of the databases was made: whose they are only central can read."""
        found = []
        for key in self._folder.all_keys():
            if key.record_id not in known:
                item = self._packets.get(key)
                held = Held.RECEIVED if item and item.receipt else Held.WAITING
                found.append(Line(key.record_id, key.revision, held, sealed_at=self._sealed_at(key)))
        return found

    def _sealed_at(self, key: RecordKey) -> datetime | None:
        try:
            return read_packet(self._folder.read(key)).manifest.sealed_at
        except StationError:
            return None

    def _one(self, stored: Stored, key: RecordKey) -> Line:
        item = self._packets.get(key)
        destroyed = item is not None and item.purged_at is not None
        kinds = Kinds() if destroyed else self._kinds(key)
        held = Held.DESTROYED if destroyed else Held.RECEIVED if item and item.receipt else Held.WAITING
        line = replace(_line(stored, held, kinds), revision=key.revision)
        if item is None:
            return replace(line, sealed_at=stored.record.sealed_at)
        return replace(line, sealed_at=item.sealed_at, received_at=item.received_at, receipt_no=item.receipt_no)

    def _kinds(self, key: RecordKey) -> Kinds | None:
        """What the packet holds, opened in memory; None when it is not here, or nothing here opens it."""
        identity = self._identities.get(key)
        if identity is None:
            return None
        try:
            body = open_body(read_packet(self._folder.read(key)).body, identity)
        except StationError:
            return None
        return kinds_of((item.part for item in body.captures), len(body.attachments))


def _line(stored: Stored, held: Held, kinds: Kinds | None) -> Line:
    entry = stored.record
    told = (entry.registration_no, entry.nik, entry.name)
    return Line(entry.record_id, entry.revision, held, *told, kinds)
