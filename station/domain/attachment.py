"""What is attached to a recording beside the captures: scanned documents, and photos that prove an exception."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What an attachment is for."""

    DOCUMENT = "document"  # PDF, grey
    EVIDENCE = "evidence"  # JPEG: shows why a finger or an eye cannot be captured


MAX_EVIDENCE_BYTES = 150 * 1024
"""Largest photo of an exception as it is kept and sealed."""


@dataclass(frozen=True)
class Attachment:
    """One attachment without its bytes. `number` counts from 1 within a record.

    `kind` is a key of the documents that can be scanned (`kk`, `old_card` …), or of the exception's photo.
    `title_no` is the document's own number, as typed; it may be empty.
    """

    number: int
    role: Role
    kind: str
    title_no: str
    pages: int
    media: str
    size_bytes: int
    sha256: str
    added_at: datetime


@dataclass(frozen=True)
class Attached:
    """An attachment together with its bytes."""

    facts: Attachment
    data: bytes
