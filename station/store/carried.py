"""Packets of other stations that this one carries: files beside its own, rows in the same outbox.

A packet is trusted by its own signature and its station's card, never by who brought it. Must not know how they come.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from station.domain.delivery import OutboxItem, Stage, just_sealed
from station.domain.errors import StationError, StoreError, TrustError
from station.domain.record import RecordKey
from station.log import get_logger
from station.seal.card import StationCard
from station.seal.packet import MAX_PACKET_BYTES, Packet, read_packet, sha256_of, verify_packet
from station.store.cards import Cards
from station.store.database import Connection, Database
from station.store.outbox_rows import is_own, is_packet, item_of, next_change, values_of
from station.store.packets import PacketFolder
from station.store.tables import packet

CAME_BACK = "folder"
"""How a packet came whose row was lost: it was found in the folder."""
MOST_BESIDE = 32
"""Packets whose key is in dispute; more would be somebody filling the disk."""
_STOPPED = (Stage.PARKED, Stage.REJECTED)
_SETTLED = (Stage.RECEIPTED.value, Stage.REJECTED.value)

log = get_logger(__name__)


class Carried:
    """`carried/<two hex digits>/<record>.<revision>.packet`, and the rows of the outbox with `carried`."""

    def __init__(self, root: Path, database: Database, cards: Cards) -> None:
        self.folder = PacketFolder(root)
        self.beside = PacketFolder(root / "beside")
        """Packets whose key another station's packet holds here: central decides whose it is, nobody on the way."""
        self._database = database
        self._cards = cards

    def take(self, data: bytes, card: StationCard, *, came_by: str, at: datetime) -> tuple[RecordKey, bool]:
        """Carry `data`, a packet that the station of `card` signed; its key, and False when it was here already.

        `card` was checked and, by `Cards.learn`, kept. `came_by` is `courier:<bundle id>` or `relay:<station id>`. The
        file is on stable storage before the row is, and both before this returns. Taking twice is harmless. While
        another station's packet holds the key on its way to central, this one waits beside it.

        TrustError `packet.damaged`, `packet.too_large`, `signature.invalid`, `packet.other_record` (this key belongs to
        our own record, or one that central has of somebody else). StoreError when the disk cannot take it.
        """
        item = carried_item(data, card, came_by=came_by, at=at)
        with self._database.read() as connection:
            known = self._known(connection, item)
        if known is not None and known.origin != item.origin and known.stage not in _STOPPED:
            return item.key, self._take_beside(item, data)
        same = known if known is not None and known.origin == item.origin else None
        if same is not None and (same.receipt is not None or _is_refused(same) or self._is_here(item)):
            return item.key, False
        self.folder.write(item.key, data)
        with self._database.write() as connection:
            self._known(connection, item)
            gives_way = packet.c.stage.in_(_STOPPED), packet.c.origin != item.origin
            connection.execute(delete(packet).where(is_packet(item.key), ~is_own(), *gives_way))
            values = {**values_of(item), "changed": next_change(connection)}
            done = connection.execute(upsert(packet).values(**values).on_conflict_do_nothing())
            again = {"stage": Stage.QUEUED.value, "upload": None, "acknowledged": 0, "next_attempt_at": None}
            stopped = (is_packet(item.key), packet.c.stage.in_(_STOPPED))  # its file was lost, and is back
            connection.execute(update(packet).where(*stopped).values(**again, attempts=0))
        return item.key, done.rowcount == 1

    def read(self, key: RecordKey) -> bytes:
        """The whole packet; StoreError `packet.missing` or `packet.too_large`."""
        return self.folder.read(key)

    def adopt(self, known: Iterable[RecordKey]) -> int:
        """Give every carried packet on disk that is not in `known` its row again; how many were added."""
        rows = frozenset(known)
        return sum(self._adopt(key) for key in self.folder.all_keys() if key not in rows)

    def receipts_for(self, station_id: str) -> tuple[tuple[RecordKey, str], ...]:
        """Key and receipt of carried packets of `station_id` whose receipt has not gone home yet, oldest first."""
        return self._receipts(packet.c.origin == station_id, packet.c.returned_at.is_(None))

    def receipts(self, *, again: bool = False) -> tuple[tuple[RecordKey, str], ...]:
        """Key and receipt of every carried packet; without `again` only what has not gone home yet."""
        return self._receipts(*(() if again else (packet.c.returned_at.is_(None),)))

    def mark_returned(self, keys: Iterable[RecordKey], at: datetime) -> None:
        """These receipts were handed to their station, or put on a stick for it."""
        with self._database.write() as connection:
            for key in keys:
                connection.execute(update(packet).where(is_packet(key), ~is_own()).values(returned_at=at))

    def clear_settled(self) -> int:
        """Delete the files of carried packets that central has taken or refused: their rows stay. How many went.

        Whose a refused one is has it still, and sees to it.
        """
        gone = 0
        for key in self._settled_files():
            with suppress(OSError):
                self.folder.path(key).unlink()
                gone += 1
        for key in list(self.beside.all_keys()):
            self._bring_forward(key)
        return gone

    def settled_bytes(self, origin: str) -> int:
        """Bytes on the disk of packets of `origin` that are settled and not cleared away yet."""
        total = 0
        for key in self._settled_files(packet.c.origin == origin):
            with suppress(OSError):
                total += self.folder.path(key).stat().st_size
        return total

    def _settled_files(self, *conditions: ColumnElement[bool]) -> list[RecordKey]:
        here = list(self.folder.all_keys())
        if not here:
            return []
        query = select(packet.c.record_id, packet.c.revision).where(
            ~is_own(), packet.c.stage.in_(_SETTLED), *conditions
        )
        with self._database.read() as connection:
            settled = frozenset(RecordKey(row.record_id, row.revision) for row in connection.execute(query))
        return [key for key in here if key in settled]

    def _receipts(self, *conditions: ColumnElement[bool]) -> tuple[tuple[RecordKey, str], ...]:
        query = select(packet.c.record_id, packet.c.revision, packet.c.receipt).where(
            ~is_own(), packet.c.stage == Stage.RECEIPTED.value, packet.c.receipt.is_not(None), *conditions
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(packet.c.received_at, packet.c.record_id)).all()
        return tuple((RecordKey(row.record_id, row.revision), row.receipt) for row in rows)

    def _known(self, connection: Connection, item: OutboxItem) -> OutboxItem | None:
        """The row that holds the key of `item`: its own, or another station's that has no receipt.

        TrustError when the record is our own: otherwise whoever knows its id could take the place of its next revision.
        Also when central has this key of somebody else, or its station has signed something else under it.
        """
        query = select(packet).where(packet.c.record_id == item.key.record_id)
        rows = [item_of(row) for row in connection.execute(query)]
        holder = next((row for row in rows if row.key == item.key), None)
        if any(not row.carried for row in rows):
            raise TrustError("packet.other_record")
        if holder is None or (holder.origin, holder.sha256) == (item.origin, item.sha256):
            return holder
        if holder.origin == item.origin or holder.receipt is not None:
            raise TrustError("packet.other_record")
        return holder

    def _take_beside(self, item: OutboxItem, data: bytes) -> bool:
        """True when it was not there before. TrustError when a third one wants the key, or too many wait like this."""
        waiting = frozenset(self.beside.all_keys())
        if item.key in waiting and self.beside.intact(item.key, item.sha256):
            return False
        if item.key in waiting or len(waiting) >= MOST_BESIDE:
            raise TrustError("packet.other_record")
        self.beside.root.mkdir(mode=0o700, exist_ok=True)
        self.beside.write(item.key, data)
        return True

    def _bring_forward(self, key: RecordKey) -> None:
        """What waited beside another packet goes to central when that one came to nothing, and goes when it did not."""
        try:
            data = self.beside.read(key)
            card = self._cards.find(read_packet(data).manifest.station_id)
            if card is not None:
                with self._database.read() as connection:
                    holder = self._known(connection, carried_item(data, card, came_by=CAME_BACK, at=datetime.now(UTC)))
                if holder is not None and holder.stage not in _STOPPED and holder.origin != card.station_id:
                    return
                self.take(data, card, came_by=CAME_BACK, at=datetime.now(UTC))
        except TrustError as problem:
            log.warning("packet %s that waited beside another is not carried: %s", key, problem.code)
        except StoreError as problem:
            log.error("packet %s that waits beside another: %s", key, problem.code)
            return
        with suppress(OSError):
            self.beside.path(key).unlink()

    def _is_here(self, item: OutboxItem) -> bool:
        try:
            return self.folder.intact(item.key, item.sha256)
        except StoreError:
            return False

    def _adopt(self, key: RecordKey) -> bool:
        try:
            data = self.folder.read(key)
            card = self._cards.find(read_packet(data).manifest.station_id)
            if card is None:
                raise TrustError("courier.no_card")
            item = carried_item(data, card, came_by=CAME_BACK, at=datetime.now(UTC))
            if item.key != key:
                raise TrustError("packet.damaged")
            return self.take(data, card, came_by=CAME_BACK, at=datetime.now(UTC))[1]
        except StationError as problem:
            log.error("carried packet %s cannot be taken into the outbox: %s", key, problem.code)
            return False


def _is_refused(item: OutboxItem) -> bool:
    """Central has read it and will not have it: not what it says of a station that it may let in again."""
    codes = {reason.code for reason in item.reasons}
    return item.stage is Stage.REJECTED and not codes & {"origin.blocked", "origin.unknown"}


def check_carried(data: bytes, card: StationCard) -> Packet:
    """A packet that the station of `card` signed; TrustError otherwise."""
    if len(data) > MAX_PACKET_BYTES:
        raise TrustError("packet.too_large")
    found = verify_packet(data, [card.public_key])
    if found.manifest.station_id != card.station_id:
        raise TrustError("signature.invalid")
    return found


def carried_item(data: bytes, card: StationCard, *, came_by: str, at: datetime) -> OutboxItem:
    """The outbox row of another station's packet; TrustError when it is not what that station signed."""
    manifest = check_carried(data, card).manifest
    row = just_sealed(
        RecordKey(manifest.record_id, manifest.revision),
        origin=card.station_id,
        sha256=sha256_of(data),
        size=len(data),
        kind=manifest.kind,
        sealed_at=manifest.sealed_at.astimezone(UTC),
    )
    return replace(row, carried=True, came_at=at, came_by=came_by[:80])
