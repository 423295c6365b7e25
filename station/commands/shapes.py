"""What the commands say to machines. Every shape here is a promise to scripts: members are added, never taken away.

Times are ISO 8601 in UTC, or null; lengths and sizes carry their unit in their name or are bytes. No personal data.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from station.desk.delivery import Delivery
from station.domain.comparison import Comparison
from station.domain.delivery import Link, OutboxItem, Stage
from station.domain.doctor import Examination
from station.domain.lane import LaneState
from station.domain.notice import Notice


def plain_link(link: Link) -> dict[str, Any]:
    return {
        "state": link.state.value,
        "since": time(link.since),
        "reason": link.reason.value if link.reason else "",
        "until": time(link.until),
        "next_try_at": time(link.next_try_at),
        "last_good_at": time(link.last_good_at),
    }


def plain_lane(lane: LaneState) -> dict[str, Any]:
    return {
        "name": lane.name.value,
        "condition": lane.condition.value,
        "since": time(lane.since),
        "trouble": lane.note.trouble.value if lane.note else "",
        "http_status": lane.note.http_status if lane.note else 0,
        "request_id": lane.note.request_id if lane.note else "",
        "tries": lane.tries,
        "next_at": time(lane.next_at),
        "until": time(lane.until),
        "done_at": time(lane.done_at),
    }


def plain_notice(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.notice_id,
        "title": notice.title,
        "body": notice.body,
        "from": time(notice.from_at),
        "until": time(notice.until_at),
        "seen_at": time(notice.seen_at),
    }


def plain_compared(found: Comparison) -> dict[str, Any]:
    """The last comparison with central."""
    numbers = ("days", "packets", "differing", "missing", "regained", "conflicts", "unknown")
    return {"at": time(found.at), "equal": found.equal, "safe": found.safe} | {
        name: getattr(found, name) for name in numbers
    }


def plain_doctor(found: Examination) -> dict[str, Any]:
    """What the doctor found last, in short."""
    culprit = found.culprit
    return {
        "at": time(found.at),
        "healthy": found.healthy,
        "step": culprit.step.value if culprit else "",
        "remedy": culprit.remedy.value if culprit else "",
    }


def plain_delivery(found: Delivery) -> dict[str, Any]:
    """How many packets are where."""
    counts = found.counts
    names = (
        "queued",
        "sending",
        "receipted",
        "parked",
        "rejected",
        "voided",
        "carried",
        "waiting_bytes",
        "carried_bytes",
        "receipted_today",
        "print_ready",
    )
    return {name: getattr(counts, name) for name in names} | {
        "paused": found.paused,
        "oldest_waiting_at": time(found.oldest_waiting_at),
        "last_receipt_at": time(found.last_receipt_at),
    }


_EVENTS = {Stage.RECEIPTED: "settled", Stage.PARKED: "parked", Stage.REJECTED: "rejected", Stage.VOID: "void"}


def packet_event(item: OutboxItem) -> dict[str, Any] | None:
    """The event of a packet that came to an end; None while it is still on its way."""
    event = _EVENTS.get(item.stage)
    if event is None:
        return None
    found = {
        "event": event,
        "record_id": item.key.record_id,
        "revision": item.key.revision,
        "carried": item.carried,
        "size": item.size,
    }
    if item.stage is Stage.RECEIPTED:
        return found | {"receipt_no": item.receipt_no, "received_at": time(item.received_at)}
    if item.stage is Stage.REJECTED:
        return found | {"reasons": [reason.code for reason in item.reasons]}
    note = item.last_note
    return found | {"trouble": note.trouble.value if note else "", "request_id": note.request_id if note else ""}


def time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def plain(value: object) -> str | None:
    """What JSON has no form for: a moment as here everywhere, anything else as its text."""
    return time(value) if isinstance(value, datetime) else str(value)
