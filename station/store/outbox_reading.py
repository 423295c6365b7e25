"""Reading the outbox: what is due, what is shown, what has changed. Changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, case, false, func, or_, select

from station.domain.delivery import Counts, OutboxItem, Stage
from station.domain.packets_sought import EVERY_PACKET, PacketsSought
from station.domain.record import RecordKey
from station.store.database import Database
from station.store.outbox_rows import (
    LONGEST_WAIT,
    OPEN,
    is_due,
    is_due_at,
    is_open,
    is_own,
    is_packet,
    item_of,
    next_change,
)
from station.store.outbox_search import fitting
from station.store.tables import packet

_MOMENT = packet.c.next_attempt_at.type
_NOW, _FAR = bindparam("now", type_=_MOMENT), bindparam("far", type_=_MOMENT)
_IN_STAGES = packet.c.stage.in_(bindparam("stages", expanding=True))
# Made once: every lane asks at every step.
_ONE_DUE = select(packet.c.record_id).where(_IN_STAGES, is_due_at(_NOW, _FAR)).limit(1)
_NEXT_DUE = select(func.min(packet.c.next_attempt_at)).where(_IN_STAGES)


class OutboxReading:
    """The questions. Each is one short transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def keys(self, stage: Stage | None = None) -> frozenset[RecordKey]:
        """The keys of every row, or of those in one stage."""
        asked = select(packet.c.record_id, packet.c.revision)
        with self.database.read() as connection:
            rows = connection.execute(asked if stage is None else asked.where(packet.c.stage == stage.value))
            return frozenset(RecordKey(row.record_id, row.revision) for row in rows)

    def get(self, key: RecordKey) -> OutboxItem | None:
        """The row of a packet, or None."""
        with self.database.read() as connection:
            row = connection.execute(select(packet).where(is_packet(key))).first()
            return None if row is None else item_of(row)

    def due(self, stage: Stage, *, now: datetime, limit: int) -> tuple[OutboxItem, ...]:
        """What may be tried now in `stage`: fewest attempts first, then oldest, so a poison item never blocks."""
        query = select(packet).where(packet.c.stage == stage.value, is_due(now))
        order = (
            packet.c.attempts,
            packet.c.priority.desc(),
            packet.c.carried,  # our own applicants wait here; what is carried has another way as well
            packet.c.sealed_at,
            packet.c.record_id,
        )
        with self.database.read() as connection:
            return tuple(item_of(row) for row in connection.execute(query.order_by(*order).limit(limit)))

    def next_due_at(self, *, now: datetime, stages: Collection[Stage] = OPEN) -> datetime | None:
        """The earliest planned attempt of anything in these (open) stages, or None when nothing is in them."""
        asked = {"stages": [stage.value for stage in stages]}
        with self.database.read() as connection:
            if connection.execute(_ONE_DUE, asked | {"now": now, "far": now + LONGEST_WAIT}).first():
                return now
            value: datetime | None = connection.execute(_NEXT_DUE, asked).scalar()
            return value

    def page(
        self, stages: Collection[Stage], *, offset: int, limit: int, sought: PacketsSought = EVERY_PACKET
    ) -> tuple[OutboxItem, ...]:
        """Rows to show: what is moving first, then by age; what is carried for others after all of our own.

        What is carried is shown only while it waits: its history and its repairs are its own station's.
        """
        moving = case((packet.c.stage == Stage.SENDING.value, 0), else_=1)
        shown = or_(is_own(), is_open())
        query = select(packet).where(packet.c.stage.in_([stage.value for stage in stages]), shown, *fitting(sought))
        if set(stages) <= {Stage.RECEIPTED}:
            query = query.order_by(packet.c.received_at.desc(), packet.c.record_id)
        else:
            query = query.order_by(packet.c.carried, moving, packet.c.attempts, packet.c.sealed_at, packet.c.record_id)
        with self.database.read() as connection:
            return tuple(item_of(row) for row in connection.execute(query.offset(offset).limit(limit)))

    def of_records(self, record_ids: Sequence[str]) -> dict[RecordKey, OutboxItem]:
        """The rows of these records, every revision."""
        query = select(packet).where(packet.c.record_id.in_(record_ids))
        with self.database.read() as connection:
            items = [item_of(row) for row in connection.execute(query)]
        return {item.key: item for item in items}

    def changed_since(self, number: int, *, limit: int = 500) -> tuple[int, tuple[OutboxItem, ...]]:
        """Own rows changed after change `number`, and the newest change number among them."""
        query = select(packet).where(packet.c.changed > number, is_own()).order_by(packet.c.changed).limit(limit)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return (rows[-1].changed if rows else number), tuple(item_of(row) for row in rows)

    def newest_change(self) -> int:
        """The number of the newest change."""
        with self.database.read() as connection:
            return next_change(connection) - 1

    def counts(self, *, day_start: datetime) -> Counts:
        """How many packets are where. `day_start` is local midnight."""
        c, own = packet.c, packet.c.carried == false()
        left = c.size - c.acknowledged
        today = and_(c.stage == Stage.RECEIPTED.value, c.received_at >= day_start)
        query = select(
            *(func.count().filter(own, c.stage == stage.value).label(stage.value) for stage in Stage),
            func.coalesce(func.sum(left).filter(own, is_open()), 0).label("waiting_bytes"),
            func.count().filter(own, today).label("receipted_today"),
            func.count().filter(own, c.central_code == "PRINT_READY_RECORD").label("print_ready"),
            func.count().filter(~own, is_open()).label("carried"),
            func.coalesce(func.sum(left).filter(~own, is_open()), 0).label("carried_bytes"),
        )
        with self.database.read() as connection:
            row = connection.execute(query).one()
        return Counts(
            queued=row.queued,
            sending=row.sending,
            receipted=row.receipted,
            parked=row.parked,
            rejected=row.rejected,
            waiting_bytes=row.waiting_bytes,
            receipted_today=row.receipted_today,
            print_ready=row.print_ready,
            voided=row.void,
            carried=row.carried,
            carried_bytes=row.carried_bytes,
        )

    def oldest_waiting(self) -> datetime | None:
        """When the oldest open packet of this station was sealed."""
        with self.database.read() as connection:
            found: datetime | None = connection.execute(
                select(func.min(packet.c.sealed_at)).where(is_own(), is_open())
            ).scalar()
            return found

    def last_receipt_at(self) -> datetime | None:
        """When central last confirmed a packet of this station."""
        with self.database.read() as connection:
            found: datetime | None = connection.execute(select(func.max(packet.c.received_at)).where(is_own())).scalar()
            return found

    def close(self) -> None:
        self.database.close()
