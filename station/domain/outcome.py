"""What one delivery attempt can mean: exactly five things."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Trouble(StrEnum):
    """Why something will be tried later, or why a lane is halted. Words for people are in ui/words.py."""

    OFFLINE = "offline"  # no route, no name, reset
    REFUSED = "refused"  # the machine is there, central's service is not
    TIMEOUT = "timeout"
    STALLED = "stalled"  # bytes stopped moving
    CERTIFICATE = "certificate"
    PORTAL = "portal"  # an answer that did not come from central
    BUSY = "busy"
    MAINTENANCE = "maintenance"
    SERVER_ERROR = "server-error"
    NO_SPACE = "no-space"
    UNREADABLE = "unreadable"  # cut or malformed answer
    BAD_RECEIPT = "bad-receipt"
    VERIFYING = "verifying"  # central is still checking: nothing is wrong
    OFFSET = "offset-mismatch"
    UPLOAD_GONE = "upload-gone"
    DIGEST = "digest-mismatch"
    CLOCK = "clock-skew"
    UNKNOWN_STATION = "unknown-station"
    BAD_SIGNATURE = "bad-signature"
    BLOCKED = "station-blocked"
    TOO_OLD = "client-too-old"
    MALFORMED = "malformed"
    KEY_CONFLICT = "key-conflict"
    TOO_LARGE = "too-large"
    FILE_CHANGED = "file-changed"  # the packet on disk is not what was sealed
    FILE_MISSING = "file-missing"
    OUR_BUG = "our-bug"
    BUNDLE_GONE = "bundle-gone"  # a newer one took its place, or it has expired
    BUNDLE_NOT_ALLOWED = "bundle-not-allowed"
    BUNDLE_BROKEN = "bundle-broken"  # not what central signed, or not signed by central
    DISK_FULL = "disk-full"  # of this station
    POLICY_REFUSED = "policy-refused"  # central's new policy is not central's, not for us, or makes no sense
    POLICY_APPLIED = "policy-applied"  # no trouble: a line for the technician


LINK_TROUBLES = frozenset(
    {Trouble.OFFLINE, Trouble.REFUSED, Trouble.TIMEOUT, Trouble.STALLED, Trouble.CERTIFICATE, Trouble.PORTAL}
)
"""Trouble of the way to central, not of the item: it never burns the item's attempts."""


@dataclass(frozen=True)
class Reason:
    """One reason of central for refusing a record: rule code, form field, a sentence from central."""

    code: str
    field: str
    detail: str = ""


@dataclass(frozen=True)
class Note:
    """What the technician sees: where the answer came from, without any personal data."""

    trouble: Trouble
    request_id: str = ""
    http_status: int = 0
    detail: str = ""


@dataclass(frozen=True)
class Accepted:
    """A receipt that verifies."""

    receipt: str
    receipt_no: str
    received_at: datetime


@dataclass(frozen=True)
class Rejected:
    """Central refuses the content; the operator must correct it."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Later:
    """Try again. `floor_s` is central's Retry-After; `burns` says whether it counts as an attempt of the item."""

    note: Note
    floor_s: float = 0.0
    burns: bool = False

    @property
    def link(self) -> bool:
        """True when the way to central is the trouble."""
        return self.note.trouble in LINK_TROUBLES


@dataclass(frozen=True)
class Parked:
    """Kept, shown, never retried alone, never deleted."""

    note: Note


@dataclass(frozen=True)
class Halted:
    """The station itself may not send: the lane pauses, capture goes on."""

    note: Note
    until: datetime | None = None
    message: str = field(default="")


Outcome = Accepted | Rejected | Later | Parked | Halted
