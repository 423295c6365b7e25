"""What a device signed about a capture: checked against what was asked, and what of it is kept.

It must not know sockets or pixels. Every check has its own code: the operator is told what is wrong, not that
something is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from station.capture.sbi.chain import follows
from station.capture.sbi.messages import Captured, CaptureItem, DigitalId, read
from station.capture.sbi.names import MODALITY_OF, REGISTRATION, UNKNOWN, Environment, SpecVersion, part_of
from station.capture.sbi.plain_json import decoded
from station.capture.sbi.plan import Take
from station.capture.sbi.trust import Signed, Trust
from station.domain.biometrics import Modality, Part
from station.domain.clocks import SKEWED, TOLERANCE
from station.domain.errors import DeviceError


@dataclass(frozen=True)
class Expected:
    """What was asked, and of whom: the answer must be about nothing else."""

    kind: Modality
    take: Take
    transaction: str
    version: SpecVersion
    environment: Environment
    who: DigitalId
    certification: str
    device_code: str
    key: bytes
    previous: str
    at: datetime


@dataclass(frozen=True)
class Statement:
    """One item that is believed. `part` is None for a whole slap in one picture."""

    part: Part | None
    record: bytes
    hash: str
    skewed: bool
    envelope: str

    @property
    def remarks(self) -> tuple[str, ...]:
        return (SKEWED,) if self.skewed else ()


def believed(items: Sequence[CaptureItem], expected: Expected, trust: Trust) -> tuple[Statement, ...]:
    """The items in their order, chained, of exactly the parts that were wanted. DeviceError otherwise."""
    found: list[Statement] = []
    previous = expected.previous
    for item in items:
        statement = _believed(item, previous, expected, trust)
        previous = statement.hash
        found.append(statement)
    _check_parts([statement.part for statement in found], expected.take)
    return tuple(found)


def _believed(item: CaptureItem, previous: str, expected: Expected, trust: Trust) -> Statement:
    signed = trust.read(item.data, expected.at)
    if signed.key != expected.key:
        raise DeviceError("sbi.other_device")  # trusted, but not the one that was opened
    said = read(Captured, signed.payload)
    who = read(DigitalId, trust.read_id(said.digital_id, expected.at, signed, expected.certification))
    _check_claims(item, said, who, expected)
    try:
        record = decoded(said.bio_value)
        intact = bool(record) and follows(item.hash, previous, record)
    except ValueError:
        raise DeviceError("sbi.bad_answer") from None
    if not intact:
        raise DeviceError("sbi.broken_chain")
    return Statement(
        part=part_of(expected.kind, said.bio_sub_type),
        record=record,
        hash=item.hash.upper(),
        skewed=abs(_moment(said.timestamp) - expected.at) > TOLERANCE,
        envelope=_kept(signed, said, who, record, previous, item),
    )


def _check_claims(item: CaptureItem, said: Captured, who: DigitalId, expected: Expected) -> None:
    for code, claimed, wanted in (
        ("sbi.replayed", said.transaction_id, expected.transaction),
        ("sbi.other_device", _named(who), _named(expected.who)),
        ("sbi.other_device", said.device_code, expected.device_code),
        ("sbi.wrong_environment", said.env, expected.environment.value),
        ("sbi.wrong_purpose", said.purpose, REGISTRATION),
        ("sbi.wrong_version", item.spec_version, expected.version.value),
    ):
        if claimed != wanted:
            raise DeviceError(code)
    if MODALITY_OF.get(said.bio_type) is not expected.kind:
        raise DeviceError("sbi.wrong_parts", missing=_names(expected.take.parts))
    try:
        scored = math.isfinite(float(said.quality_score))
    except ValueError:
        scored = False
    if not scored:
        raise DeviceError("sbi.bad_answer")


def _named(who: DigitalId) -> tuple[str, str, str, str]:
    return who.serial_no, who.make, who.model, who.type


def _check_parts(found: Sequence[Part | None], take: Take) -> None:
    """Neither fewer nor more nor one twice. One nameless picture of several fingers is a whole slap."""
    if len(found) == 1 and found[0] is None and len(take.parts) > 1:
        return
    if sorted(str(part) for part in found) == sorted(str(part) for part in take.parts):
        return
    missing = [part for part in take.parts if part not in found]
    if missing:
        raise DeviceError("sbi.wrong_parts", missing=_names(missing))
    raise DeviceError("sbi.extra_parts")


def _names(parts: Sequence[Part]) -> tuple[str, ...]:
    return tuple(part.value for part in parts)


def _moment(text: str) -> datetime:
    """The time a device gives; without an offset it means UTC."""
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise DeviceError("sbi.bad_answer") from None


def _kept(signed: Signed, said: Captured, who: DigitalId, record: bytes, previous: str, item: CaptureItem) -> str:
    """The statement without picture and certificates: their hashes stand for them (docs/decisions/0012)."""
    payload = said.model_dump(by_alias=True, exclude={"bio_value", "digital_id", "transaction_id"})
    payload |= {
        "transactionId": said.transaction_id,
        "bioSubType": said.bio_sub_type or UNKNOWN,
        "bioValueSha256": sha256(record).hexdigest(),
        "digitalId": who.model_dump(by_alias=True),
    }
    kept = {
        "specVersion": item.spec_version,
        "header": {"alg": signed.header["alg"], "x5t#S256": signed.thumbprint},
        "payload": payload,
        "signature": signed.signature,
        "previousHash": previous,
        "hash": item.hash.upper(),
    }
    return json.dumps(kept, separators=(",", ":"), ensure_ascii=False)
