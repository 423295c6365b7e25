"""Faults of devices: reported by somebody, or noticed by the program, until they are closed with what was done.

Needs no sign-in and knows no person. The program notices what nobody reports: a device that fails often, has become
slow, fails its test, or served here and has not been seen for a week of work.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from station.desk.office import Depot
from station.domain.biometrics import DeviceInfo, Modality
from station.domain.device import GOOD, MISSED_DAYS, Health, Use, device_id
from station.domain.fault import Fault, Remedy, Ticket

_QUIET_AFTER_CLOSING = timedelta(days=7)
"""Medians are told by the week: a device that was just repaired is slow for a while yet."""

_NOTED_WITHIN = timedelta(minutes=1)
"""A use is written when the window has a moment."""


def report(depot: Depot, info: DeviceInfo, fault: Fault, now: datetime) -> Ticket:
    """Somebody says that it is broken: a ticket, whose age everybody sees until it is closed."""
    if depot.devices.health_of(info, now=now) is None:
        depot.devices.seen(info, at=now)
    return depot.device_tickets.open(device_id(info), fault, at=now)


def close(depot: Depot, number: int, remedy: Remedy, now: datetime) -> None:
    """It works again, or is no longer here."""
    depot.device_tickets.close(number, remedy, at=now)


def earlier(depot: Depot, info: DeviceInfo) -> tuple[Ticket, ...]:
    """What was reported of it and closed, the newest first."""
    return depot.device_tickets.closed(device_id(info))


def after_use(depot: Depot, use: Use, good_before: datetime | None, now: datetime) -> None:
    """A device that fails often, or has become twice as slow within a week, reports itself.

    `good_before`: its last good capture before this one. Its weeks are looked at once a day, with the first good
    capture: that reads thousands of rows, and somebody is being captured.
    """
    name = device_id(use.device)
    first_today = good_before is None or good_before.astimezone().date() != now.astimezone().date()
    if use.outcome == GOOD:
        depot.device_tickets.take_back(name, (Fault.FAILED_TEST, Fault.NOT_SEEN), at=now, late=_NOTED_WITHIN)
    over_weeks = use.outcome == GOOD and first_today
    health = depot.devices.health_of(use.device, now=now, over_weeks=over_weeks)
    if health is None or health.ticket is not None:
        return
    if health.often_fails:
        depot.device_tickets.open(name, Fault.OFTEN_FAILS, at=now, by_trend=True)
    elif health.is_wearing_out and not _closed_lately(depot, health, now):
        depot.device_tickets.open(name, Fault.SLOW, at=now, by_trend=True)


def after_test(depot: Depot, info: DeviceInfo, outcome: str, now: datetime) -> None:
    """A device that is there and fails its test reports itself, and takes it back when a later test is good."""
    name = device_id(info)
    if outcome == GOOD:
        depot.device_tickets.take_back(name, (Fault.FAILED_TEST, Fault.NOT_SEEN), at=now)
    else:
        depot.device_tickets.open(name, Fault.FAILED_TEST, at=now, by_trend=True)


def miss(depot: Depot, here: Collection[DeviceInfo], kinds: Collection[Modality], now: datetime) -> None:
    """What served here and is gone, so that nobody notices a broken scanner only after months."""
    names = {device_id(info) for info in here}
    for name in names:
        depot.device_tickets.take_back(name, (Fault.NOT_SEEN,), at=now)
    today = f"{now.astimezone():%Y-%m-%d}"
    worked = [day for day in depot.memory.days_worked if day <= today]
    for health in depot.devices.health(now=now):
        if health.info.kind in kinds and health.device_id not in names and _missed(depot, health, worked):
            depot.device_tickets.open(health.device_id, Fault.NOT_SEEN, at=now, by_trend=True)


def _missed(depot: Depot, health: Health, worked: list[str]) -> bool:
    """It served, was away for long enough, and nobody has said that this is known."""
    if health.good_at is None or health.ticket is not None or health.info.simulated:
        return False
    since = f"{health.seen_at.astimezone():%Y-%m-%d}"
    if sum(day > since for day in worked) < MISSED_DAYS:
        return False
    closed = depot.device_tickets.closed_at(health.device_id)
    return closed is None or closed < health.seen_at


def _closed_lately(depot: Depot, health: Health, now: datetime) -> bool:
    closed = depot.device_tickets.closed_at(health.device_id)
    return closed is not None and now - closed <= _QUIET_AFTER_CLOSING
