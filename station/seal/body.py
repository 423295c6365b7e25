"""The inside of a packet: a ZIP of record, captures and approval, closed in an age file for central.

Member names and formats are the packet format, version 1. Everything read back is bounded and checked against
`parts.json` before it is believed.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyrage
from pyrage import x25519

from station.domain.biometrics import (
    BiometricException,
    Capture,
    DeviceInfo,
    ExceptionCode,
    Modality,
    Part,
    Stroke,
)
from station.domain.errors import TrustError
from station.seal.packet import ZIP_TROUBLES

MAX_MEMBER_BYTES = 4 * 1024 * 1024
MAX_MEMBERS = 64
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MEMBER: dict[Part, str] = {
    Part.FACE: "face.jpg",
    Part.IRIS_RIGHT: "iris/right.jp2",
    Part.IRIS_LEFT: "iris/left.jp2",
    Part.SIGNATURE: "signature.png",
} | {part: f"fingers/{part.value[-2:]}.wsq" for part in Part if part.modality is Modality.FINGER}


@dataclass(frozen=True)
class Body:
    """What is sealed. `record` is `record.json`, `approval` is `approval.json`, both plain JSON values."""

    record: Mapping[str, Any]
    captures: Sequence[Capture]
    exceptions: Sequence[BiometricException]
    approval: Mapping[str, Any]


def new_identity() -> str:
    """A fresh age identity for one record, as text."""
    return str(x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """The public recipient of an age identity."""
    return str(x25519.Identity.from_str(identity).to_public())


def close_body(body: Body, recipients: Sequence[str]) -> bytes:
    """The age file of `body`. TrustError `packet.recipient` when a recipient is not a valid age recipient."""
    try:
        keys = [x25519.Recipient.from_str(recipient) for recipient in recipients]
    except pyrage.RecipientError as problem:
        raise TrustError("packet.recipient") from problem
    sealed: bytes = pyrage.encrypt(_zip(_members(body)), keys)
    return sealed


def open_body(sealed: bytes, identity: str) -> Body:
    """The body of an age file; TrustError `packet.locked` (another identity) or `packet.damaged`."""
    try:
        opened = pyrage.decrypt(sealed, [x25519.Identity.from_str(identity)])
    except pyrage.IdentityError as problem:
        raise TrustError("packet.locked") from problem
    except pyrage.DecryptError as problem:
        raise TrustError("packet.locked") from problem
    members = _unzip(opened)
    try:
        return _read(members)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError) as problem:
        raise TrustError("packet.damaged") from problem


def _members(body: Body) -> dict[str, bytes]:
    members = {"record.json": _json(body.record)}
    for capture in body.captures:
        members[_MEMBER[capture.part]] = capture.image
        if capture.strokes:
            members["signature.json"] = _json([stroke.points for stroke in capture.strokes])
    members["exceptions.json"] = _json([_exception_row(item) for item in body.exceptions])
    members["captures.json"] = _json([_capture_row(capture) for capture in body.captures])
    members["approval.json"] = _json(body.approval)
    members["parts.json"] = _json({name: hashlib.sha256(data).hexdigest() for name, data in members.items()})
    return members


def _read(members: dict[str, bytes]) -> Body:
    strokes = tuple(
        Stroke(tuple((float(x), float(y), int(t), float(p)) for x, y, t, p in points))
        for points in json.loads(members.get("signature.json", b"[]"))
    )
    return Body(
        record=dict(json.loads(members["record.json"])),
        captures=tuple(_capture(row, members, strokes) for row in json.loads(members["captures.json"])),
        exceptions=tuple(_exception(row) for row in json.loads(members["exceptions.json"])),
        approval=dict(json.loads(members["approval.json"])),
    )


def _capture_row(capture: Capture) -> dict[str, Any]:
    device = capture.device
    return {
        "part": capture.part.value,
        "member": _MEMBER[capture.part],
        "width": capture.width,
        "height": capture.height,
        "quality": capture.quality,
        "attempts": capture.attempts,
        "taken_at": capture.taken_at.isoformat(),
        "device": {
            "kind": device.kind.value,
            "serial": device.serial,
            "make": device.make,
            "model": device.model,
            "driver": device.driver,
        },
        "envelope": capture.envelope,
    }


def _capture(row: dict[str, Any], members: dict[str, bytes], strokes: tuple[Stroke, ...]) -> Capture:
    part = Part(row["part"])
    device = row["device"]
    return Capture(
        part=part,
        image=members[_MEMBER[part]],
        width=int(row["width"]),
        height=int(row["height"]),
        quality=int(row["quality"]),
        device=DeviceInfo(
            Modality(device["kind"]), device["serial"], device["make"], device["model"], device["driver"]
        ),
        attempts=int(row["attempts"]),
        taken_at=datetime.fromisoformat(row["taken_at"]),
        strokes=strokes if part is Part.SIGNATURE else (),
        envelope=row["envelope"],
    )


def _exception_row(item: BiometricException) -> dict[str, Any]:
    return {
        "part": item.part.value,
        "modality": item.part.modality.value,
        "code": item.code.value,
        "reason": item.reason,
        "approved_by": item.approved_by,
        "invite_again": item.invite_again,
    }


def _exception(row: dict[str, Any]) -> BiometricException:
    return BiometricException(
        Part(row["part"]), ExceptionCode(row["code"]), row["reason"], row["approved_by"], row["invite_again"]
    )


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _zip(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)
    return buffer.getvalue()


def _unzip(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            too_big = any(info.file_size > MAX_MEMBER_BYTES for info in infos)
            if len(infos) > MAX_MEMBERS or too_big or any(info.compress_type != zipfile.ZIP_STORED for info in infos):
                raise TrustError("packet.damaged")
            members = {info.filename: archive.read(info) for info in infos}
    except ZIP_TROUBLES as problem:
        raise TrustError("packet.damaged") from problem
    if len(members) != len(infos):
        raise TrustError("packet.damaged")
    try:
        expected = dict(json.loads(members.pop("parts.json")))
    except (KeyError, ValueError, TypeError, RecursionError) as problem:
        raise TrustError("packet.damaged") from problem
    if expected != {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}:
        raise TrustError("packet.damaged")
    return members
