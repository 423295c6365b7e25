"""A packet that does not go on by itself: what may be done about it, and whether central may have it all the same.

Pure rules. Whoever asks tells what is on the disk.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from station.domain.delivery import OutboxItem, Stage
from station.domain.outcome import Trouble
from station.domain.patience import QUIET


class Remedy(StrEnum):
    """What a person can do about it."""

    RETRY = "retry"
    CORRECT = "correct"  # as the next revision
    EXPORT = "export"
    VOID = "void"


class VoidCause(StrEnum):
    """For what a colleague gives their word when a packet is given up."""

    VOID = "void"


_FOR_THE_TECHNICIAN = frozenset(
    {Trouble.KEY_CONFLICT, Trouble.TOO_LARGE, Trouble.MALFORMED, Trouble.OUR_BUG, Trouble.RESEND_IMPOSSIBLE}
)
"""Trying again changes nothing: somebody has to be told first."""


def remedies_of(item: OutboxItem) -> tuple[Remedy, ...]:
    """What helps, best first; nothing when the technician has to be told first. Voiding helps nobody."""
    if item.stage is Stage.REJECTED:
        return (Remedy.CORRECT,)
    if item.last_note is not None and item.last_note.trouble in _FOR_THE_TECHNICIAN:
        return ()
    return (Remedy.RETRY, Remedy.CORRECT, Remedy.EXPORT)


SENT_IN_PART, CONFIRMED, UNDERWAY = "letter.sent_in_part", "letter.confirmed", "letter.underway"
_NOT_TAKEN = frozenset({Trouble.KEY_CONFLICT, Trouble.TOO_LARGE, Trouble.DIGEST})
"""Central said of this very packet that it does not take it."""


def at_central(item: OutboxItem, now: datetime) -> str:
    """Why central may have this packet: a code; '' when it surely has not.

    An answer may be lost after the last byte. When part of a packet was sent and central says nothing about it for as
    long as anybody waits for news, it has not got it.
    """
    if item.receipt or item.received_at or item.central_code:
        return CONFIRMED
    if item.stage is Stage.REJECTED:
        return ""  # central's own word about the content, whatever way it came by
    if item.out_at or item.exported_at or item.handed_at:
        return UNDERWAY  # what central said of one copy says nothing of another
    if item.last_note is not None and item.last_note.trouble in _NOT_TAKEN:
        return ""
    if item.upload is None or item.last_tried_at is None or QUIET.ends(item.last_tried_at) < now:
        return ""
    return SENT_IN_PART
