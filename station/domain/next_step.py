"""What happens next with a record, and who must act: one answer for every state, place and status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.actor import Actor
from station.domain.central_status import central_status
from station.domain.delivery import OutboxItem, Stage
from station.domain.patience import QUIET, Patience
from station.domain.record import State
from station.domain.rows import RecordRow

SENDING_TAKES = Patience(1, working=True)
"""A packet that waits longer than one working day is shown as late: somebody should look at the link."""


class Situation(StrEnum):
    """Where a record is, as far as the next step differs."""

    UNFINISHED = "unfinished"
    BEING_CORRECTED = "being_corrected"
    WITHDRAWN = "withdrawn"
    NOT_QUEUED = "not_queued"  # the outbox does not know the packet: healed at the next start
    ON_ITS_WAY = "on_its_way"
    WAITS_LONG = "waits_long"
    WANTED_AGAIN = "wanted_again"  # central has asked for the packet once more
    ON_HOLD = "on_hold"
    REFUSED = "refused"
    NO_STATUS = "no_status"  # received, nothing said since
    NO_STATUS_LONG = "no_status_long"
    STATUS = "status"  # the next step is the status's own
    STATUS_LONG = "status_long"


@dataclass(frozen=True)
class NextStep:
    """Who must act, and in what situation."""

    who: Actor
    situation: Situation


def next_step(row: RecordRow, now: datetime) -> NextStep:
    """The next step of a record."""
    match row.record.state:
        case State.DRAFT:
            again = row.record.revision > 1
            return NextStep(Actor.OPERATOR, Situation.BEING_CORRECTED if again else Situation.UNFINISHED)
        case State.WITHDRAWN:
            return NextStep(Actor.NOBODY, Situation.WITHDRAWN)
        case State.REJECTED:
            return NextStep(Actor.OPERATOR, Situation.REFUSED)
        case _ if row.packet is None:
            return NextStep(Actor.NOBODY, Situation.NOT_QUEUED)
        case _:
            return _delivered(row, row.packet, now)


def is_late(row: RecordRow, now: datetime) -> bool:
    """True when central has a record and its last word stands for longer than that word may."""
    packet, since = row.packet, row.news_at
    if packet is None or packet.stage is not Stage.RECEIPTED or since is None:
        return False
    ends = central_status(packet.central_code).late_from(since) if packet.central_code else QUIET.ends(since)
    return ends is not None and ends < now


def _delivered(row: RecordRow, packet: OutboxItem, now: datetime) -> NextStep:
    match packet.stage:
        case Stage.PARKED:
            return NextStep(Actor.TECHNICIAN, Situation.ON_HOLD)
        case Stage.REJECTED | Stage.REPLACED:
            return NextStep(Actor.OPERATOR, Situation.REFUSED)
        case Stage.RECEIPTED:
            return _received(packet, late=is_late(row, now))
        case _ if row.record.state is State.ACCEPTED:
            return NextStep(Actor.NOBODY, Situation.WANTED_AGAIN)
        case _ if SENDING_TAKES.ends(packet.sealed_at) < now:
            return NextStep(Actor.OPERATOR, Situation.WAITS_LONG)
        case _:
            return NextStep(Actor.NOBODY, Situation.ON_ITS_WAY)


def _received(packet: OutboxItem, *, late: bool) -> NextStep:
    if not packet.central_code:
        return NextStep(Actor.DINAS, Situation.NO_STATUS_LONG) if late else NextStep(Actor.CENTRAL, Situation.NO_STATUS)
    if late:
        return NextStep(Actor.OPERATOR, Situation.STATUS_LONG)
    return NextStep(central_status(packet.central_code).who, Situation.STATUS)
