"""People sent to the Dinas because they have no NIK. Functions take an open transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from station.domain.referral import Cause, Referral
from station.store.tables import referral


def count_like(connection: Connection, beginning: str) -> int:
    """How many numbers begin so. Nothing here is ever deleted, so the next number is one more."""
    query = select(func.count()).where(referral.c.referral_no.startswith(beginning, autoescape=True))
    return int(connection.execute(query).scalar_one())


def add(connection: Connection, entry: Referral, operator_id: str) -> None:
    """Keep a referral, with who made it."""
    connection.execute(
        insert(referral).values(
            referral_no=entry.referral_no,
            at=entry.at,
            operator_id=operator_id,
            name=entry.name,
            birth_date=entry.birth_date,
            village=entry.village,
            phone=entry.phone,
            reason=entry.cause.value,
            trip_id=entry.trip_id,
        )
    )


def since(connection: Connection, moment: datetime) -> tuple[Referral, ...]:
    """Referrals from `moment` on, newest first."""
    query = (
        select(referral).where(referral.c.at >= moment).order_by(referral.c.at.desc(), referral.c.referral_no.desc())
    )
    return tuple(
        Referral(
            row.referral_no, row.at, row.name, row.birth_date, row.village, row.phone, Cause(row.reason), row.trip_id
        )
        for row in connection.execute(query)
    )
