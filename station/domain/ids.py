"""Record ids: UUIDv7 (RFC 9562 §5.7), so that ids sort by the time they were made."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime


def new_record_id(now: datetime) -> str:
    """A fresh UUIDv7 in canonical text: 48 bits of milliseconds since 1970, 74 random bits."""
    millis = int(now.timestamp() * 1000) & 0xFFFF_FFFF_FFFF
    value = (millis << 80) | (0x7 << 76) | (secrets.randbits(12) << 64) | (0b10 << 62) | secrets.randbits(62)
    return str(uuid.UUID(int=value))


def is_record_id(text: str) -> bool:
    """True for the canonical text of a UUID: nothing else may become part of a file name."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def random_part(record_id: str) -> str:
    """The 62 random bits at the end of the id, as hex; its first two digits spread packets over folders."""
    return record_id.replace("-", "")[17:]
