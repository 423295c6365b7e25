"""What went out and came in by stick, and what may go: rows of the outbox. Knows no files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, delete, false, func, insert, literal, select, true, update
from sqlalchemy.dialects.sqlite import insert as upsert

from station.domain.delivery import OutboxItem, Stage
from station.domain.outcome import Reason
from station.domain.record import RecordKey
from station.store.database import Database
from station.store.outbox_rows import is_own, is_packet, item_of, next_change
from station.store.tables import courier, packet, passing_receipt

MOST_PASSING = 50_000
"""Receipts that are only passed on; more would be somebody filling the disk."""
_UNRECEIPTED = (Stage.QUEUED, Stage.SENDING, Stage.PARKED)


class Way(StrEnum):
    """Which way something went."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True)
class Journey:
    """One bundle that went or came. `station_id` is who made it; counts are of what was written or taken."""

    at: datetime
    way: Way
    bundle_id: str
    station_id: str
    packets: int = 0
    receipts: int = 0
    bytes: int = 0


class Why(StrEnum):
    """Why central did not take a packet that is carried here. Its own station sees to it, nobody here."""

    BLOCKED = "blocked"  # central takes nothing of that station now
    STRANGER = "stranger"  # central does not know that station
    REFUSED = "refused"  # something in the record must be repaired, there
    STOPPED = "stopped"  # another trouble with this one packet


class CourierBook:
    """The table of journeys, and what they did to packets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, *, keys: Sequence[RecordKey] | None = None, only_new: bool = False) -> tuple[OutboxItem, ...]:
        """Packets without a receipt, our own and carried ones, oldest first.

        With `keys` only these, also when central has refused them: a person named them. `only_new` leaves out what has
        been on a stick before.
        """
        stages = _UNRECEIPTED if keys is None else (*_UNRECEIPTED, Stage.REJECTED)
        query = select(packet).where(packet.c.stage.in_([stage.value for stage in stages]))
        if only_new:
            query = query.where(packet.c.exported_at.is_(None))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(packet.c.sealed_at, packet.c.record_id))
            found = [item_of(row) for row in rows]
        wanted = None if keys is None else frozenset(keys)
        return tuple(item for item in found if wanted is None or item.key in wanted)

    def not_taken(self) -> tuple[tuple[Why, int], ...]:
        """Carried packets that central did not take: why, and how many."""
        stopped = packet.c.stage.in_([Stage.REJECTED.value, Stage.PARKED.value])
        with self._database.read() as connection:
            rows = connection.execute(select(packet).where(~is_own(), stopped)).all()
        found = Counter(_why(item_of(row)) for row in rows)
        return tuple((why, found[why]) for why in Why if found[why])

    def exported(self, keys: Iterable[RecordKey], journey: Journey) -> None:
        """These packets are on a stick, whole and read back."""
        with self._database.write() as connection:
            for key in keys:
                first = func.coalesce(packet.c.offered_at, literal(journey.at, packet.c.offered_at.type))
                on_stick = {"exported_at": journey.at, "offered_at": first}
                connection.execute(update(packet).where(is_packet(key)).values(**on_stick))
            connection.execute(insert(courier).values(**_values(journey)))

    def note(self, journey: Journey) -> None:
        """Something came or went."""
        with self._database.write() as connection:
            connection.execute(insert(courier).values(**_values(journey)))

    def journeys(self, limit: int = 100) -> tuple[Journey, ...]:
        """Newest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(courier).order_by(courier.c.number.desc()).limit(limit)).all()
        return tuple(
            Journey(row.at, Way(row.way), row.bundle_id, row.station_id, row.packets, row.receipts, row.bytes)
            for row in rows
        )

    # --------------------------------------------------------------------- receipts of packets we never had

    def pass_on(self, key: RecordKey, origin: str, receipt: str, *, at: datetime) -> bool:
        """Keep a receipt of a packet that never was here, for its own station; False when it is known, or too many.

        It takes the place of a refusal: central has changed its mind.
        """
        return self._keep(key, origin, receipt, at, refusal=False)

    def pass_refusal(self, key: RecordKey, origin: str, refusal: str, *, at: datetime) -> bool:
        """Keep a refusal of another station's packet, for that station; False when it or a receipt is known."""
        return self._keep(key, origin, refusal, at, refusal=True)

    def _keep(self, key: RecordKey, origin: str, token: str, at: datetime, *, refusal: bool) -> bool:
        values = {"origin": origin, "receipt": token, "refusal": refusal, "came_at": at, "returned_at": None}
        columns = passing_receipt.c
        with self._database.write() as connection:
            kept = connection.exec_driver_sql("SELECT count(*) FROM passing_receipt").scalar() or 0
            if kept >= MOST_PASSING:
                return False
            made = upsert(passing_receipt).values(record_id=key.record_id, revision=key.revision, **values)
            newer = and_(columns.refusal == true(), columns.receipt != token)
            put = made.on_conflict_do_update(index_elements=["record_id", "revision"], set_=values, where=newer)
            return connection.execute(put).rowcount == 1

    def forget_refusal(self, key: RecordKey) -> None:
        """Central has the packet after all."""
        this = (passing_receipt.c.record_id == key.record_id, passing_receipt.c.revision == key.revision)
        with self._database.write() as connection:
            connection.execute(delete(passing_receipt).where(*this, passing_receipt.c.refusal == true()))

    def refuse(self, key: RecordKey, reasons: Sequence[Reason], *, at: datetime) -> bool:
        """Central has refused this packet and a stick brought its word; False when it is settled otherwise."""
        text = json.dumps([[item.code, item.field, item.detail] for item in reasons], ensure_ascii=False)
        values = {"stage": Stage.REJECTED.value, "reasons": text, "last_tried_at": at, "next_attempt_at": None}
        undecided = packet.c.stage.in_([stage.value for stage in _UNRECEIPTED])
        with self._database.write() as connection:
            done = connection.execute(
                update(packet)
                .where(is_packet(key), undecided, packet.c.receipt.is_(None))
                .values(**values, changed=next_change(connection))
            )
            return done.rowcount == 1

    def passing(
        self, *, station_id: str = "", again: bool = False, refusals: bool = False
    ) -> tuple[tuple[RecordKey, str], ...]:
        """Key and receipt (or refusal) of what is passed on, of one station or all.

        Without `again` only what has not gone home yet.
        """
        query = select(passing_receipt).where(passing_receipt.c.refusal == (true() if refusals else false()))
        if station_id:
            query = query.where(passing_receipt.c.origin == station_id)
        if not again:
            query = query.where(passing_receipt.c.returned_at.is_(None))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(passing_receipt.c.came_at, passing_receipt.c.record_id)).all()
        return tuple((RecordKey(row.record_id, row.revision), row.receipt) for row in rows)

    def mark_passed(self, keys: Iterable[RecordKey], at: datetime) -> None:
        """These were handed to their station, or put on a stick for it."""
        columns = passing_receipt.c
        with self._database.write() as connection:
            for key in keys:
                this = (columns.record_id == key.record_id, columns.revision == key.revision)
                connection.execute(update(passing_receipt).where(*this).values(returned_at=at))


def _why(item: OutboxItem) -> Why:
    if item.stage is Stage.PARKED:
        return Why.STOPPED
    codes = {reason.code for reason in item.reasons}
    if "origin.blocked" in codes:
        return Why.BLOCKED
    return Why.STRANGER if "origin.unknown" in codes else Why.REFUSED


def _values(journey: Journey) -> dict[str, object]:
    return {
        "at": journey.at,
        "way": journey.way.value,
        "bundle_id": journey.bundle_id,
        "station_id": journey.station_id,
        "packets": journey.packets,
        "receipts": journey.receipts,
        "bytes": journey.bytes,
    }
