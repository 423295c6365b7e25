"""Rows of the outbox that people decide about: a packet asked about again, a packet that is given up.

Each function is one transaction. The rows themselves are in `outbox.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select, update

from station.domain.delivery import Stage
from station.domain.record import RecordKey
from station.store.database import Database
from station.store.outbox import RESEND_EVERY
from station.store.outbox_rows import is_here, is_own, is_packet, next_change
from station.store.tables import packet


def send_again(database: Database, keys: Sequence[RecordKey], *, at: datetime) -> tuple[RecordKey, ...]:
    """Queue these confirmed packets from the manifest on; those that were not offered again within the last day."""
    long_ago = or_(packet.c.resent_at.is_(None), packet.c.resent_at <= at - RESEND_EVERY, packet.c.resent_at > at)
    values = {"stage": Stage.QUEUED.value, "upload": None, "acknowledged": 0, "restarts": 0, "attempts": 0}
    done = []
    with database.write() as connection:
        for key in keys:
            found = connection.execute(
                update(packet)
                .where(is_packet(key), packet.c.stage == Stage.RECEIPTED.value, is_own(), is_here(), long_ago)
                .values(
                    **values,
                    next_attempt_at=None,
                    resends=packet.c.resends + 1,
                    resent_at=at,
                    confirmed_at=None,
                    changed=next_change(connection),
                )
            )
            if found.rowcount == 1:
                done.append(key)
    return tuple(done)


def void(database: Database, key: RecordKey, *, at: datetime, trouble: str) -> bool:
    """Give up a packet that is on hold or was refused; False when it is neither any more. `trouble` is a code.

    What is on hold and may be out, on a stick or at a neighbour, is not given up: central may get it all the same.
    """
    here = and_(packet.c.out_at.is_(None), packet.c.exported_at.is_(None), packet.c.handed_at.is_(None))
    on_hold = and_(packet.c.stage == Stage.PARKED.value, here)
    stopped = or_(on_hold, packet.c.stage == Stage.REJECTED.value)
    with database.write() as connection:
        done = connection.execute(
            update(packet)
            .where(is_packet(key), stopped, packet.c.receipt.is_(None), is_own())
            .values(
                stage=Stage.VOID.value,
                next_attempt_at=None,
                voided_at=at,
                void_reason=trouble,
                changed=next_change(connection),
            )
        )
        return done.rowcount == 1


def take_back_void(database: Database, key: RecordKey, stage: Stage) -> None:
    """Giving up could not be noted: the packet is again in `stage`, where it was before."""
    with database.write() as connection:
        connection.execute(
            update(packet)
            .where(is_packet(key), packet.c.stage == Stage.VOID.value)
            .values(stage=stage.value, voided_at=None, void_reason="", changed=next_change(connection))
        )


def void_keys(database: Database) -> tuple[RecordKey, ...]:
    """Every own packet that was given up."""
    query = select(packet.c.record_id, packet.c.revision).where(packet.c.stage == Stage.VOID.value, is_own())
    with database.read() as connection:
        return tuple(RecordKey(row.record_id, row.revision) for row in connection.execute(query))


def void_again(database: Database, key: RecordKey) -> bool:
    """The outbox was lost or is older than the decision: the packet is not sent, unless central has it already."""
    undecided = packet.c.stage.not_in([Stage.VOID.value, Stage.RECEIPTED.value])
    with database.write() as connection:
        done = connection.execute(
            update(packet)
            .where(is_packet(key), undecided, packet.c.receipt.is_(None))
            .values(stage=Stage.VOID.value, next_attempt_at=None, changed=next_change(connection))
        )
        return done.rowcount == 1
