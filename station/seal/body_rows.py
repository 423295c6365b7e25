"""The rows of a packet's JSON members, and what they stand for. What cannot be meant raises as it comes to hand.

`body.py` turns that into TrustError. Nothing here knows a ZIP or a key.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from station.domain.attachment import Attached, Attachment, Role
from station.domain.biometrics import BiometricException, Capture, DeviceInfo, ExceptionCode, Modality, Part, Stroke
from station.domain.verification import Verification

MAX_ATTACHMENTS = 32
_KIND = re.compile(r"[a-z0-9_]{1,40}")


def capture_row(item: Capture, member: str) -> dict[str, Any]:
    device = item.device
    return {
        "part": item.part.value,
        "member": member,
        "width": item.width,
        "height": item.height,
        "quality": item.quality,
        "attempts": item.attempts,
        "taken_at": item.taken_at.isoformat(),
        "device": {
            "kind": device.kind.value,
            "serial": device.serial,
            "make": device.make,
            "model": device.model,
            "driver": device.driver,
        },
        "envelope": item.envelope,
        "remarks": list(item.remarks),
    }


def capture(row: Mapping[str, Any], image: bytes, strokes: tuple[Stroke, ...]) -> Capture:
    device = row["device"]
    return Capture(
        part=Part(row["part"]),
        image=image,
        width=int(row["width"]),
        height=int(row["height"]),
        quality=int(row["quality"]),
        device=DeviceInfo(
            Modality(device["kind"]), device["serial"], device["make"], device["model"], device["driver"]
        ),
        attempts=int(row["attempts"]),
        taken_at=datetime.fromisoformat(row["taken_at"]),
        strokes=strokes,
        envelope=row["envelope"],
        remarks=tuple(map(_text, row.get("remarks", ()))),
    )


def exception_row(item: BiometricException) -> dict[str, Any]:
    return {
        "part": item.part.value,
        "modality": item.part.modality.value,
        "code": item.code.value,
        "reason": item.reason,
        "entered_by": item.entered_by,
        "approved_by": item.approved_by,
        "approved_at": item.approved_at,
        "invite_again": item.invite_again,
        "evidence": item.evidence,
    }


def exception(row: Mapping[str, Any]) -> BiometricException:
    evidence, invite_again = row.get("evidence"), row["invite_again"]
    return BiometricException(
        part=Part(row["part"]),
        code=ExceptionCode(row["code"]),
        reason=_text(row["reason"]),
        approved_by=_text(row["approved_by"]),
        invite_again=None if invite_again is None else _text(invite_again),
        entered_by=_text(row.get("entered_by", "")),
        approved_at=_text(row.get("approved_at", "")),
        evidence=None if evidence is None else int(evidence),
    )


def member_of(item: Attachment) -> str:
    """The name of the member that holds an attachment."""
    if item.role is Role.EVIDENCE:
        return f"exceptions/{item.number:02d}.jpg"
    return f"documents/{item.number:02d}-{item.kind}.pdf"


def attachment_row(item: Attachment) -> dict[str, Any]:
    return {
        "number": item.number,
        "member": member_of(item),
        "role": item.role.value,
        "kind": item.kind,
        "title_no": item.title_no,
        "pages": item.pages,
        "media": item.media,
        "added_at": item.added_at.isoformat(),
    }


def attachments(rows: Sequence[Mapping[str, Any]], members: Mapping[str, bytes]) -> tuple[Attached, ...]:
    """What `rows` tell of, with its bytes. The row's own name for its member is not believed."""
    found = tuple(_attached(row, members) for row in rows)
    if len(found) > MAX_ATTACHMENTS or len({item.facts.number for item in found}) != len(found):
        raise ValueError("attachments")
    return found


def verification_row(item: Verification) -> dict[str, Any]:
    return {
        "part": item.part.value,
        "score": item.score,
        "attempts": item.attempts,
        "at": item.at.isoformat(),
        "device_serial": item.device_serial,
    }


def verification(row: Mapping[str, Any]) -> Verification:
    return Verification(
        part=Part(row["part"]),
        score=int(row["score"]),
        attempts=int(row["attempts"]),
        at=datetime.fromisoformat(row["at"]),
        device_serial=_text(row["device_serial"]),
    )


def _attached(row: Mapping[str, Any], members: Mapping[str, bytes]) -> Attached:
    number, kind = int(row["number"]), _text(row["kind"])
    if not 1 <= number <= 999 or not _KIND.fullmatch(kind):
        raise ValueError("attachment")
    facts = Attachment(
        number=number,
        role=Role(row["role"]),
        kind=kind,
        title_no=_text(row["title_no"]),
        pages=int(row["pages"]),
        media=_text(row["media"]),
        size_bytes=0,
        sha256="",
        added_at=datetime.fromisoformat(row["added_at"]),
    )
    return _of_bytes(facts, members[member_of(facts)])


def _of_bytes(facts: Attachment, data: bytes) -> Attached:
    """An attachment whose size and hash are those of its bytes."""
    return Attached(replace(facts, size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest()), data)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value
