"""The outbox: one row per packet.

No personal data, so it opens before anybody has signed in. In flight is never written here: a row changes only when
central has answered.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from station import failpoint
from station.domain.delivery import Counts, OutboxItem, Stage
from station.domain.outcome import Accepted, Note, Reason, Trouble
from station.domain.record import RecordKey
from station.store.database import Database
from station.store.tables import packet

LONGEST_WAIT = timedelta(hours=24)
"""No wait is ever planned longer; one that looks longer comes from a clock that jumped, and counts as due."""
OPEN = (Stage.QUEUED, Stage.SENDING)


class Outbox:
    """The delivery side of the store. Each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # ------------------------------------------------------------------------------------------------ what must go

    def add(self, item: OutboxItem) -> bool:
        """Add a sealed packet; False when it was there already. Adding twice is harmless.

        Another file under the key of a packet that nobody has been told of takes its place: the draft was sealed again
        after its first packet had been damaged.
        """
        with self.database.write() as connection:
            values = {
                "record_id": item.key.record_id,
                "revision": item.key.revision,
                "origin": item.origin,
                "sha256": item.sha256,
                "size": item.size,
                "kind": item.kind,
                "priority": item.priority,
                "sealed_at": item.sealed_at,
                "stage": item.stage.value,
                "acknowledged": 0,
                "restarts": 0,
                "attempts": 0,
                "receipt_no": "",
                "reasons": "[]",
                "central_code": "",
                "changed": _next_change(connection),
            }
            cleared = {"upload": None, "next_attempt_at": None, "trouble": None, "last_tried_at": None}
            done = connection.execute(
                upsert(packet)
                .values(**values)
                .on_conflict_do_update(
                    index_elements=["record_id", "revision"],
                    set_={**values, **cleared},
                    where=and_(packet.c.offered_at.is_(None), packet.c.sha256 != item.sha256),
                )
            )
            return done.rowcount == 1

    def keys(self) -> frozenset[RecordKey]:
        """The keys of every row."""
        with self.database.read() as connection:
            rows = connection.execute(select(packet.c.record_id, packet.c.revision))
            return frozenset(RecordKey(row.record_id, row.revision) for row in rows)

    def get(self, key: RecordKey) -> OutboxItem | None:
        """The row of a packet, or None."""
        with self.database.read() as connection:
            row = connection.execute(select(packet).where(_is(key))).first()
            return None if row is None else _item(row)

    def due(self, stage: Stage, *, now: datetime, limit: int) -> tuple[OutboxItem, ...]:
        """What may be tried now in `stage`: fewest attempts first, then oldest, so a poison item never blocks."""
        query = select(packet).where(packet.c.stage == stage.value, _is_due(now))
        order = (packet.c.attempts, packet.c.priority.desc(), packet.c.sealed_at, packet.c.record_id)
        with self.database.read() as connection:
            return tuple(_item(row) for row in connection.execute(query.order_by(*order).limit(limit)))

    def next_due_at(self, *, now: datetime) -> datetime | None:
        """The earliest planned attempt of anything open, or None when nothing is open."""
        open_stages = packet.c.stage.in_([stage.value for stage in OPEN])
        with self.database.read() as connection:
            if connection.execute(select(packet.c.record_id).where(open_stages, _is_due(now)).limit(1)).first():
                return now
            value: datetime | None = connection.execute(
                select(func.min(packet.c.next_attempt_at)).where(open_stages)
            ).scalar()
            return value

    # ------------------------------------------------------------------------------------------- what central said

    def offer(self, keys: Sequence[RecordKey], *, at: datetime) -> None:
        """About to tell central of these: from now on they may not be recalled."""
        with self.database.write() as connection:
            for key in keys:
                connection.execute(update(packet).where(_is(key), packet.c.offered_at.is_(None)).values(offered_at=at))

    def wanted(self, key: RecordKey, *, upload: str, offset: int, at: datetime) -> None:
        """Central wants it: where to, and how many bytes it has."""
        self._change(
            key, stage=Stage.SENDING.value, upload=upload, acknowledged=offset, last_tried_at=at, next_attempt_at=None
        )

    def advance(self, key: RecordKey, *, offset: int) -> None:
        """Central has acknowledged `offset` bytes."""
        with self.database.write() as connection:
            connection.execute(
                update(packet).where(_is(key), packet.c.stage == Stage.SENDING.value).values(acknowledged=offset)
            )

    def start_over(self, key: RecordKey, *, at: datetime) -> int:
        """The upload is gone or spoilt: manifest again. How often that has happened to this packet."""
        with self.database.write() as connection:
            connection.execute(
                update(packet)
                .where(_is(key), packet.c.stage.in_([stage.value for stage in OPEN]))
                .values(
                    stage=Stage.QUEUED.value,
                    upload=None,
                    acknowledged=0,
                    restarts=packet.c.restarts + 1,
                    last_tried_at=at,
                    changed=_next_change(connection),
                )
            )
            return int(connection.execute(select(packet.c.restarts).where(_is(key))).scalar() or 0)

    def settle(self, key: RecordKey, accepted: Accepted) -> None:
        """A receipt that verified: the only way a packet is done. A second receipt changes nothing."""
        with self.database.write() as connection:
            row = connection.execute(select(packet.c.stage).where(_is(key))).first()
            if row is None or row.stage == Stage.RECEIPTED.value:
                return
            connection.execute(
                update(packet)
                .where(_is(key))
                .values(
                    stage=Stage.RECEIPTED.value,
                    receipt=accepted.receipt,
                    receipt_no=accepted.receipt_no,
                    received_at=accepted.received_at,
                    acknowledged=packet.c.size,
                    next_attempt_at=None,
                    reasons="[]",
                    changed=_next_change(connection),
                )
            )
            failpoint.reach("settle.before_commit")
        failpoint.reach("settle.committed")

    def reject(self, key: RecordKey, reasons: Sequence[Reason], *, at: datetime) -> None:
        """Central refuses the content: an operator must correct it as the next revision."""
        text = json.dumps([[item.code, item.field, item.detail] for item in reasons], ensure_ascii=False)
        self._change(key, stage=Stage.REJECTED.value, reasons=text, last_tried_at=at, next_attempt_at=None)

    def postpone(self, key: RecordKey, note: Note, *, until: datetime, at: datetime, burns: bool) -> int:
        """Try again at `until`; `burns` counts it against the item. How many attempts are burnt now."""
        with self.database.write() as connection:
            values = {"next_attempt_at": until, **_note(note, at), "changed": _next_change(connection)}
            if burns:
                values["attempts"] = packet.c.attempts + 1
            connection.execute(update(packet).where(_is(key), _is_open()).values(**values))
            return int(connection.execute(select(packet.c.attempts).where(_is(key))).scalar() or 0)

    def park(self, key: RecordKey, note: Note, *, at: datetime) -> None:
        """Kept, shown, never retried alone, never deleted."""
        self._change(key, stage=Stage.PARKED.value, next_attempt_at=None, **_note(note, at))

    def retry(self, key: RecordKey) -> None:
        """A person wants a parked packet tried again, from the manifest on."""
        with self.database.write() as connection:
            connection.execute(
                update(packet)
                .where(_is(key), packet.c.stage == Stage.PARKED.value)
                .values(
                    stage=Stage.QUEUED.value,
                    upload=None,
                    acknowledged=0,
                    restarts=0,
                    attempts=0,
                    next_attempt_at=None,
                    changed=_next_change(connection),
                )
            )

    def replace(self, keys: Sequence[RecordKey]) -> None:
        """These were refused and their records are being corrected: nobody has to look at them any more."""
        with self.database.write() as connection:
            for key in keys:
                connection.execute(
                    update(packet)
                    .where(_is(key), packet.c.stage == Stage.REJECTED.value)
                    .values(stage=Stage.REPLACED.value, changed=_next_change(connection))
                )

    def retry_now(self) -> None:
        """A person pressed *Kirim sekarang*: nothing open waits any longer. Attempts stay burnt."""
        with self.database.write() as connection:
            connection.execute(update(packet).where(_is_open()).values(next_attempt_at=None))

    # ------------------------------------------------------------------------------------------------- to be shown

    def page(self, stages: Collection[Stage], *, offset: int, limit: int) -> tuple[OutboxItem, ...]:
        """Rows to show: what is moving first, then by age."""
        moving = case((packet.c.stage == Stage.SENDING.value, 0), else_=1)
        query = select(packet).where(packet.c.stage.in_([stage.value for stage in stages]))
        if set(stages) <= {Stage.RECEIPTED}:
            query = query.order_by(packet.c.received_at.desc())
        else:
            query = query.order_by(moving, packet.c.attempts, packet.c.sealed_at, packet.c.record_id)
        with self.database.read() as connection:
            return tuple(_item(row) for row in connection.execute(query.offset(offset).limit(limit)))

    def of_records(self, record_ids: Sequence[str]) -> dict[RecordKey, OutboxItem]:
        """The rows of these records, every revision."""
        query = select(packet).where(packet.c.record_id.in_(record_ids))
        with self.database.read() as connection:
            items = [_item(row) for row in connection.execute(query)]
        return {item.key: item for item in items}

    def changed_since(self, number: int, *, limit: int = 500) -> tuple[int, tuple[OutboxItem, ...]]:
        """Rows changed after change `number`, and the newest change number among them."""
        query = select(packet).where(packet.c.changed > number).order_by(packet.c.changed).limit(limit)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return (rows[-1].changed if rows else number), tuple(_item(row) for row in rows)

    def newest_change(self) -> int:
        """The number of the newest change."""
        with self.database.read() as connection:
            return _next_change(connection) - 1

    def counts(self, *, day_start: datetime) -> Counts:
        """How many packets are where. `day_start` is local midnight."""
        waiting = packet.c.stage.in_([stage.value for stage in OPEN])
        with self.database.read() as connection:
            stages = connection.execute(select(packet.c.stage, func.count()).group_by(packet.c.stage)).all()
            number = {Stage(stage): int(count) for stage, count in stages}
            left = connection.execute(select(func.sum(packet.c.size - packet.c.acknowledged)).where(waiting)).scalar()
            today = connection.execute(
                select(func.count()).where(packet.c.stage == Stage.RECEIPTED.value, packet.c.received_at >= day_start)
            ).scalar_one()
            ready = connection.execute(
                select(func.count()).where(packet.c.central_code == "PRINT_READY_RECORD")
            ).scalar_one()
        return Counts(
            queued=number.get(Stage.QUEUED, 0),
            sending=number.get(Stage.SENDING, 0),
            receipted=number.get(Stage.RECEIPTED, 0),
            parked=number.get(Stage.PARKED, 0),
            rejected=number.get(Stage.REJECTED, 0),
            waiting_bytes=int(left or 0),
            receipted_today=int(today),
            print_ready=int(ready),
        )

    def oldest_waiting(self) -> datetime | None:
        """When the oldest open packet was sealed."""
        with self.database.read() as connection:
            found: datetime | None = connection.execute(select(func.min(packet.c.sealed_at)).where(_is_open())).scalar()
            return found

    def last_receipt_at(self) -> datetime | None:
        """When central last confirmed a packet of this station."""
        with self.database.read() as connection:
            found: datetime | None = connection.execute(select(func.max(packet.c.received_at))).scalar()
            return found

    def close(self) -> None:
        self.database.close()

    def _change(self, key: RecordKey, **values: Any) -> None:
        with self.database.write() as connection:
            connection.execute(update(packet).where(_is(key)).values(**values, changed=_next_change(connection)))


def set_central_code(connection: Connection, key: RecordKey, code: str, at: datetime) -> None:
    """Note what central says of a record, inside the transaction of the change feed."""
    connection.execute(
        update(packet).where(_is(key)).values(central_code=code, central_at=at, changed=_next_change(connection))
    )


def set_refused(connection: Connection, key: RecordKey, reasons: Sequence[Reason]) -> None:
    """Central refuses a record after all, inside the transaction of the change feed."""
    text = json.dumps([[item.code, item.field, item.detail] for item in reasons], ensure_ascii=False)
    values = {"stage": Stage.REJECTED.value, "reasons": text, "changed": _next_change(connection)}
    connection.execute(update(packet).where(_is(key)).values(**values))


def set_resend(connection: Connection, key: RecordKey) -> None:
    """Central asks for a packet again, inside the transaction of the change feed."""
    values = {"stage": Stage.QUEUED.value, "upload": None, "acknowledged": 0, "attempts": 0, "next_attempt_at": None}
    connection.execute(update(packet).where(_is(key)).values(**values, changed=_next_change(connection)))


def _next_change(connection: Connection) -> int:
    return int(connection.execute(select(func.max(packet.c.changed))).scalar() or 0) + 1


def _is(key: RecordKey) -> ColumnElement[bool]:
    return and_(packet.c.record_id == key.record_id, packet.c.revision == key.revision)


def _is_open() -> ColumnElement[bool]:
    return packet.c.stage.in_([stage.value for stage in OPEN])


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        packet.c.next_attempt_at.is_(None),
        packet.c.next_attempt_at <= now,
        packet.c.next_attempt_at > now + LONGEST_WAIT,
    )


def _note(note: Note, at: datetime) -> dict[str, Any]:
    return {
        "trouble": note.trouble.value,
        "request_id": note.request_id,
        "http_status": note.http_status,
        "detail": note.detail[:500],
        "last_tried_at": at,
    }


def _item(row: Any) -> OutboxItem:
    note = None
    if row.trouble:
        note = Note(Trouble(row.trouble), row.request_id or "", row.http_status or 0, row.detail or "")
    return OutboxItem(
        key=RecordKey(row.record_id, row.revision),
        origin=row.origin,
        sha256=row.sha256,
        size=row.size,
        kind=row.kind,
        priority=row.priority,
        sealed_at=row.sealed_at,
        stage=Stage(row.stage),
        upload=row.upload,
        offset=row.acknowledged,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        offered_at=row.offered_at,
        last_note=note,
        last_tried_at=row.last_tried_at,
        receipt=row.receipt,
        receipt_no=row.receipt_no,
        received_at=row.received_at,
        reasons=tuple(Reason(*item) for item in json.loads(row.reasons)),
        central_code=row.central_code,
        central_at=row.central_at,
    )
