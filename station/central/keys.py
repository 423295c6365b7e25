"""Central's own secrets, made at first start and kept in one file nobody else can read. Knows no database."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from station.central.disk import sync_folder
from station.domain.errors import SetupError, TrustError
from station.seal.body import new_identity, recipient_of
from station.seal.jws import SigningKey

FILE_NAME = "keys.json"
FIRST_KID = "c1"


@dataclass(frozen=True)
class CentralKeys:
    """`signing` signs hellos and receipts, `identity` (age) opens packets, `nik_key` hides NIKs in the database."""

    signing: SigningKey
    identity: str
    nik_key: bytes

    @property
    def recipient(self) -> str:
        """What stations seal packets to."""
        return recipient_of(self.identity)

    @property
    def register_key(self) -> bytes:
        """The key that people of the register are sealed under."""
        return hmac.new(self.nik_key, b"register", hashlib.sha256).digest()

    def hide_nik(self, nik: str) -> str:
        """The same NIK gives the same text; without the key nobody can go back or try all NIKs."""
        return hmac.new(self.nik_key, nik.encode(), hashlib.sha256).hexdigest()


def load_keys(folder: Path, central_id: str) -> CentralKeys:
    """The keys of `folder`, made when there are none. SetupError when they are unreadable or of another central."""
    path = folder / FILE_NAME
    if not path.exists():
        _write(path, central_id)
    try:
        kept = json.loads(path.read_text("utf-8"))
        signing = SigningKey.from_pem(kept["signing_pem"].encode(), kept["kid"])
        keys = CentralKeys(signing, kept["age_identity"], bytes.fromhex(kept["nik_key"]))
        owner = kept["central_id"]
    except (ValueError, KeyError, TypeError, AttributeError, TrustError) as problem:
        raise SetupError("central.keys_unreadable", path=str(path)) from problem
    if owner != central_id:
        raise SetupError("central.other_central", path=str(path), owner=owner, asked=central_id)
    return keys


def _write(path: Path, central_id: str) -> None:
    made = {
        "central_id": central_id,
        "kid": FIRST_KID,
        "signing_pem": SigningKey.generate(FIRST_KID).pem().decode(),
        "age_identity": new_identity(),
        "nik_key": secrets.token_hex(32),
    }
    temporary = path.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    # The mode is given at creation: there is no moment in which others can read it.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)
