"""What is known about delivering packets: the link, each packet's place in the outbox, and the counters.

None of it is a state of a record. Holds no personal data, so it can be shown before anybody has signed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.outcome import Note, Reason, Trouble
from station.domain.record import RecordKey


class LinkState(StrEnum):
    """What the way to central is like now. Only a verified hello makes it good."""

    UNKNOWN = "unknown"  # not tried since the start
    OFFLINE = "offline"
    PORTAL = "portal"  # something answers that is not central
    NAME = "name"  # the network works, the name of central is not found
    PORT = "port"  # the machine is there, its door is closed
    CERTIFICATE = "certificate"
    PROXY = "proxy"  # a machine on the way answers in the place of central
    CENTRAL_DOWN = "central-down"
    MAINTENANCE = "maintenance"
    BUSY = "busy"  # central is there and asks to wait
    BLOCKED = "blocked"  # central knows us and will not take anything now
    SLOW = "slow"  # good, and slow: shown, nothing waits for it
    GOOD = "good"
    PAUSED = "paused"  # a person pressed Jeda
    KEY = "key"  # the station key is not in its safe: nothing can be signed


@dataclass(frozen=True)
class Link:
    """The link with its reason. `next_try_at` is when the engine tries by itself; None when nothing is planned."""

    state: LinkState
    since: datetime
    reason: Trouble | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    until: datetime | None = None
    message: str = ""
    last_good_at: datetime | None = None

    @property
    def up(self) -> bool:
        """True when central is there and takes what comes."""
        return self.state in (LinkState.GOOD, LinkState.SLOW)


class Stage(StrEnum):
    """Where a packet is between this station and central."""

    QUEUED = "queued"  # central has not been told, or has no byte yet
    SENDING = "sending"  # central wants it and an upload exists
    RECEIPTED = "receipted"
    PARKED = "parked"
    REJECTED = "rejected"
    REPLACED = "replaced"  # was refused; a later revision has taken its place
    VOID = "void"  # two people decided that it shall never be sent; the packet stays on the disk


DECIDED = (Stage.REJECTED, Stage.REPLACED, Stage.VOID)
"""Central or people have decided about these. A receipt, which may still be missing, does not take that back: it says
that central has the bytes, not that the content is good.
"""


@dataclass(frozen=True)
class OutboxItem:
    """One packet as the outbox knows it. `offset` counts the bytes central has acknowledged."""

    key: RecordKey
    origin: str
    sha256: str
    size: int
    kind: str
    priority: int
    sealed_at: datetime
    stage: Stage
    upload: str | None
    offset: int
    attempts: int
    next_attempt_at: datetime | None
    offered_at: datetime | None
    last_note: Note | None
    last_tried_at: datetime | None
    receipt: str | None
    receipt_no: str
    received_at: datetime | None
    reasons: tuple[Reason, ...]
    central_code: str
    central_at: datetime | None
    carried: bool = False
    """It belongs to another station (`origin`); this one only carries it."""
    came_at: datetime | None = None
    came_by: str = ""
    """How a carried packet came: `courier:<bundle id>` or `relay:<station id>`."""
    returned_at: datetime | None = None
    """When the receipt of a carried packet was handed to its own station."""
    exported_at: datetime | None = None
    """When it was last written on a stick."""
    out_at: datetime | None = None
    """Since when a copy may be on a stick or at a neighbour: written before the first byte leaves."""
    handed_at: datetime | None = None
    """When a neighbour last took it on stable storage; it stays queued here until a receipt comes."""
    handed_to: str = ""
    resends: int = 0
    """How often a person had it sent again though central had confirmed it."""
    resent_at: datetime | None = None
    confirmed_at: datetime | None = None
    """When central, asked again, had it still; None while that is open, or when it had to be sent a second time."""
    voided_at: datetime | None = None
    void_reason: str = ""
    purged_at: datetime | None = None
    """When its file was destroyed because its days were over; row, hash and receipt stay."""


def just_sealed(key: RecordKey, *, origin: str, sha256: str, size: int, kind: str, sealed_at: datetime) -> OutboxItem:
    """The row of a packet that nobody has been told of yet."""
    return OutboxItem(
        key=key,
        origin=origin,
        sha256=sha256,
        size=size,
        kind=kind,
        priority=0,
        sealed_at=sealed_at,
        stage=Stage.QUEUED,
        upload=None,
        offset=0,
        attempts=0,
        next_attempt_at=None,
        offered_at=None,
        last_note=None,
        last_tried_at=None,
        receipt=None,
        receipt_no="",
        received_at=None,
        reasons=(),
        central_code="",
        central_at=None,
    )


@dataclass(frozen=True)
class Counts:
    """How many packets of this station are where, or were replaced by a later revision or voided.

    Packets carried for other stations are counted apart and nowhere else.
    """

    queued: int = 0
    sending: int = 0
    receipted: int = 0
    parked: int = 0
    rejected: int = 0
    waiting_bytes: int = 0
    receipted_today: int = 0
    print_ready: int = 0
    print_later: int = 0
    """Ready at central, and not in the queue for printing before a seventeenth birthday."""
    voided: int = 0
    carried: int = 0
    """Packets of other stations that central does not have yet."""
    carried_bytes: int = 0

    @property
    def waiting(self) -> int:
        """Packets that central does not have yet and that will go by themselves."""
        return self.queued + self.sending


@dataclass(frozen=True)
class Progress:
    """What is being sent now, or nothing; `rate_bps` is a moving average of acknowledged bytes per second."""

    key: RecordKey | None = None
    offset: int = 0
    size: int = 0
    rate_bps: float = 0.0


@dataclass(frozen=True)
class LogLine:
    """A line of the technical notes: what was tried, with what answer. No personal data.

    What came again and again is one line: how often, and when last; its request id is that of the last time.
    """

    at: datetime
    lane: str
    key: RecordKey | None
    note: Note
    times: int = 1
    last_at: datetime | None = None
    """None when it came once."""
