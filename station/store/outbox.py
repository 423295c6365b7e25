"""The outbox: one row per packet.

No personal data, so it opens before anybody has signed in. In flight is never written here: a row changes only when
central has answered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from station import failpoint
from station.domain.delivery import OutboxItem, Stage
from station.domain.outcome import Accepted, Note, Reason, Trouble
from station.domain.record import RecordKey
from station.store.database import Connection
from station.store.outbox_reading import OutboxReading
from station.store.outbox_rows import LONGEST_WAIT as LONGEST_WAIT
from station.store.outbox_rows import OPEN, is_open, is_packet, next_change
from station.store.tables import packet


class Outbox(OutboxReading):
    """The delivery side of the store. Each method is one transaction."""

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
                "carried": item.carried,
                "came_at": item.came_at,
                "came_by": item.came_by,
                "resends": 0,
                "void_reason": "",
                "changed": next_change(connection),
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

    def offer(self, keys: Sequence[RecordKey], *, at: datetime) -> None:
        """About to tell central of these: from now on they may not be recalled."""
        with self.database.write() as connection:
            for key in keys:
                connection.execute(
                    update(packet).where(is_packet(key), packet.c.offered_at.is_(None)).values(offered_at=at)
                )

    def wanted(self, key: RecordKey, *, upload: str, offset: int, at: datetime) -> None:
        """Central wants it: where to, and how many bytes it has."""
        self._change(
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

    def settle(self, key: RecordKey, accepted: Accepted) -> None:
        """A receipt that verified: the only way a packet is done. A second receipt changes nothing."""
        with self.database.write() as connection:
            row = connection.execute(select(packet.c.stage).where(is_packet(key))).first()
            if row is None or row.stage == Stage.RECEIPTED.value:
                return
            connection.execute(
                update(packet)
                .where(is_packet(key))
                .values(
                    stage=Stage.RECEIPTED.value,
                    receipt=accepted.receipt,
                    receipt_no=accepted.receipt_no,
                    received_at=accepted.received_at,
                    acknowledged=packet.c.size,
                    next_attempt_at=None,
                    reasons="[]",
                    changed=next_change(connection),
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
            values = {"next_attempt_at": until, **_note(note, at), "changed": next_change(connection)}
            if burns:
                values["attempts"] = packet.c.attempts + 1
            connection.execute(update(packet).where(is_packet(key), is_open()).values(**values))
            return int(connection.execute(select(packet.c.attempts).where(is_packet(key))).scalar() or 0)

    def park(self, key: RecordKey, note: Note, *, at: datetime) -> None:
        """Kept, shown, never retried alone, never deleted."""
        self._change(key, stage=Stage.PARKED.value, next_attempt_at=None, **_note(note, at))

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
        """These were refused and their records are being corrected: nobody has to look at them any more."""
        with self.database.write() as connection:
            for key in keys:
                connection.execute(
                    update(packet)
                    .where(is_packet(key), packet.c.stage == Stage.REJECTED.value)
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

    def _change(self, key: RecordKey, **values: Any) -> None:
        with self.database.write() as connection:
            connection.execute(update(packet).where(is_packet(key)).values(**values, changed=next_change(connection)))


def set_central_code(connection: Connection, key: RecordKey, code: str, at: datetime) -> None:
    """Note what central says of a record, inside the transaction of the change feed."""
    connection.execute(
        update(packet).where(is_packet(key)).values(central_code=code, central_at=at, changed=next_change(connection))
    )


def set_refused(connection: Connection, key: RecordKey, reasons: Sequence[Reason]) -> None:
    """Central refuses a record after all, inside the transaction of the change feed."""
    text = json.dumps([[item.code, item.field, item.detail] for item in reasons], ensure_ascii=False)
    values = {"stage": Stage.REJECTED.value, "reasons": text, "changed": next_change(connection)}
    connection.execute(update(packet).where(is_packet(key)).values(**values))


def set_resend(connection: Connection, key: RecordKey) -> None:
    """Central asks for a packet again, inside the transaction of the change feed."""
    values = {"stage": Stage.QUEUED.value, "upload": None, "acknowledged": 0, "attempts": 0, "next_attempt_at": None}
    connection.execute(update(packet).where(is_packet(key)).values(**values, changed=next_change(connection)))


def _note(note: Note, at: datetime) -> dict[str, Any]:
    return {
        "trouble": note.trouble.value,
        "request_id": note.request_id,
        "http_status": note.http_status,
        "detail": note.detail[:500],
        "last_tried_at": at,
    }
