"""What central would find inside a packet, opened with central's own identities. Imports nothing of the program."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from functools import lru_cache
from pathlib import Path

import pyrage
from pyrage import x25519

from tests.soak.answers import ANSWERS, hash_of

KEPT_AT_ONCE = 4096


def identities_of(central: Path | None) -> tuple[str, ...]:
    """The age identities of this central's folder, the newest first; none where its keys are not there."""
    path = None if central is None else central / "keys.json"
    if path is None or not path.exists():
        return ()
    keys = json.loads(path.read_text(encoding="utf-8"))
    return (keys["age_identity"], *keys.get("old_identities", ()))


@lru_cache(maxsize=KEPT_AT_ONCE)
def kept_in(path: Path, _sha256: str, identities: tuple[str, ...]) -> dict[str, str] | None:
    """The SHA-256 of each part's picture in this packet, which hashes to `_sha256`, and of the answers. None when it
    cannot be opened.
    """
    try:
        with zipfile.ZipFile(path) as packet:
            sealed = packet.read("body.age")
        opened = pyrage.decrypt(sealed, [x25519.Identity.from_str(one) for one in identities])
        with zipfile.ZipFile(io.BytesIO(opened)) as body:
            rows = json.loads(body.read("captures.json"))
            found = {row["part"]: hashlib.sha256(body.read(row["member"])).hexdigest() for row in rows}
            return found | {ANSWERS: hash_of(json.loads(body.read("record.json"))["answers"])}
    except (pyrage.DecryptError, zipfile.BadZipFile, OSError, EOFError, ValueError, KeyError, TypeError):
        return None
