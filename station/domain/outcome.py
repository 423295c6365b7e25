"""What one delivery attempt can mean: exactly five things."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Trouble(StrEnum):
    """Why something will be tried later, or why a lane is halted. Words for people are in ui/words.py."""

    OFFLINE = "offline"  # no route
    NAME = "name"  # the name of central is not known here
    RESET = "reset"  # a connection that was there broke off
    PROXY = "proxy"  # a machine on the way refuses, or fails, in the place of central
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
    HOURS = "hours"  # no trouble: the hours of this station let nothing go now
    METERED = "metered"  # no trouble: the line costs by the byte
    POWER = "power"  # no trouble: power is saved
    STORE = "store"  # this station's own disk or database
    CLAIM_REFUSED = "claim-refused"  # central does not know the file that enrolled this station
    CLAIM_USED = "claim-used"  # another computer was enrolled with the same file
    CLAIM_EXPIRED = "claim-expired"  # this station came to central too late with the file that enrolled it
    POLICY_REFUSED = "policy-refused"  # central's new policy is not central's, not for us, or makes no sense
    POLICY_APPLIED = "policy-applied"  # no trouble: a line for the technician
    KEYS_REFUSED = "keys-refused"  # a change of central's keys that no known key has signed
    KEYS_APPLIED = "keys-applied"  # no trouble: a line for the technician
    WIPE_REFUSED = "wipe-refused"  # an order to wipe this station that is not central's, or not for us
    WIPE_ORDERED = "wipe-ordered"  # central has ordered this station to be wiped
    NEWS_UNKNOWN = "news-unknown"  # a kind of news that a newer program would understand: kept
    NEWS_UNREADABLE = "news-unreadable"  # news of a known kind whose members make no sense: kept
    NEWS_TOO_LONG = "news-too-long"  # one piece of news that is longer than any answer may be
    NEWS_STUCK = "news-stuck"  # central tells news and does not say that they were told
    RESEND_IMPOSSIBLE = "resend-impossible"  # central wants a packet that this station will not or cannot send
    CENTRAL_FORGOT = "central-forgot"  # a comparison found that central does not have what it had confirmed
    RESEND_SOON = "resend-soon"  # central wants a packet again that it was sent again within a day
    VOID_AT_CENTRAL = "void-at-central"  # a receipt came for a packet that was given up here
    RESEND_PURGED = "resend-purged"  # central wants a packet again that was destroyed when its days were over
    PURGED_LOST = "purged-lost"  # central does not have what it had confirmed, and it was destroyed here since
    NOT_HERE = "not-here"  # a comparison found that central has packets of this station that are not on this disk


LINK_TROUBLES = frozenset(
    {
        Trouble.OFFLINE,
        Trouble.NAME,
        Trouble.RESET,
        Trouble.PROXY,
        Trouble.REFUSED,
        Trouble.TIMEOUT,
        Trouble.STALLED,
        Trouble.CERTIFICATE,
        Trouble.PORTAL,
    }
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
    """Try again. `floor_s` is what central asked to wait; `burns` says whether it counts as an attempt of the item."""

    note: Note
    floor_s: float = 0.0
    burns: bool = False
    until: datetime | None = None
    """The moment central named, by its own clock; `floor_s` reaches to it."""

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
    floor_s: float = 0.0
    """Seconds until `until`, by central's own clock; 0 when it names none or it has passed."""


Outcome = Accepted | Rejected | Later | Parked | Halted
