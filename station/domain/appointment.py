"""Who may give whom a role, and when rights are over. Must not know how an officer is proved or kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from station.domain.permission import Permission, allows
from station.domain.role import Role

_BY_SUPERVISOR = frozenset({Role.COUNTER, Role.OPERATOR, Role.ARCHIVIST, Role.TECHNICIAN})


def leads(role: str) -> bool:
    """Whether somebody in `role` lets others in."""
    return allows(role, Permission.ENTER_OFFICER)


def roles_given_by(role: str, *, admin_here: bool) -> tuple[Role, ...]:
    """The roles that somebody in `role` may give and take: never one above their own.

    A station from before there were admins has none: there a supervisor gives every role, for somebody has to name the
    first admin. From then on only an admin does.
    """
    if not leads(role):
        return ()
    everything = role == Role.ADMIN or not admin_here
    return tuple(item for item in Role if everything or item in _BY_SUPERVISOR)


def end_of(day: date) -> datetime:
    """The first moment after this local day, in UTC: rights that end with it are over from then on."""
    return datetime.combine(day + timedelta(days=1), time.min).astimezone(UTC)


def last_day(until: datetime) -> date:
    """The local day that ends at `until`."""
    return (until - timedelta(microseconds=1)).astimezone().date()


def is_over(until: datetime | None, latest: datetime) -> bool:
    """Whether rights until `until` (None: without end) are over at the latest moment that is known."""
    return until is not None and latest >= until


def somebody_leads(roles: Collection[str]) -> bool:
    """Whether anybody of these roles can let others in: an office without such a person could never change again."""
    return any(map(leads, roles))
