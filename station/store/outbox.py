"""The outbox: one row per packet.

No personal data, so it opens before anybody has signed in. In flight is never written here: a row changes only when
central has answered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, literal, not_, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from station import failpoint
from station.domain.delivery import DECIDED, OutboxItem, Stage
from station.domain.outcome import Accepted, Note, Reason, Trouble
from station.domain.record import RecordKey
from station.store.database import Connection
from station.store.outbox_reading import OutboxReading
from station.store.outbox_rows import LONGEST_WAIT as LONGEST_WAIT
from station.store.outbox_rows import OPEN, is_open, is_packet, next_change, values_of
from station.store.tables import packet
from station.store.technical_log import put_line

RESEND_EVERY = timedelta(days=1)
"""A packet that central has confirmed is offered again not oftener: it costs central a look each time."""


class Outbox(OutboxReading):
    """The delivery side of the store. Each method is one transaction."""

    def add(self, item: OutboxItem) -> bool:
        """Add a sealed packet; False when it was there already. Adding twice is harmless.

        Another file under the key of a packet that nobody has been told of takes its place: the draft was sealed again
        after its first packet had been damaged.
        """
        with self.database.write() as connection:
            values = {**values_of(item), "changed": next_change(connection)}
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

    def offer(self, keys: Sequence[RecordKey], *, at: datetime) -> None:
        """About to tell central of these: from now on they may not be recalled."""
        with self.database.write() as connection:
            for key in keys:
                connection.execute(
                    update(packet).where(is_packet(key), packet.c.offered_at.is_(None)).values(offered_at=at)
                )

    def leave(self, keys: Sequence[RecordKey], *, at: datetime) -> frozenset[RecordKey]:
        """About to go onto a stick or to a neighbour: from now on copies may be out. Which of them may go.

        What was given up meanwhile may not.
        """
        gone = []
        with self.database.write() as connection:
            for key in keys:
                first = func.coalesce(packet.c.offered_at, literal(at, packet.c.offered_at.type))
                done = connection.execute(
                    update(packet)
                    .where(is_packet(key), packet.c.stage != Stage.VOID.value)
                    .values(offered_at=first, out_at=at)
                )
                gone += [key] if done.rowcount else []
        return frozenset(gone)

    def wanted(self, key: RecordKey, *, upload: str, offset: int, at: datetime) -> None:
        """Central wants it: where to, and how many bytes it has. Nothing changes when it is not open any more."""
        self._change_open(
            key, stage=Stage.SENDING.value, upload=upload, acknowledged=offset, last_tried_at=at, next_attempt_at=None
        )

    def advance(self, key: RecordKey, *, offset: int) -> None:
        """Central has acknowledged `offset` bytes."""
        with self.database.write() as connection:
            connection.execute(
                update(packet).where(is_packet(key), packet.c.stage == Stage.SENDING.value).values(acknowledged=offset)
            )

    def start_over(self, key: RecordKey, *, at: datetime) -> int:
        """The upload is gone or spoilt: manifest again. How often that has happened to this packet."""
        with self.database.write() as connection:
            connection.execute(
                update(packet)
                .where(is_packet(key), packet.c.stage.in_([stage.value for stage in OPEN]))
                .values(
                    stage=Stage.QUEUED.value,
                    upload=None,
                    acknowledged=0,
                    restarts=packet.c.restarts + 1,
                    last_tried_at=at,
                    changed=next_change(connection),
                )
            )
            return int(connection.execute(select(packet.c.restarts).where(is_packet(key))).scalar() or 0)

    def settle(self, key: RecordKey, accepted: Accepted, *, at: datetime | None = None) -> None:
        """A receipt that verified: the only way a packet is done. A second receipt changes nothing.

        What was refused, replaced or given up stays so, with the receipt beside it: central may have signed it before
        it refused. `at` is when central said so, asked by this station: of a packet sent again that it had still.
        """
        with self.database.write() as connection:
            row = connection.execute(select(packet).where(is_packet(key))).first()
            if row is None or row.stage == Stage.RECEIPTED.value:
                return
            if not row.carried and row.stage in DECIDED:
                _keep_receipt(connection, row, accepted, at or accepted.received_at)
                return
            had_it = row.stage == Stage.QUEUED.value and row.resent_at is not None
            connection.execute(
                update(packet)
                .where(is_packet(key))
                .values(
                    stage=Stage.RECEIPTED.value,
                    receipt=accepted.receipt,
                    receipt_no=accepted.receipt_no,
                    received_at=accepted.received_at,
                    acknowledged=packet.c.size,
                    confirmed_at=at if had_it else None,
                    next_attempt_at=None,
                    reasons="[]",
                    changed=next_change(connection),
                )
            )
            failpoint.reach("settle.before_commit")
        failpoint.reach("settle.committed")

    def reject(self, key: RecordKey, reasons: Sequence[Reason], *, at: datetime) -> None:
        """Central refuses the content of an open packet: an operator must correct it as the next revision."""
        text = json.dumps([[item.code, item.field, item.detail] for item in reasons], ensure_ascii=False)
        self._change_open(key, stage=Stage.REJECTED.value, reasons=text, last_tried_at=at, next_attempt_at=None)

    def postpone(self, key: RecordKey, note: Note, *, until: datetime, at: datetime, burns: bool) -> int:
        """Try again at `until`; `burns` counts it against the item. How many attempts are burnt now."""
        with self.database.write() as connection:
            values = {"next_attempt_at": until, **_note(note, at), "changed": next_change(connection)}
            if burns:
                values["attempts"] = packet.c.attempts + 1
            connection.execute(update(packet).where(is_packet(key), is_open()).values(**values))
            return int(connection.execute(select(packet.c.attempts).where(is_packet(key))).scalar() or 0)

    def park(self, key: RecordKey, note: Note, *, at: datetime) -> None:
        """Kept, shown, never retried alone, never deleted. What is settled in any way is not touched."""
        self._change_open(key, stage=Stage.PARKED.value, next_attempt_at=None, **_note(note, at))

    def dispute(self, key: RecordKey, note: Note, *, at: datetime) -> None:
        """Central has other bytes under this key: on hold, also when it was confirmed, unless people have decided."""
        undecided = packet.c.stage.not_in([stage.value for stage in DECIDED])
        self._change(key, undecided, stage=Stage.PARKED.value, next_attempt_at=None, **_note(note, at))

    def retry(self, key: RecordKey) -> None:
        """A person wants a parked packet tried again, from the manifest on."""
        with self.database.write() as connection:
            connection.execute(
                update(packet)
                .where(is_packet(key), packet.c.stage == Stage.PARKED.value)
                .values(
                    stage=Stage.QUEUED.value,
                    upload=None,
                    acknowledged=0,
                    restarts=0,
                    attempts=0,
                    next_attempt_at=None,
                    changed=next_change(connection),
                )
            )

    def replace(self, keys: Sequence[RecordKey]) -> None:
        """These were stopped and their records are being corrected: nobody has to look at them any more."""
        with self.database.write() as connection:
            for key in keys:
                connection.execute(
                    update(packet)
                    .where(is_packet(key), packet.c.stage.in_([Stage.REJECTED.value, Stage.PARKED.value]))
                    .values(stage=Stage.REPLACED.value, changed=next_change(connection))
                )

    def forget_unoffered(self, key: RecordKey) -> bool:
        """Its packet is set aside; False when central may have been told of it, for then it goes its own way."""
        with self.database.write() as connection:
            unoffered = (is_packet(key), packet.c.offered_at.is_(None))
            return connection.execute(delete(packet).where(*unoffered)).rowcount == 1

    def retry_troubled(self, trouble: Trouble) -> None:
        """What waits because of `trouble` need not wait any longer: it is over."""
        with self.database.write() as connection:
            connection.execute(
                update(packet).where(is_open(), packet.c.trouble == trouble.value).values(next_attempt_at=None)
            )

    def retry_now(self) -> None:
        """A person pressed *Kirim sekarang*: nothing open waits any longer. Attempts stay burnt."""
        with self.database.write() as connection:
            connection.execute(update(packet).where(is_open()).values(next_attempt_at=None))

    def _change_open(self, key: RecordKey, **values: Any) -> None:
        self._change(key, is_open(), **values)

    def _change(self, key: RecordKey, condition: ColumnElement[bool], **values: Any) -> None:
        with self.database.write() as connection:
            changed = {**values, "changed": next_change(connection)}
            connection.execute(update(packet).where(is_packet(key), condition).values(**changed))


def set_central_code(connection: Connection, key: RecordKey, code: str, at: datetime, *, ahead: datetime) -> None:
    """Note what central says of a record, inside the transaction of the change feed.

    What is told late does not take back what was said since; a word from after `ahead` was said by a wrong clock.
    """
    newer = and_(packet.c.central_at > at, packet.c.central_at <= ahead)
    connection.execute(
        update(packet)
        .where(is_packet(key), or_(packet.c.central_at.is_(None), not_(newer)))
        .values(central_code=code, central_at=at, changed=next_change(connection))
    )


def set_refused(connection: Connection, key: RecordKey, reasons: Sequence[Reason]) -> None:
    """Central refuses a record after all, inside the transaction of the change feed."""
    text = json.dumps([[item.code, item.field, item.detail] for item in reasons], ensure_ascii=False)
    values = {"stage": Stage.REJECTED.value, "reasons": text, "changed": next_change(connection)}
    connection.execute(update(packet).where(is_packet(key), _lives()).values(**values))


def set_resend(connection: Connection, key: RecordKey, *, at: datetime) -> Trouble | None:
    """Central asks for a packet again, inside the transaction of the change feed. Why it is not queued, or None.

    `resend-impossible` when there is none, or when people decided here that it goes no more; `resend-purged` when its
    days were over; `resend-soon` when it went again within the last day.
    """
    row = connection.execute(select(packet.c.resent_at, packet.c.purged_at).where(is_packet(key), _lives())).first()
    if row is None:
        return Trouble.RESEND_IMPOSSIBLE
    if row.purged_at is not None:
        return Trouble.RESEND_PURGED
    if row.resent_at is not None and at - RESEND_EVERY < row.resent_at <= at:
        return Trouble.RESEND_SOON
    values = {"stage": Stage.QUEUED.value, "upload": None, "acknowledged": 0, "attempts": 0, "next_attempt_at": None}
    counted = {"restarts": 0, "resends": packet.c.resends + 1, "resent_at": at, "changed": next_change(connection)}
    connection.execute(update(packet).where(is_packet(key)).values(**values, **counted))
    return None


def _lives() -> ColumnElement[bool]:
    """Neither voided nor replaced by a later revision: what central says of such a packet moves it no more."""
    return packet.c.stage.not_in([Stage.VOID.value, Stage.REPLACED.value])


def _keep_receipt(connection: Connection, row: Row[Any], accepted: Accepted, at: datetime) -> None:
    """Central has the bytes of a packet about which it, or people here, decided otherwise: only the receipt is new."""
    if row.receipt is not None:
        return
    key = RecordKey(row.record_id, row.revision)
    kept = {"receipt": accepted.receipt, "receipt_no": accepted.receipt_no, "received_at": accepted.received_at}
    connection.execute(update(packet).where(is_packet(key)).values(**kept, changed=next_change(connection)))
    if row.stage == Stage.VOID.value:
        put_line(connection, at=at, lane="engine", key=key, note=Note(Trouble.VOID_AT_CENTRAL))


def _note(note: Note, at: datetime) -> dict[str, Any]:
    return {
        "trouble": note.trouble.value,
        "request_id": note.request_id,
        "http_status": note.http_status,
        "detail": note.detail[:500],
        "last_tried_at": at,
    }
