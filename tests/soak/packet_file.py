"""A packet file as a stranger reads it: a ZIP of a signed head and a closed body. Imports nothing of the program."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import zipfile
from pathlib import Path

Key = tuple[str, int]
"""Record id and revision."""
_NAME = re.compile(r"(?P<record_id>[0-9a-f-]{36})\.(?P<revision>\d{1,4})\.")
_HEAD, _BODY = "manifest.jws", "body.age"


def key_of(path: Path) -> Key | None:
    """Which record a file is named after; None for a name that is no record's."""
    match = _NAME.match(path.name)
    return (match["record_id"], int(match["revision"])) if match else None


def is_whole(path: Path) -> bool:
    """Whether this is a packet of the record that it is named after, with the very body that its head names."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sorted(archive.namelist()) != [_BODY, _HEAD] or archive.testzip() is not None:
                return False
            head, body = _said_by(archive.read(_HEAD)), archive.read(_BODY)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, binascii.Error):
        return False
    if (head.get("record_id"), head.get("revision")) != key_of(path):
        return False
    return head.get("body_sha256") == hashlib.sha256(body).hexdigest()


def _said_by(token: bytes) -> dict[str, object]:
    """What a signed head says; whether its signature is true is central's to judge."""
    part = token.split(b".")[1] if token.count(b".") == 2 else b""
    said = json.loads(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))
    return said if isinstance(said, dict) else {}
