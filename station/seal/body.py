"""The inside of a packet: a ZIP of record, captures, attachments and approval, closed in an age file for central.

Member names and formats are the packet format, version 1. What was added to it later may be missing: attachments,
verification, remarks, who entered an exception and what shows it. Everything read back is bounded and checked against
`parts.json` before it is believed.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyrage
from pyrage import x25519

from station.domain.attachment import Attached
from station.domain.biometrics import BiometricException, Capture, Modality, Part, Stroke
from station.domain.errors import TrustError
from station.domain.verification import Verification
from station.seal import body_rows
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
    attachments: Sequence[Attached] = ()
    verification: Sequence[Verification] = ()


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
    for item in body.attachments:
        members[body_rows.member_of(item.facts)] = item.data
    members["exceptions.json"] = _json([body_rows.exception_row(item) for item in body.exceptions])
    members["captures.json"] = _json([body_rows.capture_row(item, _MEMBER[item.part]) for item in body.captures])
    members["attachments.json"] = _json([body_rows.attachment_row(item.facts) for item in body.attachments])
    members["verification.json"] = _json([body_rows.verification_row(item) for item in body.verification])
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
        exceptions=tuple(body_rows.exception(row) for row in json.loads(members["exceptions.json"])),
        approval=dict(json.loads(members["approval.json"])),
        attachments=body_rows.attachments(json.loads(members.get("attachments.json", b"[]")), members),
        verification=tuple(map(body_rows.verification, json.loads(members.get("verification.json", b"[]")))),
    )


def _capture(row: dict[str, Any], members: dict[str, bytes], strokes: tuple[Stroke, ...]) -> Capture:
    part = Part(row["part"])
    return body_rows.capture(row, members[_MEMBER[part]], strokes if part is Part.SIGNATURE else ())


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
