"""The messages between station and central (wire contract, version 1), shared by `sync` and `central`.

Everything that arrives is hostile until one of these models has read it: sizes are bounded, unknown members ignored.
Must not know files, databases or HTTP.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

PROTOCOL_VERSION = 1
MANIFEST_BATCH = 20
PROBLEM_PREFIX = "urn:ktpel:problem:"
JSON_LIMIT_BYTES = 1024 * 1024
"""No JSON answer of this protocol is larger; more is not read."""
MOST_KEY_CHANGES = 12
"""So many changes of keys a hello tells: who missed more is enrolled again."""


def rfc3339(moment: datetime) -> str:
    """A time as the protocol writes it: UTC, seconds or finer, `Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC. "Never" is written as the edge of the calendar, where nothing can be added to it or shown
    in another zone: such a time becomes the nearest one with which that can be done.
    """
    return min(max(moment, _FIRST), _LAST).astimezone(UTC)


Time = Annotated[AwareDatetime, AfterValidator(in_utc), PlainSerializer(rfc3339, return_type=str, when_used="json")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
RecordId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Revision = Annotated[int, Field(ge=1, le=9999)]
Short = Annotated[str, StringConstraints(max_length=200)]
TEXT_LIMIT = 4000
Text = Annotated[
    str,
    BeforeValidator(lambda text: text[:TEXT_LIMIT] if isinstance(text, str) else text),
    StringConstraints(max_length=TEXT_LIMIT),
]
"""Prose for people: too much of it is cut, because a long sentence must not hide what the message is about."""
Jws = Annotated[str, StringConstraints(max_length=16384, pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$")]


Recipient = Annotated[str, StringConstraints(pattern=r"^age1[0-9a-z]{20,2000}$")]
"""An age recipient."""


class Message(BaseModel):
    """Base of all messages: immutable, tolerant of members of a newer protocol.

    What reads a message is built when the first one comes, on whatever thread (pydantic locks that since 2.14): the
    sign-in window needs none of them.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Problem(StrEnum):
    """Problem types (RFC 9457) by the last word of `urn:ktpel:problem:<name>`."""

    BUSY = "busy"
    MAINTENANCE = "maintenance"
    CLOCK_SKEW = "clock-skew"
    UNKNOWN_STATION = "unknown-station"
    BAD_SIGNATURE = "bad-signature"
    STATION_BLOCKED = "station-blocked"
    CLIENT_TOO_OLD = "client-too-old"
    MALFORMED = "malformed"
    KEY_CONFLICT = "key-conflict"
    OFFSET_MISMATCH = "offset-mismatch"
    UPLOAD_GONE = "upload-gone"
    DIGEST_MISMATCH = "digest-mismatch"
    PACKET_REFUSED = "packet-refused"
    TOO_LARGE = "too-large"
    NO_SPACE = "no-space"
    ENROLMENT_REFUSED = "enrolment-refused"
    BUNDLE_GONE = "bundle-gone"
    NOT_ALLOWED = "not-allowed"

    @property
    def urn(self) -> str:
        return PROBLEM_PREFIX + self.value


class RefusalReason(Message):
    """Why central refuses a record: rule code, field, one sentence."""

    code: Short
    field: Short = ""
    detail: Text = ""


class ProblemBody(Message):
    """`application/problem+json`. Machines branch on `type` only."""

    type: Short
    title: Text = ""
    status: int = 0
    detail: Text = ""
    until: Time | None = None
    message: Text = ""
    reason: Text = ""
    min_client: Short = ""
    offset: int | None = Field(default=None, ge=0)
    max: int | None = Field(default=None, ge=0)
    order: Any = None
    """With `station-blocked`: an order that is meant for the blocked station, see `SignedWipe`."""
    reasons: tuple[RefusalReason, ...] = Field(default=(), max_length=100)

    @property
    def problem(self) -> Problem | None:
        """The problem type, or None when this program does not know it."""
        name = self.type.removeprefix(PROBLEM_PREFIX)
        return Problem(name) if name in set(Problem) else None


class Limits(Message):
    """What central takes at most. Ours are the smaller of these and our own."""

    manifest_batch: int = Field(default=MANIFEST_BATCH, ge=1, le=1000)
    packet_bytes: int = Field(default=16 * 1024 * 1024, ge=1024)
    chunk_bytes: int = Field(default=1024 * 1024, ge=1024)


class Pacing(Message):
    """How central wants traffic spread after an outage."""

    not_before: Time | None = None
    spread_s: float = Field(default=900, ge=0, le=86400)
    manifest_spread_s: float = Field(default=120, ge=0, le=86400)
    max_kbps: float | None = Field(default=None, gt=0)


class ServiceStatus(Message):
    """What works at central, for the indicators and the public display."""

    receiving: Short = "ok"
    printing: Short = "ok"
    since: Time | None = None
    message: Text = ""


class PublicKey(Message):
    """An Ed25519 public key as JWK (RFC 8037)."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    kid: Short = ""
    x: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class Hello(Message):
    """Payload of the signed hello."""

    central_id: Short
    name: Short
    time: Time
    protocol: tuple[int, ...] = Field(max_length=20)
    min_client: Short = "0"
    encodings: tuple[Short, ...] = Field(default=(), max_length=20)
    limits: Limits = Limits()
    signing_keys: tuple[PublicKey, ...] = Field(min_length=1, max_length=20)
    sealing_recipients: tuple[Recipient, ...] = Field(min_length=1, max_length=10)
    pacing: Pacing = Pacing()
    status: ServiceStatus = ServiceStatus()
    keys: tuple[Jws, ...] = Field(default=(), max_length=MOST_KEY_CHANGES)
    """Every change of keys, oldest first, each signed by a key from before: the way for who was away meanwhile."""


class EnrolRequest(Message):
    """A station asks to be known, with a one-time code."""

    code: Short
    public_key: PublicKey
    name: Short
    office: Short
    app_version: Short
    bundle_recipient: Annotated[Recipient, StringConstraints(max_length=200)] | None = None
    """Whom central seals bundles for; without it they are sealed for `public_key`."""


class ClaimRequest(Message):
    """A station that was enrolled by a file says at the first contact which key is its own."""

    claim: Jws
    """Signed by what came of the one-time code (`seal/claim.py`)."""
    app_version: Short


class Policy(Message):
    """What central lets the station do differently; unknown members are kept for newer programs."""

    model_config = ConfigDict(frozen=True, extra="allow")

    station_number: int = Field(default=1, ge=1, le=99)


class SignedPolicy(Message):
    """Payload of a signed policy: for whom and from when on. Its figures are judged by `domain.policy`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    central_id: Short
    audience: Short
    """A station id, or `*` for all of them."""
    issued_at: Time


class ResetSeed(Message):
    """What answers a batch of reset codes of the station, sealed for central alone. Sent again, it is the same."""

    batch: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{3}$")]
    sealed: Annotated[str, StringConstraints(max_length=4096, pattern=r"^[A-Za-z0-9+/=]+$")]


class EnrolResponse(Message):
    """Central knows the station from now on."""

    station_id: Short
    central_id: Short
    policy: Policy = Policy()
    hello: Jws
    card: Jws | None = None
    """The station's card: what makes its packets trustworthy where there is no network."""


class ManifestItem(Message):
    """One packet that exists. No personal data."""

    record_id: RecordId
    revision: Revision
    origin: Short
    sha256: Sha256
    size: int = Field(ge=1)
    sealed_at: Time
    kind: Short = "rekam_baru"
    priority: int = 0


class ManifestRequest(Message):
    """Up to `limits.manifest_batch` packets."""

    items: tuple[ManifestItem, ...] = Field(max_length=1000)


class Verdict(StrEnum):
    """Central's answer to one manifest item."""

    WANT = "want"
    HAVE = "have"
    REFUSE = "refuse"


class ManifestVerdict(Message):
    """`want` names an upload and its offset, `have` brings the receipt, `refuse` the problem."""

    record_id: RecordId
    revision: Revision
    verdict: Verdict
    upload: Annotated[str, StringConstraints(max_length=500)] | None = None
    offset: int = Field(default=0, ge=0)
    receipt: Jws | None = None
    problem: ProblemBody | None = None


class ManifestResponse(Message):
    """One verdict per item, same order."""

    items: tuple[ManifestVerdict, ...] = Field(max_length=1000)


class ReceiptResponse(Message):
    """A receipt by itself."""

    receipt: Jws


class Receipt(Message):
    """Payload of a signed receipt: the only thing that lets a station forget."""

    record_id: RecordId
    revision: Revision
    origin: Short
    sha256: Sha256
    size: int = Field(ge=1)
    received_at: Time
    receipt_no: Short
    central_id: Short


RECONCILE_DAYS = 4000
RECONCILE_KEYS = 500
RecordName = tuple[RecordId, Revision]
"""A packet by its record key."""
PacketName = tuple[RecordId, Revision, Sha256]
"""A packet by its record key and what is in it."""


class ReconcileDay(Message):
    """What a station has a receipt for, of all packets it sealed on this day (UTC): how many, and all their sha256
    combined by XOR.
    """

    day: date
    count: int = Field(ge=0)
    xor: Sha256


class ReconcileRequest(Message):
    """All days of a station on which it sealed something that it has a receipt for, from `since` on."""

    days: tuple[ReconcileDay, ...] = Field(max_length=RECONCILE_DAYS)
    since: date | None = None
    """Days before it are not compared; without it all are."""
    audit: Jws | None = None
    """The newest head of the audit trail as the station signed it."""


class ReconcileResponse(Message):
    """Days that are not the same at central, those among them that the station did not name."""

    differ: tuple[date, ...] = Field(max_length=2 * RECONCILE_DAYS)


class ReconcileKeys(Message):
    """The packets of one day whose keys are after `after` and not after `upto` (in the order of the keys).

    `gone` are those among them that are not on the station's disk any more, most of them destroyed when their days were
    over: it cannot send them again.
    """

    day: date
    keys: tuple[PacketName, ...] = Field(max_length=RECONCILE_KEYS)
    gone: tuple[RecordName, ...] = Field(default=(), max_length=RECONCILE_KEYS)
    after: RecordName | None = None
    upto: RecordName | None = None


class ReconcileFound(Message):
    """How that part of the day differs at central.

    `missing` is not there; `unknown_here` is there and was not named; `other_hash` is there with this other content.
    With `more`, unknown ones after the last of `unknown_here` were left out.
    """

    missing: tuple[RecordName, ...] = Field(default=(), max_length=RECONCILE_KEYS)
    unknown_here: tuple[PacketName, ...] = Field(default=(), max_length=RECONCILE_KEYS)
    other_hash: tuple[PacketName, ...] = Field(default=(), max_length=RECONCILE_KEYS)
    more: bool = False


class Event(Message):
    """One thing central has to tell. Kinds of a newer protocol keep their members."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: Short
    record_id: RecordId | None = None
    revision: Revision | None = None
    code: Short = ""
    at: Time | None = None
    note: Text = ""
    reasons: tuple[RefusalReason, ...] = Field(default=(), max_length=100)
    original: Any = None
    """An event as it came, when it could not be read."""

    def members(self) -> dict[str, Any]:
        """All members as plain JSON values, known or not."""
        return self.model_dump(mode="json", exclude_defaults=True)


class BundleNotice(Message):
    """Members of a `bundle` event: a bundle can be fetched. What it holds is said by its signed head, not here."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}(:[0-9.]{2,13})?$")]
    version: int = Field(ge=1, lt=2**53)
    size: int = Field(default=0, ge=0)
    sha256: Sha256 | None = None
    whole: bool = False
    """All of it is wanted, not what has changed: what is here is of no use to build on."""


class NoticeNews(Message):
    """Members of a `notice` event: the same id again takes the place of what was told before."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    title: Text = ""
    body: Text = ""
    from_at: Time | None = Field(default=None, alias="from")
    until: Time | None = None
    audience: Short = ""


class BatchOfBlanks(Message):
    """Blanks of one delivery that are left for this station."""

    batch: Short
    blanks: int = Field(ge=0, le=10_000_000)


class StockNews(Message):
    """Members of a `stock` event: all that is allotted to this station, by batch."""

    batches: tuple[BatchOfBlanks, ...] = Field(max_length=100)


class SignedKeys(Message):
    """Payload of a signed `keys` word: whom to believe and whom to seal for from now on, signed by a key from before.

    `audience` is a station id, or `*` for all of them.
    """

    central_id: Short
    audience: Short
    issued_at: Time
    signing_keys: tuple[PublicKey, ...] = Field(min_length=1, max_length=20)
    sealing_recipients: tuple[Recipient, ...] = Field(min_length=1, max_length=10)


class SignedWipe(Message):
    """Payload of a signed order to wipe a lost station: what central has is removed there, and nobody there gets in."""

    central_id: Short
    station_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")]
    order_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,40}$")]
    """Given once: an order is carried out once, however often it is told."""
    issued_at: Time
    expires_at: Time
    reason: Short = ""


class WipeDone(Message):
    """What a station did upon an order. No personal data."""

    order_id: Short
    at: Time
    packets_removed: int = Field(ge=0)
    lists_removed: int = Field(ge=0)
    packets_kept: int = Field(ge=0)
    """Without a receipt of central: sealed, and sent when there is a line."""
    locked: bool
    """Nobody there gets in any more. False when central holds no code that would open the station again: then the
    officers stay, under their passwords."""


UNREADABLE = "unreadable"


def _one_event(value: Any, read: ValidatorFunctionWrapHandler) -> Event:
    """An event that cannot be read is kept as such: it must not hold up those behind it for ever."""
    try:
        found: Event = read(value)
    except ValidationError:
        members = value if isinstance(value, dict) else {"value": value}
        return Event(kind=UNREADABLE, note=str(members.get("kind", ""))[:TEXT_LIMIT], original=members)
    return found


class ChangesResponse(Message):
    """Events in order, and the cursor that goes with them."""

    cursor: Annotated[str, StringConstraints(max_length=500)]
    more: bool = False
    pacing: Pacing | None = None
    events: tuple[Annotated[Event, WrapValidator(_one_event)], ...] = Field(default=(), max_length=1000)


HEARTBEAT_DEVICES = 20


class Backlog(Message):
    """What central does not have yet."""

    count: int = Field(ge=0)
    bytes: int = Field(ge=0)
    oldest: Time | None = None


class Disk(Message):
    """Room on the disk of the station."""

    free_bytes: int = Field(ge=0)
    total_bytes: int = Field(ge=0)


class Battery(Message):
    """Of a computer that has one. `plugged`: it is not running down."""

    percent: int = Field(ge=0, le=100)
    plugged: bool


class DeviceHealth(Message):
    """One device of the station. `ticket_age_d`: days since `fault` was reported that nobody has closed.

    `failures` of the last `captures`, which are at most a hundred; `median_ms` of those that were good.
    """

    kind: Short
    serial: Short
    state: Short
    last_good: Time | None = None
    ticket_age_d: int | None = Field(default=None, ge=0)
    model: Short = ""
    fault: Short = ""
    captures: int = Field(default=0, ge=0)
    failures: int = Field(default=0, ge=0)
    median_ms: int | None = Field(default=None, ge=0)


class AuditHead(Message):
    """The last line of the station's audit trail: a trail that is cut later can be told."""

    number: int = Field(ge=1)
    hash: Sha256


class SignedAuditHead(AuditHead):
    """Payload of a signed head: whose trail it is, and the station's time when it was signed."""

    station_id: Short
    at: Time


class Heartbeat(Message):
    """How a station is. No personal data."""

    version: Short
    backlog: Backlog
    disk: Disk
    battery: Battery | None = None
    devices: tuple[DeviceHealth, ...] = Field(default=(), max_length=HEARTBEAT_DEVICES)
    audit: AuditHead | None = None
    clock_offset_s: float = 0.0
    policy: Time | None = None
    """When the policy that holds was issued: a station that holds an old one is seen."""


class PacketManifest(Message):
    """Payload of a packet's `manifest.jws`. No personal data."""

    format: Literal[1] = 1
    record_id: RecordId
    revision: Revision
    station_id: Short
    office: Short
    operator_id: Short
    kind: Short
    sealed_at: AwareDatetime
    """With the station's own UTC offset."""
    sequence: int = Field(ge=1)
    body_sha256: Sha256
    body_size: int = Field(ge=1)
    previous_sha256: Sha256 | None = None
    """sha256 of the station's previous packet: a gap in the chain is visible."""
